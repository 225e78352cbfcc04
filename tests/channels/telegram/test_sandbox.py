"""The codec against a server that speaks the Bot API, over real HTTP."""

from collections.abc import AsyncIterator, Mapping
from itertools import count

import aiohttp
import msgspec
import pytest
import pytest_asyncio
from msgspec.structs import replace

from otklik.channels.telegram import connect, inbound, outbound
from otklik.ports.channel import (
    ButtonPressed,
    ChannelEvent,
    Connected,
    FoundFile,
    InboxConfig,
    MessageEdited,
    MessageReceived,
    Order,
    Outgoing,
    OutgoingDelete,
    OutgoingEdit,
    OutgoingFile,
    OutgoingReaction,
    Polled,
    PressAnswer,
    ProfileAsked,
    ReachabilityChanged,
    ReactionChanged,
    Refusal,
    RefusalKind,
    Request,
    Sent,
    TypingShown,
)
from otklik.ports.message import Button, ContactCard, Entity, Location, MessageKind
from sandbox import samples
from sandbox.server import Settings, run
from tests.channels.kit.declaration import refused

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one server for all of them
SAMPLES = {
    MessageKind.PICTURE: ("tea-cup.jpg", "image/jpeg"),
    MessageKind.VIDEO: ("steam.mp4", "video/mp4"),
    MessageKind.VOICE: ("voice.ogg", "audio/ogg"),
    MessageKind.AUDIO: ("bell.m4a", "audio/mp4"),
    MessageKind.FILE: ("price.pdf", "application/pdf"),
    MessageKind.STICKER: ("cup.webp", "image/webp"),
}
_BOTS = count(7_100_000_001)


