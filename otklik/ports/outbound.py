"""What goes out: orders, the requests they become, and what platforms answer."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

import msgspec

from otklik.ports.message import Button, ContactCard, Entity, Location, MessageKind


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


FORBIDDEN_ADDRESS = "forbidden address: "
"""Begins the detail of a refusal when our own guard, not the platform, let nothing through."""


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
