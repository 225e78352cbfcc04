"""What Viber sends and answers, as structs: only what is read, and forgiving about the rest."""

from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from otklik.ports.channel import Manifest

MANIFEST = msgspec.toml.decode(
    files(__package__).joinpath("manifest.toml").read_bytes(), type=Manifest
)

Count = Annotated[int, Meta(ge=0, le=2**40)]
"""A size or a duration; what is beyond reads as not told."""

Moment = Annotated[int, Meta(ge=0, le=2**53)]
"""Unix ms."""

Token = Annotated[int, Meta(ge=0)]
"""The number of an event: over 2^53, so a string everywhere else."""


class User(Struct, frozen=True):
    """A person; the id is theirs for this bot alone."""

    id: str = ""
    name: str = ""
    avatar: str = ""
    language: str = ""
    country: str = ""


class Card(Struct, frozen=True):
    """A shared contact; nothing tells whose it is."""

    name: str = ""
    phone_number: str = ""


class Place(Struct, frozen=True):
    """A point on the map."""

    lat: float
    lon: float
    address: str = ""


class Message(Struct, frozen=True):
    """Every kind of message at once: the kinds differ only in which fields they have."""

    type: str = ""
    text: str = ""
    media: str = ""
    file_name: str = ""
    file_size: Count = 0
    size: Count = 0
    duration: Count = 0
    sticker_id: int | None = None
    contact: Card | None = None
    location: Place | None = None


class Callback(Struct, frozen=True):
    """One event; `timestamp` in Unix ms."""

    event: str
    timestamp: Moment = 0
    message_token: Token = 0
    sender: User = User()
    user: User = User()
    user_id: str = ""
    message: Message | None = None
    context: str = ""
    subscribed: bool = False
    desc: str = ""


class Details(Struct, frozen=True):
    """What `get_user_details` tells of a person."""

    name: str = ""
    avatar: str = ""
    language: str = ""
    country: str = ""


class Answer(Struct, frozen=True):
    """What every method answers, with HTTP 200; `status` 0 is good."""

    status: int
    status_message: str = ""
    message_token: Token = 0
    id: str = ""
    name: str = ""
    uri: str = ""
    webhook: str = ""
    user: Details | None = None
