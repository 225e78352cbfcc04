"""Rows turned into what operators and integrations see. Pure."""

from collections.abc import Sequence

import msgspec

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

_label_ids = msgspec.json.Decoder(list[str]).decode
_details = msgspec.json.Decoder(AttachmentDetails).decode


def queue_row(row: ConversationRow, contact_name: str) -> QueueRow:
    """Show a conversation as a row of the queue."""
    return QueueRow(
        id=row.id,
        contact_id=row.contact_id,
        contact_name=contact_name,
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
        sent_at=row.sent_at,
        created_at=row.created_at,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
    )


def state_change(row: MessageRow) -> MessageStateChange:
    """Show how far a message came."""
    return MessageStateChange(
        message_id=row.id, inbox_id=row.inbox_id, state=row.state, failure=row.failure
    )


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
