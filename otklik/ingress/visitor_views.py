"""Messages and events as their visitor may see them: no notes, no system lines, no ids of ours."""

from collections.abc import Callable, Container, Sequence
from typing import Literal

import msgspec

from otklik.channels import CHANNELS
from otklik.conversations.types import (
    AttachmentView,
    MessageState,
    MessageStateChange,
    MessageView,
    QueueRow,
)
from otklik.events.types import Event, EventKind
from otklik.ingress.visitor_types import VisitorAttachment, VisitorMessage
from otklik.ports.message import MessageKind

Link = Callable[[str], str]
"""Gives the signed address of a stored file."""

_HIDDEN_KINDS = frozenset({MessageKind.NOTE, MessageKind.SYSTEM})

_KINDS = frozenset(map(MessageKind, CHANNELS["app"].manifest.receives))

_message = msgspec.json.Decoder(MessageView).decode
_state = msgspec.json.Decoder(MessageStateChange).decode
_row = msgspec.json.Decoder(QueueRow).decode


class _Created(msgspec.Struct, frozen=True):
    seq: int
    kind: Literal["message.created", "message.changed"]
    message: VisitorMessage


class _State(msgspec.Struct, frozen=True):
    seq: int
    kind: Literal["message.state"]
    message_id: str
    state: MessageState


class _Read(msgspec.Struct, frozen=True):
    seq: int
    kind: Literal["read"]
    operator_read_seq: int


def is_visible(message: MessageView, mine: Container[str]) -> bool:
    """Tell whether a message belongs to the visitor's chat.

    The timeline of a contact spans channels, and browsers that others may use too: the chat on a
    site shows what was said at the visitor's own addresses.
    """
    return (
        message.identity_id in mine
        and message.kind not in _HIDDEN_KINDS
        and message.author_kind != "system"
    )


def visitor_message(message: MessageView, link: Link) -> VisitorMessage:
    """Show a message to its visitor."""
    return VisitorMessage(
        id=message.id,
        seq=message.seq,
        from_="contact" if message.author_kind == "system" else message.author_kind,
        author_name="" if message.author_kind == "contact" else message.author_name,
        kind=_kind(message),
        text=message.text,
        entities=message.content.entities,
        attachments=[_attachment(one, link) for one in message.attachments],
        buttons=message.content.buttons,
        location=message.content.location,
        group_key=message.group_key,
        reply_to_id=message.reply_to_id,
        client_id=_client_id(message),
        state=message.state.value,
        sent_at=message.sent_at,
        edited_at=message.edited_at,
        deleted=message.deleted_at is not None,
    )


def visible(
    messages: Sequence[MessageView], mine: Container[str], link: Link
) -> list[VisitorMessage]:
    """Show what belongs to the visitor's chat, in the given order."""
    return [visitor_message(one, link) for one in messages if is_visible(one, mine)]


def change(event: Event, inbox_id: str, mine: Container[str], link: Link) -> bytes | None:
    """Tell an event to a visitor of an inbox as JSON; None when it is none of their business.

    `mine`: the ids of the visitor's own addresses.
    """
    match event.kind:
        case EventKind.MESSAGE_CREATED | EventKind.MESSAGE_CHANGED:
            message = _message(event.body)
            if not is_visible(message, mine):
                return None
            kind: Literal["message.created", "message.changed"] = (
                "message.created" if event.kind is EventKind.MESSAGE_CREATED else "message.changed"
            )
            shown = _Created(event.seq, kind, visitor_message(message, link))
            return msgspec.json.encode(shown)
        case EventKind.MESSAGE_STATE:
            news = _state(event.body)
            if news.inbox_id != inbox_id:
                return None
            return msgspec.json.encode(
                _State(event.seq, "message.state", news.message_id, news.state)
            )
        case EventKind.CONVERSATION_CHANGED:
            row = _row(event.body)
            if row.inbox_id != inbox_id:
                return None
            return msgspec.json.encode(_Read(event.seq, "read", row.operator_read_seq))
        case _:
            return None


def _kind(message: MessageView) -> MessageKind:
    """Give a kind every app knows: what the protocol has no word for is its text, if it has one."""
    if message.kind in _KINDS:
        return message.kind
    return MessageKind.TEXT if message.text else MessageKind.UNSUPPORTED


def _client_id(message: MessageView) -> str | None:
    """Give the id the visitor's own device chose; ours and the operators' stay inside."""
    if message.author_kind != "contact" or message.client_id is None:
        return None
    return message.client_id.rpartition(":")[2]


def _attachment(one: AttachmentView, link: Link) -> VisitorAttachment:
    return VisitorAttachment(
        id=one.id,
        kind=one.kind,
        url=None if one.file_id is None else link(one.file_id),
        name=one.name,
        mime=one.mime,
        size=one.size,
        width=one.width,
        height=one.height,
        duration_s=one.duration_s,
        format=one.format,
        emoji=one.emoji,
    )
