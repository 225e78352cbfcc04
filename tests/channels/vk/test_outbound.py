import json
from urllib.parse import parse_qs

import pytest
from msgspec.structs import replace

from otklik.channels import CHANNELS
from otklik.channels.vk.outbound import random_id
from otklik.ports.channel import (
    Order,
    Outgoing,
    OutgoingCard,
    OutgoingDelete,
    OutgoingEdit,
    OutgoingFile,
    OutgoingReaction,
    PressAnswer,
    ProfileAsked,
    ReadShown,
    Refusal,
    RefusalKind,
    Request,
    Sent,
    Template,
    TypingShown,
)
from otklik.ports.message import Button, Entity, MessageKind
from tests.channels.kit.declaration import refused
from tests.channels.kit.walk import Walk, good_day, sending, walk
from tests.channels.vk.declaration import CONFIG, PLATFORM, SEND, SENT, TO, bad, good

YES, SITE = Button("Беру", payload="7"), Button("Сайт", url="https://tea.example")
CARD = OutgoingCard("Пуэр", "2019", buttons=(YES,))
CARDS = Outgoing("m1", TO, MessageKind.CARDS, text="Смотрите", cards=(CARD,))
PICTURE = OutgoingFile(MessageKind.PICTURE, "f1", "a.png", "image/png", size=9)


def done(order: Order, instead: dict[str, bytes] | None = None) -> Walk:
    return walk(sending("vk", order), good_day("vk", instead))


def asked(order: Order, instead: dict[str, bytes] | None = None) -> dict[str, str]:
    """The parameters of the last call an order makes."""
    last = done(order, instead).requests[-1]
    return {name: told[0] for name, told in parse_qs(last.body.decode()).items()}


def test_the_token_is_in_a_header_and_in_no_address() -> None:
    for request in done(replace(SEND, files=(PICTURE,))).requests:
        assert CONFIG.secrets["token"] not in request.url
        assert CONFIG.secrets["token"].encode() not in request.body
    assert request.headers["authorization"] == f"Bearer {CONFIG.secrets['token']}"


def test_a_message_is_addressed_so_that_its_number_in_the_conversation_comes_back() -> None:
    told = asked(SEND)
    assert (told["peer_ids"], told["v"], told["message"]) == (TO, "5.199", SEND.text)
    assert json.loads(told["payload"]) == {"p": "m1"}


def test_every_try_of_a_message_has_one_number_and_every_part_its_own() -> None:
    assert asked(SEND)["random_id"] == asked(SEND)["random_id"] == str(random_id(SEND))
    others = [
        replace(SEND, message_id="m2"),
        replace(SEND, text="другое"),
        replace(SEND, files=(PICTURE,)),
        replace(SEND, buttons=((YES,),)),
    ]
    numbers = {random_id(order) for order in (SEND, *others)}
    assert len(numbers) == 5
    assert all(0 < number < 2**31 for number in numbers)
    stored = replace(PICTURE, platform_ref="photo-1_2")
    again = replace(SEND, files=(stored,))
    assert random_id(again) == random_id(replace(SEND, files=(PICTURE,)))


def test_a_file_is_placed_brought_and_stored_before_the_message() -> None:
    walked = done(replace(SEND, kind=MessageKind.PICTURE, files=(PICTURE,)))
    steps = "photos.getMessagesUploadServer upload photos.saveMessagesPhoto messages.send"
    assert [request.label for request in walked.requests] == steps.split()
    assert all(request.repeatable for request in walked.requests)
    upload = walked.requests[1]
    assert (upload.url, upload.files[0].field) == ("https://pu.vk.example/up?x=1", "photo")
    assert "authorization" not in upload.headers  # the token is not for that host
    ending = walked.ending
    assert isinstance(ending, Sent)
    assert ending.file_refs == (f"photo-{CONFIG.settings['group_id']}_71_ab",)


@pytest.mark.parametrize(
    ("kind", "mime", "wanted"),
    [
        (MessageKind.VOICE, "audio/ogg", "audio_message"),
        (MessageKind.VIDEO, "video/mp4", "doc"),
        (MessageKind.PICTURE, "image/gif", "doc"),
        (MessageKind.PICTURE, "image/webp", "doc"),
    ],
)
def test_what_is_no_photo_is_a_document(kind: MessageKind, mime: str, wanted: str) -> None:
    file = replace(PICTURE, kind=kind, mime=mime)
    first, *_ = done(replace(SEND, kind=kind, files=(file,))).requests
    assert first.label == "docs.getMessagesUploadServer"
    assert f"type={wanted}".encode() in first.body


