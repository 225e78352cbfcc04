"""The codec against a server that speaks VK's API, over real HTTP."""

import json

import pytest
from msgspec.structs import replace

from otklik.ports.channel import (
    ButtonPressed,
    EchoReceived,
    MessageEdited,
    MessageReceived,
    Opened,
    OutgoingCard,
    OutgoingDelete,
    OutgoingEdit,
    OutgoingFile,
    OutgoingReaction,
    PressAnswer,
    ProfileAsked,
    ReachabilityChanged,
    ReactionChanged,
    ReadReported,
    ReadShown,
    Refusal,
    RefusalKind,
    Sent,
    Touch,
    TypingReported,
    TypingShown,
    Unknown,
)
from otklik.ports.message import Button, Entity, Location, MessageKind
from sandbox import samples
from sandbox.vk.community import Community
from tests.channels.kit.declaration import refused
from tests.channels.vk.community import CommunityLine

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one server for all of them
SAMPLES = {
    MessageKind.PICTURE: ("tea-cup.jpg", "image/jpeg"),
    MessageKind.VIDEO: ("steam.mp4", "video/mp4"),
    MessageKind.VOICE: ("voice.ogg", "audio/ogg"),
    MessageKind.FILE: ("price.pdf", "application/pdf"),
}
YES = Button("Беру", payload="buy:7")


def _file(kind: MessageKind) -> OutgoingFile:
    name, mime = SAMPLES[kind]
    return OutgoingFile(kind, file_id=name, name=name, mime=mime, size=len(samples.content(name)))


async def test_what_a_person_does_is_read(line: CommunityLine) -> None:
    await line.forget()
    await line.act("start", payload="leaf", source="qr")
    started = await line.news(MessageReceived)
    assert started.touch == Touch("deep_link", "leaf", {"ref_source": "qr"})
    assert started.sender.locale == "ru"
    for act, kind in (
        ("text", "text"), ("picture", "picture"), ("voice", "voice"), ("file", "file"),
        ("sticker", "sticker"), ("location", "location"), ("order", "order"),
    ):  # fmt: skip
        await line.act(act, text="Чай?")
        assert (await line.news(MessageReceived)).kind == kind
    for act in ("video", "audio"):
        await line.act(act)
        shared = await line.news(MessageReceived)
        assert shared.content.entities[0].url.startswith(f"https://vk.com/{act}{line.person}_")
    await line.act("album", items=[{"kind": "picture"}, {"kind": "file"}], text="Вот")
    album = await line.news(MessageReceived)
    assert [file.kind.value for file in album.attachments] == ["picture", "file"]


@pytest.mark.parametrize(("act", "content"), [("picture", "tea-cup.jpg"), ("voice", "voice.ogg"),
                                              ("file", "price.pdf")])  # fmt: skip
async def test_a_received_file_comes_back_whole(
    line: CommunityLine, act: str, content: str
) -> None:
    await line.forget()
    await line.act(act)
    (file,) = (await line.news(MessageReceived)).attachments
    assert await line.download(file.ref) == samples.content(content)


async def test_signs_of_a_person_are_read(line: CommunityLine) -> None:
    (sent,) = (await line.send(line.outgoing(line.person, text="Есть"))).external_ids
    number = sent.partition(":")[2]
    said = await line.act("text", text="Спосибо")
    await line.act("edit", message_id=said["id"], text="Спасибо")
    edited = await line.news(MessageEdited)
    assert (edited.message.external_id, edited.message.text) == (
        f"{line.person}:{said['id']}", "Спасибо")  # fmt: skip
    await line.act("react", message_id=number, emoji="🔥")
    assert (await line.news(ReactionChanged)).emojis == ("🔥",)
    await line.act("react", message_id=number, emoji="")
    assert (await line.news(ReactionChanged)).external_id == sent
    await line.act("read")
    assert (await line.news(ReadReported)).external_id == sent
    await line.act("typing")
    assert (await line.news(TypingReported)).sender.external_id == line.person


async def test_permission_to_write_comes_and_goes(line: CommunityLine) -> None:
    hello = line.outgoing(line.person, text="Ау")
    for act, undo, kind in (("block", "unblock", RefusalKind.BLOCKED),
                            ("ban", "unban", RefusalKind.BLOCKED)):  # fmt: skip
        await line.act(act)
        assert not (await line.news(ReachabilityChanged)).reachable
        assert refused(await line.give(hello), kind)
        await line.act(undo)
        assert (await line.news(ReachabilityChanged)).reachable
        await line.send(hello)
    await line.act("start", payload="leaf", source="page")
    assert (await line.news(Opened)).touch == Touch("deep_link", "leaf")
    await line.act("leave")
    assert refused(await line.give(hello), RefusalKind.GONE)


