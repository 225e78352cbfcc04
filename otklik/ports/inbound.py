"""What comes in: the events an adapter reads from a platform's bodies."""

from typing import Literal

import msgspec

from otklik.ports.message import Attachment, Content, MessageKind


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