@pytest.mark.parametrize(
    ("label", "body", "kind"),
    [
        ("upload", b'{"server":1,"photo":"[]","hash":"h"}', RefusalKind.BAD_MEDIA),
        ("upload", b'{"error":"wrong_file_type"}', RefusalKind.BAD_MEDIA),
        ("upload", b"<html>", RefusalKind.TEMPORARY),
        ("photos.saveMessagesPhoto", bad(129), RefusalKind.BAD_MEDIA),
        ("photos.saveMessagesPhoto", good([]), RefusalKind.TEMPORARY),
        ("photos.getMessagesUploadServer", bad(5), RefusalKind.BAD_TOKEN),
        ("photos.getMessagesUploadServer", good({}), RefusalKind.TEMPORARY),
    ],
)
def test_a_step_that_fails_ends_the_walk(label: str, body: bytes, kind: RefusalKind) -> None:
    walked = done(replace(SEND, files=(PICTURE,)), {label: body})
    assert refused(walked.ending, kind)
    assert walked.requests[-1].label == label


def test_a_sticker_among_files_is_refused() -> None:
    sticker = replace(PICTURE, kind=MessageKind.STICKER)
    assert refused(done(replace(SEND, files=(PICTURE, sticker))).ending, RefusalKind.OTHER)


def test_a_voice_is_attached_as_a_voice() -> None:
    voice = replace(PICTURE, kind=MessageKind.VOICE, mime="audio/ogg")
    stored = good({"type": "audio_message", "audio_message": {"id": 5, "owner_id": -1}})
    told = asked(replace(SEND, kind=MessageKind.VOICE, files=(voice,)), {"docs.save": stored})
    assert told["attachment"] == "audio_message-1_5"
    strange = done(replace(SEND, files=(voice,)), {"docs.save": good({"type": "film"})})
    assert refused(strange.ending, RefusalKind.BAD_MEDIA)


def test_the_quote_is_left_out_when_it_is_gone() -> None:
    order = replace(SEND, reply_to=f"{TO}:9")
    assert json.loads(asked(order)["forward"]) == {
        "peer_id": int(TO), "conversation_message_ids": [9], "is_reply": True}  # fmt: skip
    walked = done(order, {"messages.send": bad(921)})
    assert [request.label for request in walked.requests] == ["messages.send"] * 2
    assert b"forward" not in walked.requests[-1].body
    assert "forward" not in asked(replace(SEND, reply_to="777:9"))
    assert "forward" not in asked(replace(SEND, reply_to=f"{TO}:id9"))


def test_buttons_of_every_kind_are_drawn_as_vk_wants_them() -> None:
    where = Button("Где вы?", request="location")
    rows = ((YES, SITE), (where,))
    board = json.loads(asked(replace(SEND, buttons=rows))["keyboard"])
    assert board["inline"] is True
    first, second = board["buttons"][0]
    assert first["action"] == {"type": "callback", "label": "Беру", "payload": '{"p":"7"}'}
    assert second["action"] == {
        "type": "open_link", "label": "Сайт", "link": "https://tea.example"}  # fmt: skip
    assert board["buttons"][1][0]["action"]["type"] == "location"


@pytest.mark.parametrize(
    ("rows", "widths"),
    [
        (((YES, YES), (YES,)), [2, 1]),
        (((YES, YES, YES, SITE),), [3, 1]),
        (((SITE, SITE, SITE),), [2, 1]),
        (((YES,),) * 7, [4, 3]),
        (((SITE,),) * 10, [2] * 5),
        (((YES, SITE, SITE),) * 3, [2, 1, 2, 1, 2, 1]),
    ],
)
def test_buttons_are_laid_out_in_the_rows_vk_has(
    rows: tuple[tuple[Button, ...], ...], widths: list[int]
) -> None:
    board = json.loads(asked(replace(SEND, buttons=rows))["keyboard"])
    assert [len(row) for row in board["buttons"]] == widths


@pytest.mark.parametrize(
    "rows",
    [
        ((YES,) * 5,),
        ((YES,),) * 11,
        ((Button("Тел", request="phone"),),),
        ((Button(" ", payload="7"),),),
        ((Button("Два", payload="7", url="https://tea.example"),),),
        ((Button("Ничего"),),),
        ((Button("Почта", url="mailto:a@tea.example"),),),
        ((Button("Кавычки", payload='"' * 124),),),
    ],
)
def test_keyboards_vk_would_refuse_are_not_sent(rows: tuple[tuple[Button, ...], ...]) -> None:
    walked = done(replace(SEND, buttons=rows))
    assert isinstance(walked.ending, Refusal)
    assert not walked.errands


@pytest.mark.parametrize(
    "cards",
    [
        (CARD,) * 11,
        (replace(CARD, buttons=()),),
        (replace(CARD, buttons=(YES,) * 4),),
        (replace(CARD, title="П" * 81),),
        (replace(CARD, text="п" * 81),),
        (CARD, replace(CARD, file=PICTURE)),
        (CARD, replace(CARD, buttons=(YES, YES))),
        (replace(CARD, file=replace(PICTURE, size=10**9)),),
        (),
    ],
)
def test_cards_vk_would_refuse_are_not_sent(cards: tuple[OutgoingCard, ...]) -> None:
    walked = done(replace(CARDS, cards=cards))
    assert isinstance(walked.ending, Refusal)
    assert not walked.errands


