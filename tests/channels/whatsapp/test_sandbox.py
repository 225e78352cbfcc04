"""The codec against a server that speaks WhatsApp's Cloud API, over real HTTP."""

import msgspec
import pytest
from msgspec.structs import replace

from otklik.ports.channel import (
    ButtonPressed,
    ChatMoved,
    Connected,
    ConsentReported,
    EchoReceived,
    MessageEdited,
    MessageReceived,
    MessagesDeleted,
    OutgoingFile,
    OutgoingReaction,
    ReactionChanged,
    ReadShown,
    Refusal,
    RefusalKind,
    StatusReported,
    Subscribed,
    Touch,
    TypingShown,
)
from otklik.ports.message import Button, ContactCard, Location, MessageKind
from sandbox import samples
from tests.channels.kit.declaration import refused
from tests.channels.kit.line import Line
from tests.channels.whatsapp.steps import check, met, one, said, shown, step

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one server for all of them
SAMPLES = {
    MessageKind.PICTURE: ("tea-cup.jpg", "image/jpeg"),
    MessageKind.VIDEO: ("steam.mp4", "video/mp4"),
    MessageKind.VOICE: ("voice.ogg", "audio/ogg"),
    MessageKind.AUDIO: ("bell.m4a", "audio/mp4"),
    MessageKind.FILE: ("price.pdf", "application/pdf"),
    MessageKind.STICKER: ("cup.webp", "image/webp"),
}
DAY = 86_400


async def test_a_number_is_recognised_and_a_wrong_credential_told(line: Line) -> None:
    found = await check(line)
    assert isinstance(found, Connected)
    assert found.settings["phone_number_id"] == line.account
    assert found.settings["phone"].startswith("7900555")
    alone = {name: v for name, v in line.config.settings.items() if name != "phone_number_id"}
    assert await check(line, replace(line.config, settings=alone)) == found
    stranger = replace(line.config, secrets={**line.config.secrets, "token": "nobody's"})
    assert refused(await check(line, stranger), RefusalKind.BAD_TOKEN)
    for wrong in ({"waba_id": "1"}, {"phone_number_id": "1"}):
        config = replace(line.config, settings={**line.config.settings, **wrong})
        assert refused(await check(line, config), RefusalKind.OTHER)


async def test_a_revoked_token_is_seen(line: Line) -> None:
    await line.control(f"/{line.account}/revoked", {"on": True})
    assert refused(await step(line, "verify"), RefusalKind.BAD_TOKEN)
    outcome = await line.give(line.outgoing("79990000000", text="Ау"))
    assert refused(outcome, RefusalKind.BAD_TOKEN)


async def test_a_lost_subscription_is_seen_and_made_again(line: Line) -> None:
    assert await step(line, "verify") == Subscribed()
    assert await step(line, "unsubscribe") == Subscribed()
    assert refused(await step(line, "verify"), RefusalKind.UNSUBSCRIBED)
    assert await step(line, "subscribe") == Subscribed()
    assert await step(line, "verify") == Subscribed()


async def test_a_challenge_with_another_token_fails_the_subscription(line: Line) -> None:
    expected = line.config
    line.config = replace(expected, secrets={**expected.secrets, "verify_token": ""})
    assert refused(await step(line, "subscribe"), RefusalKind.OTHER)


async def test_what_a_person_does_is_read(line: Line) -> None:
    text = await said(line, text="🫖 Чай есть?")
    assert text.text == "🫖 Чай есть?"
    assert text.sender.name == "Вера Улыбина"
    assert text.sender.phone == "+70000000001"
    assert text.sender.aliases == ("70000000001",)
    assert text.window_s == DAY
    for act in ("picture", "video", "voice", "audio", "file", "sticker"):
        event = await said(line, act)
        assert event.kind == act
        (file,) = event.attachments
        assert isinstance(await line.download(file.ref), bytes)
    assert (await said(line, "location")).content.location is not None
    own = (await said(line, "contact")).content.card
    assert own == ContactCard("Вера Улыбина", "+70000000001", own=True)
    basket = (await said(line, "order")).content.basket
    assert basket is not None
    assert basket.total == "2580.0"
    answer = await said(line, text="Да", reply_to=text.external_id)
    assert answer.reply_to == text.external_id


async def test_a_person_with_a_username_has_no_phone(line: Line) -> None:
    await line.act("username", text="vera.tea")
    sender = (await said(line, text="Это я")).sender
    assert (sender.username, sender.phone, sender.aliases) == ("vera.tea", "", ())
    outcome = await line.send(line.outgoing(sender.external_id, text="Рады видеть"))
    assert (await shown(line, outcome))["text"] == "Рады видеть"


