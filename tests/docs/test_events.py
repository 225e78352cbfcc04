import msgspec
import pytest

from otklik.contacts.types import (
    ConsentView,
    ContactView,
    IdentityView,
    LinkView,
    Regrouped,
    TouchpointView,
)
from otklik.conversations.types import (
    AttachmentState,
    AttachmentView,
    LabelView,
    MessageState,
    MessageStateChange,
    MessageView,
    QueueRow,
    ReactionView,
)
from otklik.events.types import Event, EventKind
from otklik.inboxes.types import InboxState, InboxView
from otklik.ingress import live
from otklik.ports.channel import RefusalKind
from otklik.ports.message import Content, MessageKind
from otklik.webhooks.types import Payload
from tests.docs.pages import named, page, rows, section, table

TEXT = page("events.md")

SECTIONS: dict[str, list[type[msgspec.Struct]]] = {
    "MessageView": [MessageView, AttachmentView, ReactionView, Content],
    "Message states": [MessageStateChange],
    "QueueRow": [QueueRow],
    "ContactView": [ContactView, IdentityView, TouchpointView, LinkView, ConsentView],
    "Regrouped": [Regrouped],
    "InboxView": [InboxView],
    "LabelView": [LabelView],
}


def words(text: str) -> set[str]:
    return {word.strip("…") for span in named(text) for word in span.strip("{}").split(", ")}


@pytest.mark.parametrize("title", SECTIONS)
def test_every_field_of_a_body_is_described(title: str) -> None:
    told = words(section(TEXT, title))
    for struct in SECTIONS[title]:
        assert set(struct.__struct_fields__) <= told, struct.__name__


def test_every_kind_is_in_the_table_with_its_body() -> None:
    kinds = {kind: row[2] for kind, row in table(TEXT.partition("\n## ")[0]).items()}
    assert set(kinds) == {kind.value for kind in EventKind}
    for kind, body in kinds.items():
        assert any(f"[{struct}]" in body for struct in (*SECTIONS, "MessageStateChange")), kind


@pytest.mark.parametrize("form", [Event, Payload])
def test_both_forms_of_an_event_are_shown(form: type[msgspec.Struct]) -> None:
    assert f"`{{{', '.join(form.__struct_fields__)}}}`" in TEXT


def test_states_and_failures_are_described() -> None:
    first = {name for row in rows(section(TEXT, "Message states")) for name in named(row[0])}
    assert first >= {state.value for state in MessageState}
    assert first >= {kind.value for kind in RefusalKind}
    told = words(section(TEXT, "MessageView"))
    assert told >= {kind.value for kind in MessageKind} | {state.value for state in AttachmentState}


def test_states_of_an_inbox_are_described() -> None:
    assert {state.value for state in InboxState} <= words(page("channels.md"))


def test_the_socket_tells_which_view_brings_which_kind() -> None:
    views = table(section(page("live.md"), "From you"))
    queue = {kind.value for kind in EventKind if f"`{kind.value}`" in views["queue"][1]}
    assert queue == {kind.value for kind in live._QUEUE_KINDS}
    both = views["queue"][1] + views["conversation:ID"][1]
    assert all(f"`{kind.value}`" in both for kind in EventKind)
