import copy
from collections.abc import Iterator

import msgspec
import pytest

from otklik.channels import CHANNELS
from otklik.ports.channel import (
    ButtonPressed,
    Envelope,
    MessageReceived,
    ReachabilityChanged,
    Sender,
    Touch,
    Unknown,
)
from otklik.ports.message import Content, Entity, MessageKind
from tests.channels.kit.declaration import Body
from tests.channels.telegram.bodies import BODIES, PRESS, SIZES, message, received, update
from tests.channels.telegram.declaration import CONFIG, HEADER, PREVIOUS, SECRET

TELEGRAM = CHANNELS["telegram"]
WRONG: tuple[object, ...] = (None, "x", "", -1, 2**70, 1.5, True, [], ["x"], {}, {"x": 1}, [[{}]])


def parse(**parts: object) -> object:
    (event,) = TELEGRAM.parse(update(1, **parts))
    return event


def test_the_former_secret_opens_while_a_new_one_is_registered() -> None:
    body = BODIES[0].body
    assert TELEGRAM.authentic({HEADER: PREVIOUS}, body, CONFIG)
    rotated = msgspec.structs.replace(CONFIG, secrets={"webhook_secret": SECRET})
    assert not TELEGRAM.authentic({HEADER: PREVIOUS}, body, rotated)
    assert TELEGRAM.authentic({HEADER: SECRET}, body, rotated)


def test_a_former_secret_alone_is_enough() -> None:
    only = msgspec.structs.replace(CONFIG, secrets={"webhook_secret_previous": PREVIOUS})
    assert TELEGRAM.authentic({HEADER: PREVIOUS}, b"", only)
    assert not TELEGRAM.authentic({HEADER: ""}, b"", only)


def test_the_key_of_an_update_is_its_number() -> None:
    assert TELEGRAM.envelope(update(7)) == TELEGRAM.envelope(b'{"update_id":880000007,"x":[]}')


def _leaves(tree: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = enumerate(tree) if isinstance(tree, list) else ()
    parts = tree.items() if isinstance(tree, dict) else items
    for key, value in parts:
        yield (*path, key)
        yield from _leaves(value, (*path, key))


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in BODIES])
def test_no_wrong_value_inside_an_update_loses_it(case: Body) -> None:
    tree = msgspec.json.decode(case.body)
    for path in _leaves(tree):
        if len(path) < 2:
            continue  # the update itself, not a part of it
        for wrong in WRONG:
            changed = copy.deepcopy(tree)
            node = changed
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = wrong
            assert len(TELEGRAM.parse(msgspec.json.encode(changed))) == 1, (path, wrong)


def test_a_message_outlives_every_broken_detail() -> None:
    event = parse(
        message=message(
            text="Чай", date="yesterday", entities="none", reply_to_message={"message_id": "?"},
            media_group_id=[], forward_origin=[], reply_markup={"inline_keyboard": "x"},
        )
    )  # fmt: skip
    assert event == received(text="Чай", sent_at=0)


def test_good_parts_of_a_list_outlive_the_bad_ones() -> None:
    sizes = [{"file_id": 5}, *SIZES, {"file_id": "x", "width": -4}, "?"]
    event = parse(message=message(photo=sizes))
    assert isinstance(event, MessageReceived)
    assert [file.ref for file in event.attachments] == ["big"]


def test_numbers_given_as_text_are_numbers() -> None:
    shell = message(text="Чай")
    shell |= {"message_id": "10", "date": str(shell["date"])}
    assert parse(message=shell) == received(text="Чай")


def test_a_message_without_a_body_says_so() -> None:
    assert parse(message=message()) == received(MessageKind.UNSUPPORTED, text="empty")


def test_a_file_that_cannot_be_fetched_is_named_by_its_kind() -> None:
    event = parse(message=message(document={"file_name": "счёт.pdf"}))
    assert event == received(MessageKind.UNSUPPORTED, text="document")


@pytest.mark.parametrize(
    ("text", "touch"),
    [
        ("/start", None),
        ("/start ", None),
        ("/start  leaf ", Touch("deep_link", "leaf")),
        ("/start@tea_bridge_bot leaf", Touch("deep_link", "leaf")),
        ("/started leaf", None),
        ("see /start leaf", None),
    ],
)
def test_the_start_parameter_is_a_touch(text: str, touch: Touch | None) -> None:
    assert parse(message=message(text=text)) == received(text=text, touch=touch)


