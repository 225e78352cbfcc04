"""What VK sends, as structs: only what is read, and forgiving about the rest."""

from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from otklik.ports.channel import Manifest

MANIFEST = msgspec.toml.decode(
    files(__package__).joinpath("manifest.toml").read_bytes(), type=Manifest
)

Count = Annotated[int, Meta(ge=0, le=2**40)]
"""A size, a length or a Unix time in seconds; what is beyond reads as not told."""
Id = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""A person is positive, a community negative, a group chat 2,000,000,000 and its number."""

REACTIONS = dict(enumerate("❤🔥😂👍💩❓😭😡👎👌😃🤔🙏😘😍🎉", start=1))
"""Reactions have numbers, which VK documents nowhere: the order of its clients, unverified."""


class Image(Struct, frozen=True):
    url: str = ""
    src: str = ""
    width: Count = 0
    height: Count = 0


class Voice(Struct, frozen=True):
    link_ogg: str = ""
    link_mp3: str = ""
    duration: Count = 0


class Preview(Struct, frozen=True):
    audio_msg: Voice | None = None


class Media(Struct, frozen=True):
    """Every kind of attachment at once: the kinds differ only in which fields they have."""

    id: Id = 0
    owner_id: Id = 0
    to_id: Id = 0
    from_id: Id = 0
    post_id: Id = 0
    sticker_id: Count = 0
    url: str = ""
    view_url: str = ""
    title: str = ""
    artist: str = ""
    text: str = ""
    question: str = ""
    type: int = 0
    size: Count = 0
    width: Count = 0
    height: Count = 0
    duration: Count = 0
    transcript: str = ""
    link_ogg: str = ""
    link_mp3: str = ""
    access_key: str = ""
    sizes: tuple[Image, ...] = ()
    images: tuple[Image, ...] = ()
    orig_photo: Image | None = None
    preview: Preview | None = None
    attachments: tuple["Attached", ...] = ()
    copy_history: tuple["Media", ...] = ()
    thumb_48: str = ""
    thumb_96: str = ""
    thumb_256: str = ""
    photo_75: str = ""  # sizes as fields: API versions below 5.77
    photo_130: str = ""
    photo_604: str = ""
    photo_807: str = ""
    photo_1280: str = ""
    photo_2560: str = ""


class Attached(Struct, frozen=True):
    """One attachment, under the name of its type."""

    type: str
    photo: Media | None = None
    sticker: Media | None = None
    ugc_sticker: Media | None = None
    gift: Media | None = None
    graffiti: Media | None = None
    audio_message: Media | None = None
    doc: Media | None = None
    video: Media | None = None
    video_playlist: Media | None = None
    audio: Media | None = None
    link: Media | None = None
    market: Media | None = None
    wall: Media | None = None
    wall_reply: Media | None = None
    article: Media | None = None
    poll: Media | None = None
    podcast: Media | None = None
    story: Media | None = None


class Point(Struct, frozen=True):
    latitude: float
    longitude: float


class Place(Struct, frozen=True):
    title: str = ""
    address: str = ""
    city: str = ""
    country: str = ""


class Geo(Struct, frozen=True):
    coordinates: Point | str = ""  # "56.0 92.9" in the oldest versions
    place: Place | None = None


class Span(Struct, frozen=True):
    type: str
    offset: Count
    length: Count
    url: str = ""


class Formats(Struct, frozen=True):
    items: tuple[Span, ...] = ()


class Message(Struct, frozen=True):
    """A message; `user_id`, `body` and `chat_id` are those of versions below 5.80."""

    id: Id = 0
    date: Count = 0
    update_time: Count = 0
    peer_id: Id = 0
    from_id: Id = 0
    user_id: Id = 0
    chat_id: Id = 0
    conversation_message_id: Count = 0
    text: str = ""
    body: str = ""
    attachments: tuple[Attached, ...] = ()
    fwd_messages: tuple["Message", ...] = ()
    reply_message: "Message | None" = None
    geo: Geo | None = None
    payload: object = None
    format_data: Formats | None = None
    ref: str = ""
    ref_source: str = ""
    admin_author_id: Id = 0


class Client(Struct, frozen=True):
    lang_id: int = -1


class Currency(Struct, frozen=True):
    name: str = ""


class Price(Struct, frozen=True):
    """`amount` counts hundredths, as text."""

    amount: str | int = ""
    currency: Currency | None = None


class OrderItem(Struct, frozen=True):
    owner_id: Id = 0
    item_id: Id = 0
    quantity: Count = 1
    title: str = ""
    price: Price | None = None
    item: Media | None = None


class Recipient(Struct, frozen=True):
    name: str = ""
    phone: str = ""


class FormAnswer(Struct, frozen=True):
    key: str = ""
    question: str = ""
    answer: object = ""


class Happened(Message, frozen=True):
    """The `object` of every event at once; below 5.103 a message stands in it directly."""

    message: Message | None = None
    client_info: Client | None = None
    key: str = ""
    event_id: str = ""
    state: str = ""
    cmid: Count = 0
    reacted_id: Id = 0
    reaction_id: int = 0
    lead_id: Id = 0
    form_id: Id = 0
    ad_id: Id = 0
    form_name: str = ""
    answers: tuple[FormAnswer, ...] = ()
    display_order_id: str = ""
    comment: str = ""
    total_price: Price | None = None
    preview_order_items: tuple[OrderItem, ...] = ()
    recipient: Recipient | None = None
    amount: int | float = 0
    description: str = ""


class Outside(Struct, frozen=True):
    """The outside of a body."""

    type: Annotated[str, Meta(min_length=1)]
    group_id: Id = 0
    event_id: str = ""
    secret: str = ""


class Event(Outside, frozen=True):
    """One event of the Callback API or of the Bots Long Poll."""

    object: Happened | None = None
