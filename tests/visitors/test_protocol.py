"""The visitor protocol over real HTTP and real sockets, on both databases."""

import asyncio

import aiohttp
import msgspec
import pytest
from sqlalchemy import Connection, Table, func, select

from otklik.contacts.tables import contacts, touchpoints
from otklik.conversations.tables import messages
from otklik.inbound.tables import inbound_log
from otklik.ingress.visitor_identity import Identities
from otklik.kernel.ids import OperatorId, new_id
from tests.visitors.device import Device, Ear, Json
from tests.visitors.shop import Shop


async def count(shop: Shop, table: Table) -> int:
    def work(connection: Connection) -> int:
        return int(connection.execute(select(func.count()).select_from(table)).scalar() or 0)

    return await shop.parts.database.read(work)


@pytest.fixture
def device(shop: Shop, http: aiohttp.ClientSession) -> Device:
    return Device(http, shop.base)


async def test_nothing_is_kept_of_a_visitor_who_has_not_written(shop: Shop, device: Device) -> None:
    first = await device.enter(locale="ru")
    assert first["messages"] == []
    assert (await device.enter())["token"] == first["token"]
    async with device.live() as ear:
        await ear.socket.send_json({"kind": "typing"})
        await ear.socket.send_json({"kind": "page", "url": "https://tea.example/"})
        await ear.socket.send_json({"kind": "ping"})
        assert (await ear.until("pong"))["kind"] == "pong"
    assert await count(shop, contacts) == 0
    assert await count(shop, inbound_log) == 0


async def test_a_message_comes_back_with_the_id_its_device_chose(
    shop: Shop, device: Device
) -> None:
    async with device.live() as ear:
        await ear.socket.send_json(
            {"kind": "send", "send": {"client_id": "mine-1", "text": "Есть улун?"}}
        )
        assert await ear.until("accepted") == {"kind": "accepted", "client_id": "mine-1"}
        (message,) = await ear.created(1)
        assert (message["client_id"], message["from"], message["text"]) == (
            "mine-1", "contact", "Есть улун?",
        )  # fmt: skip
        await shop.answer("Есть", buttons=[[{"label": "Беру", "payload": "take"}]])
        (answer,) = await ear.created(1)
    assert (answer["from"], answer["author_name"], answer["client_id"]) == (
        "operator",
        "Анна",
        None,
    )
    assert answer["buttons"] == [[{"label": "Беру", "payload": "take"}]]


async def test_a_visitor_hears_what_they_sent_from_another_tab_before_they_were_a_contact(
    shop: Shop, device: Device
) -> None:
    await device.enter()
    other = Device(device.http, shop.base)
    other.token = device.token
    async with device.live() as ear:
        await other.say("Из соседней вкладки")
        (message,) = await ear.created(1)
        assert message["text"] == "Из соседней вкладки"
        await shop.answer("Слышу")
        assert [one["text"] for one in await ear.created(1)] == ["Слышу"]


async def test_a_ping_notices_a_message_that_another_process_accepted(
    shop: Shop, device: Device
) -> None:
    async with device.live() as ear:
        await ear.socket.send_json({"kind": "ping"})
        await ear.until("pong")
        body = {
            "visitor": Identities((b"k" * 32,), shop.parts.clock)
            .recognise(shop.stored_inbox(), device.token)
            .external_id,
            "send": {"client_id": "c", "text": "Через другой узел"},
        }
        key = f"{body['visitor']}:c"
        await shop.parts.appender.append(shop.stored_inbox(), msgspec.json.encode(body), key)
        assert (await _pinged(ear))[0]["message"]["text"] == "Через другой узел"


async def _pinged(ear: Ear) -> list[Json]:
    """Ping as a device does until there are events: no process told this one of the message."""
    heard: list[Json] = []
    while not heard:
        await asyncio.sleep(0.1)
        await ear.socket.send_json({"kind": "ping"})
        heard = (await ear.frame()).get("events", [])
    return heard


async def test_twenty_repetitions_at_once_are_one_message(shop: Shop, device: Device) -> None:
    await device.enter()
    repeats = [device.post(client_id="once", text="Один раз") for _ in range(20)]
    assert {status for status, _ in await asyncio.gather(*repeats)} == {202}
    async with device.live(since=1) as ear:
        await ear.created(1)
    assert await device.texts() == ["Один раз"]
    assert await count(shop, contacts) == 1


async def test_messages_keep_the_order_they_were_sent_in(device: Device) -> None:
    wanted = [f"№ {number}" for number in range(15)]
    async with device.live() as ear:
        for text in wanted:
            send = {"client_id": new_id(), "text": text}
            await ear.socket.send_json({"kind": "send", "send": send})
        assert [one["text"] for one in await ear.created(15)] == wanted
    assert await device.texts() == wanted