async def test_a_received_file_comes_back_whole_and_a_lost_one_is_told(line: Line) -> None:
    (file,) = (await said(line, "sticker", sample="cup.webp")).attachments
    assert await line.download(file.ref) == samples.content("cup.webp")
    assert refused(await line.download("404"), RefusalKind.OTHER)
    assert refused(await line.download("../app"), RefusalKind.BAD_MEDIA)


@pytest.mark.parametrize("kind", sorted(SAMPLES))
async def test_every_kind_of_file_arrives_and_can_be_sent_again(
    line: Line, kind: MessageKind
) -> None:
    to = await met(line)
    name, mime = SAMPLES[kind]
    file = OutgoingFile(kind, name, name, mime, size=len(samples.content(name)))
    order = replace(line.outgoing(to, kind), files=(file,))
    first = await line.send(order)
    assert (await shown(line, first))["kind"] == kind.value
    again = replace(file, platform_ref=first.file_refs[0])
    second = await line.send(replace(order, files=(again,)))
    assert second.file_refs == first.file_refs
    await line.events(2)


async def test_a_file_the_platform_has_forgotten_goes_up_once_more(line: Line) -> None:
    to = await met(line)
    file = OutgoingFile(MessageKind.FILE, "price.pdf", "price.pdf", "application/pdf")
    old = replace(file, platform_ref="1")
    sent = await line.send(replace(line.outgoing(to, MessageKind.FILE, "Прайс"), files=(old,)))
    assert sent.file_refs != ("1",)
    assert (await shown(line, sent))["text"] == "Прайс"


async def test_texts_places_and_cards_arrive_as_they_were_meant(line: Line) -> None:
    to = await met(line)
    first = await line.send(line.outgoing(to, text="Есть, https://tea.example"))
    assert (await shown(line, first))["status"] == "delivered"
    answer = replace(line.outgoing(to, text="Вот"), reply_to=first.external_ids[0])
    assert (await shown(line, await line.send(answer)))["reply_to"] == first.external_ids[0]
    place = line.outgoing(to, MessageKind.LOCATION)
    place = replace(place, location=Location(56.0, 92.9, "Лавка", "Мира, 1"))
    assert "Лавка" in str(await shown(line, await line.send(place)))
    card = line.outgoing(to, MessageKind.CONTACT_CARD)
    card = replace(card, card=ContactCard("Лавка", "+70000000000"))
    assert "+70000000000" in str(await shown(line, await line.send(card)))
    assert (await said(line, text="Спасибо")).sender.external_id == to


async def test_a_phone_is_written_to_with_a_plus(line: Line) -> None:
    await met(line)
    outcome = await line.send(line.outgoing("70000000001", text="По номеру"))
    assert (await shown(line, outcome))["text"] == "По номеру"


async def test_reading_typing_and_reactions_are_shown(line: Line) -> None:
    asked = await said(line, text="Ау")
    to = asked.sender.external_id
    await line.send(ReadShown(to, asked.external_id))
    await line.send(TypingShown(to, asked.external_id))
    await line.send(OutgoingReaction(to, asked.external_id, "👍"))
    chat = await line.control(f"/{line.account}/people/{line.person}/chat", method="GET")
    last = msgspec.convert(chat["messages"], list[dict[str, object]])[-1]
    assert (last["status"], last["answer_reaction"], chat["action"]) == ("read", "👍", "typing")
    await line.send(OutgoingReaction(to, asked.external_id, ""))
    assert "answer_reaction" not in (await line.phone())[-1]


@pytest.mark.parametrize("count", [1, 3, 4, 10])
async def test_choices_are_buttons_or_a_list_and_come_back_pressed(line: Line, count: int) -> None:
    to = await met(line)
    rows = tuple((Button(f"Чай {place}", payload=f"tea-{place}"),) for place in range(count))
    outcome = await line.send(replace(line.outgoing(to, text="Какой?"), buttons=rows))
    message = await shown(line, outcome)
    assert ("menu" in message) is (count > 3)
    pressed = await one(line, "press", message_id=message["id"], payload="tea-0")
    assert isinstance(pressed, ButtonPressed)
    assert (pressed.payload, pressed.label) == ("tea-0", "Чай 0")
    assert pressed.of_message == message["id"]


