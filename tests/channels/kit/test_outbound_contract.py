import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.channels import CHANNELS
from otklik.ports.channel import Answer as PlatformAnswer
from otklik.ports.channel import (
    Errand,
    FilePart,
    Letter,
    MailboxCheck,
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
    TypingShown,
)
from otklik.ports.message import Button, ContactCard, Entity, Location, MessageKind
from tests.channels.kit.declaration import Answer, refused
from tests.channels.kit.declared import DECLARED, SENDING
from tests.channels.kit.walk import good_day, last_answered, sending, walk

LINK = "https://files.example.org/file-1"
FILES = {"picture", "video", "voice", "audio", "file", "sticker"}
ANSWERS = [
    pytest.param(name, answer, id=f"{name}-{answer.name}")
    for name in SENDING
    for answer in DECLARED[name].answers
]
SENDS = [
    pytest.param(name, kind, id=f"{name}-{kind}")
    for name in SENDING
    for kind in CHANNELS[name].manifest.sends
]


@pytest.mark.parametrize(("name", "kind"), SENDS)
def test_every_kind_the_manifest_promises_can_be_sent(name: str, kind: str) -> None:
    walked = walk(sending(name, _outgoing(name, MessageKind(kind))), good_day(name))
    assert isinstance(walked.ending, Sent), walked.ending
    uploads = [part.file_id for errand in walked.errands for part in _parts(errand)]
    linked = any(
        LINK.encode() in DECLARED[name].opened(request).body for request in walked.requests
    )
    fetches = "fetches_files" in _features(name)
    assert uploads == (["file-1"] if kind in FILES and not linked else [])
    assert linked is (fetches and kind in FILES)


@pytest.mark.parametrize(("name", "kind"), SENDS)
def test_a_file_the_platform_has_is_not_uploaded_again(name: str, kind: str) -> None:
    order = _outgoing(name, MessageKind(kind))
    known = [msgspec.structs.replace(file, platform_ref="their-ref") for file in order.files]
    request = _build(name, msgspec.structs.replace(order, files=tuple(known)))
    if isinstance(request, Letter):
        return  # a mail server keeps no files
    assert isinstance(request, Request)
    if "fetches_files" not in _features(name):
        assert not request.files
        assert (b"their-ref" in request.body) is bool(known)


@pytest.mark.parametrize("name", SENDING)
def test_what_the_manifest_does_not_promise_is_refused_not_raised(name: str) -> None:
    for kind in set(MessageKind) - {MessageKind(kind) for kind in CHANNELS[name].manifest.sends}:
        order = Outgoing("m1", DECLARED[name].address, kind, text="Пуэр пришёл")
        assert refused(_build(name, order)), kind


@pytest.mark.parametrize("name", SENDING)
def test_every_order_is_built_when_the_manifest_promises_it(name: str) -> None:
    declared, features = DECLARED[name], CHANNELS[name].manifest.features
    text = _outgoing(name, MessageKind.TEXT)
    rows: tuple[tuple[Button, ...], ...] = ((Button("Да", payload="yes"),),)
    link = Button("Сайт", url="https://example.org")
    orders: dict[str, Order] = {
        "edit": OutgoingEdit(declared.message, text),
        "delete": OutgoingDelete(declared.address, (declared.message,)),
        "reaction": OutgoingReaction(declared.address, declared.message, declared.reaction),
        "typing_out": TypingShown(declared.address, declared.message),
        "buttons": msgspec.structs.replace(text, buttons=rows),
        "url_buttons": msgspec.structs.replace(text, buttons=((*rows[0], link),)),
        "read_out": ReadShown(declared.address, declared.message),
        "profile": ProfileAsked(declared.address),
        "reply": msgspec.structs.replace(text, reply_to=declared.message),
    }
    for feature, order in orders.items():
        is_built = isinstance(_build(name, order), Request | Letter)
        assert is_built is (feature in features), feature
    pressed = walk(sending(name, PressAnswer("p1", to=declared.address)), good_day(name)).ending
    assert isinstance(pressed, Sent) is ("buttons" in features)


@pytest.mark.parametrize("name", SENDING)
def test_a_request_has_one_body_and_no_secret_in_its_label(name: str) -> None:
    config = DECLARED[name].config
    for kind in CHANNELS[name].manifest.sends:
        request = _build(name, _outgoing(name, MessageKind(kind)))
        assert isinstance(request, Request | Letter)
        if isinstance(request, Letter):
            assert not any(secret.encode() in request.content for secret in config.secrets.values())
            continue
        assert not (request.body and (request.fields or request.files))
        assert not any(secret in request.label for secret in config.secrets.values())
        if "json" in request.headers.get("content-type", ""):
            msgspec.json.decode(request.body)


