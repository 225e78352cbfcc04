"""The codec against a server that speaks Instagram's two APIs, over real HTTP."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from msgspec.structs import replace

from otklik.ports.channel import (
    ButtonPressed,
    MessageEdited,
    MessageReceived,
    MessagesDeleted,
    Opened,
    OutgoingCard,
    OutgoingReaction,
    ProfileAsked,
    ReactionChanged,
    ReadReported,
    ReadShown,
    Refusal,
    RefusalKind,
    Sent,
    Subscribed,
    TypingShown,
)
from otklik.ports.message import Button, MessageKind
from sandbox import samples
from sandbox.instagram import PLATFORM
from sandbox.server import Settings, run
from tests.channels.kit.declaration import refused
from tests.channels.messenger.street import FILES, VERIFY, MetaLine, hooked, sample

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one server for all of them
PAGE = "110000000000009"
Street = tuple[str, aiohttp.ClientSession]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def street() -> AsyncIterator[Street]:
    settings = Settings(retry_scale=0.00001, webhook_timeout_s=1)
    async with run(settings, (PLATFORM,)) as running, aiohttp.ClientSession() as session:
        yield running.url, session


@pytest_asyncio.fixture(loop_scope="module", params=["IGAA", "EAA"], ids=["own-login", "by-page"])
async def line(street: Street, request: pytest.FixtureRequest) -> AsyncIterator[MetaLine]:
    """The same account by Instagram Login and by Facebook Login."""
    line = MetaLine("instagram", *street, login=request.param)
    async with hooked(line):
        await line.open(page_id=PAGE)
        line.learn(comments="yes")
        if request.param == "IGAA":  # the app is not told by the token: its page gets the address
            await paste(line)
        else:
            line.keep_secret(app_secret=line.config.secrets["app_secret"].split()[1])
        assert await line.subscribe() == Subscribed()
        yield line


async def paste(line: MetaLine) -> None:
    wish = {"url": line.hook, "verify_token": VERIFY}
    await line.control(f"/{line.account}/webhook", wish)


async def test_an_account_is_recognised_by_either_login(line: MetaLine) -> None:
    known = line.config.settings
    assert (known["account_id"], known["username"][:10]) == (line.account, "tea.bridge")
    by_page = known["login"] == "facebook"
    assert ("app_id" in known) is by_page
    assert known.get("page_id", "") == (PAGE if by_page else "")
    stranger = replace(line.config, secrets={"token": "IGAAnobody"})
    told = await line.walk(lambda answers: line.connect.check(stranger, answers))
    assert refused(told, RefusalKind.BAD_TOKEN)
    await line.control(f"/{line.account}/revoked", {"on": True})
    assert refused(await line.verify(), RefusalKind.BAD_TOKEN)


async def test_a_lost_subscription_is_seen_and_made_again(line: MetaLine) -> None:
    await line.verify()
    assert await line.unsubscribe() == Subscribed()
    assert refused(await line.verify(), RefusalKind.UNSUBSCRIBED)
    assert await line.subscribe() == Subscribed()
    assert not isinstance(await line.verify(), Refusal)


async def test_what_a_person_does_is_read(line: MetaLine) -> None:
    text = await line.said(text="🫖 Чай есть?")
    assert (text.text, text.window_s) == ("🫖 Чай есть?", 86_400)
    for act in ("picture", "video", "voice", "file"):
        event = await line.said(act)
        assert event.kind == act
        (file,) = event.attachments
        assert isinstance(await line.download(file.ref), bytes)
    answer = await line.said(text="Да", reply_to=text.external_id)
    assert answer.reply_to == text.external_id
    await line.act("edit", message_id=text.external_id, text="Чай")
    assert (await line.event(MessageEdited)).message.text == "Чай"
    await line.act("delete", message_id=text.external_id)
    assert (await line.event(MessagesDeleted)).external_ids == (text.external_id,)


async def test_a_received_file_comes_back_whole(line: MetaLine) -> None:
    (file,) = (await line.said("picture")).attachments
    assert await line.download(file.ref) == samples.content("tea-cup.jpg")


async def test_links_and_advertisements_are_touchpoints(line: MetaLine) -> None:
    await line.act("start", payload="autumn", source="ad")
    first = await line.said(text="Ещё есть?")
    assert first.touch is not None
    assert (first.touch.kind, first.touch.details["ref"]) == ("ad", "autumn")
    await line.act("start", payload="shelf-7")
    again = await line.event(Opened)
    assert again.touch is not None
    assert (again.touch.kind, again.touch.source) == ("deep_link", "shelf-7")


@pytest.mark.parametrize("kind", sorted(FILES))
async def test_every_kind_of_file_arrives_by_address_and_by_upload(
    line: MetaLine, kind: MessageKind, street: Street
) -> None:
    to = await line.met()
    for link in (street[0], ""):
        order = replace(line.outgoing(to, kind), files=(sample(kind, link),))
        first = await line.send(order)
        assert len(first.external_ids) == len(first.file_refs) == 1
        again = replace(sample(kind), platform_ref=first.file_refs[0])
        second = await line.send(replace(order, files=(again,)))
        assert second.external_ids != first.external_ids
    assert len(str((await line.phone())[-1]["files"])) > 10


async def test_a_message_arrives_is_echoed_and_seen(line: MetaLine) -> None:
    to = await line.met()
    (mid,) = (await line.send(line.outgoing(to, text="Есть"))).external_ids
    echo = await line.echo()
    assert (echo.own_id, echo.message.external_id, echo.message.text) == ("", mid, "Есть")
    await line.act("read")
    assert (await line.event(ReadReported)).external_id == mid
    await line.act("echo", text="Отвечаю из приложения")
    foreign = await line.echo()
    assert foreign.message.sender.external_id == to


async def test_hearts_typing_and_marks_arrive(line: MetaLine) -> None:
    told = await line.said(text="Ау")
    to = told.sender.external_id
    for order in (OutgoingReaction(to, told.external_id, "❤️"), TypingShown(to),
                  ReadShown(to, told.external_id)):  # fmt: skip
        assert await line.give(order) == Sent()
    assert (await line.phone())[-1]["answer_reaction"] == "❤️"
    other = OutgoingReaction(to, told.external_id, "🔥")
    assert refused(await line.give(other), RefusalKind.OTHER)
    (mid,) = (await line.send(line.outgoing(to, text="❤️"))).external_ids
    assert (await line.phone())[-1]["text"] == "❤️"
    await line.act("react", message_id=mid, emoji="😂")
    assert (await line.event(ReactionChanged)).emojis == ("😂",)


async def test_buttons_and_cards_are_pressed(line: MetaLine, street: Street) -> None:
    to = await line.met()
    replies = ((Button("Беру", payload="buy:7"),),)
    await line.send(replace(line.outgoing(to, text="Берёте?"), buttons=replies))
    await line.act("tap", payload="buy:7")
    press = await line.event(ButtonPressed)
    assert (press.payload, press.label) == ("buy:7", "Беру")
    rows = ((Button("Беру", payload="buy:8"), Button("Сайт", url="https://example.org")),)
    (mid,) = (
        await line.send(replace(line.outgoing(to, text="Берёте?"), buttons=rows))
    ).external_ids
    await line.act("press", message_id=mid, payload="buy:8")
    assert (await line.event(ButtonPressed)).payload == "buy:8"
    card = OutgoingCard("Пуэр", "11 €", sample(MessageKind.PICTURE, street[0]),
                        (Button("Беру", payload="puer"),))  # fmt: skip
    sent = await line.send(replace(line.outgoing(to, MessageKind.CARDS), cards=(card,)))
    await line.act("press", message_id=sent.external_ids[0], payload="puer")
    assert (await line.event(ButtonPressed)).label == "Беру"


async def test_a_text_is_held_to_its_bytes(line: MetaLine) -> None:
    to = await line.met()
    await line.send(line.outgoing(to, text="ы" * 500))
    assert refused(await line.give(line.outgoing(to, text="ы" * 501)), RefusalKind.TOO_LONG)


async def test_after_a_day_only_a_person_gets_through(line: MetaLine) -> None:
    text = line.outgoing(await line.met(), text="Ещё актуально?")
    await line.act("age", seconds=90_000)
    assert refused(await line.give(text), RefusalKind.WINDOW_CLOSED)
    await line.send(replace(text, window="human"))
    await line.act("age", seconds=7 * 86_400)
    assert refused(await line.give(replace(text, window="human")), RefusalKind.WINDOW_CLOSED)


async def test_a_comment_is_answered_in_private_once(line: MetaLine) -> None:
    comment = await line.said("comment", text="цена?")
    answer = line.outgoing(comment.sender.external_id, text="Одиннадцать")
    answer = replace(answer, thread=(comment.external_id,))
    await line.send(answer)
    assert (await line.phone())[-1]["text"] == "Одиннадцать"
    assert refused(await line.give(answer), RefusalKind.OTHER)


async def test_a_person_is_known_once_they_have_written(line: MetaLine) -> None:
    comment = await line.said("comment", text="цена?")
    to = comment.sender.external_id
    assert refused(await line.give(ProfileAsked(to)), RefusalKind.OTHER)
    await line.met()
    told = await line.send(ProfileAsked(to))
    assert told.profile is not None
    assert (told.profile.name, told.profile.details["verified"]) == ("Вера Улыбина", "false")


async def test_refusals_and_faults_are_understood(line: MetaLine) -> None:
    to = await line.met()
    text = line.outgoing(to, text="Ау")
    assert refused(await line.give(line.outgoing("1250", text="Ау")), RefusalKind.GONE)
    await line.act("block")
    assert refused(await line.give(text), RefusalKind.BLOCKED)
    await line.act("unblock")
    await line.fault("messages", kind="too_many", times=1)
    assert refused(await line.give(text), RefusalKind.THROTTLED)
    await line.control(
        f"/{line.account}/limits", {"on": True, "rates": {"chat": {"per_second": 0.01}}}
    )
    await line.send(text)
    assert refused(await line.give(text), RefusalKind.THROTTLED)


async def test_a_token_renews_itself_and_the_new_one_works(street: Street) -> None:
    line = MetaLine("instagram", *street, login="IGAA")
    async with hooked(line):
        await line.open()
        await paste(line)
        assert await line.subscribe() == Subscribed()
        planned = await line.verify()
        assert isinstance(planned, Subscribed)
        assert not planned.secrets  # a token of today cannot be renewed
        line.learn(**planned.settings)
        assert await line.verify() == Subscribed()
        line.learn(token_renewal_after="2020-01-01T00:00:00Z")
        renewed = await line.verify()
        assert isinstance(renewed, Subscribed)
        assert renewed.settings["token_renewal_after"] > planned.settings["token_renewal_after"]
        assert renewed.secrets["token"] != line.config.secrets["token"]
        line.keep_secret(**renewed.secrets)
        line.learn(**renewed.settings)
        assert await line.verify() == Subscribed()
        await line.send(line.outgoing(await line.met(), text="Здравствуйте"))


async def test_what_was_missed_is_fetched_and_read_the_same(line: MetaLine) -> None:
    await line.met()
    begun = await line.poll("")
    assert not begun.bodies
    assert await line.unsubscribe() == Subscribed()
    await line.act("text", text="Вы где?")
    await line.act("picture")
    fetched = await line.poll(begun.cursor)
    events = [event for body in fetched.bodies for event in line.channel.parse(body)]
    missed = [event for event in events if isinstance(event, MessageReceived)]
    assert [(event.kind.value, event.text) for event in missed[-2:]] == [
        ("text", "Вы где?"),
        ("picture", ""),
    ]
    assert missed[-2].sender.name == "Вера Улыбина"
    assert isinstance(await line.download(missed[-1].attachments[0].ref), bytes)
    assert int(fetched.cursor) >= int(begun.cursor)
