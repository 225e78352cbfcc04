import msgspec
import pytest
from msgspec.structs import replace

from otklik.channels import CHANNELS
from otklik.channels.ok import limits
from otklik.ports.channel import (
    Answer,
    Order,
    Outgoing,
    OutgoingFile,
    Polled,
    PressAnswer,
    ProfileAsked,
    Refusal,
    RefusalKind,
    Request,
    Sent,
    Subscribed,
    TypingShown,
)
from otklik.ports.message import Button, MessageKind
from tests.channels.kit.declaration import ADDRESS, refused
from tests.channels.ok.bodies import CHAT, VERA, mid
from tests.channels.ok.declaration import CONFIG, DONE, SEND, SENT, bad

OK = CHANNELS["ok"]
assert OK.outbound is not None
assert OK.connect is not None
SEND_STEP, CONNECT = OK.outbound.send, OK.connect
FILE = OutgoingFile(MessageKind.PICTURE, "f1", "чай.png", "image/png", 100)
PLACE = Answer(200, {}, b'{"url":"https://up.ok.example/1"}')


def asked(order: Order, *answers: Answer) -> Request:
    request = SEND_STEP(order, CONFIG, answers)
    assert isinstance(request, Request), request
    return request


def told(body: bytes, status: int = 200) -> Answer:
    return Answer(status, {}, body)


def test_a_text_goes_to_its_chat_with_the_key_in_the_address() -> None:
    request = asked(SEND)
    assert request.url == (
        f"https://api.ok.ru/graph/me/messages/{CHAT}?access_token=tknInventedForTests%3ACQINVENTED"
    )
    assert request.headers == {"content-type": "application/json;charset=utf-8"}
    assert not request.repeatable
    assert msgspec.json.decode(request.body) == {
        "recipient": {"chat_id": CHAT}, "message": {"text": "Есть, сто граммов"},
    }  # fmt: skip


def test_a_person_without_a_chat_is_written_to_by_their_id() -> None:
    request = asked(replace(SEND, to=VERA))
    assert "/graph/me/messages?" in request.url
    assert b'"recipient":{"user_id":"user:500200301"}' in request.body
    answer = told(b'{"success":[true],"chat_ids":["chat:C1"]}')
    assert SEND_STEP(replace(SEND, to=VERA), CONFIG, (answer,)) == Sent()


def test_a_picture_is_uploaded_and_waited_for() -> None:
    order = replace(SEND, kind=MessageKind.PICTURE, files=(FILE,))
    assert asked(order).url.endswith("&type=IMAGE")
    upload = asked(order, PLACE)
    assert (upload.url, upload.files[0].field) == ("https://up.ok.example/1", "file")
    put = told(b'{"photos":{"x":{"token":"t1"}}}')
    last = asked(order, PLACE, put)
    assert last.after_s == 2.0
    assert b'"attachments":[{"type":"IMAGE","payload":{"token":"t1"}}]' in last.body
    assert SEND_STEP(order, CONFIG, (PLACE, put, told(SENT))) == Sent((mid(10),), ("t1",))
    known = replace(order, files=(replace(FILE, platform_ref="t1"),))
    assert asked(known).after_s == 0.0


@pytest.mark.parametrize(("place", "put", "payload"), [
    (b'{"url":"https://u.example","token":"t"}', b"<retval>1</retval>", b'{"token":"t"}'),
    (b'{"url":"https://u.example","token":"t"}', b'{"token":"n"}', b'{"token":"n"}'),
    (b'{"url":"https://u.example","file_id":"1519bf4"}', b"", b'{"ref":"1519bf4"}'),
])  # fmt: skip
def test_a_token_is_taken_from_wherever_it_is(place: bytes, put: bytes, payload: bytes) -> None:
    order = replace(SEND, kind=MessageKind.FILE, files=(replace(FILE, kind=MessageKind.FILE),))
    given = (told(place), told(put))
    assert payload in asked(order, *given).body
    sent = SEND_STEP(order, CONFIG, (*given, told(SENT)))
    assert isinstance(sent, Sent)
    again = replace(order, files=(replace(order.files[0], platform_ref=sent.file_refs[0]),))
    assert payload in asked(again).body


