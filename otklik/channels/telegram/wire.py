"""What Telegram sends, as structs: only what is read, and forgiving about the rest."""

from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from otklik.kernel.lenient import whole
from otklik.ports.channel import Manifest

MANIFEST = msgspec.toml.decode(
    files(__package__).joinpath("manifest.toml").read_bytes(), type=Manifest
)

Count = Annotated[int, Meta(ge=0, le=2**40)]
"""A size, a length or a Unix time in seconds; what is beyond reads as not told."""


FORMATS = ("bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre")
"""The kinds of entities that have the same name with us."""


class Peer(Struct, frozen=True):
    """A person, a bot or a chat; a private chat has the number and the name of its person."""

    id: int
    type: str = ""
    title: str = ""
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    language_code: str = ""

    @property
    def private(self) -> bool:
        """Tell whether this is a chat with one person; some proxies leave the type out."""
        return self.type == "private" or (not self.type and self.id > 0)

    @property
    def name(self) -> str:
        """Give the full name as a person wrote it, or the title of a chat."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.title


class Span(Struct, frozen=True):
    """One formatted span."""

    type: str
    offset: Count
    length: Count
    url: str = ""
    language: str = ""
    user: Peer | None = None


class File(Struct, frozen=True):
    """Every kind of file at once: the kinds differ only in which fields they have."""

    file_id: str
    file_name: str = ""
    mime_type: str = ""
    file_size: Count = 0
    width: Count = 0
    height: Count = 0
    length: Count = 0
    duration: Count = 0
    performer: str = ""
    title: str = ""
    emoji: str = ""
    is_animated: bool = False
    is_video: bool = False


class Point(Struct, frozen=True):
    """A place."""

    latitude: float
    longitude: float
    live_period: Count = 0


class Venue(Struct, frozen=True):
    """A place with a name."""

    location: Point
    title: str = ""
    address: str = ""


class Card(Struct, frozen=True):
    """A shared contact."""

    phone_number: str
    first_name: str = ""
    last_name: str = ""
    user_id: int = 0


class Origin(Struct, frozen=True):
    """Where a message was forwarded from."""

    sender_user: Peer | None = None
    sender_user_name: str = ""
    sender_chat: Peer | None = None
    chat: Peer | None = None


class Key(Struct, frozen=True):
    """One inline button."""

    text: str = ""
    callback_data: str = ""


class Markup(Struct, frozen=True):
    """The buttons under a message."""

    inline_keyboard: tuple[tuple[Key, ...], ...] = ()


class Replied(Struct, frozen=True):
    """The message this one answers."""

    message_id: int


class Message(Struct, frozen=True):
    """A message, its body in whichever field it has."""

    message_id: int
    chat: Peer
    from_: Peer | None = field(name="from", default=None)
    date: Count = 0
    edit_date: Count = 0
    text: str = ""
    entities: tuple[Span, ...] = ()
    caption: str = ""
    caption_entities: tuple[Span, ...] = ()
    media_group_id: str = ""
    photo: tuple[File, ...] = ()
    sticker: File | None = None
    animation: File | None = None
    video: File | None = None
    video_note: File | None = None
    voice: File | None = None
    audio: File | None = None
    document: File | None = None
    location: Point | None = None
    venue: Venue | None = None
    contact: Card | None = None
    reply_to_message: Replied | None = None
    reply_markup: Markup | None = None
    forward_origin: Origin | None = None
    forward_from: Peer | None = None
    forward_from_chat: Peer | None = None
    forward_sender_name: str = ""
    migrate_to_chat_id: int = 0
    migrate_from_chat_id: int = 0


class Press(Struct, frozen=True):
    """A pressed inline button."""

    id: str | int
    from_: Peer = field(name="from")
    message: Message | None = None
    data: str = ""
    game_short_name: str = ""


class ReactionType(Struct, frozen=True):
    """One reaction; custom and paid ones have no emoji."""

    emoji: str = ""


class Reaction(Struct, frozen=True):
    """The reactions of one person to one message."""

    chat: Peer
    message_id: int
    user: Peer | None = None
    date: Count = 0
    new_reaction: tuple[ReactionType, ...] = ()


class Membership(Struct, frozen=True):
    """What we are in a chat now."""

    status: str = ""


class MemberChange(Struct, frozen=True):
    """A person blocked or unblocked us."""

    chat: Peer
    new_chat_member: Membership
    from_: Peer | None = field(name="from", default=None)
    date: Count = 0


class Numbered(Struct, frozen=True):
    """The outside of an update."""

    update_id: Annotated[int, Meta(ge=0, le=2**53)]


class Update(Struct, frozen=True):
    """One update: the kinds we act on."""

    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Press | None = None
    message_reaction: Reaction | None = None
    my_chat_member: MemberChange | None = None


class StoredFile(Struct, frozen=True):
    """What `getFile` finds."""

    file_path: str = ""
    file_size: Count = 0


class ChatPhoto(Struct, frozen=True):
    """The picture of a chat."""

    big_file_id: str = ""


class WholeChat(Struct, frozen=True):
    """What `getChat` tells of a person."""

    id: int
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    photo: ChatPhoto | None = None


class WebhookTold(Struct, frozen=True):
    """Where Telegram delivers to; empty: nowhere."""

    url: str


class Parameters(Struct, frozen=True):
    """What to do about a refusal."""

    retry_after: float = 0
    migrate_to_chat_id: int = 0


class Answer(Struct, frozen=True):
    """What every method of the Bot API answers."""

    ok: bool = False
    result: msgspec.Raw = msgspec.Raw(b"null")
    error_code: int = 0
    description: str = ""
    parameters: Parameters | None = None


_numbered = msgspec.json.Decoder(Numbered).decode


def outside(body: bytes) -> Numbered:
    """Decode only the number of an update; raises `msgspec.DecodeError`."""
    try:
        return _numbered(body)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return _numbered(whole(body))