async def test_what_was_missed_is_told_exactly_once_after_a_reconnect(
    shop: Shop, device: Device
) -> None:
    async with device.live() as ear:
        send = {"client_id": "a", "text": "Я на минуту"}
        await ear.socket.send_json({"kind": "send", "send": send})
        await ear.created(1)
        last = ear.last
    for text in ("раз", "два", "три"):
        await shop.answer(text)
    async with device.live(since=last) as ear:
        assert [one["text"] for one in await ear.created(3)] == ["раз", "два", "три"]
        await shop.answer("четыре")
        assert [one["text"] for one in await ear.created(1)] == ["четыре"]


async def test_notes_and_system_lines_never_leave(shop: Shop, device: Device) -> None:
    await device.enter()
    async with device.live() as ear:
        await device.say("Здравствуйте")
        await ear.created(1)
        await shop.do("notes", {"client_id": new_id(), "text": "скидок ему не давать"})
        await shop.do("assign", {"operator_id": shop.owner.operator_id})
        (conversation,) = await shop.conversations()
        await shop.api("POST", f"/conversations/{conversation['id']}/resolve")
        await device.say("И ещё вопрос")
        heard = [one["text"] for one in await ear.created(1)]
    assert heard == ["И ещё вопрос"]
    page = await device.messages()
    assert [one["text"] for one in page["messages"]] == ["Здравствуйте", "И ещё вопрос"]
    assert "скидок" not in str(page)
    assert str(shop.owner.operator_id) not in str(page)


async def test_both_sides_learn_what_was_read(shop: Shop, device: Device) -> None:
    async with device.live() as ear:
        send = {"client_id": "a", "text": "Здравствуйте"}
        await ear.socket.send_json({"kind": "send", "send": send})
        (mine,) = await ear.created(1)
        await shop.do("read", {"seq": mine["seq"]})
        seen = 0
        while seen < mine["seq"]:
            seen = (await ear.until("read"))["operator_read_seq"]
        answer = await shop.answer("Добрый день")
        await ear.created(1)
        await ear.socket.send_json({"kind": "seen", "seq": answer["seq"]})
        state = await ear.until("message.state")
        assert (state["message_id"], state["state"]) == (answer["id"], "read")
    session = await device.enter()
    assert session["read_by_contact_seq"] == answer["seq"]
    assert session["read_by_operator_seq"] >= mine["seq"]


async def test_each_side_sees_the_other_typing(shop: Shop, device: Device) -> None:
    class Line:
        account_id: str = shop.account_id
        caller = shop.owner
        heard: asyncio.Queue[Json] = asyncio.Queue()

        def follows(self, _contact_id: str) -> bool:
            return True

        def end(self) -> None:
            raise AssertionError

        def whisper(self, _who: str, frame: bytes) -> None:
            self.heard.put_nowait(msgspec.json.decode(frame))

    line = Line()
    shop.parts.presence.join(line)
    async with device.live() as ear:
        send = {"client_id": "a", "text": "Здравствуйте"}
        await ear.socket.send_json({"kind": "send", "send": send})
        await ear.created(1)
        await ear.socket.send_json({"kind": "typing"})
        typing = await asyncio.wait_for(line.heard.get(), 5)
        (conversation,) = await shop.conversations()
        assert typing["conversation_id"] == conversation["id"]
        shop.parts.presence.operator_types(
            msgspec.structs.replace(shop.owner, operator_id=OperatorId(new_id())),
            conversation["id"],
            conversation["contact_id"],
        )
        assert (await ear.until("typing"))["name"] == "Анна"
    shop.parts.presence.leave(line)


async def test_where_a_visitor_came_from_is_recorded_once(shop: Shop, device: Device) -> None:
    await device.enter()
    touch = {"url": "https://tea.example/?utm_source=list", "utm_source": "list", "device": "phone"}
    await asyncio.gather(*(device.say("Здравствуйте", client_id="a", touch=touch) for _ in "12"))
    async with device.live(since=1) as ear:
        await ear.created(1)
    assert await count(shop, touchpoints) == 1


async def test_a_button_is_pressed_as_a_message(shop: Shop, device: Device) -> None:
    async with device.live() as ear:
        await device.say("Здравствуйте")
        await ear.created(1)
        asked = await shop.answer("Отложить?", buttons=[[{"label": "Да", "payload": "yes"}]])
        press = {"message_id": asked["id"], "payload": "yes", "label": "Да"}
        assert (await device.post(kind="press", press=press))[0] == 202
        _, pressed = await ear.created(2)
    assert (pressed["kind"], pressed["text"]) == ("press", "Да")


async def test_an_answer_to_a_message_names_it(shop: Shop, device: Device) -> None:
    async with device.live() as ear:
        await device.say("Здравствуйте")
        await ear.created(1)
        asked = await shop.answer("Какой чайник?")
        await device.say("Глиняный", reply_to_id=asked["id"])
        _, reply = await ear.created(2)
    assert reply["reply_to_id"] == asked["id"]


