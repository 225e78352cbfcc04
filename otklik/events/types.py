"""What an event is."""

from enum import StrEnum

import msgspec


class EventKind(StrEnum):
    """Every kind of change that is announced; the body's type in brackets."""

    MESSAGE_CREATED = "message.created"
    """[MessageView]"""
    MESSAGE_CHANGED = "message.changed"
    """[MessageView] edited, deleted, reacted to, or its file arrived."""
    MESSAGE_STATE = "message.state"
    """[MessageStateChange]"""
    CONVERSATION_CHANGED = "conversation.changed"
    """[QueueRow]"""
    CONTACT_CHANGED = "contact.changed"
    """[ContactView]"""
    CONTACT_MERGED = "contact.merged"
    """[Regrouped] about the contact that is part of another one now."""
    CONTACT_SPLIT = "contact.split"
    """[Regrouped] about the contact that some addresses left."""
    INBOX_CHANGED = "inbox.changed"
    """[InboxView]"""
    LABEL_CHANGED = "label.changed"
    """[LabelView]"""


class Event(msgspec.Struct, frozen=True):
    """One change; `body` is JSON already encoded, so that it is encoded once for everybody."""

    seq: int
    kind: EventKind
    conversation_id: str
    contact_id: str
    at: int
    body: msgspec.Raw
