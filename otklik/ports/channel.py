"""The contract of a channel adapter: a pure codec between a platform and our words.

Adapters never do I/O. They read bytes into events and describe requests; one sender in the
platform layer performs every request for all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec

from otklik.ports.inbound import (
    ButtonPressed,
    ChannelEvent,
    ChatMoved,
    Envelope,
    Malformed,
    MessageEdited,
    MessageReceived,
    MessagesDeleted,
    ReachabilityChanged,
    ReactionChanged,
    Sender,
    StatusReported,
    Touch,
    TypingReported,
    Unknown,
)
from otklik.ports.outbound import (
    FORBIDDEN_ADDRESS,
    Connected,
    FilePart,
    FoundFile,
    Order,
    Outgoing,
    OutgoingDelete,
    OutgoingEdit,
    OutgoingFile,
    OutgoingReaction,
    Polled,
    PressAnswer,
    Refusal,
    RefusalKind,
    Request,
    Sent,
    TypingShown,
)

__all__ = [
    "FORBIDDEN_ADDRESS",
    "ButtonPressed",
    "Channel",
    "ChannelEvent",
    "ChatMoved",
    "Connect",
    "Connected",
    "Envelope",
    "FilePart",
    "FoundFile",
    "InboxConfig",
    "Limits",
    "Malformed",
    "Manifest",
    "MessageEdited",
    "MessageReceived",
    "MessagesDeleted",
    "Order",
    "Outbound",
    "Outgoing",
    "OutgoingDelete",
    "OutgoingEdit",
    "OutgoingFile",
    "OutgoingReaction",
    "Polled",
    "PressAnswer",
    "ReachabilityChanged",
    "ReactionChanged",
    "Refusal",
    "RefusalKind",
    "Request",
    "Sender",
    "Sent",
    "StatusReported",
    "Touch",
    "TypingReported",
    "TypingShown",
    "Unknown",
]


class InboxConfig(msgspec.Struct, frozen=True):
    """One connected account of a channel as its adapter sees it.

    `settings` are shown to admins (for Telegram: `api_base`, `bot_username`); `secrets` are not
    (for Telegram: `token`, `webhook_secret`).
    """

    inbox_id: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str]


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
