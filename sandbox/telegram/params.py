"""Parameters of calls: one struct per family, read leniently from JSON or form fields."""

from typing import TypeVar

import msgspec

from sandbox.telegram.errors import bad
from sandbox.telegram.wire import Entity

# These arrive as JSON text when the call is a form.
_NESTED = frozenset(
    {
        "reply_markup",
        "entities",
        "caption_entities",
        "media",
        "reply_parameters",
        "allowed_updates",
        "commands",
        "message_ids",
        "reaction",
        "link_preview_options",
        "options",
        "scope",
        "question_entities",
    }
)

P = TypeVar("P", bound="Params")


class Params(msgspec.Struct, frozen=True, kw_only=True):
    """Parameters of a call; unknown ones are ignored, as the Bot API ignores them."""


class ReplyTo(Params, frozen=True, kw_only=True):
    message_id: int
    chat_id: int | str | None = None
    allow_sending_without_reply: bool = False


class Target(Params, frozen=True, kw_only=True):
    chat_id: int | str | None = None


class Sending(Target, frozen=True, kw_only=True):
    reply_markup: object = None
    reply_parameters: ReplyTo | None = None
    reply_to_message_id: int | None = None
    protect_content: bool = False
    disable_notification: bool = False


class Captioned(Sending, frozen=True, kw_only=True):
    caption: str | None = None
    caption_entities: list[Entity] | None = None
    parse_mode: str | None = None
    show_caption_above_media: bool = False


class Text(Sending, frozen=True, kw_only=True):
    text: str = ""
    entities: list[Entity] | None = None
    parse_mode: str | None = None


class File(Captioned, frozen=True, kw_only=True):
    photo: str | None = None
    video: str | None = None
    voice: str | None = None
    audio: str | None = None
    document: str | None = None
    animation: str | None = None
    video_note: str | None = None
    sticker: str | None = None
    duration: int = 0
    width: int = 0
    height: int = 0
    length: int = 0
    title: str | None = None
    performer: str | None = None
    emoji: str | None = None


class AlbumItem(Params, frozen=True, kw_only=True):
    type: str
    media: str
    caption: str | None = None
    caption_entities: list[Entity] | None = None
    parse_mode: str | None = None


class Album(Sending, frozen=True, kw_only=True):
    media: list[AlbumItem]


class Place(Sending, frozen=True, kw_only=True):
    latitude: float
    longitude: float
    horizontal_accuracy: float | None = None
    live_period: int | None = None
    title: str = ""
    address: str = ""


class Card(Sending, frozen=True, kw_only=True):
    phone_number: str
    first_name: str
    last_name: str | None = None
    vcard: str | None = None


class Choice(Params, frozen=True, kw_only=True):
    text: str


class Question(Sending, frozen=True, kw_only=True):
    question: str
    options: list[Choice | str]
    is_anonymous: bool = True
    type: str = "regular"
    allows_multiple_answers: bool = False


class Action(Target, frozen=True, kw_only=True):
    action: str = ""


class Edit(Target, frozen=True, kw_only=True):
    message_id: int | None = None
    text: str = ""
    entities: list[Entity] | None = None
    caption: str | None = None
    caption_entities: list[Entity] | None = None
    parse_mode: str | None = None
    media: AlbumItem | None = None
    reply_markup: object = None


class Delete(Target, frozen=True, kw_only=True):
    message_id: int | None = None
    message_ids: list[int] | None = None


class QueryAnswer(Params, frozen=True, kw_only=True):
    callback_query_id: str = ""
    text: str | None = None
    show_alert: bool = False
    url: str | None = None


class ReactionType(Params, frozen=True, kw_only=True):
    type: str
    emoji: str | None = None


class React(Target, frozen=True, kw_only=True):
    message_id: int
    reaction: list[ReactionType] = []


class FileAsk(Params, frozen=True, kw_only=True):
    file_id: str = ""


class Poll(Params, frozen=True, kw_only=True):
    offset: int = 0
    limit: int = 100
    timeout: int = 0
    allowed_updates: list[str] | None = None


class Webhook(Params, frozen=True, kw_only=True):
    url: str = ""
    secret_token: str | None = None
    max_connections: int = 40
    allowed_updates: list[str] | None = None
    drop_pending_updates: bool = False


class Person(Params, frozen=True, kw_only=True):
    user_id: int
    offset: int = 0
    limit: int = 100


class Commands(Params, frozen=True, kw_only=True):
    commands: list[dict[str, object]] = []


class Nothing(Params, frozen=True, kw_only=True):
    """A call without parameters that matter."""


def read(raw: dict[str, object], kind: type[P]) -> P:
    """Read a call's fields into its struct; raises the refusal the Bot API would give."""
    fields = {name: _open(name, value) for name, value in raw.items() if value is not None}
    try:
        return msgspec.convert(fields, kind, strict=False)
    except msgspec.ValidationError as error:
        raise bad(f"can't parse parameters: {error}") from error


def _open(name: str, value: object) -> object:
    if name not in _NESTED or not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError as error:
        raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from error
