"""The visitor protocol as structs: what goes over the wire, and nothing of ours besides."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from otklik.families.visitor import wire
from otklik.ports.message import Button, Entity, Location, MessageKind

TEXT_LIMIT = 4_000
FILES_LIMIT = 10

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Name = Annotated[str, Meta(max_length=200)]
Address = Annotated[str, Meta(max_length=2_000)]


class Visitor(msgspec.Struct, frozen=True, omit_defaults=True):
    """A proven visitor. `evidence`: channel (the secret of their browser) or signed (the site)."""

    external_id: str
    evidence: Literal["channel", "signed"] = "channel"
    name: str = ""
    email: str = ""
    phone: str = ""
    locale: str = ""


# --- what a visitor says ---------------------------------------------------------------------


class SessionAsk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /session`: a token kept from before, or the site's proof, or neither."""

    token: Annotated[str, Meta(max_length=4_096)] = ""
    identity: Annotated[str, Meta(max_length=4_096)] = ""
    locale: Annotated[str, Meta(max_length=35)] = ""


class Press(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pressed button."""

    message_id: Id
    payload: Annotated[str, Meta(min_length=1, max_length=256)]
    label: Name = ""


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point on the map, degrees WGS 84."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    title: Name = ""
    address: Name = ""


class Touch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The page, where the visit came from, and the device in words."""

    url: Address
    title: Annotated[str, Meta(max_length=300)] = ""
    referrer: Address = ""
    device: Name = ""
    utm_source: Name = ""
    utm_medium: Name = ""
    utm_campaign: Name = ""
    utm_term: Name = ""
    utm_content: Name = ""


class VisitorSend(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing a visitor sends. `client_id` makes a repetition harmless."""

    client_id: Id
    kind: Literal["text", "file", "sticker", "location", "press"] = "text"
    text: Annotated[str, Meta(max_length=TEXT_LIMIT)] = ""
    file_ids: Annotated[tuple[Id, ...], Meta(max_length=FILES_LIMIT)] = ()
    press: Press | None = None
    location: Place | None = None
    reply_to_id: Annotated[str, Meta(max_length=64)] = ""
    touch: Touch | None = None
    name: Name = ""
    email: Annotated[str, Meta(max_length=254)] = ""


class Follow(msgspec.Struct, frozen=True, tag_field="kind", tag="follow"):
    """Begin to hear changes, those since a number first (0: from now on)."""

    since: Annotated[int, Meta(ge=0)] = 0


class SendFrame(msgspec.Struct, frozen=True, tag_field="kind", tag="send"):
    """Send something; answered by `accepted` or `refused`."""

    send: VisitorSend


class Typing(msgspec.Struct, frozen=True, tag_field="kind", tag="typing"):
    """The visitor is typing; the text only where the app chooses to show it."""

    text: Annotated[str, Meta(max_length=TEXT_LIMIT)] = ""


class Seen(msgspec.Struct, frozen=True, tag_field="kind", tag="seen"):
    """The visitor saw the timeline up to a message's number."""

    seq: Annotated[int, Meta(ge=0)]


class PageShown(msgspec.Struct, frozen=True, tag_field="kind", tag="page"):
    """The visitor moved on to another page."""

    url: Address
    title: Annotated[str, Meta(max_length=300)] = ""
    referrer: Address = ""


class Ping(msgspec.Struct, frozen=True, tag_field="kind", tag="ping"):
    """Ask whether anybody is there."""


Frame = Follow | SendFrame | Typing | Seen | PageShown | Ping

# --- what a visitor hears --------------------------------------------------------------------


class Look(msgspec.Struct, frozen=True):
    """Answer of `GET /settings`: how the inbox presents itself. Sizes in bytes."""

    title: str
    greeting: str
    color: str
    locale: str
    position: str
    consent_text: str
    upload_bytes: int
    sandbox: bool


class VisitorAttachment(msgspec.Struct, frozen=True):
    """A file of a message; `url` is relative to the server and opens for a quarter of an hour."""

    id: str
    kind: MessageKind
    url: str | None
    name: str
    mime: str
    size: int
    width: int
    height: int
    duration_s: int
    format: str
    emoji: str


class VisitorMessage(msgspec.Struct, frozen=True):
    """A message as its visitor sees it. Times are Unix milliseconds, UTC."""

    id: str
    seq: int
    from_: Literal["contact", "operator", "bot"] = msgspec.field(name="from")
    author_name: str
    kind: MessageKind
    text: str
    entities: tuple[Entity, ...]
    attachments: list[VisitorAttachment]
    buttons: tuple[tuple[Button, ...], ...]
    location: Location | None
    group_key: str
    reply_to_id: str | None
    client_id: str | None
    state: str
    sent_at: int
    edited_at: int | None
    deleted: bool


class VisitorContact(msgspec.Struct, frozen=True):
    """What a visitor may know of their own contact."""

    name: str


class Session(msgspec.Struct, frozen=True):
    """Answer of `POST /session`. `seq`: follow from here; the rest are numbers of messages."""

    token: str
    socket_pass: str = msgspec.field(name="ticket")
    messages: list[VisitorMessage]
    more: bool
    seq: int
    contact: VisitorContact
    read_by_operator_seq: int
    read_by_contact_seq: int


class Page(msgspec.Struct, frozen=True):
    """Answer of `GET /messages`, in ascending order."""

    messages: list[VisitorMessage]
    more: bool


class Accepted(msgspec.Struct, frozen=True):
    """Answer of `POST /messages`: the message is durable."""

    client_id: str


class Uploaded(msgspec.Struct, frozen=True):
    """Answer of `POST /files`; sizes in bytes and pixels."""

    file_id: str
    name: str
    mime: str
    kind: MessageKind
    size: int
    width: int
    height: int
    url: str


def logged_send(send: VisitorSend) -> wire.Send:
    """Put what was checked at the door into the words of the log."""
    return msgspec.convert(msgspec.to_builtins(send), wire.Send)


def setting(settings: Mapping[str, str], name: str, default: str = "") -> str:
    """Give a setting of the inbox, or what stands in for an empty one."""
    return settings.get(name, "") or default
