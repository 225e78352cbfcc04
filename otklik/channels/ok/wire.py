"""What Odnoklassniki sends, as structs: only what is read; little of it is documented."""

from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from otklik.ports.channel import Manifest

MANIFEST = msgspec.toml.decode(
    files(__package__).joinpath("manifest.toml").read_bytes(), type=Manifest
)

Id = str | int
"""Ids are text with a prefix (`chat:…`, `user:…`, `mid:…`); "all may be text", says the page."""

Count = Annotated[int, Meta(ge=0, le=2**53)]
"""A size or a Unix time in milliseconds; what is beyond reads as not told."""


class Side(Struct, frozen=True):
    """Who wrote, or where to; the name is seldom there."""

    user_id: Id | None = None
    chat_id: Id | None = None
    name: str | None = None


class Button(Struct, frozen=True):
    text: str = ""
    payload: str | None = None


class Keyboard(Struct, frozen=True):
    buttons: tuple[tuple[Button, ...], ...] = ()


class Payload(Struct, frozen=True):
    """The inside of every kind of attachment at once; each has its own fields."""

    url: str | None = None
    token: str | None = None
    name: str | None = None
    title: str | None = None
    filename: str | None = None
    size: Count | None = None
    width: Count | None = None
    height: Count | None = None
    duration: Count | None = None
    latitude: float | None = None
    longitude: float | None = None
    phone: str | None = None
    keyboard: Keyboard | None = None


class Attachment(Struct, frozen=True):
    type: str
    payload: Payload | None = None


class Message(Struct, frozen=True):
    mid: Id | None = None
    text: str | None = None
    attachments: tuple[Attachment, ...] = ()
    attachment: Attachment | None = None
    reply_to: Id | None = None


class Update(Struct, frozen=True):
    """One event; bodies of 2017 have no `webhookType` and are messages."""

    webhook_type: str | None = field(name="webhookType", default=None)
    sender: Side | None = None
    recipient: Side | None = None
    message: Message | None = None
    timestamp: Count | None = None
    callback_id: Id | None = field(name="callbackId", default=None)
    payload: str | None = None


class Chat(Struct, frozen=True):
    """A chat as the list tells it, and when something last happened in it."""

    chat_id: str
    last_event_time: Count = field(name="lastEventTime", default=0)


class Page(Struct, frozen=True):
    """One answer that lists chats, or the messages of one."""

    chats: list[Chat] | None = None
    messages: list[msgspec.Raw] | None = None


class Subscription(Struct, frozen=True):
    url: str


class PhotoToken(Struct, frozen=True):
    token: str


class Answer(Struct, frozen=True):
    """Every answer of the Graph API at once."""

    error_code: int | None = None
    error_msg: str | None = None
    success: bool | list[bool] | None = None
    message_id: Id | None = None
    name: str | None = None
    group_id: Id | None = None
    subscriptions: list[Subscription] | None = None
    url: str | None = None
    token: str | None = None
    file_id: Id | None = None
    photos: dict[str, PhotoToken] | None = None
    chat_ids: list[str | None] | None = None
