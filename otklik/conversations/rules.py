"""What happens to a conversation when something happens in it. Pure: no clock, no database."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from otklik.contacts.types import Person
from otklik.conversations.types import (
    AuthorKind,
    ConversationRow,
    ConversationState,
    MessageRow,
    MessageState,
)
from otklik.kernel.ids import ConversationId, OperatorId
from otklik.kernel.text import preview
from otklik.ports.message import MessageKind

REOPEN_WITHIN_MS = 24 * 3_600_000
"""A message this soon after the end continues the same conversation; a later one starts anew."""

_PROGRESS = {
    MessageState.QUEUED: 0,
    MessageState.SENDING: 1,
    MessageState.UNCERTAIN: 2,
    MessageState.FAILED: 2,
    MessageState.SENT: 3,
    MessageState.DELIVERED: 4,
    MessageState.READ: 5,
    MessageState.RECEIVED: 6,
}


def started(person: Person, conversation_id: str, at: int) -> ConversationRow:
    """Open a conversation with a person at the address they used."""
    return ConversationRow(
        id=ConversationId(conversation_id),
        account_id=person.account_id,
        contact_id=person.contact_id,
        inbox_id=person.inbox_id,
        identity_id=person.identity_id,
        channel=person.channel,
        state=ConversationState.OPEN,
        operator_id=None,
        label_ids="[]",
        preview="",
        preview_kind=MessageKind.TEXT,
        preview_author="contact",
        unread=0,
        operator_read_seq=0,
        contact_read_seq=0,
        last_seq=0,
        last_message_at=at,
        waiting_since=None,
        created_at=at,
        resolved_at=None,
    )


def current(rows: Iterable[ConversationRow]) -> ConversationRow | None:
    """Choose the conversation a new message belongs to; None to start one.

    `rows` are those open or resolved within `REOPEN_WITHIN_MS`: the open one wins, else the last
    that moved.
    """
    return max(
        rows, key=lambda row: (row.state is ConversationState.OPEN, row.last_seq), default=None
    )


def reopened(row: ConversationRow) -> ConversationRow:
    """Put a resolved conversation back into the queue."""
    return replace(row, state=ConversationState.OPEN, resolved_at=None)


def resolved(row: ConversationRow, at: int) -> ConversationRow:
    """End a conversation: nobody waits in it any more."""
    return replace(
        row, state=ConversationState.RESOLVED, resolved_at=at, waiting_since=None, unread=0
    )


def assigned(row: ConversationRow, operator_id: OperatorId | None) -> ConversationRow:
    """Give the conversation to an operator, or to nobody."""
    return replace(row, operator_id=operator_id)


def read_up_to(row: ConversationRow, seq: int) -> ConversationRow:
    """Note that an operator has seen the timeline up to a number."""
    seen = min(max(seq, row.operator_read_seq), row.last_seq)
    return replace(row, operator_read_seq=seen, unread=0 if seen >= row.last_seq else row.unread)


def with_message(row: ConversationRow, message: MessageRow, person: Person) -> ConversationRow:
    """Give the conversation after a message joined it."""
    row = replace(
        row,
        preview=preview(message.text),
        preview_kind=message.kind,
        preview_author=message.author_kind,
        last_seq=message.seq,
        last_message_at=message.created_at,
    )
    if message.author_kind == "contact":
        return replace(
            row,
            inbox_id=person.inbox_id,
            identity_id=person.identity_id,
            channel=person.channel,
            unread=row.unread + 1,
            waiting_since=message.created_at if row.waiting_since is None else row.waiting_since,
        )
    if message.kind is MessageKind.NOTE:
        return row
    if message.author_kind == "operator":
        return replace(row, waiting_since=None, unread=0, operator_read_seq=message.seq)
    return row


def with_newest_changed(row: ConversationRow, message: MessageRow) -> ConversationRow:
    """Give the conversation after its newest message was edited or taken back."""
    if message.deleted_at is not None:
        return replace(row, preview="", preview_kind=MessageKind.TEXT)
    return replace(row, preview=preview(message.text))


def with_system_line(row: ConversationRow, message: MessageRow) -> ConversationRow:
    """Give the conversation after a line nobody wrote: its place in the queue stays."""
    return replace(row, last_seq=message.seq)


def next_state(old: MessageState, new: MessageState) -> MessageState:
    """Give the state after a report: it never goes back.

    A failure ends only what is on its way; proof of arrival beats doubt and failure. Sent is on
    its way still: a mail server or a messenger may take a message and give it up later.
    """
    if old is MessageState.RECEIVED:
        return old
    if new is MessageState.FAILED and old is MessageState.SENT:
        return new
    return new if _PROGRESS[new] > _PROGRESS[old] else old


def automatic_answer(settings: Mapping[str, str], *, is_new: bool) -> str:
    """Give the inbox's own answer to a message, or an empty text.

    Settings: `auto_answer` is the text; `auto_answer_when` is `first` (the message that opens a
    conversation, the default) or `every`.
    """
    answer = settings.get("auto_answer", "")
    if answer and (is_new or settings.get("auto_answer_when") == "every"):
        return answer
    return ""


def may_change(message: MessageRow, author: AuthorKind) -> bool:
    """Tell whether a message can still be edited or taken back by its author's side."""
    return (
        message.author_kind == author
        and message.deleted_at is None
        and message.kind not in {MessageKind.SYSTEM, MessageKind.PRESS}
    )