class Line:
    """A bot and a person on two ends of the sandbox."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url, self._session = url, session
        self._bot = str(next(_BOTS))
        self._person, self._cursor = "", ""
        secrets = {"token": f"{self._bot}:invented_token_for_tests"}
        self.config = InboxConfig("i", {"api_base": f"{url}/telegram"}, secrets)

    async def begin(self) -> None:
        bot = {"token": self.config.secrets["token"], "username": "tea_bridge_bot"}
        await self._control("/bots", bot)
        person = await self._control("/people", {"first_name": "Вера", "phone": "+70000000001"})
        self._person = str(msgspec.convert(person["user"], dict[str, object])["id"])
        await self.act("start", payload="leaf")

    @property
    def to(self) -> str:
        return self._person

    async def _control(self, path: str, body: object) -> dict[str, object]:
        url = f"{self._url}/control/telegram{path}"
        async with self._session.post(url, data=msgspec.json.encode(body)) as answer:
            assert answer.status < 300, await answer.text()
            body = await answer.read()
            return msgspec.json.decode(body or b"{}", type=dict[str, object])

    async def act(self, act: str, **parts: object) -> None:
        await self._control(f"/bots/{self._bot}/people/{self._person}/{act}", parts)

    async def fault(self, method: str, **rule: object) -> None:
        calls = [{"method": method, **rule}]
        await self._control(f"/bots/{self._bot}/faults", {"calls": calls})

    async def perform(self, request: Request | Refusal) -> tuple[int, Mapping[str, str], bytes]:
        assert isinstance(request, Request), request
        form = None
        if request.files:
            form = aiohttp.FormData(request.fields)
            for part in request.files:
                content = samples.content(part.file_id)
                form.add_field(part.field, content, filename=part.name, content_type=part.mime)
        async with self._session.request(
            request.method,
            request.url,
            data=form or request.body or None,
            headers=request.headers,
        ) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, headers, await answer.read()

    async def give(self, order: Order) -> Sent | Refusal:
        return outbound.read(order, *await self.perform(outbound.build(order, self.config)))

    async def send(self, order: Order) -> Sent:
        outcome = await self.give(order)
        assert isinstance(outcome, Sent), outcome
        return outcome

    async def events(self) -> list[ChannelEvent]:
        status, _, body = await self.perform(connect.poll(self.config, self._cursor))
        polled = connect.polled(status, body)
        assert isinstance(polled, Polled), polled
        self._cursor = polled.cursor
        return [event for update in polled.bodies for event in inbound.parse(update)]

    def outgoing(self, kind: MessageKind = MessageKind.TEXT, text: str = "") -> Outgoing:
        return Outgoing("m1", self._person, kind, text=text)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def sandbox() -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    async with run(Settings()) as running, aiohttp.ClientSession() as session:
        yield running.url, session


@pytest_asyncio.fixture(loop_scope="module")
async def line(sandbox: tuple[str, aiohttp.ClientSession]) -> Line:
    line = Line(*sandbox)
    await line.begin()
    return line


def _file(kind: MessageKind) -> OutgoingFile:
    name, mime = SAMPLES[kind]
    size = len(samples.content(name))
    return OutgoingFile(kind, file_id=name, name=name, mime=mime, size=size)


async def test_a_bot_is_recognised_and_a_wrong_token_told(line: Line) -> None:
    status, _, body = await line.perform(connect.check(line.config))
    found = connect.checked(status, body)
    assert isinstance(found, Connected)
    assert found.settings["bot_username"] == "tea_bridge_bot"
    stranger = replace(line.config, secrets={"token": "1:nobody_has_this_token"})
    status, _, body = await line.perform(connect.check(stranger))
    assert refused(connect.checked(status, body), RefusalKind.BAD_TOKEN)


async def test_a_webhook_excludes_the_poll_until_it_is_removed(line: Line) -> None:
    config = replace(line.config, secrets={**line.config.secrets, "webhook_secret": "s3cret"})
    hook = connect.subscribe(config, "http://127.0.0.1:9/in")
    status, _, body = await line.perform(hook)
    assert connect.acknowledged(status, body) is None
    status, _, body = await line.perform(connect.poll(config, ""))
    assert refused(connect.polled(status, body), RefusalKind.TEMPORARY)
    status, _, body = await line.perform(connect.unsubscribe(config))
    assert connect.acknowledged(status, body) is None
    assert await line.events()


async def test_what_a_person_does_is_read(line: Line) -> None:
    (started,) = await line.events()
    assert isinstance(started, MessageReceived)
    assert started.touch is not None
    assert started.touch.source == "leaf"
    await line.act("text", text="🫖 Чай есть?")
    for kind in ("photo", "video", "voice", "audio", "document", "animation", "video_note",
                 "sticker"):  # fmt: skip
        await line.act("file", kind=kind)
    await line.act("location")
    await line.act("venue")
    await line.act("contact")
    await line.act("album", items=[{"kind": "photo"}, {"kind": "photo"}])
    events = [event for event in await line.events() if isinstance(event, MessageReceived)]
    assert [event.kind.value for event in events] == [
        "text", "picture", "video", "voice", "audio", "file", "video", "video", "sticker",
        "location", "location", "contact_card", "picture", "picture",
    ]  # fmt: skip
    assert all(file.ref and file.size for event in events for file in event.attachments)
    assert events[6].attachments[0].animation
    assert events[7].attachments[0].round
    assert events[11].content.card is not None
    assert events[11].content.card.own
    assert events[12].group_key == events[13].group_key != ""


async def test_a_received_file_comes_back_whole(line: Line) -> None:
    await line.act("file", kind="sticker", sample="cup.webp")
    event = (await line.events())[-1]
    assert isinstance(event, MessageReceived)
    (file,) = event.attachments
    status, _, body = await line.perform(outbound.locate(file.ref, line.config))
    found = outbound.located(status, body, line.config)
    assert isinstance(found, FoundFile)
    content = (await line.perform(found.request))[2]
    assert content == samples.content("cup.webp")
    assert found.size == len(content)
    status, _, body = await line.perform(outbound.locate("no-such-file", line.config))
    assert refused(outbound.located(status, body, line.config), RefusalKind.BAD_MEDIA)


@pytest.mark.parametrize("kind", sorted(SAMPLES))
async def test_every_kind_of_file_arrives_and_can_be_sent_again(
    line: Line, kind: MessageKind
) -> None:
    order = replace(line.outgoing(kind), files=(_file(kind),))
    first = await line.send(order)
    assert len(first.external_ids) == len(first.file_refs) == 1
    again = replace(_file(kind), platform_ref=first.file_refs[0])
    second = await line.send(replace(order, files=(again,)))
    assert second.external_ids != first.external_ids


async def test_an_album_gives_one_id_for_each_part(line: Line) -> None:
    files = (_file(MessageKind.PICTURE), _file(MessageKind.VIDEO), _file(MessageKind.PICTURE))
    sent = await line.send(replace(line.outgoing(text="Полка"), files=files))
    assert len(set(sent.external_ids)) == len(sent.file_refs) == 3


async def test_texts_places_and_cards_arrive(line: Line) -> None:
    entities = (Entity("bold", 0, 5), Entity("link", 6, 4, url="https://example.org"))
    (first,) = (await line.send(replace(line.outgoing(text="🫖 Да, сайт"), entities=entities))
                ).external_ids  # fmt: skip
    await line.send(replace(line.outgoing(text="Вот"), reply_to=first, silent=True))
    place = line.outgoing(MessageKind.LOCATION)
    await line.send(replace(place, location=Location(56.0, 92.9)))
    await line.send(replace(place, location=Location(56.0, 92.9, "Лавка", "Мира, 1")))
    card = line.outgoing(MessageKind.CONTACT_CARD)
    await line.send(replace(card, card=ContactCard("Лавка", "+70000000000")))
    await line.send(TypingShown(line.to))


async def test_a_press_is_read_and_acknowledged(line: Line) -> None:
    rows = ((Button("Беру", payload="buy:7"),), (Button("Сайт", url="https://example.org"),))
    sent = await line.send(replace(line.outgoing(text="Берёте?"), buttons=rows))
    number = int(sent.external_ids[0].partition(":")[2])
    await line.act("press", message_id=number, data="buy:7")
    press = (await line.events())[-1]
    assert isinstance(press, ButtonPressed)
    assert (press.payload, press.label) == ("buy:7", "Беру")
    assert press.of_message == sent.external_ids[0]
    await line.send(PressAnswer(press.press_id, "Принято"))
    await line.send(PressAnswer("an-old-press"))


async def test_a_person_is_known_by_name(line: Line) -> None:
    told = await line.send(ProfileAsked(line.outgoing().to))
    assert told.profile is not None
    assert told.profile.name == "Вера"


async def test_a_person_asked_for_a_phone_shares_their_own(line: Line) -> None:
    rows = ((Button("Мой номер", request="phone"),),)
    await line.send(replace(line.outgoing(text="Как вам позвонить?"), buttons=rows))
    await line.act("tap", text="Мой номер")
    shared = (await line.events())[-1]
    assert isinstance(shared, MessageReceived)
    assert shared.content.card == ContactCard(shared.sender.name, "+70000000001", own=True)


async def test_edits_reactions_and_deletions_are_done_once_and_again(line: Line) -> None:
    text = line.outgoing(text="Четыреста рублей")
    (first,) = (await line.send(text)).external_ids
    (second,) = (await line.send(text)).external_ids
    edit = OutgoingEdit(first, replace(text, text="Триста рублей"))
    for _ in range(2):
        assert await line.give(edit) == Sent()
    for emoji in ("👍", ""):
        assert await line.give(OutgoingReaction(line.to, first, emoji)) == Sent()
    for ids in ((first,), (first,), (first, second)):
        assert await line.give(OutgoingDelete(line.to, ids)) == Sent()


async def test_edits_reactions_and_blocks_by_the_person_are_read(line: Line) -> None:
    (sent,) = (await line.send(line.outgoing(text="Готово"))).external_ids
    await line.act("text", text="Спосибо")
    told = (await line.events())[-1]
    assert isinstance(told, MessageReceived)
    number = int(told.external_id.partition(":")[2])
    await line.act("edit", message_id=number, text="Спасибо")
    await line.act("reaction", message_id=int(sent.partition(":")[2]), emoji="🔥")
    await line.act("block")
    events = {type(event): event for event in await line.events()}
    edited, reaction = events[MessageEdited], events[ReactionChanged]
    assert isinstance(edited, MessageEdited)
    assert (edited.message.external_id, edited.message.text) == (told.external_id, "Спасибо")
    assert isinstance(reaction, ReactionChanged)
    assert (reaction.external_id, reaction.emojis) == (sent, ("🔥",))
    assert isinstance(events[ReachabilityChanged], ReachabilityChanged)
    assert refused(await line.give(line.outgoing(text="Ау")), RefusalKind.BLOCKED)
    await line.act("unblock")
    (unblocked,) = await line.events()
    assert isinstance(unblocked, ReachabilityChanged)
    assert unblocked.reachable


async def test_refusals_are_understood(line: Line) -> None:
    nobody = replace(line.outgoing(text="Ау"), to="5999999999")
    assert refused(await line.give(nobody), RefusalKind.GONE)
    wrong = replace(_file(MessageKind.PICTURE), platform_ref="no-such-file")
    order = replace(line.outgoing(MessageKind.PICTURE), files=(wrong,))
    assert refused(await line.give(order), RefusalKind.BAD_MEDIA)
    await line.act("deactivate")
    assert refused(await line.give(line.outgoing(text="Ау")), RefusalKind.GONE)


async def test_a_server_in_trouble_is_told_from_a_refusal(line: Line) -> None:
    text = line.outgoing(text="Ау")
    await line.fault("sendMessage", kind="too_many", times=1, retry_after=2)
    throttled = await line.give(text)
    assert refused(throttled, RefusalKind.THROTTLED)
    assert isinstance(throttled, Refusal)
    assert throttled.retry_after_s == 2
    for kind in ("server_error", "html"):
        await line.fault("sendMessage", kind=kind, times=1)
        assert refused(await line.give(text), RefusalKind.TEMPORARY)
    await line.send(text)