async def test_leads_are_read_and_what_is_not_ticked_does_not_come(
    line: CommunityLine, community: Community
) -> None:
    await line.forget()
    await line.act("lead")
    lead = await line.news(MessageReceived)
    assert (lead.sender.phone, lead.sender.phone_evidence) == ("+70000000001", "given")
    assert lead.touch is not None
    assert lead.touch.kind == "ad"
    await line.act("join")
    await line.act("text", text="Я с вами")
    (event,) = await line.events(1)
    assert isinstance(event, MessageReceived)
    (server,) = community.servers.values()
    server.events["group_join"] = 1
    await line.act("join")
    assert await line.news(Unknown) == Unknown("group_join")


async def test_an_answer_given_in_vk_is_told_from_ours(line: CommunityLine) -> None:
    await line.send(replace(line.outgoing(line.person, text="От нас"), message_id="m77"))
    ours = await line.news(EchoReceived)
    assert (ours.own_id, ours.author, ours.message.text) == ("m77", "", "От нас")
    await line.act("echo", text="Из ВК")
    theirs = await line.news(EchoReceived)
    assert (theirs.own_id, theirs.author, theirs.message.text) == ("", "1", "Из ВК")
    assert theirs.message.sender.external_id == line.person


@pytest.mark.parametrize("kind", sorted(SAMPLES))
async def test_every_kind_of_file_arrives_and_can_be_sent_again(
    line: CommunityLine, kind: MessageKind
) -> None:
    order = replace(line.outgoing(line.person, kind, "Вот"), files=(_file(kind),))
    first = await line.send(order)
    again = replace(_file(kind), platform_ref=first.file_refs[0])
    second = await line.send(replace(order, files=(again,), message_id="m2"))
    assert second.external_ids != first.external_ids
    shown = (await line.phone())[-1]
    drawn = {MessageKind.VIDEO: "file"}.get(kind, kind.value)
    assert (shown["kind"], shown["text"]) == (drawn, "Вот")


async def test_an_album_is_one_message(line: CommunityLine) -> None:
    files = tuple(_file(kind) for kind in (MessageKind.PICTURE, MessageKind.FILE))
    sent = await line.send(replace(line.outgoing(line.person, text="Полка"), files=files))
    assert len(sent.external_ids) == 1
    assert len(sent.file_refs) == 2
    assert len(str((await line.phone())[-1]["files"]).split("'id'")) == 3


async def test_what_vk_does_not_take_as_a_file_is_told(line: CommunityLine) -> None:
    song = OutgoingFile(MessageKind.FILE, "bell.m4a", "bell.mp3", "audio/mpeg", size=9)
    order = replace(line.outgoing(line.person, MessageKind.FILE), files=(song,))
    assert refused(await line.give(order), RefusalKind.BAD_MEDIA)
    fake = OutgoingFile(MessageKind.PICTURE, "price.pdf", "a.jpg", "image/jpeg", size=9)
    order = replace(line.outgoing(line.person, MessageKind.PICTURE), files=(fake,))
    assert refused(await line.give(order), RefusalKind.BAD_MEDIA)


async def test_texts_places_replies_and_formatting_arrive(line: CommunityLine) -> None:
    marks = (Entity("bold", 3, 2), Entity("link", 7, 4, url="https://tea.example"))
    text = replace(line.outgoing(line.person, text="🫖 Да, сайт"), entities=marks)
    (first,) = (await line.send(text)).external_ids
    shown = (await line.phone())[-1]
    assert [mark["type"] for mark in json.loads(json.dumps(shown["marks"]))] == ["bold", "link"]
    reply = replace(line.outgoing(line.person, text="Вот"), reply_to=first, message_id="m2")
    await line.send(reply)
    assert (await line.phone())[-1]["reply_to"] == first.partition(":")[2]
    place = line.outgoing(line.person, MessageKind.LOCATION)
    await line.send(replace(place, location=Location(56.0, 92.9, "Лавка", "Мира, 1")))
    shown = (await line.phone())[-1]
    assert (shown["kind"], shown["text"]) == ("location", "Лавка\nМира, 1")


async def test_a_quote_of_what_is_gone_goes_without_it(line: CommunityLine) -> None:
    lost = replace(line.outgoing(line.person, text="Вот"), reply_to=f"{line.person}:999")
    await line.send(lost)
    assert (await line.phone())[-1].get("reply_to", "") == ""


async def test_a_press_is_read_answered_and_late_answers_do_no_harm(line: CommunityLine) -> None:
    rows = ((YES, Button("Сайт", url="https://tea.example")), (Button("Где?", request="location"),))
    text = replace(line.outgoing(line.person, text="Берёте?"), buttons=rows)
    (sent,) = (await line.send(text)).external_ids
    number = sent.partition(":")[2]
    await line.act("press", message_id=number, button="Беру")
    press = await line.news(ButtonPressed)
    assert (press.payload, press.of_message) == ("buy:7", sent)
    assert isinstance(await line.give(PressAnswer(press.press_id, "Готово", line.person)), Sent)
    assert isinstance(await line.give(PressAnswer(press.press_id, "", line.person)), Sent)
    chat = await line.control(f"/{line.account}/people/{line.person}/chat", method="GET")
    assert "Готово" in str(chat)