async def test_a_link_the_place_and_the_phone_can_be_asked_for(line: Line) -> None:
    to = await met(line)
    link = ((Button("Сайт", url="https://tea.example"),),)
    outcome = await line.send(replace(line.outgoing(to, text="Смотрите"), buttons=link))
    assert "https://tea.example" in str(await shown(line, outcome))
    for request, kind in (("location", "location"), ("phone", "contact_card")):
        asked = ((Button("Дать", request=request),),)
        outcome = await line.send(replace(line.outgoing(to, text="Можно?"), buttons=asked))
        message = await shown(line, outcome)
        (row,) = msgspec.convert(message["buttons"], list[list[dict[str, object]]])
        answered = await one(line, "press", message_id=message["id"], button=row[0]["text"])
        assert isinstance(answered, MessageReceived)
        assert answered.kind == kind


async def test_edits_unsends_reactions_reads_and_refusals_are_read(line: Line) -> None:
    asked = await said(line, text="Есть улн?")
    edited = await one(line, "edit", message_id=asked.external_id, text="Есть улун?")
    assert isinstance(edited, MessageEdited)
    assert edited.message.external_id == asked.external_id
    assert edited.message.text == "Есть улун?"
    outcome = await line.send(line.outgoing(asked.sender.external_id, text="Есть"))
    await line.events(2)
    put = await one(line, "react", message_id=outcome.external_ids[0], emoji="👍")
    assert isinstance(put, ReactionChanged)
    assert put.emojis == ("👍",)
    taken = await one(line, "react", message_id=outcome.external_ids[0], emoji="")
    assert isinstance(taken, ReactionChanged)
    assert taken.emojis == ()
    read = await one(line, "read")
    assert isinstance(read, StatusReported)
    assert (read.state, read.external_id, read.own_id) == ("read", outcome.external_ids[0], "m1")
    gone = await one(line, "delete", message_id=asked.external_id)
    assert isinstance(gone, MessagesDeleted)
    assert gone.external_ids == (asked.external_id,)


async def test_entries_by_link_by_advertisement_and_by_call_are_read(line: Line) -> None:
    linked = await one(line, "start", payload="summer-24")
    assert isinstance(linked, MessageReceived)
    assert (linked.text, linked.touch) == ("👋", Touch("deep_link", "summer-24"))
    advertised = await one(line, "start", source="ad", payload="ad-5")
    assert isinstance(advertised, MessageReceived)
    assert advertised.touch is not None
    assert (advertised.touch.kind, advertised.touch.source) == ("ad", "ad-5")
    assert advertised.window_s == 3 * DAY
    called = await one(line, "call")
    assert isinstance(called, MessageReceived)
    assert called.text == "call"


async def test_news_of_the_person_and_of_our_phone_app_are_read(line: Line) -> None:
    to = await met(line)
    stopped = await one(line, "consent", purpose="marketing", granted=False)
    assert isinstance(stopped, ConsentReported)
    assert (stopped.sender.external_id, stopped.granted) == (to, False)
    echo = await one(line, "echo", text="Ответил с телефона")
    assert isinstance(echo, EchoReceived)
    assert (echo.message.sender.external_id, echo.message.text) == (to, "Ответил с телефона")
    moved = await one(line, "number", phone="79991112233")
    assert moved == ChatMoved("70000000001", "79991112233")


async def test_ordered_faults_are_read_as_what_they_are(line: Line) -> None:
    to = await met(line)
    faults = (
        ({"kind": "too_many", "retry_after": 7}, RefusalKind.THROTTLED),
        ({"kind": "server_error", "status": 500}, RefusalKind.TEMPORARY),
        ({"kind": "html", "status": 502}, RefusalKind.TEMPORARY),
    )
    for rule, kind in faults:
        await line.fault("messages", times=1, **rule)
        assert refused(await line.give(line.outgoing(to, text="Ау")), kind)


async def test_the_rate_of_a_pair_is_held(line: Line) -> None:
    to = await met(line)
    await line.control(
        f"/{line.account}/limits",
        {"on": True, "rates": {"pair": {"per_second": 0.1, "burst": 1}}},
    )
    await line.send(line.outgoing(to, text="Раз"))
    outcome = await line.give(line.outgoing(to, text="Два"))
    assert isinstance(outcome, Refusal)
    assert (outcome.kind, outcome.code) == (RefusalKind.THROTTLED, "131056")
    assert outcome.retry_after_s == 6.0
    assert not outcome.everywhere
