"""What the control API is asked: reading of bodies, and the orders all messengers share."""

from typing import TypeVar

import msgspec

from sandbox.asgi import MalformedError, Request, parse_body
from sandbox.faults import CallRule, DeliveryRule
from sandbox.message import Item
from sandbox.throttle import Rate

O = TypeVar("O")  # noqa: E741 - the order's type


class NotThereError(Exception):
    """What was asked for does not exist; the text says what to do."""


class ActError(Exception):
    """The person cannot do that here; the text says why."""


class NewPerson(msgspec.Struct, frozen=True):
    first_name: str = "Гость"
    last_name: str = ""
    username: str = ""
    phone: str = ""
    email: str = ""
    language: str = "ru"


class NewAccount(msgspec.Struct, frozen=True):
    """An account to make; what is left out the platform invents."""

    id: str = ""
    token: str = ""
    title: str = "Чайный мост"
    username: str = ""
    secrets: dict[str, str] = {}
    settings: dict[str, str] = {}


class FilePart(msgspec.Struct, frozen=True):
    """A file by the name of a sample, or as base64 with its name and type."""

    kind: str = "picture"
    sample: str = ""
    content: bytes | None = None
    name: str = ""
    mime: str = ""
    duration: int = 0


class Ask(msgspec.Struct, frozen=True):
    """One act of a person; each act reads the fields it needs."""

    text: str = ""
    reply_to: str = ""
    sample: str = ""
    content: bytes | None = None
    name: str = ""
    mime: str = ""
    duration: int = 0
    items: list[FilePart] = []
    latitude: float = 59.9386
    longitude: float = 30.3141
    title: str = ""
    address: str = ""
    phone: str = ""
    message_id: str = ""
    button: str = ""
    payload: str = ""
    source: str = "link"
    emoji: str = ""
    purpose: str = "messages"
    granted: bool = True
    code: str = ""
    seconds: float = 0.0
    basket: list[Item] = []
    details: dict[str, str] = {}


class Bulk(msgspec.Struct, frozen=True):
    """Many people writing; `rate` in messages per second, unlimited when absent."""

    people: int
    messages: int
    rate: float | None = None
    text: str = "Сообщение {n} от {person}"


class FaultOrder(msgspec.Struct, frozen=True):
    calls: list[CallRule] = []
    delivery: DeliveryRule | None = None
    seed: int | None = None


class LimitOrder(msgspec.Struct, frozen=True):
    """The platform's own rates unless told."""

    on: bool = True
    rates: dict[str, Rate] = {}


class Pasted(msgspec.Struct, frozen=True):
    """What a business pastes into the messenger's settings page."""

    url: str
    verify_token: str = ""


class Revoked(msgspec.Struct, frozen=True):
    on: bool = True


class LivelyOrder(msgspec.Struct, frozen=True):
    """Customers of the shop by their usernames, all when none is named; pace 2 is twice as fast."""

    on: bool = True
    pace: float = 1.0
    customers: list[str] = []


class Page(msgspec.Struct, frozen=True):
    """A slice of a log: what follows `after`, at most `limit`."""

    after: int = 0
    limit: int = 1000
    method: str | None = None


def order(request: Request, kind: type[O]) -> O:
    """Read the body of an order; a file of a form becomes its content."""
    plain = request.body.lstrip().startswith(b"{")  # JSON is JSON, whatever a shell calls it
    readable = msgspec.structs.replace(request, headers={}) if plain else request
    fields, uploads = parse_body(readable)
    for upload in uploads.values():
        fields = {
            "name": upload.name,
            "mime": upload.content_type,
            **fields,
            "content": upload.content,
        }
    try:
        return msgspec.convert(fields, kind, strict=False)
    except msgspec.ValidationError as problem:
        raise MalformedError(str(problem)) from problem