@pytest.mark.parametrize(("answers", "kind"), [
    ((bad(102),), RefusalKind.BAD_TOKEN),
    ((b"{}",), RefusalKind.TEMPORARY),
    ((PLACE.body, bad(504)), RefusalKind.BAD_MEDIA),
    ((PLACE.body, b"<html>"), RefusalKind.TEMPORARY),
])  # fmt: skip
def test_an_upload_that_fails_sends_nothing(answers: tuple[bytes, ...], kind: RefusalKind) -> None:
    order = replace(SEND, kind=MessageKind.PICTURE, files=(FILE,))
    assert refused(SEND_STEP(order, CONFIG, tuple(map(told, answers))), kind)
    failed = (PLACE, told(b"<html>", 502))
    assert refused(SEND_STEP(order, CONFIG, failed), RefusalKind.TEMPORARY)


def test_buttons_are_an_attachment_of_their_own_shape() -> None:
    rows = ((Button("Да", payload="yes"), Button("Сайт", url="https://example.org")),
            (Button("Телефон", request="phone"), Button("Место", request="location")))  # fmt: skip
    body = msgspec.json.decode(asked(replace(SEND, buttons=rows, reply_to=mid(9))).body)
    message = body["message"]
    assert message["reply_to"] == mid(9)
    keyboard = message["attachments"][0]["payload"]["keyboard"]["buttons"]
    assert [[key["type"] for key in row] for row in keyboard] == [
        ["CALLBACK", "LINK"], ["REQUEST_CONTACT", "REQUEST_GEO_LOCATION"],
    ]  # fmt: skip
    full = replace(SEND, files=(FILE,) * 5)
    assert limits.why_not_send(full) is None
    assert refused(limits.why_not_send(replace(full, buttons=rows)))


@pytest.mark.parametrize("button", [
    Button("", payload="yes"),
    Button("Да"),
    Button("Да", url="ftp://example.org"),
    Button("Да", url="https://" + "a" * 2050),
    Button("Да", request="passport"),
])  # fmt: skip
def test_a_wrong_button_is_refused_before_it_is_sent(button: Button) -> None:
    assert refused(SEND_STEP(replace(SEND, buttons=((button,),)), CONFIG, ()))


def test_a_press_without_words_asks_nothing() -> None:
    assert SEND_STEP(PressAnswer("cb", to=CHAT), CONFIG, ()) == Sent()
    request = asked(PressAnswer("c b", "Принято", CHAT))
    assert f"/graph/{CHAT}/answer?" in request.url
    assert request.url.endswith("&callbackId=c+b")
    assert request.body == '{"message":{"text":"Принято"}}'.encode()
    assert refused(SEND_STEP(PressAnswer("cb", "Да"), CONFIG, ()), RefusalKind.GONE)


@pytest.mark.parametrize("to", ["", "Vera", "chat:", "user:../me", "group:5", "chat:" + "a" * 65])
def test_a_wrong_address_is_no_request(to: str) -> None:
    assert refused(SEND_STEP(Outgoing("m", to, MessageKind.TEXT, "Ау"), CONFIG, ()))


def test_a_throttle_waits_as_long_as_it_is_told() -> None:
    for headers, wait in (({"retry-after": "7"}, 7.0), ({}, 5.0)):
        outcome = SEND_STEP(SEND, CONFIG, (Answer(200, headers, bad(8)),))
        assert isinstance(outcome, Refusal)
        assert (outcome.retry_after_s, outcome.everywhere, outcome.code) == (wait, True, "8")


def test_an_address_that_is_subscribed_is_not_subscribed_again() -> None:
    step = CONNECT.subscribe
    assert step is not None
    listed = told(msgspec.json.encode({"subscriptions": [{"url": ADDRESS}]}))
    assert step(CONFIG, ADDRESS, (listed,)) == Subscribed()
    empty = told(b'{"subscriptions":[]}')
    request = step(CONFIG, ADDRESS, (empty,))
    assert isinstance(request, Request)
    assert ADDRESS.encode() in request.body
    assert step(CONFIG, ADDRESS, (empty, told(DONE))) == Subscribed()
    assert refused(step(CONFIG, ADDRESS, (told(bad(102)),)), RefusalKind.BAD_TOKEN)


def test_a_key_that_is_not_a_group_s_is_told() -> None:
    outcome = CONNECT.check(CONFIG, (told(b'{"name":"Vera","user_id":"user:5"}'),))
    assert refused(outcome, RefusalKind.BAD_TOKEN)


def test_every_webhook_is_let_go_before_a_poll() -> None:
    step = CONNECT.unsubscribe
    assert step is not None
    listed = told(b'{"subscriptions":[{"url":"https://a.example"},{"url":"https://b.example"}]}')
    second = step(CONFIG, "", (listed, told(DONE)))
    assert isinstance(second, Request)
    assert b"https://b.example" in second.body
    assert step(CONFIG, "", (listed, told(DONE), told(DONE))) == Subscribed()
    assert refused(step(CONFIG, "", (listed, told(DONE), told(b'{"success":false}'))))
    assert refused(step(CONFIG, "", (told(b"{}"),)), RefusalKind.TEMPORARY)


