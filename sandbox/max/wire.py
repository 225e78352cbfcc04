"""What bots send to MAX, read as strictly as MAX reads it."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

Label = Annotated[str, Meta(min_length=1, max_length=128)]
Carried = Annotated[str, Meta(max_length=1024)]


class Token(Struct):
    token: str


class Picture(Struct):
    """Exactly one of them."""

    url: str | None = None
    token: str | None = None
    photos: dict[str, Token] | None = None


class Image(Struct, tag_field="type", tag="image"):
    payload: Picture


class Video(Struct, tag_field="type", tag="video"):
    payload: Token


class Audio(Struct, tag_field="type", tag="audio"):
    payload: Token


class AnyFile(Struct, tag_field="type", tag="file"):
    payload: Token


class Code(Struct):
    code: str


class Sticker(Struct, tag_field="type", tag="sticker"):
    payload: Code


class Card(Struct):
    name: str | None = None
    contact_id: int | None = None
    vcf_info: str | None = None
    vcf_phone: str | None = None


class Contact(Struct, tag_field="type", tag="contact"):
    payload: Card


class Location(Struct, tag_field="type", tag="location"):
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]


class SharedPage(Struct):
    url: str | None = None
    token: str | None = None


class Share(Struct, tag_field="type", tag="share"):
    payload: SharedPage


class Callback(Struct, tag_field="type", tag="callback"):
    text: Label
    payload: Carried
    intent: Literal["positive", "negative", "default"] = "default"


class Link(Struct, tag_field="type", tag="link"):
    text: Label
    url: Annotated[str, Meta(min_length=1, max_length=2048)]


class RequestContact(Struct, tag_field="type", tag="request_contact"):
    text: Label


class RequestPlace(Struct, tag_field="type", tag="request_geo_location"):
    text: Label
    quick: bool = False


class OpenApp(Struct, tag_field="type", tag="open_app"):
    text: Label
    web_app: str | None = None
    contact_id: int | None = None
    payload: Annotated[str, Meta(pattern=r"^[\w-]{0,512}$")] | None = None


class Say(Struct, tag_field="type", tag="message"):
    text: Label


class Clipboard(Struct, tag_field="type", tag="clipboard"):
    text: Label
    payload: Carried


Button = Callback | Link | RequestContact | RequestPlace | OpenApp | Say | Clipboard


class Keys(Struct):
    buttons: Annotated[list[list[Button]], Meta(min_length=1, max_length=30)]


class Keyboard(Struct, tag_field="type", tag="inline_keyboard"):
    payload: Keys


Attachment = Image | Video | Audio | AnyFile | Sticker | Contact | Location | Share | Keyboard


class NewLink(Struct):
    type: Literal["reply", "forward"]
    mid: str


class NewMessage(Struct):
    """A message to send, or the new body of one: attachments None keep what is there."""

    text: str | None = None
    attachments: list[Attachment] | None = None
    link: NewLink | None = None
    notify: bool = True
    format: Literal["markdown", "html"] | None = None


class Answered(Struct):
    message: NewMessage | None = None
    notification: str | None = None


class Action(Struct):
    action: Literal[
        "typing_on", "sending_photo", "sending_video", "sending_audio", "sending_file", "mark_seen"
    ]


def as_sent(button: Button) -> object:
    """A button as the bot sent it, to be told back."""
    return msgspec.to_builtins(button)
