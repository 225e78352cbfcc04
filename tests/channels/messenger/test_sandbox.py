"""The codec against a server that speaks Messenger's Graph API, over real HTTP."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from msgspec.structs import replace

from otklik.ports.channel import (
    ButtonPressed,
    ConsentReported,
    DeliveryReported,
    InboxReported,
    MessageEdited,
    MessageReceived,
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
    Template,
    Touch,
    TypingShown,
)
from otklik.ports.message import Button, MessageKind
from sandbox import samples
from sandbox.messenger import PLATFORM
from sandbox.server import Settings, run
from tests.channels.kit.declaration import refused
from tests.channels.messenger.street import FILES, MetaLine, hooked, sample

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one server for all of them


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def street() -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    settings = Settings(retry_scale=0.00001, webhook_timeout_s=1)
    async with run(settings, (PLATFORM,)) as running, aiohttp.ClientSession() as session:
        yield running.url, session


@pytest_asyncio.fixture(loop_scope="module")
async def line(street: tuple[str, aiohttp.ClientSession]) -> AsyncIterator[MetaLine]:
    line = MetaLine("messenger", *street)
    async with hooked(line):
        await line.open(**{"template:ready:ru": "Заказ {{1}} готов"})
        line.keep_secret(app_secret=line.config.secrets["app_secret"].split()[1])
        line.learn(comments="yes")
        assert await line.subscribe() == Subscribed()
        yield line


async def test_a_page_is_recognised_and_a_wrong_token_told(line: MetaLine) -> None:
    assert line.config.settings["page_id"] == line.account
    assert line.config.settings["app_id"]
    stranger = replace(line.config, secrets={"token": "EAAnobody"})
    told = await line.walk(lambda answers: line.connect.check(stranger, answers))
    assert refused(told, RefusalKind.BAD_TOKEN)
    await line.control(f"/{line.account}/revoked", {"on": True})
    assert refused(await line.verify(), RefusalKind.BAD_TOKEN)


async def test_an_address_that_does_not_know_the_token_is_not_subscribed(line: MetaLine) -> None:
    step, config = line.connect.subscribe, line.config
    assert step is not None
    other = replace(config, secrets={**config.secrets, "verify_token": "somebody-elses"})
    told = await line.walk(lambda answers: step(other, line.hook, answers))
    assert refused(told)
    wrong = replace(config, secrets={**config.secrets, "app_secret": "guessed"})
    told = await line.walk(lambda answers: step(wrong, line.hook, answers))
    assert refused(told, RefusalKind.BAD_TOKEN)


async def test_a_lost_subscription_is_seen_and_made_again(line: MetaLine) -> None:
    assert await line.verify() == Subscribed()
    assert await line.unsubscribe() == Subscribed()
    assert refused(await line.verify(), RefusalKind.UNSUBSCRIBED)
    assert await line.subscribe() == Subscribed()
    assert await line.verify() == Subscribed()


async def test_an_hour_of_failed_deliveries_costs_the_subscription(line: MetaLine) -> None:
    line.refused_with = 500
    await line.act("text", text="Ау")
    told: object = Subscribed()
    while told == Subscribed():
        told = await line.verify()
    assert refused(told, RefusalKind.UNSUBSCRIBED)
    line.refused_with = 0
    assert await line.subscribe() == Subscribed()
    assert (await line.said(text="Снова я")).text == "Снова я"


async def test_what_a_person_does_is_read(line: MetaLine) -> None:
    text = await line.said(text="🫖 Чай есть?")
    assert text.text == "🫖 Чай есть?"
    assert text.window_s == 86_400
    assert text.sender.external_id.isdigit()
    for act in ("picture", "video", "voice", "audio", "file", "sticker"):
        event = await line.said(act)
        assert event.kind == act
        (file,) = event.attachments
        assert isinstance(await line.download(file.ref), bytes)
    place = await line.said("location", latitude=56.0, longitude=92.9)
    assert place.content.location is not None
    album = await line.said("album", items=[{"kind": "picture"}, {"kind": "video"}])
    assert [file.kind.value for file in album.attachments] == ["picture", "video"]
    answer = await line.said(text="Да", reply_to=text.external_id)
    assert answer.reply_to == text.external_id
    order = await line.said("order", text="до пятницы")
    assert order.content.basket is not None
    assert order.content.basket.items[0].quantity == 2
    await line.act("edit", message_id=text.external_id, text="Чай")
    assert (await line.event(MessageEdited)).message.text == "Чай"


async def test_a_received_file_comes_back_whole(line: MetaLine) -> None:
    (file,) = (await line.said("sticker", sample="cup.webp")).attachments
    assert await line.download(file.ref) == samples.content("cup.webp")


async def test_links_and_advertisements_are_touchpoints(line: MetaLine) -> None:
    await line.act("start", payload="shelf-7")
    opened = await line.event(Opened)
    assert opened.touch is not None
    assert opened.touch.source == "shelf-7"
    await line.act("text", text="Ау")
    await line.act("start", payload="autumn", source="ad")
    again = await line.event(Opened)
    assert again.touch is not None
    assert (again.touch.kind, again.touch.source) == ("ad", "120226305854810726")
    assert again.touch.details["ref"] == "autumn"


@pytest.mark.parametrize("kind", sorted(FILES))
async def test_every_kind_of_file_arrives_by_address_and_by_upload(
    line: MetaLine, kind: MessageKind, street: tuple[str, aiohttp.ClientSession]
) -> None:
    to = await line.met()
    for link in (street[0], ""):
        order = replace(line.outgoing(to, kind), files=(sample(kind, link),))
        first = await line.send(order)
        assert len(first.external_ids) == len(first.file_refs) == 1
        again = replace(sample(kind), platform_ref=first.file_refs[0])
        second = await line.send(replace(order, files=(again,)))
        assert second.external_ids != first.external_ids
        assert second.file_refs == first.file_refs
    assert len(str((await line.phone())[-1]["files"])) > 10


async def test_a_message_arrives_is_echoed_delivered_and_read(line: MetaLine) -> None:
    to = await line.met()
    (mid,) = (await line.send(line.outgoing(to, text="Есть"))).external_ids
    echo = await line.echo()
    assert (echo.own_id, echo.message.external_id, echo.message.text) == ("m1", mid, "Есть")
    assert (await line.event(DeliveryReported)).sender.external_id == to
    await line.act("read")
    assert (await line.event(ReadReported)).sender.external_id == to
    await line.act("echo", text="Отвечаю из Business Suite")
    foreign = await line.echo()
    assert (foreign.author, foreign.own_id) == ("Page Inbox", "")
    assert foreign.message.sender.external_id == to


async def test_replies_reactions_typing_and_marks_arrive(line: MetaLine) -> None:
    told = await line.said(text="Ау")
    to = told.sender.external_id
    answer = replace(line.outgoing(to, text="Да?"), reply_to=told.external_id)
    (mid,) = (await line.send(answer)).external_ids
    assert (await line.phone())[-1]["reply_to"] == told.external_id
    for order in (OutgoingReaction(to, told.external_id, "❤️"), TypingShown(to),
                  ReadShown(to, told.external_id)):  # fmt: skip
        assert await line.give(order) == Sent()
    assert (await line.phone())[-2]["answer_reaction"] == "❤️"
    assert await line.give(OutgoingReaction(to, told.external_id, "")) == Sent()
    await line.act("react", message_id=mid, emoji="🔥")
    assert (await line.event(ReactionChanged)).emojis == ("🔥",)


async def test_buttons_are_pressed(line: MetaLine) -> None:
    to = await line.met()
    replies = ((Button("Беру", payload="buy:7"), Button("Нет", payload="no")),)
    await line.send(replace(line.outgoing(to, text="Берёте?"), buttons=replies))
    await line.act("tap", payload="buy:7")
    press = await line.event(ButtonPressed)
    assert (press.payload, press.label, press.window_s) == ("buy:7", "Беру", 86_400)
    phone = ((Button("Телефон", request="phone"),),)
    await line.send(replace(line.outgoing(to, text="Телефон?"), buttons=phone))
    await line.act("tap", payload="+70000000001")
    assert (await line.event(ButtonPressed)).sender.phone == "+70000000001"
    rows = ((Button("Беру", payload="buy:8"), Button("Сайт", url="https://example.org")),)
    (mid,) = (
        await line.send(replace(line.outgoing(to, text="Берёте?"), buttons=rows))
    ).external_ids
    await line.act("press", message_id=mid, payload="buy:8")
    assert (await line.event(ButtonPressed)).payload == "buy:8"


async def test_cards_are_leafed_through(
    line: MetaLine, street: tuple[str, aiohttp.ClientSession]
) -> None:
    to = await line.met()
    cards = (
        OutgoingCard("Пуэр", "11 €", sample(MessageKind.PICTURE, street[0]),
                     (Button("Беру", payload="puer"),)),
        OutgoingCard("Улун", "9 €", None, (Button("Сайт", url="https://example.org"),)),
    )  # fmt: skip
    sent = await line.send(replace(line.outgoing(to, MessageKind.CARDS), cards=cards))
    shown = (await line.phone())[-1]
    assert shown["kind"] == "cards"
    await line.act("press", message_id=sent.external_ids[0], payload="puer")
    assert (await line.event(ButtonPressed)).label == "Беру"


async def test_after_a_day_only_a_person_or_a_template_gets_through(line: MetaLine) -> None:
    to = await line.met()
    text = line.outgoing(to, text="Ещё актуально?")
    await line.act("age", seconds=90_000)
    assert refused(await line.give(text), RefusalKind.WINDOW_CLOSED)
    await line.send(replace(text, window="human"))
    ready = replace(text, window="closed", template=Template("ready", "ru", parameters=("17",)))
    await line.send(ready)
    assert (await line.phone())[-1]["text"] == "Заказ 17 готов"
    await line.act("age", seconds=7 * 86_400)
    assert refused(await line.give(replace(text, window="human")), RefusalKind.WINDOW_CLOSED)
    unknown = replace(ready, template=Template("nobody-approved", "ru"))
    assert refused(await line.give(unknown), RefusalKind.OTHER)


async def test_a_comment_is_answered_in_private_once(line: MetaLine) -> None:
    comment = await line.said("comment", text="Почём пуэр?")
    assert comment.external_id.startswith("comment:")
    assert comment.sender.name == "Вера Улыбина"
    answer = line.outgoing(comment.sender.external_id, text="Одиннадцать")
    answer = replace(answer, thread=(comment.external_id,), window="closed")
    await line.send(answer)
    assert (await line.phone())[-1]["text"] == "Одиннадцать"
    assert refused(await line.give(answer), RefusalKind.OTHER)


async def test_who_blocks_restricts_or_forbids_is_understood(line: MetaLine) -> None:
    to = await line.met()
    await line.act("block")
    assert refused(await line.give(line.outgoing(to, text="Ау")), RefusalKind.BLOCKED)
    await line.act("unblock")
    await line.act("consent", purpose="marketing", granted=False)
    consent = await line.event(ConsentReported)
    assert (consent.purpose, consent.granted) == ("marketing", False)
    await line.act("restrict", granted=False)
    assert (await line.event(InboxReported)).is_trouble
    told = await line.give(line.outgoing(to, text="Ау"))
    assert refused(told, RefusalKind.OTHER)
    assert isinstance(told, Refusal)
    assert (told.code, told.everywhere) == ("10-1893063", True)


async def test_a_person_is_known_by_name_and_picture(line: MetaLine) -> None:
    told = await line.send(ProfileAsked(await line.met()))
    assert told.profile is not None
    assert told.profile.name == "Вера Улыбина"
    assert isinstance(await line.download(told.profile.picture), bytes)


async def test_refusals_are_understood(line: MetaLine) -> None:
    to = await line.met()
    assert refused(await line.give(line.outgoing("6000", text="Ау")), RefusalKind.GONE)
    lost = replace(sample(MessageKind.PICTURE), link="http://127.0.0.1:9/a.jpg")
    order = replace(line.outgoing(to, MessageKind.PICTURE), files=(lost,))
    assert refused(await line.give(order), RefusalKind.BAD_MEDIA)
    wrong = replace(sample(MessageKind.PICTURE), file_id="price.pdf", name="a.pdf",
                    mime="application/pdf")  # fmt: skip
    assert refused(await line.give(replace(order, files=(wrong,))), RefusalKind.BAD_MEDIA)
    old = replace(sample(MessageKind.PICTURE), platform_ref="17")
    assert refused(await line.give(replace(order, files=(old,))), RefusalKind.OTHER)


async def test_a_server_in_trouble_is_told_from_a_refusal(line: MetaLine) -> None:
    text = line.outgoing(await line.met(), text="Ау")
    await line.fault("messages", kind="too_many", times=1)
    throttled = await line.give(text)
    assert refused(throttled, RefusalKind.THROTTLED)
    assert isinstance(throttled, Refusal)
    assert throttled.retry_after_s > 0
    await line.fault("messages", kind="server_error", times=1)
    assert refused(await line.give(text), RefusalKind.TEMPORARY)
    await line.fault("messages", kind="html", times=1)
    assert refused(await line.give(text), RefusalKind.TEMPORARY)
    await line.send(text)


async def test_a_first_visit_by_a_link_needs_the_button(
    street: tuple[str, aiohttp.ClientSession],
) -> None:
    line = MetaLine("messenger", *street)
    async with hooked(line):
        await line.open()
        line.keep_secret(app_secret=line.config.secrets["app_secret"].split()[1])
        assert await line.subscribe() == Subscribed()
        await line.act("start", payload="shelf-9")
        opened = await line.event(Opened)
        assert opened.touch == Touch("deep_link", "shelf-9",
                                     {"ref": "shelf-9", "source": "SHORTLINK"})  # fmt: skip
        assert not [event for event in line.read if isinstance(event, ButtonPressed)]


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
