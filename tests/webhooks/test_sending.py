"""Webhooks against a real server: signed, repeated, never in one another's way."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from otklik.events.types import EventKind
from otklik.kernel.errors import ConflictError, InvalidError
from otklik.platform.http_client import GuardedClient
from otklik.webhooks import service
from otklik.webhooks.jobs import WebhookLoop
from otklik.webhooks.types import (
    AttemptState,
    AttemptView,
    EndpointPatch,
    EndpointState,
    EndpointView,
    MadeEndpoint,
    NewEndpoint,
)
from tests.accounts.house import House
from tests.webhooks.receiver import BOX, Outbound, Receiver, receiving, sending

CREATED, STATE = EventKind.MESSAGE_CREATED, EventKind.MESSAGE_STATE
HOUR_MS = 3_600_000


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


@pytest.fixture
async def outbound(house: House) -> AsyncIterator[Outbound]:
    async with sending(house) as made:
        yield made


@pytest.fixture
async def account_id(house: House) -> str:
    return (await house.owner()).account_id


async def made(outbound: Outbound, account_id: str, url: str, *kinds: EventKind) -> MadeEndpoint:
    wish = NewEndpoint(url, list(kinds))
    return await service.make_endpoint(outbound.webhooks, account_id, wish)


async def shown(outbound: Outbound, account_id: str) -> EndpointView:
    return (await service.list_endpoints(outbound.webhooks, account_id))[0]


async def test_every_event_arrives_signed_and_numbered(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    await outbound.announce(account_id, CREATED)  # before the endpoint: not its business
    endpoint = await made(outbound, account_id, f"{receiver.url}/hook")
    await outbound.announce(account_id, CREATED, STATE)
    await outbound.announce(account_id, CREATED)
    await outbound.drain()
    checker = Webhook(endpoint.secret)
    bodies = [checker.verify(entry.body, entry.headers) for entry in receiver.got]
    assert sorted(body["seq"] for body in bodies) == [2, 3, 4]
    first = min(bodies, key=lambda body: int(body["seq"]))
    assert first["type"] == "message.created"
    assert first["data"] == {"text": "Привет"}
    assert first["contact_id"] == "c"
    assert first["timestamp"].endswith("Z")
    ids = {entry.headers["webhook-id"] for entry in receiver.got}
    assert ids == {f"{account_id}-{seq}" for seq in (2, 3, 4)}
    with pytest.raises(WebhookVerificationError):
        checker.verify(receiver.got[0].body + " ", receiver.got[0].headers)


async def test_an_endpoint_gets_the_kinds_it_asked_for(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    await made(outbound, account_id, f"{receiver.url}/hook", STATE)
    await outbound.announce(account_id, CREATED, STATE, CREATED, STATE)
    await outbound.drain()
    assert [json.loads(entry.body)["type"] for entry in receiver.got] == ["message.state"] * 2


async def test_accounts_do_not_hear_each_other(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    other = (await outbound.house.owner("other@shop.example")).account_id
    await made(outbound, account_id, f"{receiver.url}/mine")
    await made(outbound, other, f"{receiver.url}/other")
    await outbound.announce(other, CREATED)
    await outbound.drain()
    assert [entry.path for entry in receiver.got] == ["/other"]


async def test_a_failed_event_is_repeated_under_the_same_id(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    endpoint = await made(outbound, account_id, f"{receiver.url}/hook")
    receiver.answers = [500, 302]
    await outbound.announce(account_id, CREATED)
    await outbound.drain()
    assert len(receiver.got) == 1
    outbound.house.clock.pass_ms(4_999)
    await outbound.drain()
    assert len(receiver.got) == 1
    outbound.house.clock.pass_ms(1_000)
    await outbound.drain()
    outbound.house.clock.pass_ms(6 * 60_000)
    await outbound.drain()
    assert len(receiver.got) == 3
    assert len({entry.headers["webhook-id"] for entry in receiver.got}) == 1
    assert len({entry.body for entry in receiver.got}) == 1
    assert len({entry.headers["webhook-timestamp"] for entry in receiver.got}) == 3
    (attempt,) = await service.list_attempts(outbound.webhooks, account_id, endpoint.id)
    assert (attempt.state, attempt.tries, attempt.status) == (AttemptState.DONE, 3, 204)
    assert (await shown(outbound, account_id)).failing_since is None


async def test_the_wait_an_endpoint_asks_for_is_kept_for_all_its_events(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    await made(outbound, account_id, f"{receiver.url}/hook")
    receiver.answers, receiver.headers = [429], {"retry-after": "120"}
    await outbound.announce(account_id, CREATED)
    await outbound.drain()
    await outbound.announce(account_id, CREATED)
    outbound.house.clock.pass_ms(119_000)
    await outbound.drain()
    assert len(receiver.got) == 1
    outbound.house.clock.pass_ms(1_000)
    await outbound.drain()
    assert len(receiver.got) == 3


async def test_an_endpoint_that_fails_for_days_is_switched_off_with_the_reason(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    endpoint = await made(outbound, account_id, f"{receiver.url}/hook")
    receiver.answers = [500] * 1_000
    for _ in range(5 * 8 + 2):
        await outbound.announce(account_id, CREATED)
        await outbound.drain()
        outbound.house.clock.pass_ms(3 * HOUR_MS)
    off = await shown(outbound, account_id)
    assert (off.state, off.state_reason) == (EndpointState.DISABLED, "HTTP 500")
    calls = len(receiver.got)
    outbound.house.clock.pass_ms(24 * HOUR_MS)
    await outbound.drain()
    assert len(receiver.got) == calls
    attempts = await service.list_attempts(outbound.webhooks, account_id, endpoint.id)
    with pytest.raises(ConflictError):
        await service.replay_attempt(outbound.webhooks, account_id, attempts[0].id)
    receiver.answers = []
    patch = EndpointPatch(state="active")
    on = await service.change_endpoint(outbound.webhooks, account_id, endpoint.id, patch)
    assert (on.state, on.failing_since) == (EndpointState.ACTIVE, None)
    await outbound.drain()
    attempts = await service.list_attempts(outbound.webhooks, account_id, endpoint.id)
    assert len(attempts) == 5 * 8 + 2
    assert {entry.state for entry in attempts} == {AttemptState.DONE}


async def test_an_event_is_given_up_after_its_last_try_and_sent_again_on_request(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    endpoint = await made(outbound, account_id, f"{receiver.url}/hook")
    receiver.answers = [500] * 100
    await outbound.announce(account_id, CREATED)

    async def current() -> AttemptView:
        await outbound.drain()
        return (await service.list_attempts(outbound.webhooks, account_id, endpoint.id))[0]

    while (attempt := await current()).state is AttemptState.WAITING:
        outbound.house.clock.now = attempt.due_at + 300_000  # past the hold of the endpoint
    assert (attempt.state, attempt.tries) == (AttemptState.GIVEN_UP, 9)
    assert len(receiver.got) == 9
    receiver.answers = []
    await service.replay_attempt(outbound.webhooks, account_id, attempt.id)
    replayed = await current()
    assert (replayed.state, replayed.tries) == (AttemptState.DONE, 1)
    assert len({entry.headers["webhook-id"] for entry in receiver.got}) == 1


async def test_an_endpoint_that_is_gone_is_switched_off_at_once(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    await made(outbound, account_id, f"{receiver.url}/hook")
    receiver.answers = [410]
    await outbound.announce(account_id, CREATED)
    await outbound.drain()
    assert (await shown(outbound, account_id)).state is EndpointState.DISABLED


async def test_a_paused_endpoint_keeps_its_place(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    endpoint = await made(outbound, account_id, f"{receiver.url}/hook")
    change = service.change_endpoint
    await change(outbound.webhooks, account_id, endpoint.id, EndpointPatch(state="paused"))
    await outbound.announce(account_id, *[CREATED] * 250)
    await outbound.drain()
    assert receiver.got == []
    await change(outbound.webhooks, account_id, endpoint.id, EndpointPatch(state="active"))
    await outbound.drain()
    assert len(receiver.got) == 250


async def test_during_a_rotation_both_secrets_verify(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    old = await made(outbound, account_id, f"{receiver.url}/hook")
    new = await service.rotate_secret(outbound.webhooks, account_id, old.id)
    assert new.secret != old.secret
    await outbound.announce(account_id, CREATED)
    await outbound.drain()
    for secret in (old.secret, new.secret):
        Webhook(secret).verify(receiver.got[0].body, receiver.got[0].headers)


async def test_what_a_dead_process_was_sending_is_sent_again(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    await made(outbound, account_id, f"{receiver.url}/hook")
    receiver.answers = [None]
    await outbound.announce(account_id, CREATED)
    await outbound.drain(until=lambda: len(receiver.got) == 1)
    await outbound.loop.close()
    async with sending(outbound.house) as reborn:
        await reborn.drain()
        assert len(receiver.got) == 1  # it may still be somebody else's
        reborn.house.clock.pass_ms(60_000)
        await reborn.loop.sweep()
        await reborn.drain()
    assert len(receiver.got) == 2
    assert receiver.got[0].headers["webhook-id"] == receiver.got[1].headers["webhook-id"]


async def test_two_processes_send_each_event_once(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    await made(outbound, account_id, f"{receiver.url}/hook")
    await outbound.announce(account_id, *[CREATED] * 60)
    async with sending(outbound.house) as second:
        await asyncio.gather(outbound.drain(), second.drain())
        await asyncio.gather(outbound.drain(), second.drain())
    ids = [entry.headers["webhook-id"] for entry in receiver.got]
    assert len(ids) == len(set(ids)) == 60


async def test_fifty_dead_endpoints_do_not_delay_a_healthy_one(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    others = [(await outbound.house.owner(f"{n}@shop.example")).account_id for n in range(5)]
    await made(outbound, account_id, f"{receiver.url}/alive")

    async def spent() -> float:
        before = len(receiver.to("/alive"))
        started = time.perf_counter()
        await outbound.announce(account_id, *[CREATED] * 20)
        await outbound.drain(until=lambda: len(receiver.to("/alive")) == before + 20)
        return time.perf_counter() - started

    alone = await spent()
    for other in others:
        for _ in range(10):
            await made(outbound, other, f"{receiver.url}/dead")
        await outbound.announce(other, *[CREATED] * 3)
    await outbound.drain(until=lambda: len(receiver.to("/dead")) == 100)
    beside_the_dead = await spent()
    assert beside_the_dead < alone * 3 + 1.0  # one of them alone would take ten seconds


async def test_inner_addresses_are_not_called(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    async with sending(outbound.house, vouched="") as guarded:
        endpoint = await made(guarded, account_id, f"{receiver.url}/hook")
        await guarded.announce(account_id, CREATED)
        await guarded.drain()
        (attempt,) = await service.list_attempts(guarded.webhooks, account_id, endpoint.id)
    assert receiver.got == []
    assert (attempt.state, attempt.error) == (AttemptState.WAITING, "loopback")


async def test_the_running_loop_sends_when_woken(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    await made(outbound, account_id, f"{receiver.url}/hook")
    running = asyncio.create_task(outbound.loop.run())
    await outbound.announce(account_id, CREATED)
    outbound.loop.wake()
    await asyncio.wait_for(receiver.first.wait(), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(receiver.got) == 1


async def test_events_that_are_no_longer_kept_do_not_keep_the_loop_busy(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    await made(outbound, account_id, f"{receiver.url}/hook")
    await outbound.announce(account_id, CREATED)
    await outbound.webhooks.database.write(lambda c: c.exec_driver_sql("DELETE FROM events"))
    await outbound.drain()
    await outbound.announce(account_id, CREATED)
    await outbound.drain()
    assert [json.loads(entry.body)["seq"] for entry in receiver.got] == [2]


async def test_secrets_are_sealed_in_the_database(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    endpoint = await made(outbound, account_id, f"{receiver.url}/hook")
    raw = endpoint.secret.removeprefix("whsec_")
    rows = await outbound.webhooks.database.read(
        lambda c: c.exec_driver_sql("SELECT * FROM webhook_endpoints").all()
    )
    assert len(rows) == 1
    assert raw not in str(rows[0])
    assert raw.encode() not in bytes(rows[0].secrets)


async def test_unfit_addresses_and_the_twenty_first_are_refused(
    outbound: Outbound, account_id: str
) -> None:
    with pytest.raises(InvalidError) as refusal:
        await made(outbound, account_id, "ftp://x.example/")
    assert refusal.value.field == "url"
    for n in range(20):
        await made(outbound, account_id, f"https://x.example/{n}")
    with pytest.raises(ConflictError):
        await made(outbound, account_id, "https://x.example/20")


async def test_a_secret_sealed_for_another_key_is_a_visible_failure(
    outbound: Outbound, receiver: Receiver, account_id: str
) -> None:
    endpoint = await made(outbound, account_id, f"{receiver.url}/hook")
    foreign = type(BOX)((bytes(range(32, 64)),))
    clock, database = outbound.house.clock, outbound.webhooks.database
    async with GuardedClient(outbound.loop._client._policy) as client:
        loop = WebhookLoop(database, foreign, client, clock)
        await outbound.announce(account_id, CREATED)
        await replace_loop(outbound, loop).drain()
    (attempt,) = await service.list_attempts(outbound.webhooks, account_id, endpoint.id)
    assert "key" in attempt.error
    assert receiver.got == []


def replace_loop(outbound: Outbound, loop: WebhookLoop) -> Outbound:
    return Outbound(outbound.house, outbound.journal, loop, outbound.webhooks)
