"""How far a visitor has read, and from where on they hear, on both databases."""

import aiohttp
import msgspec
import pytest
from sqlalchemy import Connection, event, text, update

from otklik.contacts.tables import identities
from otklik.conversations.store import outgoing_up_to
from otklik.conversations.tables import conversations
from otklik.conversations.types import MessageState, MessageStateChange
from otklik.conversations.views import queue_row
from otklik.events.api import since
from otklik.events.types import Event, EventKind
from otklik.ingress.visitor_views import change
from otklik.kernel.ids import InboxId, MessageId
from tests.conversations.test_rules import TALK
from tests.fixtures.house import until
from tests.visitors.device import Device, Json
from tests.visitors.shop import Shop

ROW = queue_row(TALK, ())


@pytest.fixture
def device(shop: Shop, http: aiohttp.ClientSession) -> Device:
    return Device(http, shop.base)


async def states(shop: Shop) -> list[str]:
    row = (await shop.conversations())[0]
    page = await shop.api("GET", f"/conversations/{row['id']}/messages")
    return [one["state"] for one in page["items"] if one["author_kind"] == "operator"]


async def read_seqs(shop: Shop) -> dict[str, int]:
    rows = await shop.conversations()
    rows += (await shop.api("GET", "/conversations?state=resolved"))["items"]
    return {row["id"]: row["contact_read_seq"] for row in rows}


async def test_what_is_seen_is_noted_once_for_every_conversation(
    shop: Shop, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = 0
    write = shop.parts.journal.write

    async def counted(*args: object) -> object:
        nonlocal writes
        writes += 1
        return await write(*args)  # type: ignore[arg-type]

    async with device.live() as ear:
        await ear.socket.send_json({"kind": "send", "send": {"client_id": "a", "text": "Добрый"}})
        await ear.created(1)
        first = await shop.answer("День")
        old = first["conversation_id"]
        await shop.do("resolve")
        aged = update(conversations).values(resolved_at=1)
        await shop.parts.database.write(lambda c: c.execute(aged))
        await ear.socket.send_json({"kind": "send", "send": {"client_id": "b", "text": "Снова"}})
        await ear.created(2)
        second = await shop.answer("Слушаю")
        await ear.created(1)
        assert second["conversation_id"] != old
        monkeypatch.setattr(shop.parts.journal, "write", counted)
        for seq in (second["seq"], first["seq"], second["seq"], 0):
            await ear.socket.send_json({"kind": "seen", "seq": seq})
        while "message.state" not in str(await ear.frame()):
            pass
        await ear.socket.send_json({"kind": "ping"})
        await ear.until("pong")
    assert writes == 1
    assert await states(shop) == ["read", "read"]
    assert await read_seqs(shop) == {
        old: first["seq"], second["conversation_id"]: second["seq"],
    }  # fmt: skip


async def test_an_operator_hears_that_a_contact_has_read(shop: Shop, device: Device) -> None:
    async with device.live() as ear:
        await ear.socket.send_json({"kind": "send", "send": {"client_id": "a", "text": "Добрый"}})
        await ear.created(1)
        answer = await shop.answer("День")
        await ear.created(1)
        await ear.socket.send_json({"kind": "seen", "seq": answer["seq"]})
        # The visitor's own line hears it as the conversation it is of.
        assert (await ear.until("read"))["operator_read_seq"] == answer["seq"]
        last = (await until(lambda: _told(shop, answer["seq"])))[-1]
    assert last["contact_read_seq"] == answer["seq"]
    assert last["contact_name"] == (await shop.conversations())[0]["contact_name"]


async def _told(shop: Shop, seq: int) -> list[Json]:
    events = await shop.parts.database.read(lambda c: since(c, shop.account_id, 0, 1_000))
    rows = [msgspec.json.decode(e.body) for e in events if e.kind.value == "conversation.changed"]
    return [row for row in rows if row["contact_read_seq"] == seq]


async def test_looking_for_what_is_unseen_reads_an_index(shop: Shop, device: Device) -> None:
    await device.enter()
    await device.say("Здравствуйте")
    await until(shop.conversations)
    await shop.answer("Да")

    def look(connection: Connection) -> tuple[int, str]:
        is_sqlite = connection.dialect.name == "sqlite"
        if not is_sqlite:  # so few rows are scanned otherwise
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        identity = connection.execute(identities.select()).one().id
        ran: list[tuple[str, tuple[object, ...]]] = []
        event.listen(
            connection,
            "before_cursor_execute",
            lambda _c, _cursor, words, values, _x, _m: ran.append((words, values)),
        )
        found = outgoing_up_to(connection, shop.account_id, identity, 1 << 40)
        words, values = ran[0]
        explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        return len(found), str(connection.exec_driver_sql(explain + words, values).all())

    count, plan = await shop.parts.database.read(look)
    assert count == 1
    assert "ix_messages_unseen" in plan


async def test_from_now_on_means_from_now_on_for_who_is_known(shop: Shop, device: Device) -> None:
    async with device.live() as ear:
        await ear.socket.send_json({"kind": "send", "send": {"client_id": "a", "text": "Старое"}})
        await ear.created(1)
    async with device.live(since=0) as ear:
        assert (await ear.frame())["events"] == []
        await shop.answer("Новое")
        assert [one["text"] for one in await ear.created(1)] == ["Новое"]


async def test_a_stranger_who_follows_and_writes_hears_their_first_message(device: Device) -> None:
    async with device.live(since=0) as ear:
        await ear.socket.send_json({"kind": "ping"})
        await ear.until("pong")
        await device.say("Первое")
        assert [one["text"] for one in await ear.created(1)] == ["Первое"]


@pytest.mark.parametrize(("inbox", "heard"), [("site", True), ("messenger", False)])
def test_a_visitor_hears_of_their_own_inbox_only(inbox: str, heard: bool) -> None:
    bodies = {
        EventKind.MESSAGE_STATE: MessageStateChange(
            message_id=MessageId("m"),
            inbox_id=InboxId(inbox),
            state=MessageState.READ,
            failure="",
            failure_code="",
        ),
        EventKind.CONVERSATION_CHANGED: msgspec.structs.replace(
            queue_row(TALK, ()), inbox_id=inbox
        ),
    }
    for kind, body in bodies.items():
        one = Event(1, kind, "talk", "anna", 5, msgspec.Raw(msgspec.json.encode(body)))
        assert (change(one, "site", {"address"}, str) is not None) == heard, kind
