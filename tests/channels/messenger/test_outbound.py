"""What leaves the adapter, to the letter, and what it refuses beforehand."""

import msgspec
import pytest
from msgspec.structs import replace

from otklik.channels.messenger import CHANNEL, outbound
from otklik.channels.messenger.wire import ERRORS
from otklik.ports.channel import (
    Answer,
    Order,
    Outgoing,
    OutgoingCard,
    OutgoingFile,
    OutgoingReaction,
    ProfileAsked,
    Refusal,
    RefusalKind,
    Request,
    Sent,
    Template,
    TypingShown,
)
from otklik.ports.message import Button, MessageKind
from tests.channels.kit.declaration import refused
from tests.channels.messenger.declaration import CONFIG, SEND, bad, good

LINK = "https://shop.example.org/media/1/a.jpg"
FILE = OutgoingFile(MessageKind.PICTURE, "file-1", "a.jpg", "image/jpeg", size=9, link=LINK)
CARD = OutgoingCard("Пуэр", "11 €", FILE, (Button("Беру", payload="puer"),))
CARDS = replace(SEND, kind=MessageKind.CARDS, text="", cards=(CARD,))
YES, SITE = Button("Да", payload="yes"), Button("Сайт", url="https://example.org")


def first(order: Order) -> Request:
    request = outbound.send(order, CONFIG, ())
    assert isinstance(request, Request), request
    return request


def body(order: Order) -> dict[str, object]:
    return msgspec.json.decode(first(order).body, type=dict[str, object])


def message(order: Outgoing) -> dict[str, object]:
    whole = msgspec.convert(body(order)["message"], dict[str, object])
    assert whole.pop("metadata") == "otklik:m1"
    return whole


def test_a_text_names_the_person_the_window_and_ourselves() -> None:
    request = first(SEND)
    assert request.url == "https://graph.facebook.com/v26.0/110000000000001/messages"
    assert request.headers["authorization"] == "Bearer EAAinventedTokenForTests"
    assert not request.repeatable
    assert body(SEND) == {
        "recipient": {"id": "6800000000000001"},
        "messaging_type": "RESPONSE",
        "message": {"text": "Есть, сто граммов", "metadata": "otklik:m1"},
    }


def test_who_is_known_by_a_plugin_only_is_written_to_by_that_reference() -> None:
    assert body(replace(SEND, to="ref:box-1"))["recipient"] == {"user_ref": "box-1"}


def test_a_reply_names_its_message() -> None:
    assert body(replace(SEND, reply_to="m_1"))["reply_to"] == {"mid": "m_1"}


@pytest.mark.parametrize(
    "order",
    [replace(SEND, reply_to="comment:1_77"), replace(SEND, thread=("m_1", "comment:1_77"))],
    ids=["replied-to", "last-said"],
)
@pytest.mark.parametrize("window", ["open", "human", "closed"])
def test_a_comment_is_answered_in_private_whatever_the_window(order: Outgoing, window: str) -> None:
    told = body(msgspec.convert({**msgspec.to_builtins(order), "window": window}, Outgoing))
    assert told["recipient"] == {"comment_id": "1_77"}
    assert told["messaging_type"] == "RESPONSE"
    assert not {"tag", "reply_to"} & told.keys()


def test_a_comment_before_other_words_is_not_answered_by_accident() -> None:
    told = body(replace(SEND, thread=("comment:1_77", "m_1")))
    assert told["recipient"] == {"id": SEND.to}


def test_buttons_that_press_are_quick_replies() -> None:
    rows = ((YES,), (Button("Телефон", request="phone"), Button("Почта", request="email")))
    assert message(replace(SEND, buttons=rows))["quick_replies"] == [
        {"content_type": "text", "title": "Да", "payload": "yes"},
        {"content_type": "user_phone_number"},
        {"content_type": "user_email"},
    ]


def test_buttons_with_a_link_among_them_are_a_template() -> None:
    assert message(replace(SEND, buttons=((YES, SITE),))) == {
        "attachment": {
            "type": "template",
            "payload": {
                "template_type": "button",
                "text": "Есть, сто граммов",
                "buttons": [
                    {"type": "postback", "title": "Да", "payload": "yes"},
                    {"type": "web_url", "title": "Сайт", "url": "https://example.org"},
                ],
            },
        }
    }


def test_cards_are_a_generic_template() -> None:
    bare = OutgoingCard("Улун", buttons=(SITE,))
    assert message(replace(CARDS, cards=(CARD, bare))) == {
        "attachment": {
            "type": "template",
            "payload": {
                "template_type": "generic",
                "elements": [
                    {
                        "title": "Пуэр",
                        "subtitle": "11 €",
                        "image_url": LINK,
                        "buttons": [{"type": "postback", "title": "Беру", "payload": "puer"}],
                    },
                    {
                        "title": "Улун",
                        "buttons": [
                            {"type": "web_url", "title": "Сайт", "url": "https://example.org"}
                        ],
                    },
                ],
            },
        }
    }


