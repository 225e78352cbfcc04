"""What groups send to Odnoklassniki, read strictly."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

Label = Annotated[str, Meta(min_length=1, max_length=128)]
Intent = Literal["DEFAULT", "POSITIVE", "NEGATIVE"]


class Recipient(Struct):
    chat_id: str | None = None
    user_id: str | None = None
    user_ids: list[str] | None = None


class Media(Struct):
    """One of them: a token, a temporary id, or (of pictures) an outside address."""

    token: str | None = None
    ref: str | None = None
    url: str | None = None


class Image(Struct, tag_field="type", tag="IMAGE"):
    payload: Media


class Video(Struct, tag_field="type", tag="VIDEO"):
    payload: Media


class Audio(Struct, tag_field="type", tag="AUDIO"):
    payload: Media


class AnyFile(Struct, tag_field="type", tag="FILE"):
    payload: Media


class Callback(Struct, tag_field="type", tag="CALLBACK"):
    text: Label
    payload: Annotated[str, Meta(max_length=1024)]
    intent: Intent = "DEFAULT"


class Link(Struct, tag_field="type", tag="LINK"):
    text: Label
    url: Annotated[str, Meta(min_length=1, max_length=2048)]
    intent: Intent = "DEFAULT"


class RequestContact(Struct, tag_field="type", tag="REQUEST_CONTACT"):
    text: Label
    intent: Intent = "DEFAULT"


class RequestPlace(Struct, tag_field="type", tag="REQUEST_GEO_LOCATION"):
    text: Label
    intent: Intent = "DEFAULT"
    quick: bool = False


Button = Callback | Link | RequestContact | RequestPlace
Row = Annotated[list[Button], Meta(min_length=1, max_length=7)]


class Keys(Struct):
    buttons: Annotated[list[Row], Meta(min_length=1, max_length=30)]


class Keyed(Struct):
    keyboard: Keys


class Keyboard(Struct, tag_field="type", tag="INLINE_KEYBOARD"):
    payload: Keyed


Attachment = Image | Video | Audio | AnyFile | Keyboard


class NewMessage(Struct):
    text: str | None = None
    attachment: Attachment | None = None
    attachments: Annotated[list[Attachment], Meta(max_length=5)] | None = None
    reply_to: str | None = None


class Order(Struct):
    """One thing to do in a chat: say something, or show what one is doing."""

    recipient: Recipient
    message: NewMessage | None = None
    sender_action: (
        Literal["mark_seen", "typing_on", "sending_photo", "sending_video", "sending_audio"] | None
    ) = None


class Answered(Struct):
    message: NewMessage


class Subscribe(Struct):
    url: str | None = None
    types: list[str] | None = None
    long_polling: bool = msgspec.field(name="longPolling", default=False)