@pytest.mark.parametrize("name", SENDING)
@pytest.mark.parametrize("over", [-1, 0, 1])
def test_texts_and_captions_are_held_to_the_limit(name: str, over: int) -> None:
    limits = CHANNELS[name].manifest.limits
    text = _outgoing(name, MessageKind.TEXT)
    picture = _outgoing(name, MessageKind.PICTURE)
    sends = CHANNELS[name].manifest.sends
    tried = [(text, limits.text)] + [(picture, limits.caption)] * ("picture" in sends)
    for order, limit in tried:
        letters = _letters(name, limit + over)
        outcome = _build(name, msgspec.structs.replace(order, text=letters))
        assert refused(outcome, RefusalKind.TOO_LONG) is (over > 0)
    edit = OutgoingEdit(
        DECLARED[name].message,
        msgspec.structs.replace(text, text=_letters(name, limits.text + over)),
    )
    assert refused(_build(name, edit)) is (over > 0 or "edit" not in _features(name))


@pytest.mark.parametrize("name", SENDING)
@pytest.mark.parametrize("over", [-1, 0, 1])
def test_files_are_held_to_the_limit(name: str, over: int) -> None:
    limits = CHANNELS[name].manifest.limits
    for kind, limit in (
        (MessageKind.PICTURE, limits.picture_bytes),
        (MessageKind.VIDEO, limits.video_bytes or limits.upload_bytes),
        (MessageKind.FILE, limits.file_bytes or limits.upload_bytes),
    ):
        if kind.value not in CHANNELS[name].manifest.sends:
            continue
        order = _outgoing(name, kind)
        file = msgspec.structs.replace(order.files[0], size=limit + over)
        outcome = _build(name, msgspec.structs.replace(order, files=(file,)))
        assert refused(outcome, RefusalKind.BAD_MEDIA) is (over > 0)


@pytest.mark.parametrize("name", SENDING)
@pytest.mark.parametrize("over", [-1, 0, 1])
def test_albums_are_held_to_the_limit(name: str, over: int) -> None:
    if "picture" not in CHANNELS[name].manifest.sends:
        return
    picture, albums = _outgoing(name, MessageKind.PICTURE), "album" in _features(name)
    count = CHANNELS[name].manifest.limits.album + over if albums else 2
    album = msgspec.structs.replace(picture, files=picture.files * count)
    assert refused(_build(name, album)) is (over > 0 or not albums)


@pytest.mark.parametrize("name", SENDING)
@pytest.mark.parametrize("over", [-1, 0, 1])
def test_buttons_are_held_to_the_limit(name: str, over: int) -> None:
    limits, text = CHANNELS[name].manifest.limits, _outgoing(name, MessageKind.TEXT)
    button = Button("Да", payload="yes")
    wide = (button,) * (limits.buttons_per_row + over)
    most = max(limits.buttons, limits.list_rows)
    whole, rest = divmod(most + over, limits.buttons_per_row)
    many = ((button,) * limits.buttons_per_row,) * whole + (((button,) * rest,) if rest else ())
    label = Button(_letters(name, limits.button_label + over, limits.label_unit), payload="yes")
    payload = Button("Да", payload="a" * (limits.button_payload_bytes + over))
    for rows in filter(any, ((wide,), many, ((label,),), ((payload,),))):
        outcome = _build(name, msgspec.structs.replace(text, buttons=rows))
        assert refused(outcome) is (over > 0 or "buttons" not in _features(name))


@pytest.mark.parametrize("name", SENDING)
def test_entities_outside_the_text_do_not_spoil_the_message(name: str) -> None:
    spans = tuple(
        Entity("bold", offset, length)
        for offset, length in ((-1, 2), (0, 0), (0, 10**6), (10**6, 1), (3, -1))
    )
    order = msgspec.structs.replace(_outgoing(name, MessageKind.TEXT), entities=spans)
    clean = _opened(name, _build(name, msgspec.structs.replace(order, entities=())))
    assert _opened(name, _build(name, order)) == clean


@pytest.mark.parametrize(("name", "answer"), ANSWERS)
def test_an_answer_means_what_is_declared(name: str, answer: Answer) -> None:
    outcome = _read(name, answer.order, answer.status, answer.headers, answer.body)
    if isinstance(answer.means, Sent):
        assert outcome == answer.means
    else:
        assert refused(outcome, answer.means)


