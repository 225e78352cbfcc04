"""What MAX sends, as structs: only what is read; a field may be absent, null or of tomorrow."""

from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct, field

from otklik.ports.channel import Manifest

MANIFEST = msgspec.toml.decode(
    files(__package__).joinpath("manifest.toml").read_bytes(), type=Manifest
)

Id = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""Ids are int64, those of groups negative. They leave the adapter as text."""

Count = Annotated[int, Meta(ge=0, le=2**53)]
"""A size, a length or a Unix time in milliseconds; what is beyond reads as not told."""


class User(Struct, frozen=True):
    """A person or a bot; `name` is the deprecated form that some bodies have alone."""

    user_id: Id
    first_name: str | None = None
    last_name: str | None = None
    name: str | None = None
    username: str | None = None
    is_bot: bool | None = None
    avatar_url: str | None = None
    full_avatar_url: str | None = None

    @property
    def full_name(self) -> str:
        """Give the name as the person wrote it."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.name or ""


class Button(Struct, frozen=True):
    text: str = ""
    payload: str | None = None


class Payload(Struct, frozen=True):
    """The inside of every kind of attachment at once."""

    url: str | None = None
    token: str | None = None
    vcf_info: str | None = None
    max_info: User | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()


class Attachment(Struct, frozen=True):
    """Every kind of attachment at once: the kinds differ only in which fields they have."""

    type: str
    payload: Payload | None = None
    filename: str | None = None
    size: Count | None = None
    width: Count | None = None
    height: Count | None = None
    duration: Count | None = None
    transcription: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    title: str | None = None
    data: str | None = None


class Mark(Struct, frozen=True):
    """One formatted span of a text."""

    type: str
    start: Count = field(name="from")
    length: Count
    url: str | None = None
    user_id: Id | None = None


class Body(Struct, frozen=True):
    mid: str
    text: str | None = None
    attachments: tuple[Attachment, ...] = ()
    markup: tuple[Mark, ...] = ()


class Link(Struct, frozen=True):
    """The message that is answered or passed on."""

    type: str | None = None
    sender: User | None = None
    message: Body | None = None


class Recipient(Struct, frozen=True):
    chat_id: Id | None = None
    chat_type: str | None = None


class Message(Struct, frozen=True):
    recipient: Recipient = Recipient()
    sender: User | None = None
    timestamp: Count | None = None
    body: Body | None = None
    link: Link | None = None


class Callback(Struct, frozen=True):
    callback_id: str
    user: User
    timestamp: Count | None = None
    payload: str | None = None


class Update(Struct, frozen=True):
    """One event, the fields of every kind at once."""

    update_type: str
    timestamp: Count | None = None
    chat_id: Id | None = None
    user: User | None = None
    user_id: Id | None = None
    user_locale: str | None = None
    payload: str | None = None
    message: Message | None = None
    message_id: str | None = None
    callback: Callback | None = None


class Page(Struct, frozen=True):
    """What a poll answers: whole updates, and the marker that confirms them."""

    updates: tuple[Raw, ...]
    marker: Id | None = None


class Subscription(Struct, frozen=True):
    url: str


class PhotoToken(Struct, frozen=True):
    token: str


class Answer(Struct, frozen=True):
    """Every answer of the API at once; `message` is a sent message or the words of a refusal."""

    code: str | None = None
    error: str | None = None
    success: bool | None = None
    message: Message | str | None = None
    url: str | None = None
    token: str | None = None
    photos: dict[str, PhotoToken] | None = None
    urls: dict[str, str | None] | None = None
    dialog_with_user: User | None = None
    subscriptions: list[Subscription] | None = None
    user_id: Id | None = None
    first_name: str | None = None
    name: str | None = None
    username: str | None = None
