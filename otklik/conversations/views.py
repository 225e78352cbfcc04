"""Rows turned into what operators and integrations see. Pure."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from otklik.contacts.types import Person
from otklik.conversations.types import (
    AttachmentDetails,
    AttachmentRow,
    AttachmentView,
    ConversationRow,
    MessageRow,
    MessageStateChange,
    MessageView,
    QueueRow,
    ReactionRow,
    ReactionView,
)
from otklik.kernel.ids import LabelId
from otklik.ports.channel import Refusal

_label_ids = msgspec.json.Decoder(list[str]).decode
_CODE = "failure_code"
_details = msgspec.json.Decoder(AttachmentDetails).decode


def queue_row(row: ConversationRow, people: Iterable[Person]) -> QueueRow:
    """Show a conversation as a row of the queue; `people` are the addresses of its contact."""
    mine = [person for person in people if person.contact_id == row.contact_id]
    return QueueRow(
        id=row.id,
        contact_id=row.contact_id,
        contact_name=mine[0].contact_name if mine else "",
        channel=row.channel,
        inbox_id=row.inbox_id,
        state=row.state,
        operator_id=row.operator_id,
        label_ids=labels_on(row),
        preview=row.preview,
        preview_kind=row.preview_kind,
        preview_author=row.preview_author,
        unread=row.unread,
        last_message_at=row.last_message_at,
        waiting_since=row.waiting_since,
        operator_read_seq=row.operator_read_seq,
        contact_read_seq=row.contact_read_seq,
        last_seq=row.last_seq,
        created_at=row.created_at,
        resolved_at=row.resolved_at,
        picture_id=next((one.picture_id for one in mine if one.picture_id), None),
    )


def labels_on(row: ConversationRow) -> list[LabelId]:
    """Give the labels of a conversation."""
    return [] if row.label_ids == "[]" else [LabelId(one) for one in _label_ids(row.label_ids)]


def message_view(
    row: MessageRow,
    contact_name: str,
    attachments: Sequence[AttachmentRow] = (),
    reactions: Sequence[ReactionRow] = (),
) -> MessageView:
    """Show a message. What was taken back keeps its place and loses its body."""
    gone = row.deleted_at is not None
    return MessageView(
        id=row.id,
        seq=row.seq,
        conversation_id=row.conversation_id,
        contact_id=row.contact_id,
        inbox_id=row.inbox_id,
        identity_id=row.identity_id,
        channel=row.channel,
        author_kind=row.author_kind,
        author_id=row.author_id,
        author_name=contact_name if row.author_kind == "contact" else row.content.author_name,
        kind=row.kind,
        text="" if gone else row.text,
        content=type(row.content)() if gone else row.content,
        attachments=[] if gone else [attachment_view(one) for one in attachments],
        reactions=[ReactionView(emoji=one.emoji, author_kind=one.author_kind) for one in reactions],
        group_key=row.group_key,
        reply_to_id=row.reply_to_id,
        client_id=row.client_id,
        state=row.state,
        failure=row.failure,
        failure_code=_failure_code(row),
        sent_at=row.sent_at,
        created_at=row.created_at,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
    )


def state_change(row: MessageRow) -> MessageStateChange:
    """Show how far a message came."""
    return MessageStateChange(
        message_id=row.id,
        inbox_id=row.inbox_id,
        state=row.state,
        failure=row.failure,
        failure_code=_failure_code(row),
    )


def with_failure(row: MessageRow, refusal: Refusal | None) -> MessageRow:
    """Note why the last try did not reach the contact; None: it did."""
    details = {k: v for k, v in row.content.details.items() if k != _CODE}
    if refusal is not None and refusal.code:
        details[_CODE] = refusal.code
    content = replace(row.content, details=details)
    return replace(row, failure="" if refusal is None else refusal.kind.value, content=content)


def _failure_code(row: MessageRow) -> str:
    return row.content.details.get(_CODE, "") if row.failure else ""


def attachment_view(row: AttachmentRow) -> AttachmentView:
    """Show a file of a message."""
    details = _details(row.details)
    return AttachmentView(
        id=row.id,
        kind=row.kind,
        state=row.state,
        file_id=row.file_id,
        name=row.name,
        mime=row.mime,
        size=row.size,
        width=row.width,
        height=row.height,
        duration_s=row.duration_s,
        format=details.format,
        emoji=details.emoji,
        round=details.round,
        animation=details.animation,
    )
