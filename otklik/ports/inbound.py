"""What comes in: the events an adapter reads from a platform's bodies."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from otklik.ports.message import Attachment, Content, MessageKind
from otklik.ports.outbound import RefusalKind

Evidence = Literal["", "attested", "given", "claimed"]
"""How a phone or an e-mail is known: proven the sender's own, told by the platform, typed."""


class Sender(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who wrote: `external_id` is the address we can answer to (for Telegram the chat id).

    `aliases` are other ids of the same person in this inbox; `picture` is an address.
    """

    external_id: str
    name: str = ""
    username: str = ""
    locale: str = ""
    evidence: Literal["channel", "signed", "claimed"] = "channel"
    email: str = ""
    phone: str = ""
    """E-mail and phone as the sender's own claim or, with evidence `signed`, as attested."""
    email_evidence: Evidence = ""
    phone_evidence: Evidence = ""
    """Empty: as `evidence` says."""
    aliases: tuple[str, ...] = ()
    picture: str = ""


class Touch(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the sender came from, to be recorded as a touchpoint.

    `kind`: `deep_link` (source is the start parameter), `page` (the page's URL), `ad` (the
    advertisement's id) or `product` (the product's id).
    `details` may hold referrer, utm_source, utm_medium, utm_campaign, device, title, click_id.
    """

    kind: Literal["deep_link", "page", "ad", "product"]
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
    window_s: int = 0
    """It lets us answer for so long, where the platform has a reply window."""
    automatic: Literal["", "auto_reply", "bounce", "delay", "complaint", "list", "read_receipt"] = (
        ""
    )
    """Written by a program, and so answered by none."""


class MessageEdited(msgspec.Struct, frozen=True, omit_defaults=True, tag="edit"):
    """A message got a new body; it is stored as new when we never saw the first one.

    `ours`: somebody of us changed it in the platform's own app; then it is never stored as new.
    """

    message: MessageReceived
    edited_at: int
    ours: bool = False


class MessagesDeleted(msgspec.Struct, frozen=True, tag="delete"):
    """The sender took messages back."""

    sender: Sender
    external_ids: tuple[str, ...]
    at: int


class ReactionChanged(msgspec.Struct, frozen=True, omit_defaults=True, tag="reaction"):
    """The sender's reactions to one message are now exactly these emoji."""

    sender: Sender
    external_id: str
    emojis: tuple[str, ...]
    at: int
    window_s: int = 0


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
    window_s: int = 0


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
    code: str = ""
    kind: RefusalKind = RefusalKind.OTHER
    """Of a failure, in our words; `code` is the platform's, as `errors.toml` lists it."""
    own_id: str = ""
    """Our message when the platform tells it: what was uncertain has arrived after all."""


class ReadReported(msgspec.Struct, frozen=True, omit_defaults=True, tag="read"):
    """The person has read ours up to a message or, when none is named, up to the moment `at`."""

    sender: Sender
    at: int
    external_id: str = ""


class DeliveryReported(msgspec.Struct, frozen=True, tag="delivered"):
    """Everything of ours up to the moment `at` has reached the person's device."""

    sender: Sender
    at: int


class EchoReceived(msgspec.Struct, frozen=True, omit_defaults=True, tag="echo"):
    """Somebody of us answered in the platform's own app.

    `message.sender` is the contact, the rest is ours. `own_id` is our message when the echo
    tells it: what we sent ourselves is known already.
    """

    message: MessageReceived
    author: str = ""
    own_id: str = ""


class Opened(msgspec.Struct, frozen=True, omit_defaults=True, tag="opened"):
    """The person opened the chat without writing yet."""

    sender: Sender
    at: int
    touch: Touch | None = None
    window_s: int = 0


class ConsentReported(msgspec.Struct, frozen=True, omit_defaults=True, tag="consent"):
    """The person allowed or forbade a purpose at the platform."""

    sender: Sender
    purpose: Literal["marketing", "notifications"]
    granted: bool
    at: int
    wording: str = ""


class InboxReported(msgspec.Struct, frozen=True, omit_defaults=True, tag="inbox"):
    """The platform speaks of the inbox itself: its quality, a restriction, a limit."""

    what: str
    detail: str
    at: int
    is_trouble: bool = False


class TemplateReported(msgspec.Struct, frozen=True, omit_defaults=True, tag="template"):
    """A template was approved, refused, paused or moved to another category."""

    name: str
    language: str
    status: str
    category: str = ""
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
    | ReadReported
    | DeliveryReported
    | EchoReceived
    | Opened
    | ConsentReported
    | InboxReported
    | TemplateReported
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


class Knock(msgspec.Struct, frozen=True):
    """One request to our public address, before anything is believed of it."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class HookReply(msgspec.Struct, frozen=True):
    """What a platform's handshake is answered with."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
