"""Bodies of the control API: what one may ask of the people and of the bots."""

from typing import Literal

import msgspec

from sandbox.faults import CallRule, DeliveryRule
from sandbox.telegram.wire import Entity

FileKind = Literal[
    "photo", "video", "voice", "audio", "document", "animation", "video_note", "sticker"
]


class NewBot(msgspec.Struct, frozen=True):
    token: str | None = None
    name: str = "Чайный мост"
    username: str | None = None


class NewPerson(msgspec.Struct, frozen=True):
    first_name: str = "Гость"
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "ru"
    phone: str | None = None
    id: int | None = None


class FilePart(msgspec.Struct, frozen=True):
    """A file by the name of a sample, or as base64 with its name and type."""

    kind: FileKind
    sample: str | None = None
    content: bytes | None = None
    name: str | None = None
    mime: str | None = None
    duration: int | None = None


class Act(msgspec.Struct, frozen=True):
    """One act of a person; each act reads the fields it needs."""

    text: str = ""
    entities: list[Entity] | None = None
    reply_to: int | None = None
    payload: str = ""
    kind: FileKind = "photo"
    sample: str | None = None
    content: bytes | None = None
    name: str | None = None
    mime: str | None = None
    duration: int | None = None
    caption: str | None = None
    items: list[FilePart] = []
    latitude: float = 59.9386
    longitude: float = 30.3141
    title: str = "Чайный мост"
    address: str = "Набережная, 12"
    own: bool = True
    phone_number: str = ""
    first_name: str = ""
    user_id: int | None = None
    message_id: int = 0
    button: str | None = None
    data: str | None = None
    emoji: str | None = None
    chat_id: int | None = None


class Bulk(msgspec.Struct, frozen=True):
    """Many people writing; `rate` in updates per second, unlimited when absent."""

    people: int
    messages: int
    rate: float | None = None
    text: str = "Сообщение {n} от {person}"


class FaultOrder(msgspec.Struct, frozen=True):
    calls: list[CallRule] = []
    delivery: DeliveryRule | None = None
    seed: int | None = None


class LimitOrder(msgspec.Struct, frozen=True):
    on: bool = True
    per_chat: float = 1.0
    per_chat_burst: int = 3
    overall: float = 30.0
    overall_burst: int = 30
    per_group_minute: float = 20.0


class NewGroup(msgspec.Struct, frozen=True):
    title: str = "Чайный клуб"


class Page(msgspec.Struct, frozen=True):
    """A slice of a log: what follows `after`, at most `limit`."""

    after: int = 0
    limit: int = 1000
    method: str | None = None
