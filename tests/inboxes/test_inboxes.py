"""Inboxes over the API: secrets stay inside, changes are tried first."""

from functools import partial

from sqlalchemy import Connection

from otklik.events.api import since
from otklik.inboxes.service import masked
from sandbox.server import Running
from tests.fixtures.house import House, bot_of, until


def test_only_the_end_of_a_long_secret_is_shown() -> None:
    assert masked("7001001:abcdefgh") == "…efgh"
    assert masked("short") == "…"
    assert masked("") == "…"


async def test_secrets_never_leave(shop: House) -> None:
    made = await shop.connect()
    (listed,) = await shop.api.get("/inboxes")
    assert listed["secrets"]["token"] == made["secrets"]["token"] == masked(shop.phones.token)
    secret = shop.secret_of(made)
    for shown in (str(made), str(listed)):
        assert shop.phones.token not in shown
        assert secret not in shown
    told = await shop.parts.database.read(partial(_announced, account_id=shop.account_id))
    assert "inbox.changed" in told
    assert shop.phones.token not in told


def _announced(connection: Connection, account_id: str) -> str:
    return str(since(connection, account_id, 0, 100))


async def test_a_new_token_is_tried_and_the_old_one_stays_when_it_is_wrong(shop: House) -> None:
    inbox = await shop.connect()
    path = f"/inboxes/{inbox['id']}"
    refused = await shop.api.patch(path, {"secrets": {"token": "1:wrong"}}, status=422)
    assert refused["field"] == "secrets.token"
    talk = await shop.met(await shop.phones.person())
    await shop.api.say(talk["id"], "Работает")
    await until(shop.phones.journal)


async def test_a_paused_inbox_sends_nothing_until_it_goes_on(shop: House) -> None:
    inbox = await shop.connect()
    talk = await shop.met(await shop.phones.person())
    path = f"/inboxes/{inbox['id']}"
    await shop.api.patch(path, {"state": "paused"})
    held = await shop.api.say(talk["id"], "Подождёт")
    await shop.api.patch(path, {"title": "Лавка на паузе"})
    assert await shop.phones.journal() == []
    (kept,) = [m for m in await shop.api.timeline(talk["id"]) if m["id"] == held["id"]]
    assert kept["state"] == "queued"
    await shop.api.patch(path, {"state": "active"})
    (sent,) = await until(shop.phones.journal)
    assert sent["text"] == "Подождёт"


async def test_one_bad_inbox_does_not_stop_another(shop: House, street: Running) -> None:
    await shop.connect()
    talk = await shop.met(await shop.phones.person())
    sandbox_of_another = await bot_of(shop.session, street)
    await shop.connect(sandbox_of_another)
    hang = {"kind": "hang_before", "method": "sendMessage", "delay_s": 30}
    await shop.phones.fault(hang)
    await shop.api.say(talk["id"], "Застрянет")
    other = shop.phones
    shop.phones = sandbox_of_another
    second = await shop.met(await shop.phones.person())
    await shop.api.say(second["id"], "Пройдёт")
    (sent,) = await until(shop.phones.journal, within_s=5)
    assert sent["text"] == "Пройдёт"
    await other.well_again()
