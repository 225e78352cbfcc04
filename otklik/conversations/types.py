"""What a conversation and a message are, inside and outside."""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from otklik.inboxes.types import Inbox
from otklik.kernel.ids import (
    AttachmentId,
    ContactId,
    ConversationId,
    FileId,
    IdentityId,
    InboxId,
    LabelId,
    MessageId,
    OperatorId,
)
from otklik.ports.channel import ChannelEvent, Template
from otklik.ports.message import Button, ContactCard, Content, Entity, Location, MessageKind

AuthorKind = Literal["contact", "operator", "bot", "system"]


class ConversationState(StrEnum):
    """Where a conversation stands."""

    OPEN = "open"
    RESOLVED = "resolved"


class MessageState(StrEnum):
    """How far a message came. Later states never go back to earlier ones."""

    RECEIVED = "received"
    """From the contact, or a note or system line: nothing to deliver."""
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    """The answer was lost: it may have arrived. A person decides."""


class AttachmentState(StrEnum):
    """Whether we hold the file of a message."""

    PENDING = "pending"
    STORED = "stored"
    TOO_LARGE = "too_large"
    FAILED = "failed"


class AttachmentView(msgspec.Struct, frozen=True):
    """A file of a message. Its bytes: `GET /api/v1/files/{file_id}` once `state` is stored."""

    id: AttachmentId
    kind: MessageKind
    state: AttachmentState
    file_id: FileId | None
    name: str
    mime: str
    size: int
    width: int
    height: int
    duration_s: int
    format: str = ""
    emoji: str = ""
    round: bool = False
    animation: bool = False


class ReactionView(msgspec.Struct, frozen=True):
    """One reaction on a message."""

    emoji: str
    author_kind: AuthorKind


class MessageView(msgspec.Struct, frozen=True):
    """A message as operators and integrations see it. Times are Unix milliseconds, UTC.

    `seq` orders the timeline of a contact and is unique in the account.
    """

    id: MessageId
    seq: int
    conversation_id: ConversationId
    contact_id: ContactId
    inbox_id: InboxId
    identity_id: IdentityId
    channel: str
    author_kind: AuthorKind
    author_id: str
    author_name: str
    kind: MessageKind
    text: str
    content: Content
    attachments: list[AttachmentView]
    reactions: list[ReactionView]
    group_key: str
    reply_to_id: MessageId | None
    client_id: str | None
    state: MessageState
    failure: str
    """Why it, or its last change, did not reach the contact: a `RefusalKind`, or empty."""
    failure_code: str
    """The platform's code of the failure where the channel's `errors` explain it, or empty."""
    sent_at: int
    created_at: int
    edited_at: int | None
    deleted_at: int | None


class QueueRow(msgspec.Struct, frozen=True):
    """A conversation as a row of the queue."""

    id: ConversationId
    contact_id: ContactId
    contact_name: str
    channel: str
    inbox_id: InboxId
    state: ConversationState
    operator_id: OperatorId | None
    label_ids: list[LabelId]
    preview: str
    preview_kind: MessageKind
    preview_author: AuthorKind
    unread: int
    last_message_at: int
    waiting_since: int | None
    """Since when the contact waits for an answer; none when it is their turn."""
    operator_read_seq: int
    contact_read_seq: int
    last_seq: int
    created_at: int
    resolved_at: int | None
    picture_id: str | None = None
    """The contact's face: `GET /api/v1/files/{picture_id}`."""


class LabelView(msgspec.Struct, frozen=True):
    """A label operators put on conversations; `color` is a name of the palette."""

    id: LabelId
    title: str
    color: str


ClientId = Annotated[str, msgspec.Meta(min_length=8, max_length=64)]
"""Chosen by the caller: the same one again is the same request again."""

LabelColor = Literal["gray", "red", "amber", "green", "teal", "blue", "violet", "pink"]


class NewLabel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A label to add, or what it shall become."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    color: LabelColor = "gray"


class NewMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reply. `client_id` makes a repeated request harmless.

    Where it goes: `identity_id`, or the address the contact wrote from last. With files, their
    content decides the kind; `kind` voice or file sends them as that.
    """

    client_id: ClientId
    kind: MessageKind = MessageKind.TEXT
    text: str = ""
    entities: tuple[Entity, ...] = ()
    file_ids: tuple[FileId, ...] = ()
    sticker_of: MessageId | None = None
    """Send the sticker of this earlier message again."""
    buttons: tuple[tuple[Button, ...], ...] = ()
    location: Location | None = None
    card: ContactCard | None = None
    reply_to_id: MessageId | None = None
    identity_id: IdentityId | None = None
    template: Template | None = None
    """Send a message the platform approved beforehand; `text` is what the contact will read."""


class EarlyMark(msgspec.Struct, frozen=True):
    """How far a message came, told before the platform's answer gave us its number."""

    account_id: str
    inbox_id: str
    external_id: str
    state: str
    failure: str
    code: str
    detail: str
    at: int