def poll(cursor: str, *bodies: bytes) -> object:
    step = CONNECT.poll
    assert step is not None
    return step(CONFIG, cursor, tuple(map(told, bodies)))


def chats(**moved: int) -> bytes:
    listed = [{"chat_id": f"chat:{name}", "lastEventTime": at} for name, at in moved.items()]
    return msgspec.json.encode({"chats": listed})


def history(*pairs: tuple[str, int]) -> bytes:
    """A history of one chat: who wrote, and when."""
    listed = [{"sender": {"user_id": who}, "message": {"mid": f"mid:{at}"}, "timestamp": at}
              for who, at in pairs]  # fmt: skip
    return msgspec.json.encode({"messages": listed})


def test_the_first_look_only_marks_the_place() -> None:
    assert poll("", chats(C1=5, C2=9)) == Polled((), "9")
    assert poll("", chats()) == Polled((), "0")


def test_what_people_wrote_meanwhile_is_fetched_in_order() -> None:
    listed = chats(C1=5, C3=12, C2=10)
    first = poll("7", listed)
    assert isinstance(first, Request)
    assert "/graph/me/messages/chat:C2?" in first.url
    assert first.url.endswith("&from=10&to=7&count=100")
    second = poll("7", listed, history(("user:2", 10)))
    assert isinstance(second, Request)
    assert "chat:C3" in second.url
    mixed = history(("user:3", 12), ("group:500", 11), ("user:3", 8), ("user:3", 6))
    polled = poll("7", listed, history(("user:2", 10)), mixed)
    assert isinstance(polled, Polled)
    assert polled.cursor == "12"
    events = [event for body in polled.bodies for event in OK.parse(body)]
    assert [getattr(event, "sent_at", 0) for event in events] == [8, 10, 12]
    assert poll("12", listed) == Polled((), "12")


def test_more_chats_than_go_at_once_are_looked_into_by_and_by() -> None:
    listed = chats(**{f"C{number}": number for number in range(1, 61)})
    polled = poll("0", listed, *[history()] * 50)
    assert polled == Polled((), "0:50")
    following = poll("0:50", listed)
    assert isinstance(following, Request)
    assert "chat:C51" in following.url
    assert "&to=0&" in following.url
    assert poll("0:50", listed, *[history()] * 10) == Polled((), "60")


@pytest.mark.parametrize("body", [bad(102), b"{}", b"<html>"])
def test_a_list_that_cannot_be_had_is_told(body: bytes) -> None:
    assert refused(poll("7", body))


def test_a_cursor_of_somebody_else_and_a_torn_history_lose_nothing() -> None:
    begun = poll("LTE0", chats(C1=5))
    assert isinstance(begun, Request)
    assert "&to=0&" in begun.url
    assert refused(poll("7", chats(C1=9), b'{"messages":['), RefusalKind.TEMPORARY)
    assert poll("7", chats(C1=9), b'{"messages":[5]}') == Polled((), "9")


def test_a_chat_that_is_no_more_holds_up_no_other() -> None:
    polled = poll("7", chats(C1=9, C2=11), bad(300), history(("user:2", 11)))
    assert isinstance(polled, Polled)
    assert (len(polled.bodies), polled.cursor) == (1, "11")
    assert refused(poll("7", chats(C1=9, C2=11), bad(102)), RefusalKind.BAD_TOKEN)


def test_what_does_not_go_is_refused_before_it_is_sent() -> None:
    sticker = replace(FILE, kind=MessageKind.STICKER)
    assert refused(limits.why_not_send(replace(SEND, files=(sticker,))), RefusalKind.BAD_MEDIA)
    row = (Button("Да", payload="yes"),)
    assert refused(limits.why_not_send(replace(SEND, buttons=(row,) * 11)))
    assert refused(limits.why_not_send(replace(SEND, text=" ")))
    for order in (TypingShown("Vera"), ProfileAsked("Vera")):
        assert refused(SEND_STEP(order, CONFIG, ()), RefusalKind.GONE)


def test_a_history_that_cannot_be_had_is_told() -> None:
    told_so = SEND_STEP(ProfileAsked(CHAT), CONFIG, (told(bad(102)),))
    assert refused(told_so, RefusalKind.BAD_TOKEN)


def test_a_file_without_an_address_is_told() -> None:
    assert OK.outbound is not None
    assert refused(OK.outbound.locate("video:1", CONFIG, ()), RefusalKind.BAD_MEDIA)