def test_cards_are_a_carousel_with_uploaded_pictures() -> None:
    pictured = replace(CARD, file=PICTURE)
    told = json.loads(asked(replace(CARDS, cards=(pictured, pictured)))["template"])
    assert told["type"] == "carousel"
    assert told["elements"][0]["photo_id"] == f"-{CONFIG.settings['group_id']}_71"
    assert asked(replace(CARDS, text=""))["message"] == "Пуэр"
    bare = json.loads(asked(replace(CARDS, cards=(replace(CARD, text=""),)))["template"])
    assert "description" not in bare["elements"][0]


def test_formatting_vk_knows_is_kept_and_the_rest_left_out() -> None:
    spans = (
        Entity("bold", 0, 4), Entity("link", 5, 3, url="https://tea.example"),
        Entity("spoiler", 0, 2), Entity("italic", 0, 999),
    )  # fmt: skip
    told = json.loads(asked(replace(SEND, entities=spans))["format_data"])
    assert told == {"version": 1, "items": [
        {"type": "bold", "offset": 0, "length": 4},
        {"type": "url", "offset": 5, "length": 3, "url": "https://tea.example"}]}  # fmt: skip


def test_a_closed_window_and_a_template_make_no_request() -> None:
    closed = done(replace(SEND, window="closed"))
    assert refused(closed.ending, RefusalKind.WINDOW_CLOSED)
    templated = done(replace(SEND, template=Template("order", "ru")))
    assert refused(templated.ending, RefusalKind.OTHER)
    assert not closed.errands
    assert not templated.errands


@pytest.mark.parametrize(
    "order",
    [
        replace(SEND, to="club1"),
        replace(SEND, to="-5"),
        replace(SEND, to="9" * 20),
        OutgoingEdit("5", SEND),
        OutgoingDelete(TO, ("5:x",)),
        OutgoingReaction(TO, "nothing", "👍"),
        PressAnswer("e1"),
        TypingShown(""),
        ReadShown(TO, f"{TO}:id4"),
        ProfileAsked("٣"),
    ],
)
def test_what_is_no_address_makes_no_request(order: Order) -> None:
    walked = done(order)
    assert refused(walked.ending, RefusalKind.GONE)
    assert not walked.errands


def test_the_smaller_orders_name_what_they_are_about() -> None:
    assert asked(OutgoingDelete(TO, (f"{TO}:4", f"{TO}:5")))["cmids"] == "4,5"
    assert asked(ReadShown(TO, f"{TO}:4"))["up_to_cmid"] == "4"
    assert asked(TypingShown(TO))["type"] == "typing"
    edit = asked(OutgoingEdit(f"{TO}:4", SEND))
    assert (edit["peer_id"], edit["cmid"], edit["keep_forward_messages"]) == (TO, "4", "1")
    assert asked(OutgoingReaction(TO, f"{TO}:4", "❤️"))["reaction_id"] == "1"
    press = asked(PressAnswer("e1", "Готово", TO))
    assert json.loads(press["event_data"]) == {"type": "show_snackbar", "text": "Готово"}
    assert "event_data" not in asked(PressAnswer("e1", to=TO))
    assert refused(done(PressAnswer("e1", "ы" * 91, TO)).ending, RefusalKind.TOO_LONG)


@pytest.mark.parametrize(("code", "wait_s", "everywhere"), [
    (6, 1.0, True), (9, 60.0, False), (14, 300.0, True), (29, 600.0, True)])  # fmt: skip
def test_how_long_to_wait_is_ours_to_know(code: int, wait_s: float, everywhere: bool) -> None:
    ending = done(SEND, {"messages.send": bad(code)}).ending
    assert isinstance(ending, Refusal)
    assert (ending.retry_after_s, ending.everywhere, ending.code) == (
        wait_s, everywhere, str(code))  # fmt: skip


def test_vk_says_why_in_its_own_words() -> None:
    whole = done(SEND, {"messages.send": bad(901, "Can't send")}).ending
    to_one = good([{"peer_id": 1, "error": {"code": 901, "description": "No permission"}}])
    one = done(SEND, {"messages.send": to_one}).ending
    assert isinstance(whole, Refusal)
    assert isinstance(one, Refusal)
    assert (whole.detail, one.detail) == ("Can't send", "No permission")


@pytest.mark.parametrize("ref", ["", "photo1_2", "file:///etc/passwd", "ftp://x"])
def test_only_addresses_are_fetched(ref: str) -> None:
    outbound = CHANNELS["vk"].outbound
    assert outbound is not None
    assert refused(outbound.locate(ref, CONFIG, ()), RefusalKind.BAD_MEDIA)


def test_another_address_of_the_api_is_obeyed() -> None:
    outbound = CHANNELS["vk"].outbound
    assert outbound is not None
    moved = replace(CONFIG, settings={**CONFIG.settings, "api_base": "https://api.vk.ru/"})
    request = outbound.send(SEND, moved, ())
    assert isinstance(request, Request)
    assert request.url == "https://api.vk.ru/method/messages.send"
    assert PLATFORM["messages.send"] == SENT
