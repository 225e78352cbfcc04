"""What a message can hold, in the words of every channel at once."""

from enum import StrEnum

import msgspec


class MessageKind(StrEnum):
    """The one thing a message mainly is."""

    TEXT = "text"
    PICTURE = "picture"
    VIDEO = "video"
    VOICE = "voice"
    AUDIO = "audio"
    FILE = "file"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT_CARD = "contact_card"
    CARDS = "cards"
    """A row of cards to leaf through."""
    ORDER = "order"
    """A basket the person put together on the platform."""
    PRESS = "press"
    """A button was pressed; `text` is its label."""
    UNSUPPORTED = "unsupported"
    """Something we store and name but cannot show; `text` is its name on the platform."""
    SYSTEM = "system"
    """A line in the timeline nobody wrote: assigned, resolved, blocked; see `System`."""
    NOTE = "note"
    """A private note between operators; never leaves."""


class Entity(msgspec.Struct, frozen=True, omit_defaults=True):
    """One formatted span. `offset` and `length` count UTF-16 units of the text.

    `kind`: bold, italic, underline, strikethrough, spoiler, code, pre, quote, link, mention,
    hashtag, url, email, phone, command.
    """

    kind: str
    offset: int
    length: int
    url: str = ""
    language: str = ""


class Attachment(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file of a received message as the channel describes it; sizes in bytes and pixels.

    `ref` is the channel's own reference, enough for the adapter to download it.
    `format` tells stickers apart: webp, tgs, webm. `round` marks a video note.
    """

    kind: MessageKind
    ref: str
    name: str = ""
    mime: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    duration_s: int = 0
    format: str = ""
    emoji: str = ""
    round: bool = False
    animation: bool = False


class Location(msgspec.Struct, frozen=True, omit_defaults=True):
    """A point on the map, degrees WGS 84; `live_s` when the sender keeps moving."""

    latitude: float
    longitude: float
    title: str = ""
    address: str = ""
    live_s: int = 0


class ContactCard(msgspec.Struct, frozen=True, omit_defaults=True):
    """A shared contact. `own` only when the platform proves that it is the sender's."""

    name: str
    phone: str
    own: bool = False


class Button(msgspec.Struct, frozen=True, omit_defaults=True):
    """One button under a message. Exactly one of `payload`, `url`, `request` is set.

    `request`: `phone` or `location` asks the person to share it (a reply keyboard).
    """

    label: str
    payload: str = ""
    url: str = ""
    request: str = ""


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """One card of a message of kind `cards`; `file_id` is its picture in our file store."""

    title: str
    text: str = ""
    file_id: str = ""
    buttons: tuple[Button, ...] = ()


class BasketItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a basket; `price` of one piece as a decimal, in the currency's main unit."""

    product_id: str
    title: str = ""
    quantity: int = 1
    price: str = ""
    currency: str = ""


class Basket(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a person wants to buy, as the platform tells; prices are theirs to check again."""

    items: tuple[BasketItem, ...] = ()
    total: str = ""
    currency: str = ""
    note: str = ""
    external_id: str = ""


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """The less common parts of a message, kept together as one JSON column."""

    entities: tuple[Entity, ...] = ()
    location: Location | None = None
    card: ContactCard | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    payload: str = ""
    """What a pressed button carried."""
    author_name: str = ""
    forwarded_from: str = ""
    system: str = ""
    """For system lines: assigned, unassigned, resolved, reopened, blocked, unblocked,
    started, phone_shared."""
    details: dict[str, str] = {}
    cards: tuple[Card, ...] = ()
    basket: Basket | None = None
    product: str = ""
    """The product the person asks about."""
    subject: str = ""
    """The subject of a letter."""