async def test_a_message_of_somebody_elses_chat_cannot_be_answered(
    shop: Shop, device: Device
) -> None:
    async with device.live() as ear:
        await device.say("Здравствуйте")
        await ear.created(1)
    asked = await shop.answer("Какой чайник?")
    stranger = Device(device.http, device.base)
    await stranger.enter()
    status, problem = await stranger.post(text="Подслушал", reply_to_id=asked["id"])
    assert (status, problem["field"]) == (422, "reply_to_id")


# --- what is refused ---------------------------------------------------------------------------


REFUSED: list[tuple[Json, int, str | None]] = [
    ({"text": ""}, 422, "text"),
    ({"text": "  \n "}, 422, "text"),
    ({"text": "ы" * 4001}, 422, "text"),
    ({"text": 5}, 422, "text"),
    ({"text": "a", "surprise": 1}, 422, "surprise"),
    ({"kind": "file"}, 422, "file_ids"),
    ({"kind": "sticker", "file_ids": ["a", "b"]}, 422, "file_ids"),
    ({"kind": "file", "file_ids": ["x"] * 11}, 422, "file_ids"),
    ({"kind": "file", "file_ids": ["0" * 26]}, 404, None),
    ({"kind": "location"}, 422, "location"),
    (
        {"kind": "location", "location": {"latitude": 91, "longitude": 0}},
        422,
        "location.latitude",
    ),
    ({"kind": "press"}, 422, "press"),
    ({"kind": "poll", "text": "a"}, 422, "kind"),
    ({"text": "a", "client_id": ""}, 422, "client_id"),
    ({"text": "a", "client_id": "x" * 65}, 422, "client_id"),
    ({"text": "a" * 70_000}, 413, None),
]


async def test_a_message_that_cannot_be_taken_says_why(shop: Shop, device: Device) -> None:
    await device.enter()
    for send, status, field in REFUSED:
        got, problem = await device.post(**send)
        assert (got, problem.get("field")) == (status, field), (send, problem)
        assert problem["detail"]
    assert await count(shop, inbound_log) == 0


async def test_odd_text_arrives_without_harm(device: Device) -> None:
    odd = [
        "\x00ноль",
        "\ud800",
        "\u202eшиворот",
        "<script>alert(1)</script>",
        "﷽" * 200,
        "💩" * 500,
    ]
    await device.enter()
    async with device.live() as ear:
        for text in odd:
            assert (await device.post(text=text))[0] in {202, 400, 422}
        await ear.created(5)
    assert "<script>alert(1)</script>" in await device.texts()


async def test_a_socket_refuses_what_it_cannot_read_and_goes_on(device: Device) -> None:
    await device.enter()
    async with device.live() as ear:
        for bad in ("", "[]", "{}", '{"kind":"dance"}', "nonsense", "[" * 5000):
            await ear.socket.send_str(bad)
            assert (await ear.until("refused"))["sentence"]
        bad_send = {"kind": "send", "send": {"client_id": "c", "text": ""}}
        await ear.socket.send_json(bad_send)
        refused = await ear.until("refused")
        assert (refused["client_id"], refused["code"]) == ("c", "invalid")
        await ear.socket.send_json({"kind": "send", "send": {"client_id": "d", "text": "чай"}})
        assert (await ear.until("accepted"))["client_id"] == "d"


async def test_a_frame_too_large_ends_the_socket(device: Device) -> None:
    async with device.live() as ear:
        await ear.socket.send_str("x" * 70_000)
        assert await ear.closed() == 1009


async def test_too_many_messages_wait(device: Device) -> None:
    await device.enter()
    answers = [await device.post(text=f"№ {number}") for number in range(25)]
    assert [status for status, _ in answers[:20]] == [202] * 20
    assert answers[-1][0] == 429
    async with device.http.post(
        f"{device.base}/messages", json={"client_id": "x", "text": "a"}, headers=device.headers
    ) as answer:
        assert int(answer.headers["Retry-After"]) >= 1


async def test_any_site_may_ask(shop: Shop, http: aiohttp.ClientSession) -> None:
    headers = {"Origin": "https://tea.example", "Access-Control-Request-Method": "POST"}
    async with http.options(f"{shop.base}/messages", headers=headers) as answer:
        assert answer.status == 204
        assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
    send = {"client_id": "a", "text": "a"}
    async with http.post(f"{shop.base}/messages", json=send) as answer:
        assert answer.status == 401
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    async with http.get(f"{shop.url}/api/v1/me") as answer:
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_messages_outlive_the_server(shop: Shop, device: Device) -> None:
    await device.enter()
    await device.say("До перезапуска")
    await shop.restart()
    async with device.live(since=1) as ear:
        assert (await _pinged(ear))[0]["message"]["text"] == "До перезапуска"
    assert await device.texts() == ["До перезапуска"]
    assert await count(shop, messages) == 1
