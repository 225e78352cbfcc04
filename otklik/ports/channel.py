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
    ConsentReported,
    DeliveryReported,
    EchoReceived,
    Envelope,
    HookReply,
    InboxReported,
    Knock,
    Malformed,
    MessageEdited,
    MessageReceived,
    MessagesDeleted,
    Opened,
    ReachabilityChanged,
    ReactionChanged,
    ReadReported,
    Sender,
    StatusReported,
    TemplateReported,
    Touch,
    TypingReported,
    Unknown,
)
from otklik.ports.outbound import (
    FORBIDDEN_ADDRESS,
    Answer,
    Answers,
    Connected,
    Errand,
    FilePart,
    FoundFile,
    HeldFile,
    KnownTemplate,
    Letter,
    Located,
    MailboxCheck,
    MailServer,
    Order,
    Outgoing,
    OutgoingCard,
    OutgoingDelete,
    OutgoingEdit,
    OutgoingFile,
    OutgoingReaction,
    Polled,
    PressAnswer,
    Profile,
    ProfileAsked,
    ReadShown,
    Refusal,
    RefusalKind,
    Request,
    Sent,
    Subscribed,
    Template,
    Templates,
    TemplateVariable,
    TypingShown,
)

__all__ = [
    "FORBIDDEN_ADDRESS",
    "Answer",
    "Answers",
    "ButtonPressed",
    "Channel",
    "ChannelEvent",
    "ChatMoved",
    "Connect",
    "Connected",
    "ConsentReported",
    "DeliveryReported",
    "EchoReceived",
    "Envelope",
    "Errand",
    "FilePart",
    "FoundFile",
    "HeldFile",
    "HookReply",
    "InboxConfig",
    "InboxReported",
    "Knock",
    "KnownTemplate",
    "Law",
    "Letter",
    "Limits",
    "Link",
    "Located",
    "Mail",
    "MailServer",
    "MailboxCheck",
    "Malformed",
    "Manifest",
    "MessageEdited",
    "MessageReceived",
    "MessagesDeleted",
    "Opened",
    "Order",
    "Outbound",
    "Outgoing",
    "OutgoingCard",
    "OutgoingDelete",
    "OutgoingEdit",
    "OutgoingFile",
    "OutgoingReaction",
    "Polled",
    "PressAnswer",
    "Profile",
    "ProfileAsked",
    "ReachabilityChanged",
    "ReactionChanged",
    "ReadReported",
    "ReadShown",
    "Refusal",
    "RefusalKind",
    "Request",
    "Sender",
    "Sent",
    "StatusReported",
    "Subscribed",
    "Template",
    "TemplateReported",
    "TemplateVariable",
    "Templates",
    "Touch",
    "TypingReported",
    "TypingShown",
    "Unknown",
    "Window",
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
    """In `label_unit`."""
    button_payload_bytes: int
    album: int
    upload_bytes: int
    picture_bytes: int
    download_bytes: int
    per_second: float
    per_chat_per_second: float
    chat_burst: int
    label_unit: Literal["", "characters", "utf16", "bytes"] = ""
    """Empty: as `text_unit`."""
    link_buttons: int = 0
    """At most so many buttons when one is a link, and no file above them; 0: as `buttons`."""
    text_with_buttons: int = 0
    """Characters of a text with buttons under it; 0: as `text`."""
    wordless: tuple[str, ...] = ()
    """Kinds that carry no text: it goes as a message of its own."""
    buttons_need_text: bool = False
    """No buttons under a file without words, and no list under a file at all."""
    requests_alone: int = 0
    """At most so many buttons that ask for the phone or the place, without others and under words
    only; 0: anywhere."""
    album_kinds: tuple[str, ...] = ()
    """Files that go together: pictures with videos, others with their own kind; empty: any."""
    link_text: int = 0
    """The text above buttons when one is a link; 0: as `text`."""
    edit_within_s: int = 0
    """0: at any time."""
    delete_within_s: int = 0
    video_bytes: int = 0
    audio_bytes: int = 0
    file_bytes: int = 0
    """0: as `upload_bytes`."""
    request_bytes: int = 0
    """The whole request; 0: not limited."""
    delivery_bytes: int = 0
    """The largest body the platform delivers to us, where it is over our own limit."""
    cards: int = 0
    card_text: int = 0
    """Characters of a card's title and of its text, each; 0: not limited."""
    card_buttons: int = 0
    """Of one card; 0: not limited."""
    cards_alike: bool = False
    """Every card has buttons, as many as the others, and a picture and a text as they do."""
    list_rows: int = 0
    """Buttons beyond `buttons` and up to so many become a list to choose from."""


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long after a person's last message we may answer, in seconds; 0: at any time.

    `human_s`: a person of ours, not a program, may answer so long. `ad_s`: opened by an
    advertisement. `first`: who may write first: the person, anyone, those who allowed it, or
    anyone with a template.
    """

    reply_s: int = 0
    human_s: int = 0
    ad_s: int = 0
    first: Literal["person", "anyone", "allowed", "template"] = "person"


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A link that opens the chat and tells where the person came from.

    `url` holds `{payload}` and names of settings in braces; `payload` is a regular expression of
    what the payload may be.
    """

    url: str
    payload: str


class Law(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the law says of the channel, for the docs; no legal advice."""

    en: str
    ru: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`manifest.toml` of a channel: what it is and what it can do."""

    id: str
    title: str
    docs: str
    api_version: str
    transport: Literal["http", "live", "mail"]
    """`http`: requests to a platform. `live`: the person's own socket, nothing to send. `mail`:
    letters over SMTP, a mailbox watched over IMAP."""
    receives: tuple[str, ...]
    sends: tuple[str, ...]
    features: tuple[str, ...]
    """Of: edit, delete, reaction, typing_out, typing_in, read, read_out, buttons, list, cards,
    url_buttons, reply, album, marks, subject, template, profile, echo, phone_request,
    location_request, fetches_files, polling, webhook, catch_up (a poll beside
    the webhook gives what was missed), deep_link."""
    settings: tuple[str, ...]
    secrets: tuple[str, ...]
    limits: Limits
    region: Literal["world", "ru"] = "world"
    window: Window = Window()
    link: Link | None = None
    law: Law | None = None


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
    greet: Callable[[Knock, InboxConfig], HookReply | None] | None = None
    """Answer a handshake, which comes before anything is signed; None: it is a delivery."""
    accepted: bytes = b""
    """The very body a delivery is acknowledged with."""
    answer: Callable[[bytes, InboxConfig], bytes] | None = None
    """What a delivery is acknowledged with, where that depends on it; instead of `accepted`."""
    kept: Callable[[bytes], bytes] | None = None
    """What is stored of an accepted body: all but the secret, where the body carries it."""
    ours: Callable[[bytes, InboxConfig], bytes] | None = None
    """Leave of a body only what concerns this inbox, where one delivery may speak of several;
    raises as `parse`."""
    held: Callable[[bytes, str], bytes] | None = None
    """Take a file out of the body that brought it, by its path; raises `LookupError`."""
    mail: "Mail | None" = None


class Outbound(msgspec.Struct, frozen=True):
    """The sending half of an adapter.

    Each function gets the answers so far, none at first, and gives the next errand or the end.
    """

    send: Callable[[Order, InboxConfig, Answers], Errand | Sent | Refusal]
    locate: Callable[[str, InboxConfig, Answers], Errand | Located | Refusal]
    """Find a received file by its `ref`."""


class Mail(msgspec.Struct, frozen=True):
    """How a mailbox is watched, of a channel whose transport is `mail`."""

    incoming: Callable[[InboxConfig], MailServer]
    marked: Callable[[bytes, Literal["inbox", "sent"], InboxConfig], bytes]
    """Make the body that is appended to the log of a letter found in a folder."""


class Connect(msgspec.Struct, frozen=True):
    """How an inbox is checked, subscribed, watched over and polled; as `Outbound`, step by step.

    The second argument is our public address or, of `poll`, the cursor. None: the platform has
    no such thing.
    """

    check: Callable[[InboxConfig, Answers], Errand | Connected | Refusal]
    subscribe: Callable[[InboxConfig, str, Answers], Errand | Subscribed | Refusal] | None = None
    verify: Callable[[InboxConfig, str, Answers], Errand | Subscribed | Refusal] | None = None
    """Does the credential still work, and does the platform still deliver to this address?"""
    unsubscribe: Callable[[InboxConfig, str, Answers], Errand | Subscribed | Refusal] | None = None
    poll: Callable[[InboxConfig, str, Answers], Errand | Polled | Refusal] | None = None
    templates: Callable[[InboxConfig, Answers], Errand | Templates | Refusal] | None = None
    """List the messages the platform approved beforehand."""