async def test_cards_with_pictures_are_leafed_through(line: CommunityLine) -> None:
    cards = tuple(
        OutgoingCard(title, "50 г", _file(MessageKind.PICTURE), (YES,))
        for title in ("Пуэр", "Улун")
    )
    order = replace(line.outgoing(line.person, MessageKind.CARDS, "Смотрите"), cards=cards)
    (sent,) = (await line.send(order)).external_ids
    shown = (await line.phone())[-1]
    assert (shown["kind"], len(json.loads(json.dumps(shown["cards"])))) == ("cards", 2)
    await line.act("press", message_id=sent.partition(":")[2], button="Беру")
    assert (await line.news(ButtonPressed)).of_message == sent


async def test_one_message_is_sent_once_however_often_it_is_tried(line: CommunityLine) -> None:
    text = replace(line.outgoing(line.person, text="Один раз"), message_id="m9")
    first, second = await line.send(text), await line.send(text)
    assert first == second
    other = await line.send(replace(text, text="Вторая часть"))
    assert other != first
    assert [shown["text"] for shown in await line.phone()].count("Один раз") == 1


async def test_edits_reactions_signs_and_deletions_are_shown(line: CommunityLine) -> None:
    picture = replace(
        line.outgoing(line.person, MessageKind.PICTURE, "400 ₽"),
        files=(_file(MessageKind.PICTURE),),
    )
    sent = await line.send(picture)
    (first,) = sent.external_ids
    known = replace(_file(MessageKind.PICTURE), platform_ref=sent.file_refs[0])
    changed = replace(picture, text="300 ₽", files=(known,))
    assert await line.give(OutgoingEdit(first, changed)) == Sent()
    shown = (await line.phone())[-1]
    assert (shown["text"], shown["kind"]) == ("300 ₽", "picture")
    said = await line.act("text", text="Дорого")
    theirs = f"{line.person}:{said['id']}"
    for order in (OutgoingReaction(line.person, theirs, "❤️"), ReadShown(line.person, theirs),
                  TypingShown(line.person)):  # fmt: skip
        assert await line.give(order) == Sent()
    assert (await line.phone())[-1]["answer_reaction"] == "❤"
    assert await line.give(OutgoingReaction(line.person, theirs, "")) == Sent()
    strange = OutgoingReaction(line.person, theirs, "🦄")
    assert refused(await line.give(strange), RefusalKind.OTHER)
    assert await line.give(OutgoingDelete(line.person, (first,))) == Sent()
    assert refused(await line.give(OutgoingDelete(line.person, (first,))), RefusalKind.OTHER)
    assert first.partition(":")[2] not in [shown["id"] for shown in await line.phone()]


async def test_a_profile_is_told_with_a_picture(line: CommunityLine) -> None:
    profile = (await line.send(ProfileAsked(line.person))).profile
    assert profile is not None
    assert (profile.name, profile.details["city"]) == ("Вера Улыбина", "Красноярск")
    assert isinstance(await line.download(profile.picture), bytes)
    assert refused(await line.give(ProfileAsked("5")), RefusalKind.GONE)


async def test_refusals_are_understood(line: CommunityLine, community: Community) -> None:
    text = line.outgoing(line.person, text="Ау")
    assert refused(await line.give(replace(text, to="599999999")), RefusalKind.GONE)
    community.bot_features = False
    off = await line.give(replace(text, buttons=((YES,),)))
    assert isinstance(off, Refusal)
    assert off.code == "912"
    community.bot_features = True
    community.rights.discard("messages")
    assert refused(await line.give(text), RefusalKind.BAD_TOKEN)
    await line.control(f"/{line.account}/revoked", {"on": True})
    assert refused(await line.check(), RefusalKind.BAD_TOKEN)
    assert refused(await line.verify(), RefusalKind.BAD_TOKEN)


async def test_a_server_in_trouble_is_told_from_a_refusal(line: CommunityLine) -> None:
    text = line.outgoing(line.person, text="Ау")
    await line.fault("messages.send", kind="too_many", times=1)
    throttled = await line.give(text)
    assert refused(throttled, RefusalKind.THROTTLED)
    assert isinstance(throttled, Refusal)
    assert (throttled.everywhere, throttled.retry_after_s) == (True, 1.0)
    for kind in ("server_error", "html"):
        await line.fault("messages.send", kind=kind, times=1)
        assert refused(await line.give(text), RefusalKind.TEMPORARY)
    await line.fault("upload", kind="html", times=1)
    picture = replace(
        line.outgoing(line.person, MessageKind.PICTURE), files=(_file(MessageKind.PICTURE),)
    )
    assert refused(await line.give(picture), RefusalKind.TEMPORARY)
    await line.send(picture)
    limits = {"on": True, "rates": {"chat": {"per_second": 0.1, "burst": 1}}}
    await line.control(f"/{line.account}/limits", limits)
    await line.send(replace(text, message_id="m2"))
    flood = await line.give(replace(text, message_id="m3"))
    assert isinstance(flood, Refusal)
    assert (flood.kind, flood.everywhere) == (RefusalKind.THROTTLED, False)