def test_a_file_is_fetched_from_us_and_its_reference_kept() -> None:
    order = replace(SEND, kind=MessageKind.PICTURE, text="", files=(FILE,))
    payload = {"url": LINK, "is_reusable": True}
    assert message(order) == {"attachment": {"type": "image", "payload": payload}}
    assert first(order).timeout_s > first(SEND).timeout_s
    told = Answer(200, {}, good(recipient_id="6", message_id="m_9", attachment_id=17))
    assert outbound.send(order, CONFIG, (told,)) == Sent(("m_9",), ("17",))


def test_without_a_public_address_a_file_is_uploaded_first() -> None:
    file = replace(FILE, kind=MessageKind.VOICE, link="")
    order = replace(SEND, kind=MessageKind.VOICE, text="", files=(file,))
    upload = first(order)
    assert upload.url.endswith("/110000000000001/message_attachments")
    assert upload.repeatable
    assert msgspec.json.decode(upload.fields["message"]) == {
        "attachment": {"type": "audio", "payload": {"is_reusable": True}}
    }
    assert [(part.field, part.file_id) for part in upload.files] == [("filedata", "file-1")]
    uploaded = Answer(200, {}, good(attachment_id="17"))
    sending = outbound.send(order, CONFIG, (uploaded,))
    assert isinstance(sending, Request)
    assert b'"attachment_id":"17"' in sending.body
    sent = Answer(200, {}, good(recipient_id="6", message_id="m_9"))
    assert outbound.send(order, CONFIG, (uploaded, sent)) == Sent(("m_9",), ("17",))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(200, {}, b"<html>"), RefusalKind.TEMPORARY),
        (Answer(200, {}, b"{}"), RefusalKind.TEMPORARY),
        (Answer(504, {}, b""), RefusalKind.TEMPORARY),
        (Answer(413, {}, b"<html>"), RefusalKind.BAD_MEDIA),
        (Answer(400, {}, bad(100, 2018047)), RefusalKind.BAD_MEDIA),
        (Answer(400, {}, bad(190)), RefusalKind.BAD_TOKEN),
    ],
)
def test_an_upload_that_failed_is_no_uncertain_message(answer: Answer, kind: RefusalKind) -> None:
    order = replace(SEND, kind=MessageKind.FILE, text="",
                    files=(replace(FILE, kind=MessageKind.FILE, link=""),))  # fmt: skip
    assert refused(outbound.send(order, CONFIG, (answer,)), kind)


@pytest.mark.parametrize(
    ("change", "tag", "kind"),
    [
        ({"window": "open"}, None, "RESPONSE"),
        ({"window": "human"}, "HUMAN_AGENT", "MESSAGE_TAG"),
        ({"template": Template("ready", "ru"), "window": "closed"}, None, "UTILITY"),
    ],
)
def test_the_window_decides_what_lets_a_message_out(
    change: dict[str, object], tag: str | None, kind: str
) -> None:
    told = body(replace(SEND, **change))
    assert (told.get("tag"), told["messaging_type"]) == (tag, kind)


def test_a_template_fills_its_gaps_in_order() -> None:
    order = replace(SEND, template=Template("ready", "ru", parameters=("17", "вечером")))
    assert message(order)["template"] == {
        "name": "ready",
        "language": {"code": "ru"},
        "components": [
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "text": "17"},
                    {"type": "text", "text": "вечером"},
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("emoji", "action", "payload"),
    [
        ("👍", "react", {"message_id": "m_1", "reaction": "like"}),
        ("🔥", "react", {"message_id": "m_1", "reaction": "🔥"}),
        ("", "unreact", {"message_id": "m_1"}),
    ],
)
def test_a_reaction_is_named_where_it_has_a_name(
    emoji: str, action: str, payload: dict[str, str]
) -> None:
    told = body(OutgoingReaction("6", "m_1", emoji))
    assert (told["sender_action"], told["payload"]) == (action, payload)


def test_a_profile_has_a_name_a_picture_and_a_time_zone() -> None:
    order = ProfileAsked("6")
    assert first(order).url.startswith("https://graph.facebook.com/v26.0/6?fields=first_name")
    answer = Answer(200, {}, good(id="6", first_name="Вера", profile_pic=LINK, timezone=7))
    told = outbound.send(order, CONFIG, (answer,))
    assert isinstance(told, Sent)
    assert told.profile is not None
    assert (told.profile.name, told.profile.picture) == ("Вера", LINK)
    assert told.profile.details == {"timezone": "7"}


def test_of_who_is_known_by_a_plugin_only_nothing_is_asked() -> None:
    assert refused(outbound.send(ProfileAsked("ref:box-1"), CONFIG, ()), RefusalKind.OTHER)


