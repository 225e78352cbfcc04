"""A message as a telephone shows it: the same for every messenger."""

from typing import Literal

import msgspec

Kind = Literal[
    "text",
    "picture",
    "video",
    "animation",
    "round",
    "voice",
    "audio",
    "file",
    "sticker",
    "location",
    "contact",
    "cards",
    "order",
    "notice",
    "unsupported",
]
Status = Literal["", "sent", "delivered", "read", "failed"]
ButtonKind = Literal["press", "say", "url", "phone", "location", "app", "call", "copy"]
FILE_KINDS = ("picture", "video", "animation", "round", "voice", "audio", "file", "sticker")


class File(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file of a message; its bytes are `account.files[id]`; pixels, seconds, bytes."""

    id: str
    kind: Kind
    name: str
    mime: str
    size: int
    width: int = 0
    height: int = 0
    duration: int = 0
    title: str = ""
    performer: str = ""
    emoji: str = ""


class Button(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One button. `press` comes back as an event, `say` as a message of the person."""

    text: str
    kind: ButtonKind = "press"
    payload: str = ""
    url: str = ""
    color: str = ""
    """One of "", primary, positive, negative, or #rrggbb."""
    note: str = ""
    """The second line of a list's row."""
    own: object = None
    """The button as the platform had it, for `tell`; anything JSON can say."""


Rows = tuple[tuple[Button, ...], ...]


class Keyboard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The keys under the writing field; quick replies are a keyboard too."""

    rows: Rows
    one_time: bool = False
    placeholder: str = ""


class Menu(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A list that opens from one button; a section is its title and its rows."""

    label: str
    sections: tuple[tuple[str, tuple[Button, ...]], ...]


class Card(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One card of a row that is leafed through."""

    title: str = ""
    text: str = ""
    file: File | None = None
    buttons: tuple[Button, ...] = ()


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Formatting of a stretch of text, in UTF-16 units."""

    type: Literal["bold", "italic", "underline", "strikethrough", "code", "pre", "link", "quote"]
    offset: int
    length: int
    url: str = ""


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    latitude: float
    longitude: float
    title: str = ""
    address: str = ""


class ContactCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    phone: str
    own: bool = False
    """True: the person's own card, given by the messenger's button."""


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of a basket; the price is a decimal in `currency`."""

    id: str
    title: str
    quantity: int = 1
    price: str = ""
    currency: str = "RUB"


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message; `at` and `edited_at` in seconds since the epoch."""

    id: str
    own: bool
    """True: the person's own; False: the business's."""
    at: float
    kind: Kind = "text"
    text: str = ""
    marks: tuple[Mark, ...] = ()
    title: str = ""
    """A template's header, a letter's subject, a notification's title."""
    footer: str = ""
    html: str = ""
    """The letter as HTML; `text` is then its plain part."""
    address: str = ""
    """The other side of a letter."""
    link: str = ""
    """Where a notification leads."""
    files: tuple[File, ...] = ()
    reply_to: str = ""
    buttons: Rows = ()
    menu: Menu | None = None
    cards: tuple[Card, ...] = ()
    place: Place | None = None
    contact: ContactCard | None = None
    items: tuple[Item, ...] = ()
    edited_at: float = 0.0
    status: Status = ""
    """Own: sent, then delivered when the webhook took it. Business's: what the platform told."""
    reaction: str = ""
    """The person's reaction."""
    answer_reaction: str = ""
    """The business's reaction."""
    details: dict[str, str] = {}
    """The platform's own ids and facts: never shown, free for `tell` and for tests."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What the business answered to a pressed button."""

    press_id: str
    text: str
    alert: bool = False
