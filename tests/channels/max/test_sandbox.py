"""The codec against a server that speaks MAX's Bot API, over real HTTP."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from msgspec.structs import replace

from otklik.ports.channel import (
    ButtonPressed,
    ChannelEvent,
    Connected,
    MessageEdited,
    MessageReceived,
    MessagesDeleted,
    Opened,
    OutgoingDelete,
    OutgoingEdit,
    OutgoingFile,
    Polled,
    PressAnswer,
    ProfileAsked,
    ReachabilityChanged,
    ReadShown,
    Refusal,
    RefusalKind,
    Request,
    Sent,
    Subscribed,
    Touch,
    TypingShown,
)
from otklik.ports.message import Button, ContactCard, Entity, Location, MessageKind
from sandbox import samples
from sandbox.max import PLATFORM
from sandbox.server import Settings, run
from tests.channels.kit.declaration import refused
from tests.channels.kit.line import Line

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one server for all of them
SAMPLES = {
    MessageKind.PICTURE: ("tea-cup.jpg", "image/jpeg"),
    MessageKind.VIDEO: ("steam.mp4", "video/mp4"),
    MessageKind.VOICE: ("voice.ogg", "audio/ogg"),
    MessageKind.AUDIO: ("bell.m4a", "audio/mp4"),
    MessageKind.FILE: ("price.pdf", "application/pdf"),
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def street() -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    async with (
        run(Settings(retry_scale=0.0001), (PLATFORM,)) as running,
        aiohttp.ClientSession() as session,
    ):
        yield running.url, session


@pytest_asyncio.fixture(loop_scope="module")
async def line(street: tuple[str, aiohttp.ClientSession]) -> AsyncIterator[Line]:
    line = Line("max", *street)
    app = web.Application()
    app.router.add_post("/hook", line.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    line.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await line.begin(username="tea_bridge_bot", settings={"processing_s": "0.1"})
    assert await subscribe(line) == Subscribed()
    yield line
    await runner.cleanup()


async def subscribe(line: Line) -> Subscribed | Refusal:
    step = line.connect.subscribe
    assert step is not None
    return await line.walk(lambda answers: step(line.config, line.hook, answers))


async def verify(line: Line) -> Subscribed | Refusal:
    step = line.connect.verify
    assert step is not None
    return await line.walk(lambda answers: step(line.config, line.hook, answers))


async def unsubscribe(line: Line, address: str) -> Subscribed | Refusal:
    step = line.connect.unsubscribe
    assert step is not None
    return await line.walk(lambda answers: step(line.config, address, answers))


async def poll(line: Line, cursor: str) -> Polled | Refusal:
    step = line.connect.poll
    assert step is not None
    return await line.walk(lambda answers: step(line.config, cursor, answers))


async def said(line: Line, act: str = "text", **parts: object) -> MessageReceived:
    await line.act(act, **parts)
    (event,) = await line.events(1)
    assert isinstance(event, MessageReceived), event
    return event


def _file(kind: MessageKind) -> OutgoingFile:
    name, mime = SAMPLES[kind]
    return OutgoingFile(kind, file_id=name, name=name, mime=mime, size=len(samples.content(name)))


async def test_a_bot_is_recognised_and_a_wrong_token_told(line: Line) -> None:
    found = await line.walk(lambda answers: line.connect.check(line.config, answers))
    assert isinstance(found, Connected)
    assert found.settings["bot_username"] == "tea_bridge_bot"
    stranger = replace(line.config, secrets={"token": "nobody-has-this-token"})
    told = await line.walk(lambda answers: line.connect.check(stranger, answers))
    assert refused(told, RefusalKind.BAD_TOKEN)
    await line.control(f"/{line.account}/revoked", {"on": True})
    assert refused(await verify(line), RefusalKind.BAD_TOKEN)


async def test_a_lost_subscription_is_seen_and_made_again(line: Line) -> None:
    assert await verify(line) == Subscribed()
    assert await unsubscribe(line, line.hook) == Subscribed()
    assert refused(await verify(line), RefusalKind.UNSUBSCRIBED)
    assert await subscribe(line) == Subscribed()
    assert await verify(line) == Subscribed()


async def test_a_webhook_excludes_the_poll_until_it_is_removed(line: Line) -> None:
    told = await poll(line, "")
    assert refused(told, RefusalKind.TEMPORARY)
    assert isinstance(told, Refusal)
    assert "webhook" in told.detail
    assert await unsubscribe(line, "") == Subscribed()
    await line.act("text", text="Раз")
    polled = await poll(line, "")
    assert isinstance(polled, Polled)
    events = [event for body in polled.bodies for event in line.channel.parse(body)]
    assert isinstance(events[-1], MessageReceived)
    assert events[-1].text == "Раз"
    await line.act("text", text="Два")
    polled = await poll(line, polled.cursor)
    assert isinstance(polled, Polled)
    assert len(polled.bodies) == 1


async def test_what_a_person_does_is_read(line: Line) -> None:
    text = await said(line, text="🫖 Чай есть?")
    assert text.sender.name == "Вера Улыбина"
    assert text.sender.aliases == (f"user:{line.person}",)
    for act in ("picture", "video", "voice", "file", "sticker"):
        event = await said(line, act)
        assert event.kind == act
        (file,) = event.attachments
        assert isinstance(await line.download(file.ref), bytes)
    place = await said(line, "location")
    assert place.content.location is not None
    own = await said(line, "contact")
    assert own.content.card == ContactCard("Вера Улыбина", "+70000000001")
    assert own.sender.phone_evidence == "claimed"
    other = await said(line, "contact", phone="+70000000002", name="Яна")
    assert other.content.card == ContactCard("Яна", "+70000000002")
    assert not other.sender.phone
    album = await said(line, "album", items=[{"kind": "picture"}, {"kind": "video"}], text="Полка")
    assert [file.kind.value for file in album.attachments] == ["picture", "video"]
    answer = await said(line, text="Да", reply_to=text.external_id)
    assert answer.reply_to == text.external_id


async def test_a_received_file_comes_back_whole_and_a_lost_one_is_told(line: Line) -> None:
    (file,) = (await said(line, "sticker", sample="cup.webp")).attachments
    assert await line.download(file.ref) == samples.content("cup.webp")
    assert refused(await line.download("video:no-such-token"), RefusalKind.GONE)


@pytest.mark.parametrize("kind", sorted(SAMPLES))
async def test_every_kind_of_file_arrives_and_can_be_sent_again(
    line: Line, kind: MessageKind
) -> None:
    to = (await said(line, text="Ау")).sender.external_id
    order = replace(line.outgoing(to, kind, "Вот"), files=(_file(kind),))
    first = await line.send(order)
    assert len(first.external_ids) == len(first.file_refs) == 1
    again = replace(_file(kind), platform_ref=first.file_refs[0])
    second = await line.send(replace(order, files=(again,)))
    assert second.external_ids != first.external_ids
    shown = (await line.phone())[-1]
    assert shown["text"] == "Вот"
    assert len(str(shown["files"])) > 10


async def test_an_album_is_one_message(line: Line) -> None:
    to = (await said(line, text="Ау")).sender.external_id
    files = (_file(MessageKind.PICTURE), _file(MessageKind.VIDEO), _file(MessageKind.PICTURE))
    sent = await line.send(replace(line.outgoing(to, MessageKind.PICTURE, "Полка"), files=files))
    assert len(sent.external_ids) == 1
    assert len(sent.file_refs) == 3


async def test_texts_places_and_cards_arrive_as_they_were_meant(line: Line) -> None:
    to = (await said(line, text="Ау")).sender.external_id
    entities = (
        Entity("bold", 0, 5),
        Entity("italic", 3, 4),
        Entity("link", 7, 4, url="https://example.org/?a=1&b=2"),
    )
    text = replace(line.outgoing(to, text="🫖 Да < сайт"), entities=entities)
    (first,) = (await line.send(text)).external_ids
    shown = (await line.phone())[-1]
    assert shown["text"] == "🫖 Да < сайт"
    assert {"type": "bold", "offset": 0, "length": 3} in list(shown["marks"])  # type: ignore[call-overload]
    assert "https://example.org/?a=1&b=2" in str(shown["marks"])
    await line.send(replace(line.outgoing(to, text="Вот"), reply_to=first, silent=True))
    assert (await line.phone())[-1]["reply_to"] == first
    place = line.outgoing(to, MessageKind.LOCATION)
    await line.send(replace(place, location=Location(56.0, 92.9, "Лавка", "Мира, 1")))
    card = line.outgoing(to, MessageKind.CONTACT_CARD)
    await line.send(replace(card, card=ContactCard("Лавка", "+70000000000")))
    contact = (await line.phone())[-1]["contact"]
    assert contact == {"name": "Лавка", "phone": "+70000000000"}
    await line.send(TypingShown(to))
    await line.send(ReadShown(to, first))


async def test_a_person_is_written_to_by_either_of_their_names(line: Line) -> None:
    sent = await line.send(line.outgoing(f"user:{line.person}", text="Здравствуйте"))
    assert sent.external_ids
    assert (await line.phone())[-1]["text"] == "Здравствуйте"


async def test_a_press_is_read_and_acknowledged(line: Line) -> None:
    to = (await said(line, text="Ау")).sender.external_id
    rows = ((Button("Беру", payload="buy:7"), Button("Нет", payload="no")),
            tuple(Button(f"Сайт {n}", url="https://example.org") for n in range(5)))  # fmt: skip
    sent = await line.send(replace(line.outgoing(to, text="Берёте?"), buttons=rows))
    await line.act("press", message_id=sent.external_ids[0], payload="buy:7")
    (press,) = await line.events(1)
    assert isinstance(press, ButtonPressed)
    assert (press.payload, press.label) == ("buy:7", "Беру")
    assert press.of_message == sent.external_ids[0]
    assert press.sender.external_id == to
    assert press.at
    assert await line.give(PressAnswer(press.press_id, "Принято")) == Sent()
    assert refused(await line.give(PressAnswer("an-old-press")), RefusalKind.GONE)


async def test_a_person_asked_for_a_phone_shares_it(line: Line) -> None:
    to = (await said(line, text="Ау")).sender.external_id
    rows = ((Button("Мой номер", request="phone"), Button("Я здесь", request="location")),)
    sent = await line.send(replace(line.outgoing(to, text="Как вам позвонить?"), buttons=rows))
    shared = await said(line, "press", message_id=sent.external_ids[0], button="Мой номер")
    assert shared.sender.phone == "+70000000001"


async def test_edits_and_deletions_are_done_once_and_again(line: Line) -> None:
    to = (await said(line, text="Ау")).sender.external_id
    text = line.outgoing(to, text="Четыреста рублей")
    keyboard = replace(text, buttons=((Button("Беру", payload="b"),),))
    (first,) = (await line.send(keyboard)).external_ids
    for _ in range(2):
        assert await line.give(OutgoingEdit(first, replace(text, text="Триста"))) == Sent()
    shown = (await line.phone())[-1]
    assert shown["text"] == "Триста"
    assert "buttons" not in shown
    for _ in range(2):
        assert await line.give(OutgoingDelete(to, (first,))) == Sent()
    assert first not in str(await line.phone())


async def test_edits_and_deletions_by_the_person_are_read(line: Line) -> None:
    told = await said(line, text="Спосибо")
    await line.act("edit", message_id=told.external_id, text="Спасибо")
    await line.act("delete", message_id=told.external_id)
    edited, deleted = await line.events(2)
    assert isinstance(edited, MessageEdited)
    assert (edited.message.external_id, edited.message.text) == (told.external_id, "Спасибо")
    assert isinstance(deleted, MessagesDeleted)
    assert deleted.external_ids == (told.external_id,)
    assert deleted.sender.external_id == told.sender.external_id


async def test_starts_stops_and_returns_are_read(line: Line) -> None:
    await line.act("start", payload="spring_2026")
    back, opened = await line.events(1)
    assert isinstance(opened, Opened)
    assert opened.touch == Touch("deep_link", "spring_2026")
    assert isinstance(back, ReachabilityChanged)
    to = opened.sender.external_id
    await line.act("block")
    events: list[ChannelEvent] = await line.events(2)
    assert isinstance(events[0], ReachabilityChanged)
    assert not events[0].reachable
    assert refused(await line.give(line.outgoing(to, text="Ау")), RefusalKind.BLOCKED)
    await line.act("unblock")
    assert len(await line.events(1)) == 2
    await line.send(line.outgoing(to, text="С возвращением"))


async def test_a_person_is_known_by_name_and_picture(line: Line) -> None:
    to = (await said(line, text="Ау")).sender.external_id
    told = await line.send(ProfileAsked(to))
    assert told.profile is not None
    assert told.profile.name == "Вера Улыбина"
    assert told.profile.picture.startswith("http")


async def test_refusals_are_understood(line: Line) -> None:
    to = (await said(line, text="Ау")).sender.external_id
    nobody = line.outgoing("5999999999", text="Ау")
    assert refused(await line.give(nobody), RefusalKind.GONE)
    wrong = replace(_file(MessageKind.PICTURE), platform_ref="no-such-token")
    order = replace(line.outgoing(to, MessageKind.PICTURE), files=(wrong,))
    assert refused(await line.give(order), RefusalKind.OTHER)
    broken = replace(_file(MessageKind.PICTURE), file_id="price.pdf")
    order = replace(line.outgoing(to, MessageKind.PICTURE), files=(broken,))
    assert refused(await line.give(order), RefusalKind.BAD_MEDIA)


async def test_a_server_in_trouble_is_told_from_a_refusal(line: Line) -> None:
    to = (await said(line, text="Ау")).sender.external_id
    text = line.outgoing(to, text="Ау")
    await line.fault("POST /messages", kind="too_many", times=1)
    throttled = await line.give(text)
    assert refused(throttled, RefusalKind.THROTTLED)
    assert isinstance(throttled, Refusal)
    assert throttled.retry_after_s == 5
    for kind in ("server_error", "html"):
        await line.fault("POST /messages", kind=kind, times=1)
        assert refused(await line.give(text), RefusalKind.TEMPORARY)
    await line.send(text)


async def test_a_film_that_is_still_worked_on_is_waited_for(line: Line) -> None:
    to = (await said(line, text="Ау")).sender.external_id
    order = replace(line.outgoing(to, MessageKind.VIDEO), files=(_file(MessageKind.VIDEO),))
    waits: list[float] = []

    def step(answers: tuple[object, ...]) -> object:
        told = line.outbound.send(order, line.config, answers)  # type: ignore[arg-type]
        if isinstance(told, Request) and told.after_s:
            waits.append(told.after_s)
            return replace(told, after_s=0.12)
        return told

    assert isinstance(await line.walk(step), Sent)  # type: ignore[arg-type]
    assert waits == [1.0]