def test_an_action_is_done_when_nothing_speaks_against_it() -> None:
    typing = TypingShown("6")
    assert outbound.send(typing, CONFIG, (Answer(200, {}, b"{}"),)) == Sent()
    torn = outbound.send(typing, CONFIG, (Answer(200, {}, b"<html>"),))
    assert refused(torn, RefusalKind.TEMPORARY)
    error = outbound.send(typing, CONFIG, (Answer(200, {}, bad(551)),))
    assert refused(error, RefusalKind.BLOCKED)


TWO = (YES, SITE)
REFUSED = {
    "nobody": (replace(SEND, to=""), RefusalKind.GONE),
    "no-address": (replace(SEND, to="6 8"), RefusalKind.GONE),
    "blank": (replace(SEND, text=" \n"), RefusalKind.OTHER),
    "closed": (replace(SEND, window="closed"), RefusalKind.WINDOW_CLOSED),
    "bot-after-a-day": (replace(SEND, window="human", by="bot"), RefusalKind.WINDOW_CLOSED),
    "campaign-after-a-day": (replace(SEND, window="human", by="campaign"),
                             RefusalKind.WINDOW_CLOSED),
    "captioned": (replace(SEND, kind=MessageKind.PICTURE, files=(FILE,)), RefusalKind.TOO_LONG),
    "four-with-a-link": (replace(SEND, buttons=((*TWO, YES, YES),)), RefusalKind.OTHER),
    "link-and-phone": (replace(SEND, buttons=((SITE, Button("Т", request="phone")),)),
                       RefusalKind.OTHER),
    "long-above-a-link": (replace(SEND, text="а" * 641, buttons=(TWO,)), RefusalKind.TOO_LONG),
    "link-under-a-file": (replace(SEND, kind=MessageKind.PICTURE, text="", files=(FILE,),
                                  buttons=(TWO,)), RefusalKind.OTHER),
    "asks-for-a-place": (replace(SEND, buttons=((Button("Где", request="location"),),)),
                         RefusalKind.OTHER),
    "no-label": (replace(SEND, buttons=((Button(" ", payload="x"),),)), RefusalKind.OTHER),
    "two-meanings": (replace(SEND, buttons=((Button("x", payload="x", url="https://e.org"),),)),
                     RefusalKind.OTHER),
    "odd-link": (replace(SEND, buttons=((Button("x", url="ftp://e.org"),),)), RefusalKind.OTHER),
    "eleven-cards": (replace(CARDS, cards=(CARD,) * 11), RefusalKind.OTHER),
    "card-without-title": (replace(CARDS, cards=(replace(CARD, title=""),)), RefusalKind.OTHER),
    "card-with-nothing": (replace(CARDS, cards=(OutgoingCard("Пуэр"),)), RefusalKind.OTHER),
    "card-with-long-title": (replace(CARDS, cards=(replace(CARD, title="а" * 81),)),
                             RefusalKind.TOO_LONG),
    "card-with-long-text": (replace(CARDS, cards=(replace(CARD, text="а" * 81),)),
                            RefusalKind.TOO_LONG),
    "card-with-four-keys": (replace(CARDS, cards=(replace(CARD, buttons=(YES,) * 4),)),
                            RefusalKind.OTHER),
    "card-that-asks": (replace(CARDS, cards=(replace(CARD, buttons=(
        Button("Т", request="phone"),)),)), RefusalKind.OTHER),
    "card-without-address": (replace(CARDS, cards=(replace(CARD, file=replace(FILE, link="")),)),
                             RefusalKind.BAD_MEDIA),
    "words-above-cards": (replace(CARDS, text="Вот"), RefusalKind.OTHER),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_messenger_would_refuse_is_not_sent(name: str) -> None:
    order, kind = REFUSED[name]
    assert refused(outbound.send(order, CONFIG, ()), kind)


@pytest.mark.parametrize("code", sorted(ERRORS.known))
def test_every_listed_error_is_understood_as_listed(code: str) -> None:
    if code == "app-secret":
        return  # not a code of Meta: see the test of connecting
    number, _, subcode = code.partition("-")
    answer = Answer(400, {}, bad(int(number), int(subcode or 0)))
    outcome = outbound.send(SEND, CONFIG, (answer,))
    assert isinstance(outcome, Refusal)
    row = ERRORS.known[code]
    clock = "1545041" in code  # the person wrote a moment ago: the window cannot be closed
    assert outcome.kind is (RefusalKind.BLOCKED if clock else row.kind)
    assert (outcome.code, outcome.everywhere) == (code, row.everywhere)


def test_an_error_of_tomorrow_keeps_its_words() -> None:
    told = outbound.send(SEND, CONFIG, (Answer(400, {}, bad(424242, 7, "Teapots only")),))
    assert isinstance(told, Refusal)
    assert told.kind is RefusalKind.OTHER
    assert "Teapots only" in told.detail


def test_a_received_file_is_downloaded_from_the_address_it_came_with() -> None:
    locate = CHANNEL.outbound
    assert locate is not None
    assert refused(locate.locate("m_1", CONFIG, ()), RefusalKind.BAD_MEDIA)
