"""The contract of a channel adapter: a pure codec between a platform and our words.

Adapters never do I/O. They read bytes into events and describe requests; one sender in the
platform layer performs every request for all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Literal

import msgspec

from otklik.ports.message import (
    Attachment,
    Button,
    ContactCard,
    Content,
    Entity,
    Location,
    MessageKind,
)


class InboxConfig(msgspec.Struct, frozen=True):
    """One connected account of a channel as its adapter sees it.

    `settings` are shown to admins (for Telegram: `api_base`, `bot_username`); `secrets` are not
    (for Telegram: `token`, `webhook_secret`).
    """

    inbox_id: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str]


# --- what comes in ---------------------------------------------------------------------------


class Sender(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who wrote: `external_id` is the address we can answer to (for Telegram the chat id)."""

    external_id: str
    name: str = ""
    username: str = ""
    locale: str = ""
    evidence: Literal["channel", "signed", "claimed"] = "channel"
    email: str = ""
    phone: str = ""
    """E-mail and phone as the sender's own claim or, with evidence `signed`, as attested."""


class Touch(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the sender came from, to be recorded as a touchpoint.

    `kind`: `deep_link` (source is the start parameter) or `page` (source is the page's URL).
    `details` may hold referrer, utm_source, utm_medium, utm_campaign, device, title.
    """

    kind: Literal["deep_link", "page"]
    source: str
    details: dict[str, str] = {}


class MessageReceived(msgspec.Struct, frozen=True, omit_defaults=True, tag="message"):
    """A person wrote. `external_id` is unique within the inbox; `sent_at` Unix ms, 0: not told."""

    sender: Sender
    external_id: str
    sent_at: int
    kind: MessageKind = MessageKind.TEXT
    text: str = ""
    content: Content = Content()
    attachments: tuple[Attachment, ...] = ()
    group_key: str = ""
    """The album it belongs to; messages with one key are shown together."""
    reply_to: str = ""
    """The external id of the message this one answers."""
    touch: Touch | None = None


class MessageEdited(msgspec.Struct, frozen=True, omit_defaults=True, tag="edit"):
    """A message got a new body; it is stored as new when we never saw the first one."""

    message: MessageReceived
    edited_at: int


class MessagesDeleted(msgspec.Struct, frozen=True, tag="delete"):
    """The sender took messages back."""

    sender: Sender
    external_ids: tuple[str, ...]
    at: int


class ReactionChanged(msgspec.Struct, frozen=True, tag="reaction"):
    """The sender's reactions to one message are now exactly these emoji."""

    sender: Sender
    external_id: str
    emojis: tuple[str, ...]
    at: int


class ButtonPressed(msgspec.Struct, frozen=True, omit_defaults=True, tag="press"):
    """A button under one of our messages was pressed.

    `press_id` is what the platform wants acknowledged; `external_id` makes the press a message.
    `at` is 0 when the platform does not tell: then the time of receipt is meant.
    """

    sender: Sender
    external_id: str
    press_id: str
    payload: str
    at: int
    of_message: str = ""
    label: str = ""


class ReachabilityChanged(msgspec.Struct, frozen=True, tag="reachability"):
    """The person blocked or unblocked us."""

    sender: Sender
    reachable: bool
    at: int


class StatusReported(msgspec.Struct, frozen=True, omit_defaults=True, tag="status"):
    """The platform tells how far one of our messages came.

    With `up_to` it is a watermark: every message of the chat up to that one.
    """

    sender: Sender
    external_id: str
    state: Literal["delivered", "read", "failed"]
    at: int
    up_to: bool = False
    reason: str = ""


class TypingReported(msgspec.Struct, frozen=True, omit_defaults=True, tag="typing"):
    """The person is typing now. Never stored."""

    sender: Sender
    text: str = ""


class ChatMoved(msgspec.Struct, frozen=True, tag="moved"):
    """The platform gave a chat a new id; the identity follows."""

    old_external_id: str
    new_external_id: str


class Unknown(msgspec.Struct, frozen=True, omit_defaults=True, tag="unknown"):
    """Something we do not act on. It stays in the log under this name, replayable."""

    name: str


ChannelEvent = (
    MessageReceived
    | MessageEdited
    | MessagesDeleted
    | ReactionChanged
    | ButtonPressed
    | ReachabilityChanged
    | StatusReported
    | TypingReported
    | ChatMoved
    | Unknown
)


class Envelope(msgspec.Struct, frozen=True):
    """The outside of one body: enough to accept it without reading it.

    Two bodies with one `dedupe_key` in one inbox are the same event.
    """

    dedupe_key: str


class Malformed(msgspec.Struct, frozen=True):
    """The body is not what the platform sends: refused, with the reason in English."""

    reason: str


# --- what goes out ---------------------------------------------------------------------------


class OutgoingFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """One stored file to send. `platform_ref` re-sends a file the platform already has."""

    kind: MessageKind
    file_id: str
    name: str
    mime: str
    size: int = 0
    width: int = 0
    height: int = 0
    duration_s: int = 0
    format: str = ""
    platform_ref: str = ""


class Outgoing(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message to hand to the platform; `to` is the external id of the identity."""

    message_id: str
    to: str
    kind: MessageKind
    text: str = ""
    entities: tuple[Entity, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    location: Location | None = None
    card: ContactCard | None = None
    reply_to: str = ""
    silent: bool = False


class OutgoingEdit(msgspec.Struct, frozen=True):
    """Replace the body of a message the platform has as `external_id`."""

    external_id: str
    message: Outgoing


class OutgoingDelete(msgspec.Struct, frozen=True):
    """Take back the messages the platform has under these ids."""

    to: str
    external_ids: tuple[str, ...]


class OutgoingReaction(msgspec.Struct, frozen=True):
    """Set our reaction on a message; an empty emoji removes it."""

    to: str
    external_id: str
    emoji: str


class PressAnswer(msgspec.Struct, frozen=True):
    """Acknowledge a pressed button, so that the platform stops its spinner."""

    press_id: str
    text: str = ""


class TypingShown(msgspec.Struct, frozen=True):
    """Show the person that somebody is typing."""

    to: str


Order = Outgoing | OutgoingEdit | OutgoingDelete | OutgoingReaction | PressAnswer | TypingShown


class FilePart(msgspec.Struct, frozen=True):
    """A multipart field whose bytes the sender reads from the file store."""

    field: str
    file_id: str
    name: str
    mime: str


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """One HTTP request, described. `url` holds credentials: it is never logged.

    Exactly one of `body` (JSON bytes) or `fields`/`files` (multipart) is set, or none.
    `label` names it in logs and metrics.
    """

    method: Literal["GET", "POST", "PUT", "DELETE"]
    url: str
    label: str
    headers: Mapping[str, str] = {}
    body: bytes = b""
    fields: Mapping[str, str] = {}
    files: tuple[FilePart, ...] = ()
    timeout_s: float = 20.0


class RefusalKind(StrEnum):
    """The closed set of reasons a platform does not take a message."""

    BLOCKED = "blocked"
    WINDOW_CLOSED = "window_closed"
    THROTTLED = "throttled"
    TOO_LONG = "too_long"
    BAD_MEDIA = "bad_media"
    BAD_TOKEN = "bad_token"  # noqa: S105 - a reason, not a secret
    GONE = "gone"
    """The chat does not exist any more, or never did."""
    MOVED = "moved"
    """The chat has a new address: see `Refusal.moved_to`."""
    TEMPORARY = "temporary"
    UNCERTAIN = "uncertain"
    """The answer was lost: it may have been sent."""
    OTHER = "other"


class Refusal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why the platform did not take it. `detail` is the platform's own text, kept for admins.

    `everywhere` marks a throttle of the whole credential, not of one chat.
    """

    kind: RefusalKind
    detail: str = ""
    retry_after_s: float = 0.0
    everywhere: bool = False
    moved_to: str = ""


class Sent(msgspec.Struct, frozen=True, omit_defaults=True):
    """The platform took it. `external_ids`: one per part of an album, the first is the message.

    `file_refs` are the platform's references of the uploaded files, in order, for re-use.
    """

    external_ids: tuple[str, ...] = ()
    file_refs: tuple[str, ...] = ()


class Polled(msgspec.Struct, frozen=True):
    """One answer of a long poll: bodies in order, and the cursor that confirms them.

    An empty cursor keeps the former one.
    """

    bodies: tuple[bytes, ...]
    cursor: str


class Connected(msgspec.Struct, frozen=True):
    """What the platform says of a credential that works; `settings` are stored with the inbox."""

    title: str
    settings: Mapping[str, str]


class FoundFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where to download a file from; `size` in bytes when the platform tells."""

    request: Request
    size: int = 0


# --- the adapter -----------------------------------------------------------------------------


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a platform allows; from `manifest.toml`. Lengths in `text_unit`, sizes in bytes."""

    text: int
    text_unit: Literal["characters", "utf16", "bytes"]
    caption: int
    buttons: int
    buttons_per_row: int
    button_label: int
    button_payload_bytes: int
    album: int
    upload_bytes: int
    picture_bytes: int
    download_bytes: int
    per_second: float
    per_chat_per_second: float
    chat_burst: int
    edit_within_s: int = 0
    """0: at any time."""
    delete_within_s: int = 0


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`manifest.toml` of a channel: what it is and what it can do."""

    id: str
    title: str
    docs: str
    api_version: str
    transport: Literal["http", "live"]
    """`http`: requests to a platform. `live`: the person's own socket, nothing to send."""
    receives: tuple[str, ...]
    sends: tuple[str, ...]
    features: tuple[str, ...]
    """Of: edit, delete, reaction, typing_out, typing_in, read, buttons, reply, album, polling,
    webhook, deep_link."""
    settings: tuple[str, ...]
    secrets: tuple[str, ...]
    limits: Limits


class Channel(msgspec.Struct, frozen=True):
    """One adapter: its manifest and its pure functions. A channel folder exports `CHANNEL`."""

    manifest: Manifest
    authentic: Callable[[Mapping[str, str], bytes, InboxConfig], bool]
    """Is the body from the platform? Headers have lower-case names. Constant time."""
    envelope: Callable[[bytes], Envelope | Malformed]
    parse: Callable[[bytes], Sequence[ChannelEvent]]
    """Read one accepted body; raises `msgspec.DecodeError` or `ValueError` only when the
    platform itself would call the body broken."""
    outbound: "Outbound | None" = None
    connect: "Connect | None" = None


class Outbound(msgspec.Struct, frozen=True):
    """The sending half of an adapter whose transport is `http`."""

    build: Callable[[Order, InboxConfig], Request | Refusal]
    read: Callable[[Order, int, Mapping[str, str], bytes], Sent | Refusal]
    locate: Callable[[str, InboxConfig], Request]
    """Describe the request that finds a received file by its `ref`."""
    located: Callable[[int, bytes, InboxConfig], FoundFile | Refusal]


class Connect(msgspec.Struct, frozen=True):
    """How an inbox is checked, subscribed and polled."""

    check: Callable[[InboxConfig], Request]
    checked: Callable[[int, bytes], Connected | Refusal]
    subscribe: Callable[[InboxConfig, str], Request]
    """Register our public address (second argument) as the webhook."""
    unsubscribe: Callable[[InboxConfig], Request]
    acknowledged: Callable[[int, bytes], Refusal | None]
    """Read the answer of `subscribe` and `unsubscribe`."""
    poll: Callable[[InboxConfig, str], Request]
    polled: Callable[[int, bytes], Polled | Refusal]