def test_a_chat_without_a_type_is_private_when_its_number_is_a_persons() -> None:
    shell = message(text="Чай")
    for number, is_message in ((5, True), (-5, False)):
        event = parse(message=shell | {"chat": {"id": number}})
        assert isinstance(event, MessageReceived) is is_message


def test_the_answer_to_a_press_without_a_message_goes_to_the_one_who_pressed() -> None:
    event = parse(callback_query={key: PRESS[key] for key in ("id", "from", "data")})
    assert isinstance(event, ButtonPressed)
    assert event.sender.external_id == str(PRESS["from"]["id"])  # type: ignore[index]
    assert event.of_message == ""


KINDS = {
    "bold": "bold", "italic": "italic", "underline": "underline", "code": "code", "pre": "pre",
    "strikethrough": "strikethrough", "spoiler": "spoiler", "blockquote": "quote",
    "expandable_blockquote": "quote", "text_link": "link", "url": "url", "mention": "mention",
    "text_mention": "mention", "hashtag": "hashtag", "cashtag": "hashtag", "email": "email",
    "phone_number": "phone", "bot_command": "command",
}  # fmt: skip


@pytest.mark.parametrize(("theirs", "ours"), KINDS.items())
def test_every_kind_of_entity_has_our_name(theirs: str, ours: str) -> None:
    event = parse(
        message=message(text="Чай", entities=[{"type": theirs, "offset": 0, "length": 3}])
    )
    assert event == received(text="Чай", content=Content(entities=(Entity(ours, 0, 3),)))


@pytest.mark.parametrize(
    ("field", "mime"),
    [
        ("video", "video/mp4"),
        ("animation", "video/mp4"),
        ("video_note", "video/mp4"),
        ("voice", "audio/ogg"),
        ("audio", "audio/mpeg"),
        ("document", "application/octet-stream"),
    ],
)
def test_a_file_without_a_type_gets_the_one_of_its_kind(field: str, mime: str) -> None:
    event = parse(message=message() | {field: {"file_id": "f"}})
    assert isinstance(event, MessageReceived)
    assert [file.mime for file in event.attachments] == [mime]


def test_leaving_is_not_being_reachable() -> None:
    change = {"chat": {"id": 5, "type": "private"}, "new_chat_member": {"status": "left"}}
    event = parse(my_chat_member=change)
    assert event == ReachabilityChanged(Sender("5"), reachable=False, at=0)


def test_a_reaction_of_nobody_is_named() -> None:
    change = {"chat": {"id": 5, "type": "private"}, "message_id": 3}
    assert parse(message_reaction=change) == Unknown("anonymous_message_reaction")


def test_names_of_tomorrow_are_kept_short_and_an_empty_update_is_called_so() -> None:
    assert TELEGRAM.parse(update(1)) == (Unknown("empty"),)
    assert parse(**{"n" * 65: {}}) == Unknown("n" * 64)
    long = parse(message=message() | {"n" * 65: {}})
    assert long == received(MessageKind.UNSUPPORTED, text="n" * 64)
    change = {"chat": {"id": 5, "type": "private"}, "new_chat_member": {"status": "n" * 65}}
    assert parse(my_chat_member=change) == Unknown(f"my_chat_member.{'n' * 49}")


@pytest.mark.parametrize("body", [b'{"update_id":1,"message":5}', b'{"update_id":1,"message":[]}'])
def test_an_update_that_is_no_object_is_broken(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        TELEGRAM.parse(body)


def test_bytes_that_are_no_text_are_broken_not_fatal() -> None:
    body = update(1, message=message(text="Q")).replace(b'"Q"', b'"\xff"')
    with pytest.raises(ValueError, match="utf-8"):
        TELEGRAM.parse(body)


def test_half_a_character_does_not_cost_the_message() -> None:
    body = (
        b'{"update_id":5,"message":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},'
        b'"from":{"id":1,"first_name":"A\\ude00"},"text":"\\ud83d tea"}}'
    )
    assert TELEGRAM.envelope(body) == Envelope("5")
    (event,) = TELEGRAM.parse(body)
    assert isinstance(event, MessageReceived)
    assert (event.text, event.sender.name) == ("\ufffd tea", "A\ufffd")
