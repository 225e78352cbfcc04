from otklik.channels.widget import CHANNEL
from otklik.ports.channel import Envelope, MessageReceived
from otklik.ports.message import MessageKind
from tests.channels.widget.declaration import VISITOR, body, stored


def test_ten_files_are_one_message_whose_kind_is_that_of_the_first() -> None:
    files = [stored("picture", "image/png", f"{number}.png") for number in range(9)]
    files.append(stored("file", "application/pdf", "bill.pdf"))
    (event,) = CHANNEL.parse(body({"client_id": "c", "kind": "file"}, files=files))
    assert isinstance(event, MessageReceived)
    assert event.kind is MessageKind.PICTURE
    assert [one.kind.value for one in event.attachments] == ["picture"] * 9 + ["file"]
    assert all(one.ref.startswith("file:") for one in event.attachments)


def test_two_visitors_may_use_the_same_client_id() -> None:
    one = CHANNEL.envelope(body({"client_id": "c"}))
    other = CHANNEL.envelope(body({"client_id": "c"}, visitor="v:other"))
    assert one == Envelope(f"{VISITOR}:c")
    assert one != other


def test_an_attested_address_is_not_replaced_by_a_typed_one() -> None:
    raw = body({"client_id": "c", "email": "typed@tea.example"}, visitor="u:1", evidence="signed")
    (event,) = CHANNEL.parse(raw)
    assert isinstance(event, MessageReceived)
    assert event.sender.evidence == "signed"
    assert event.sender.email == ""


def test_a_page_without_an_address_is_no_touchpoint() -> None:
    (event,) = CHANNEL.parse(body({"client_id": "c", "touch": {"title": "Улуны"}}))
    assert isinstance(event, MessageReceived)
    assert event.touch is None


def test_a_sticker_of_an_unknown_type_is_still_a_sticker() -> None:
    raw = body(
        {"client_id": "c", "kind": "sticker"}, files=[stored("picture", "image/avif", "s.avif")]
    )
    (event,) = CHANNEL.parse(raw)
    assert isinstance(event, MessageReceived)
    assert event.attachments[0].kind is MessageKind.STICKER
    assert event.attachments[0].format == ""