@pytest.mark.parametrize("name", SENDING)
def test_every_reason_is_declared_or_known_not_to_happen(name: str) -> None:
    declared = DECLARED[name]
    seen = {answer.means for answer in declared.answers if isinstance(answer.means, RefusalKind)}
    assert seen | declared.never == set(RefusalKind) - {RefusalKind.UNSUBSCRIBED}
    assert not seen & declared.never


@pytest.mark.parametrize("name", SENDING)
def test_no_answer_at_all_breaks_the_reader(name: str) -> None:
    order = _outgoing(name, MessageKind.TEXT)
    bodies = (b"", b"null", b"[]", b"{}", b'"x"', b"<html>", b"\xff", b"{" * 5000, b"[" * 5000)
    good = () if DECLARED[name].taken_by_status else (200, 204)
    for status in (*good, 302, 400, 401, 403, 404, 409, 413, 429, 500, 502, 503, 504):
        for body in bodies:
            outcome = _read(name, order, status, {"retry-after": "soon"}, body)
            assert refused(outcome), (status, body[:9])
            assert isinstance(outcome, Refusal)
            assert outcome.retry_after_s >= 0


@pytest.mark.parametrize(("name", "answer"), ANSWERS)
def test_a_torn_answer_to_a_message_is_never_taken_for_a_refusal(name: str, answer: Answer) -> None:
    if not isinstance(answer.order, Outgoing) or not isinstance(answer.means, Sent):
        return
    for end in range(len(answer.body)):
        outcome = _read(name, answer.order, answer.status, answer.headers, answer.body[:end])
        assert refused(outcome, _lost(name, answer.order))


@pytest.mark.parametrize("name", SENDING)
@given(drawn=st.data())
@settings(max_examples=300, deadline=None)
def test_damaged_answers_break_nothing(name: str, drawn: st.DataObject) -> None:
    answer = drawn.draw(st.sampled_from(DECLARED[name].answers))
    body = answer.body
    start = drawn.draw(st.integers(0, len(body)))
    end = drawn.draw(st.integers(start, min(start + 12, len(body))))
    body = body[:start] + drawn.draw(st.binary(max_size=12)) + body[end:]
    outcome = _read(name, answer.order, answer.status, answer.headers, body)
    assert isinstance(outcome, Sent | Refusal)


def _build(name: str, order: Order) -> Errand | Refusal:
    """Give the errand that hands an order over, after those that prepare it."""
    walked = walk(sending(name, order), good_day(name))
    if isinstance(walked.ending, Refusal) or not walked.errands:
        assert isinstance(walked.ending, Refusal), walked
        return walked.ending
    return walked.errands[-1]


def _opened(name: str, outcome: Errand | Refusal) -> Errand | Refusal:
    return DECLARED[name].opened(outcome) if isinstance(outcome, Request) else outcome


def _read(name: str, order: Order, status: int, headers: object, body: bytes) -> object:
    """Give how an order ends when its last errand is answered so."""
    step = sending(name, order)
    answer = PlatformAnswer(status, msgspec.convert(headers, dict[str, str]), body)
    return last_answered(step, walk(step, good_day(name)), answer)


def _lost(name: str, order: Order) -> RefusalKind:
    errand = _build(name, order)
    repeatable = isinstance(errand, Request) and errand.repeatable
    return RefusalKind.TEMPORARY if repeatable else RefusalKind.UNCERTAIN


def _parts(errand: Errand) -> tuple[FilePart, ...]:
    return () if isinstance(errand, MailboxCheck) else errand.files


def _features(name: str) -> tuple[str, ...]:
    return CHANNELS[name].manifest.features


def _letters(name: str, length: int, unit: str = "") -> str:
    unit = unit or CHANNELS[name].manifest.limits.text_unit
    wide, width = {"characters": ("ы", 1), "utf16": ("🫖", 2), "bytes": ("ы", 2)}[unit]
    whole, rest = divmod(max(length, 0), width)
    return wide * whole + "a" * rest


def _outgoing(name: str, kind: MessageKind) -> Outgoing:
    file = OutgoingFile(kind, "file-1", "чай.bin", "image/png", size=4, link=LINK)
    return Outgoing(
        message_id="m1",
        to=DECLARED[name].address,
        kind=kind,
        text="Чайник будет в четверг" if kind is MessageKind.TEXT else "",
        files=(file,) if kind.value in FILES else (),
        location=Location(56.01, 92.87) if kind is MessageKind.LOCATION else None,
        card=ContactCard("Лавка", "+70000000000") if kind is MessageKind.CONTACT_CARD else None,
        cards=(OutgoingCard("Пуэр", "2019", buttons=(Button("Беру", payload="7"),)),)
        if kind is MessageKind.CARDS
        else (),
    )
