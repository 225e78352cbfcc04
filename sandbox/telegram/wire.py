"""The objects of the Bot API that the sandbox sends, in the API's own names."""

from __future__ import annotations

import msgspec


class Wire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An object as it travels: absent fields are left out."""


class User(Wire, frozen=True, kw_only=True):
    id: int
    is_bot: bool
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_premium: bool | None = None


class BotProfile(User, frozen=True, kw_only=True):
    can_join_groups: bool | None = None
    can_read_all_group_messages: bool | None = None
    supports_inline_queries: bool | None = None
    can_connect_to_business: bool | None = None
    has_main_web_app: bool | None = None


class Chat(Wire, frozen=True, kw_only=True):
    id: int
    type: str
    title: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    username: str | None = None


class ChatFull(Chat, frozen=True, kw_only=True):
    accent_color_id: int
    max_reaction_count: int
    accepted_gift_types: dict[str, bool]
    bio: str | None = None


class Entity(Wire, frozen=True, kw_only=True):
    type: str
    offset: int
    length: int
    url: str | None = None
    user: User | None = None
    language: str | None = None
    custom_emoji_id: str | None = None


class PhotoSize(Wire, frozen=True, kw_only=True):
    file_id: str
    file_unique_id: str
    width: int
    height: int
    file_size: int | None = None


class Media(Wire, frozen=True, kw_only=True):
    """Any single file of a message: the kind decides which fields are set."""

    file_id: str
    file_unique_id: str
    file_size: int | None = None
    file_name: str | None = None
    mime_type: str | None = None
    width: int | None = None
    height: int | None = None
    length: int | None = None
    duration: int | None = None
    title: str | None = None
    performer: str | None = None
    thumbnail: PhotoSize | None = None


class Sticker(Wire, frozen=True, kw_only=True):
    file_id: str
    file_unique_id: str
    type: str
    width: int
    height: int
    is_animated: bool
    is_video: bool
    emoji: str | None = None
    set_name: str | None = None
    file_size: int | None = None


class Location(Wire, frozen=True, kw_only=True):
    latitude: float
    longitude: float
    horizontal_accuracy: float | None = None
    live_period: int | None = None


class Venue(Wire, frozen=True, kw_only=True):
    location: Location
    title: str
    address: str


class ContactCard(Wire, frozen=True, kw_only=True):
    phone_number: str
    first_name: str
    last_name: str | None = None
    user_id: int | None = None
    vcard: str | None = None


class PollOption(Wire, frozen=True, kw_only=True):
    persistent_id: str
    text: str
    voter_count: int


class Poll(Wire, frozen=True, kw_only=True):
    id: str
    question: str
    options: list[PollOption]
    total_voter_count: int
    is_closed: bool
    is_anonymous: bool
    type: str
    allows_multiple_answers: bool
    allows_revoting: bool
    members_only: bool


class Message(Wire, frozen=True, kw_only=True, rename={"from_": "from"}):
    message_id: int
    from_: User | None = None
    chat: Chat
    date: int
    edit_date: int | None = None
    reply_to_message: Message | None = None
    media_group_id: str | None = None
    text: str | None = None
    entities: list[Entity] | None = None
    animation: Media | None = None
    audio: Media | None = None
    document: Media | None = None
    photo: list[PhotoSize] | None = None
    sticker: Sticker | None = None
    video: Media | None = None
    video_note: Media | None = None
    voice: Media | None = None
    caption: str | None = None
    caption_entities: list[Entity] | None = None
    show_caption_above_media: bool | None = None
    contact: ContactCard | None = None
    location: Location | None = None
    venue: Venue | None = None
    poll: Poll | None = None
    has_protected_content: bool | None = None
    migrate_to_chat_id: int | None = None
    migrate_from_chat_id: int | None = None
    reply_markup: object = None


class CallbackQuery(Wire, frozen=True, kw_only=True, rename={"from_": "from"}):
    id: str
    from_: User
    message: Message | None = None
    chat_instance: str
    data: str | None = None


class ChatMember(Wire, frozen=True, kw_only=True):
    user: User
    status: str
    until_date: int | None = None


class ChatMemberUpdated(Wire, frozen=True, kw_only=True, rename={"from_": "from"}):
    chat: Chat
    from_: User
    date: int
    old_chat_member: ChatMember
    new_chat_member: ChatMember


class Reaction(Wire, frozen=True, kw_only=True):
    type: str
    emoji: str | None = None


class ReactionUpdated(Wire, frozen=True, kw_only=True):
    chat: Chat
    message_id: int
    user: User
    date: int
    old_reaction: list[Reaction]
    new_reaction: list[Reaction]


class FileLink(Wire, frozen=True, kw_only=True):
    file_id: str
    file_unique_id: str
    file_size: int
    file_path: str


class WebhookStatus(Wire, frozen=True, kw_only=True):
    url: str
    has_custom_certificate: bool
    pending_update_count: int
    last_error_date: int | None = None
    last_error_message: str | None = None
    max_connections: int | None = None
    allowed_updates: list[str] | None = None
    ip_address: str | None = None
