"""Chats and files: actions, looks, profiles, download links."""

import time

from sandbox.telegram import params
from sandbox.telegram.calls import Call, find_thread, method, writable_thread
from sandbox.telegram.errors import CHAT_NOT_FOUND, bad
from sandbox.telegram.files import MAX_DOWNLOAD
from sandbox.telegram.wire import ChatFull, FileLink

ACTION_S = 5.0
_GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)
_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


@method("sendChatAction", params=params.Action)
async def send_action(call: Call, ask: params.Action) -> bool:
    thread = (
        find_thread(call, ask.chat_id) if call.bot.flood else writable_thread(call, ask.chat_id)
    )
    if ask.action not in _ACTIONS:
        raise bad("wrong parameter action in request")
    thread.action, thread.action_until = ask.action, time.time() + ACTION_S
    call.world.feed.publish(
        "action", bot_id=call.bot.user.id, chat_id=thread.chat.id, action=ask.action
    )
    return True


@method("getChat", params=params.Target)
async def get_chat(call: Call, ask: params.Target) -> ChatFull:
    chat = find_thread(call, ask.chat_id).chat
    return ChatFull(
        id=chat.id,
        type=chat.type,
        title=chat.title,
        first_name=chat.first_name,
        last_name=chat.last_name,
        username=chat.username,
        accent_color_id=0,
        max_reaction_count=11,
        accepted_gift_types=dict.fromkeys(_GIFTS, False),
    )


@method("getUserProfilePhotos", params=params.Person)
async def get_photos(call: Call, ask: params.Person) -> dict[str, object]:
    if ask.user_id not in call.bot.threads:
        raise CHAT_NOT_FOUND
    return {"total_count": 0, "photos": []}


@method("getFile", params=params.FileAsk)
async def get_file(call: Call, ask: params.FileAsk) -> FileLink:
    stored = call.bot.files.get(ask.file_id)
    if stored is None:
        raise bad("invalid file_id" if ask.file_id else "file_id not specified")
    size = len(stored.blob.content)
    if size > MAX_DOWNLOAD:
        raise bad("file is too big")
    return FileLink(
        file_id=ask.file_id,
        file_unique_id=stored.blob.unique_id,
        file_size=size,
        file_path=stored.path,
    )