class PreviewPart(msgspec.Struct, frozen=True):
    """One of the messages an answer becomes."""

    kind: MessageKind
    text: str
    buttons: tuple[tuple[Button, ...], ...]
    file_ids: list[str]


class Preview(msgspec.Struct, frozen=True):
    """What a channel makes of an answer. `changes`: what is lost or moved, as names.

    They are: text_split, caption_apart, album_split, buttons_as_list, buttons_as_text,
    links_as_text, sticker_as_picture, sent_as_file, cards_apart, cards_as_text, location_as_text,
    card_as_text, formatting_lost, quote_lost.
    """

    parts: list[PreviewPart]
    changes: list[str]


class NewNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A private note: colleagues see it, the contact never does."""

    client_id: ClientId
    text: str


class MessageStateChange(msgspec.Struct, frozen=True):
    """Body of the event `message.state`."""

    message_id: MessageId
    inbox_id: InboxId
    state: MessageState
    failure: str
    failure_code: str


# --- rows: what the store keeps; they stay inside the process -------------------------------


class ConversationRow(msgspec.Struct, frozen=True):
    """A conversation as stored. `label_ids` is a JSON list."""

    id: ConversationId
    account_id: str
    contact_id: ContactId
    inbox_id: InboxId
    identity_id: IdentityId
    channel: str
    """The inbox and address the contact wrote from last: where an answer goes by default."""
    state: ConversationState
    operator_id: OperatorId | None
    label_ids: str
    preview: str
    preview_kind: MessageKind
    preview_author: AuthorKind
    unread: int
    operator_read_seq: int
    contact_read_seq: int
    last_seq: int
    last_message_at: int
    waiting_since: int | None
    created_at: int
    resolved_at: int | None


class MessageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message as stored, with its content opened."""

    id: MessageId
    account_id: str
    contact_id: ContactId
    conversation_id: ConversationId
    inbox_id: InboxId
    identity_id: IdentityId
    channel: str
    seq: int
    author_kind: AuthorKind
    author_id: str = ""
    kind: MessageKind
    text: str = ""
    content: Content = Content()
    group_key: str = ""
    reply_to_id: MessageId | None = None
    external_id: str | None = None
    client_id: str | None = None
    state: MessageState = MessageState.RECEIVED
    failure: str = ""
    sent_at: int
    created_at: int
    edited_at: int | None = None
    deleted_at: int | None = None


class AttachmentRow(msgspec.Struct, frozen=True):
    """A file of a message as stored. `due_at` is when to download it, none when settled."""

    id: AttachmentId
    account_id: str
    message_id: MessageId
    position: int
    kind: MessageKind
    state: AttachmentState
    ref: str
    file_id: FileId | None
    name: str
    mime: str
    size: int
    width: int
    height: int
    duration_s: int
    details: str
    """JSON of `AttachmentDetails`."""
    tries: int
    due_at: int | None


class AttachmentDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """What only some attachments have. `platform_ref` re-sends a file the platform holds."""

    format: str = ""
    emoji: str = ""
    round: bool = False
    animation: bool = False
    platform_ref: str = ""


class ReactionRow(msgspec.Struct, frozen=True):
    """A reaction as stored."""

    id: str
    account_id: str
    message_id: MessageId
    author_kind: AuthorKind
    author_id: str
    emoji: str


class FileRow(msgspec.Struct, frozen=True):
    """A stored file: what its bytes are and who may see it."""

    id: FileId
    account_id: str
    contact_id: str
    """The contact who uploaded it; empty for an operator's upload."""
    name: str
    mime: str
    kind: MessageKind
    size: int
    width: int
    height: int
    inline: int
    """1 when a browser may show it in place."""
    sha256: str
    created_at: int


class Happening(msgspec.Struct, frozen=True):
    """One event in one inbox; `live` when the channel has no platform to send to.

    `tells_profiles`: the platform can be asked who somebody is. `letters`: messages are letters,
    with subjects and threads.
    """

    inbox: Inbox
    event: ChannelEvent
    live: bool = False
    tells_profiles: bool = False
    letters: bool = False
