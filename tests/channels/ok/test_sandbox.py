"""The codec against a server that speaks the Bot API of groups, over real HTTP."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from msgspec.structs import replace

from otklik.ports.channel import (
    ButtonPressed,
    Connected,
    MessageReceived,
    Opened,
    OutgoingFile,
    Polled,
    PressAnswer,
    ProfileAsked,
    ReadShown,
    Refusal,
    RefusalKind,
    Sent,
    Subscribed,
    Touch,
    TypingShown,
)
from otklik.ports.message import Button, ContactCard, MessageKind
from sandbox import samples
from sandbox.ok import PLATFORM
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
    line = Line("ok", *street)
    line.patience = 0.06  # two seconds become 120 ms, more than the file is worked on
    app = web.Application()
    app.router.add_post("/hook", line.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    line.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await line.begin(settings={"processing_s": "0.1"})
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


async def poll(line: Line, cursor: str) -> Polled:
    step = line.connect.poll
    assert step is not None
    polled: Polled | Refusal = await line.walk(lambda answers: step(line.config, cursor, answers))
    assert isinstance(polled, Polled), polled
    return polled


async def said(line: Line, act: str = "text", **parts: object) -> MessageReceived:
    await line.act(act, **parts)
    (event,) = await line.events(1)
    assert isinstance(event, MessageReceived), event
    return event


def _file(kind: MessageKind) -> OutgoingFile:
    name, mime = SAMPLES[kind]
    return OutgoingFile(kind, file_id=name, name=name, mime=mime, size=len(samples.content(name)))


async def test_a_group_is_recognised_and_a_wrong_key_told(line: Line) -> None:
    found = await line.walk(lambda answers: line.connect.check(line.config, answers))
    assert found == Connected("Чайный мост", {"group_id": f"group:{line.account}"})
    await line.control(f"/{line.account}/revoked", {"on": True})
    told = await line.walk(lambda answers: line.connect.check(line.config, answers))
    assert refused(told, RefusalKind.BAD_TOKEN)
    assert refused(await verify(line), RefusalKind.BAD_TOKEN)


async def test_a_lost_subscription_is_seen_and_made_again(line: Line) -> None:
    assert await verify(line) == Subscribed()
    assert await unsubscribe(line, "") == Subscribed()
    assert refused(await verify(line), RefusalKind.UNSUBSCRIBED)
    assert await unsubscribe(line, "") == Subscribed()
    for _ in range(2):
        assert await subscribe(line) == Subscribed()
    assert await verify(line) == Subscribed()
    assert await unsubscribe(line, line.hook) == Subscribed()


async def test_what_was_missed_is_fetched_from_the_history(line: Line) -> None:
    place = (await poll(line, "")).cursor
    to = (await said(line, text="Раз")).sender.external_id
    await line.send(line.outgoing(to, text="Слышим"))
    await line.act("text", text="Два")
    missed = await poll(line, place)
    events = [event for body in missed.bodies for event in line.channel.parse(body)]
    assert [getattr(event, "text", "") for event in events] == ["Раз", "Два"]
    keys = {line.channel.envelope(body) for body in missed.bodies}
    assert {line.channel.envelope(body) for _, body in line.came} <= keys
    assert (await poll(line, missed.cursor)).bodies == ()


async def test_what_a_person_does_is_read(line: Line) -> None:
    text = await said(line, text="🫖 Чай есть?")
    assert text.sender.aliases == (f"user:{line.person}",)
    assert text.sender.external_id.startswith("chat:C")
    for act in ("picture", "video", "voice", "file", "sticker"):
        event = await said(line, act)
        assert event.kind == act
        assert isinstance(await line.download(event.attachments[0].ref), bytes)
    assert (await said(line, "location")).content.location is not None
    own = await said(line, "contact")
    assert own.content.card == ContactCard("Вера Улыбина", "70000000001")
    album = await said(line, "album", items=[{"kind": "picture"}, {"kind": "video"}], text="Полка")
    assert [file.kind.value for file in album.attachments] == ["picture", "video"]
    answer = await said(line, text="Да", reply_to=text.external_id)
    assert answer.reply_to == text.external_id


async def test_a_special_link_opens_a_chat(line: Line) -> None:
    await line.act("start", payload="spring_2026")
    (opened,) = await line.events(1)
    assert isinstance(opened, Opened)
    assert opened.touch == Touch("deep_link", "spring_2026")


async def test_a_person_is_known_by_the_name_in_the_history(line: Line) -> None:
    to = (await said(line, text="Ау")).sender
    assert not to.name
    told = await line.send(ProfileAsked(to.external_id))
    assert told.profile is not None
    assert told.profile.name == "Вера Улыбина"


@pytest.mark.parametrize("kind", sorted(SAMPLES))
async def test_every_kind_of_file_arrives_and_can_be_sent_again(
    line: Line, kind: MessageKind
) -> None:
    to = (await said(line, text="Ау")).sender.external_id
    order = replace(line.outgoing(to, kind, "Вот"), files=(_file(kind),))
    first = await line.send(order)
    assert len(first.external_ids) == len(first.file_refs) == 1
    again = replace(_file(kind), platform_ref=first.file_refs[0])
    assert (await line.send(replace(order, files=(again,)))).external_ids != first.external_ids
    assert (await line.phone())[-1]["text"] == "Вот"


async def test_an_album_is_one_message(line: Line) -> None:
    to = (await said(line, text="Ау")).sender.external_id
    files = (_file(MessageKind.PICTURE),) * 3
    sent = await line.send(replace(line.outgoing(to, MessageKind.PICTURE), files=files))
    assert len(sent.external_ids) == 1
    assert len(sent.file_refs) == 3


async def test_a_press_is_read_and_answered_with_words(line: Line) -> None:
    to = (await said(line, text="Ау")).sender.external_id
    asks = (Button("Мой номер", request="phone"), Button("Я здесь", request="location"))
    rows = ((Button("Беру", payload="buy:7"), Button("Сайт", url="https://example.org")), asks)
    sent = await line.send(replace(line.outgoing(to, text="Берёте?"), buttons=rows))
    await line.act("press", message_id=sent.external_ids[0], payload="buy:7")
    (press,) = await line.events(1)
    assert isinstance(press, ButtonPressed)
    assert (press.payload, press.label) == ("buy:7", "Беру")
    assert press.of_message == sent.external_ids[0]
    before = len(await line.phone())
    assert await line.give(PressAnswer(press.press_id, to=to)) == Sent()
    assert len(await line.phone()) == before
    assert await line.give(PressAnswer(press.press_id, "Принято", to)) == Sent()
    assert (await line.phone())[-1]["text"] == "Принято"
    assert refused(await line.give(PressAnswer("old", "Поздно", to)), RefusalKind.GONE)
    shared = await said(line, "press", message_id=sent.external_ids[0], button="Мой номер")
    assert shared.content.card is not None


async def test_replies_typing_and_read_marks_arrive(line: Line) -> None:
    asked = await said(line, text="Ау")
    to = asked.sender.external_id
    await line.send(replace(line.outgoing(to, text="Да"), reply_to=asked.external_id))
    assert (await line.phone())[-1]["reply_to"] == asked.external_id
    await line.send(TypingShown(to))
    await line.send(ReadShown(to, asked.external_id))
    assert (await line.phone())[0]["status"] == "read"


async def test_a_person_is_written_to_by_either_of_their_names(line: Line) -> None:
    await line.send(line.outgoing(f"user:{line.person}", text="Здравствуйте"))
    assert (await line.phone())[-1]["text"] == "Здравствуйте"


async def test_refusals_are_understood(line: Line) -> None:
    to = (await said(line, text="Ау")).sender.external_id
    text = line.outgoing(to, text="Ау")
    nobody = line.outgoing("chat:C0", text="Ау")
    assert refused(await line.give(nobody), RefusalKind.GONE)
    assert refused(await line.give(line.outgoing("user:1", text="Ау")), RefusalKind.BLOCKED)
    broken = replace(_file(MessageKind.PICTURE), file_id="price.pdf")
    picture = replace(line.outgoing(to, MessageKind.PICTURE), files=(broken,))
    assert refused(await line.give(picture), RefusalKind.BAD_MEDIA)
    await line.fault("POST /graph/me/messages", kind="too_many", times=1)
    assert refused(await line.give(text), RefusalKind.THROTTLED)
    await line.fault("POST /graph/me/messages", kind="html", times=1)
    assert refused(await line.give(text), RefusalKind.TEMPORARY)
    await line.act("block")
    assert refused(await line.give(text), RefusalKind.BLOCKED)
    await line.act("unblock")
    await line.send(text)
