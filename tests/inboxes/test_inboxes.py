"""Inboxes over the API: what events tell of them, how they go, how a secret is renewed."""

import msgspec
import pytest

from otklik.events.api import since
from otklik.inboxes.types import InboxView
from tests.fixtures.house import House, Json, until


async def told(shop: House) -> list[InboxView]:
    events = await shop.parts.database.read(lambda c: since(c, shop.account_id, 0, 10_000))
    return [
        msgspec.json.decode(event.body, type=InboxView)
        for event in events
        if event.kind.value == "inbox.changed"
    ]


async def test_an_event_tells_since_when_an_inbox_is_here_and_when_it_last_delivered(
    shop: House,
) -> None:
    inbox = await shop.connect()
    made, works = await told(shop)  # until the platform delivers to it, it is paused
    assert (made.state.value, works.state.value) == ("paused", "active")
    assert (made.created_at, made.last_event_at) == (inbox["created_at"], None)
    await shop.met(await shop.phones.person())

    async def heard() -> list[Json]:
        return [one for one in await shop.api.get("/inboxes") if one["last_event_at"]]

    (shown,) = await until(heard)
    await shop.api.patch(f"/inboxes/{inbox['id']}", {"title": "Лавка"})
    changed = (await told(shop))[-1]
    assert changed.created_at == inbox["created_at"]
    assert changed.last_event_at is not None
    assert changed.last_event_at >= shown["last_event_at"]


async def test_a_removed_inbox_is_told_and_left_by_its_platform(shop: House) -> None:
    inbox = await shop.connect()
    await shop.api.delete(f"/inboxes/{inbox['id']}")
    assert [one.state.value for one in await told(shop)][-1] == "removed"
    assert not await shop._hooked(shop.phones)
    assert await shop.api.get("/inboxes") == []
    await shop.api.delete(f"/inboxes/{inbox['id']}", status=404)
    assert len(await told(shop)) == 3  # paused, active, removed


async def test_an_inbox_goes_even_when_its_platform_does_not_answer(shop: House) -> None:
    inbox = await shop.connect()
    await shop.phones.fault({"kind": "reset_before", "method": "deleteWebhook"})
    await shop.api.delete(f"/inboxes/{inbox['id']}")
    assert await shop.api.get("/inboxes") == []


async def test_a_bot_that_is_connected_twice_goes_on_delivering(shop: House) -> None:
    first, _second = await shop.connect(), await shop.connect()
    await shop.api.delete(f"/inboxes/{first['id']}")
    assert await shop._hooked(shop.phones)


async def test_a_person_cannot_call_an_inbox_removed(shop: House) -> None:
    inbox = await shop.connect()
    for state in ("removed", "needs_attention", "gone"):
        await shop.api.patch(f"/inboxes/{inbox['id']}", {"state": state}, status=422)


@pytest.fixture
async def site(shop: House) -> Json:
    made: Json = await shop.api.post("/inboxes", {"channel": "widget"})
    return made


async def test_a_new_identity_secret_is_shown_once_and_the_old_ones_end(
    shop: House, site: Json
) -> None:
    previous = {"secrets": {"identity_secret_previous": "an-invented-secret-from-long-ago-0123"}}
    await shop.api.patch(f"/inboxes/{site['id']}", previous)
    path = f"/inboxes/{site['id']}/identity-secret"
    made = (await shop.api.post(path, status=200))["identity_secret"]
    kept = shop.parts.registry.by_id(site["id"])
    assert kept is not None
    assert kept.config.secrets["identity_secret"] == made
    assert kept.config.secrets["identity_secret_previous"] == ""
    (shown,) = await shop.api.get("/inboxes")
    assert made not in str(shown)
    assert shown["secrets"]["identity_secret"] == f"…{made[-4:]}"
    assert made not in str(await told(shop))
    assert (await shop.api.post(path, status=200))["identity_secret"] != made


async def test_a_messenger_has_no_identity_secret(shop: House) -> None:
    inbox = await shop.connect()
    await shop.api.post(f"/inboxes/{inbox['id']}/identity-secret", status=409)
    await shop.api.post("/inboxes/nothing/identity-secret", status=404)
