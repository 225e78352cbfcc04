"""Reading one body: what it becomes, and that it never breaks the batch."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.channels import CHANNELS
from otklik.inbound.types import Entry, Outcome
from otklik.inboxes.types import Inbox, InboxState
from otklik.ingress import dispatch
from otklik.kernel.ids import AccountId, InboxId
from otklik.ports.channel import ChannelEvent, InboxConfig, MessageReceived

INBOX = Inbox(
    InboxId("inbox"), AccountId("account"), "telegram", "Лавка", "key",
    InboxConfig("inbox", {}, {}), InboxState.ACTIVE,
)  # fmt: skip


def read(body: bytes) -> dispatch.Read:
    return dispatch.read(Entry(1, INBOX, body, 5), CHANNELS)


@given(st.binary(max_size=300))
def test_any_bytes_have_an_outcome(body: bytes) -> None:
    one = read(body)
    assert one.happenings or one.outcome in {Outcome.DEAD, Outcome.UNKNOWN}


def message(text: str) -> bytes:
    chat = {"id": 7, "type": "private"}
    return msgspec.json.encode(
        {"update_id": 1, "message": {"message_id": 1, "date": 5, "chat": chat, "text": text}}
    )


@pytest.mark.parametrize(("sent", "kept"), [
    ("a\x00b", "a\ufffdb"),
    ("\x00\x00", "\ufffd\ufffd"),
    ("\\u0000", "\\u0000"),
    ("\\\x00", "\\\ufffd"),
    ("\\\\\x00\\u0000", "\\\\\ufffd\\u0000"),
])  # fmt: skip
def test_nul_is_replaced_and_nothing_else(sent: str, kept: str) -> None:
    (happening,) = read(message(sent)).happenings
    assert isinstance(happening.event, MessageReceived)
    assert happening.event.text == kept


@given(st.text(min_size=1).filter(str.strip))
def test_any_other_text_is_read_as_it_is(text: str) -> None:
    (happening,) = read(message(text)).happenings
    assert isinstance(happening.event, MessageReceived)
    assert happening.event.text == text.replace("\x00", "\ufffd")


def test_what_we_do_not_act_on_has_a_name() -> None:
    one = read(b'{"update_id": 1, "brand_new": {}}')
    assert (one.outcome, one.name) == (Outcome.UNKNOWN, "brand_new")


def test_a_parser_that_breaks_costs_one_body_and_not_the_log() -> None:
    def parse(_body: bytes) -> tuple[ChannelEvent, ...]:
        raise AssertionError("expected name token")  # as the HTML parser of Python 3.11 says

    broken = msgspec.structs.replace(CHANNELS["telegram"], parse=parse)
    one = dispatch.read(Entry(1, INBOX, b"{}", 5), {"telegram": broken})
    assert one.outcome is Outcome.DEAD
    assert "expected name token" in one.error
