"""What our own server writes into the log for a visitor, as structs; every field has a default."""

from typing import Literal

import msgspec

from otklik.ports.message import Location, MessageKind


class Press(msgspec.Struct, frozen=True, omit_defaults=True):
    """A pressed button of one of our messages."""

    message_id: str
    payload: str
    label: str = ""


class Touch(msgspec.Struct, frozen=True, omit_defaults=True):
    """The page a visitor wrote from, where their visit came from, and what they hold in hand."""

    url: str = ""
    title: str = ""
    referrer: str = ""
    device: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""


class Send(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing a visitor sends; `kind` is text, file, sticker, location or press."""

    client_id: str
    kind: str = "text"
    text: str = ""
    file_ids: tuple[str, ...] = ()
    press: Press | None = None
    location: Location | None = None
    reply_to_id: str = ""
    touch: Touch | None = None
    name: str = ""
    email: str = ""


class File(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stored file the visitor refers to, described by the server; sizes in bytes and pixels."""

    file_id: str
    kind: MessageKind = MessageKind.FILE
    name: str = ""
    mime: str = ""
    size: int = 0
    width: int = 0
    height: int = 0


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry of the inbound log: who (proven by the server), when (Unix ms), what."""

    visitor: str
    send: Send
    received_at: int = 0
    evidence: Literal["channel", "signed"] = "channel"
    name: str = ""
    email: str = ""
    phone: str = ""
    locale: str = ""
    files: tuple[File, ...] = ()
