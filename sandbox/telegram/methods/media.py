"""Sending files: one at a time, stickers, and albums."""

import msgspec

from sandbox.telegram import params
from sandbox.telegram.calls import METHODS, Call, Head, blank, head, leave
from sandbox.telegram.calls import method as named
from sandbox.telegram.entities import format_text, units
from sandbox.telegram.errors import CAPTION_LONG, bad
from sandbox.telegram.files import Shape, put, resolve
from sandbox.telegram.wire import Entity, Message

MAX_CAPTION = 1024
_KINDS = {
    "sendPhoto": "photo",
    "sendVideo": "video",
    "sendVoice": "voice",
    "sendAudio": "audio",
    "sendDocument": "document",
    "sendAnimation": "animation",
    "sendVideoNote": "video_note",
    "sendSticker": "sticker",
}
_BARE = ("sticker", "video_note")
_STICKERS = (".webp", ".tgs", ".webm")


def caption(
    text: str | None, entities: list[Entity] | None, parse_mode: str | None
) -> tuple[str | None, list[Entity] | None]:
    """Check and format a caption."""
    if not text:
        return None, None
    plain, found = format_text(text, entities, parse_mode)
    if units(plain) > MAX_CAPTION:
        raise CAPTION_LONG
    return plain or None, found or None


async def _send(call: Call, kind: str) -> Message:
    ask = params.read({k: v for k, v in call.fields.items() if k not in call.uploads}, params.File)
    at = head(call, ask)
    source: str | None = getattr(ask, kind)
    shape = Shape(
        width=ask.width or ask.length,
        height=ask.height or ask.length,
        duration=ask.duration,
        title=ask.title,
        performer=ask.performer,
        emoji=ask.emoji,
    )
    stored = await resolve(call, kind, source, shape)
    if kind == "sticker" and not stored.blob.name.endswith(_STICKERS):
        raise bad("wrong file type: a sticker is a .webp, .tgs or .webm file")
    message = put(blank(at.thread), stored, kind=kind)
    if kind not in _BARE:
        text, entities = caption(ask.caption, ask.caption_entities, ask.parse_mode)
        message = msgspec.structs.replace(
            message,
            caption=text,
            caption_entities=entities,
            show_caption_above_media=True if ask.show_caption_above_media and text else None,
        )
    return leave(call, at, message)


def _register(name: str, kind: str) -> None:
    async def run(call: Call) -> Message:
        return await _send(call, kind)

    METHODS[name.lower()] = run


for _name, _kind in _KINDS.items():
    _register(_name, _kind)


@named("sendMediaGroup", params=params.Album)
async def send_media_group(call: Call, ask: params.Album) -> list[Message]:
    at = head(call, ask)
    if not 2 <= len(ask.media) <= 10:
        raise bad("group send must contain from 2 to 10 items")
    kinds = {item.type for item in ask.media}
    if not kinds <= {"photo", "video", "audio", "document"}:
        raise bad(f"{max(kinds)} can't be sent in an album")
    if len(kinds) > 1 and kinds & {"audio", "document"}:
        raise bad("documents and audio can be grouped in an album only with files of the same kind")
    contents = [await _item(call, at, item) for item in ask.media]
    group = f"{call.bot.user.id % 10**8}{at.thread.chat.id % 10**6}{at.thread.last_id + 1}"
    return [leave(call, at, content, media_group_id=group) for content in contents]


async def _item(call: Call, at: Head, item: params.AlbumItem) -> Message:
    stored = await resolve(call, item.type, item.media, Shape())
    text, entities = caption(item.caption, item.caption_entities, item.parse_mode)
    message = put(blank(at.thread), stored, kind=item.type)
    return msgspec.structs.replace(message, caption=text, caption_entities=entities)
