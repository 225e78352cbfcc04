"""Files of messages: where they come from, and how each kind looks in a message."""

import mimetypes

import aiohttp
import msgspec

from sandbox.blobs import Blob, picture_size
from sandbox.telegram.calls import Call
from sandbox.telegram.errors import TOO_LARGE, WRONG_FILE, bad
from sandbox.telegram.wire import Media, Message, PhotoSize, Sticker
from sandbox.telegram.world import Stored

MB = 1024 * 1024
MAX_UPLOAD = 50 * MB
MAX_PHOTO = 10 * MB
MAX_BY_URL = {"photo": 5 * MB}
MAX_DOWNLOAD = 20 * MB


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What a call says about its file."""

    width: int = 0
    height: int = 0
    duration: int = 0
    title: str | None = None
    performer: str | None = None
    emoji: str | None = None


async def resolve(call: Call, kind: str, source: str | None, shape: Shape) -> Stored:
    """Find the file a call means: an upload, a known file id, or an address to fetch."""
    upload = call.uploads.get(kind)
    if source and source.startswith("attach://"):
        upload = call.uploads.get(source.removeprefix("attach://"))
        if upload is None:
            raise bad(f"file attachment with name {source!r} not found in the request")
    if upload is not None:
        return keep(call, kind, upload.content, upload.name, upload.content_type, shape)
    if not source:
        raise bad(f"there is no {kind.replace('_', ' ')} in the request")
    if source.startswith(("http://", "https://")):
        content, mime = await _fetch(call.session, source, MAX_BY_URL.get(kind, 20 * MB))
        return keep(call, kind, content, source.rsplit("/", 1)[-1] or "file", mime, shape)
    known = call.bot.files.get(source)
    if known is None:
        raise WRONG_FILE
    if kind not in (known.kind, "document"):
        raise bad(f"can't use file of type {known.kind.capitalize()} as {kind.capitalize()}")
    return known


async def _fetch(session: aiohttp.ClientSession, url: str, limit: int) -> tuple[bytes, str]:
    try:
        async with session.get(url, timeout=aiohttp.ClientTimeout(total=10)) as answer:
            if answer.status != 200:
                raise bad("failed to get HTTP URL content")
            content = await answer.content.read(limit + 1)
            while len(content) <= limit and (
                more := await answer.content.read(limit + 1 - len(content))
            ):
                content += more
            mime = answer.content_type
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise bad("failed to get HTTP URL content") from error
    if len(content) > limit or not content:
        raise bad("failed to get HTTP URL content")
    return content, mime


def keep(call: Call, kind: str, content: bytes, name: str, mime: str, shape: Shape) -> Stored:
    """Check and keep the bytes of a file."""
    if not content:
        raise bad("file must be non-empty")
    if len(content) > MAX_UPLOAD:
        raise TOO_LARGE
    width, height = picture_size(content) or (shape.width, shape.height)
    if kind == "photo":
        if len(content) > MAX_PHOTO:
            raise bad("file is too big for a photo")
        if not (width and height):
            raise bad("IMAGE_PROCESS_FAILED")
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise bad("PHOTO_INVALID_DIMENSIONS")
    if mime in ("", "application/octet-stream"):
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    blob = Blob(
        content=content,
        name=name,
        mime=mime,
        width=width,
        height=height,
        duration=shape.duration,
        title=shape.title,
        performer=shape.performer,
        emoji=shape.emoji,
    )
    return call.bot.keep(blob, kind)


def put(message: Message, stored: Stored, *, kind: str | None = None) -> Message:
    """Put a file into a message under its kind."""
    kind = kind or stored.kind
    if kind == "photo":
        return msgspec.structs.replace(message, photo=_sizes(stored))
    if kind == "sticker":
        return msgspec.structs.replace(message, sticker=_sticker(stored))
    media = _media(stored, kind)
    if kind == "animation":  # Telegram repeats an animation as a document for old clients
        plain = msgspec.structs.replace(media, width=None, height=None, duration=None)
        return msgspec.structs.replace(message, animation=media, document=plain)
    fields: dict[str, Media] = {kind: media}
    return msgspec.structs.replace(message, **fields)


def _sizes(stored: Stored) -> list[PhotoSize]:
    blob = stored.blob
    scale = min(1.0, 90 / max(blob.width, blob.height, 1))
    sizes = [
        PhotoSize(
            file_id=stored.file_id,
            file_unique_id=blob.unique_id,
            width=blob.width,
            height=blob.height,
            file_size=len(blob.content),
        )
    ]
    if scale < 1.0:  # the sandbox does not shrink pictures: the small size has the same bytes
        small = PhotoSize(
            file_id=stored.file_id,
            file_unique_id=blob.unique_id[:-1] + "s",
            width=max(1, int(blob.width * scale)),
            height=max(1, int(blob.height * scale)),
            file_size=len(blob.content),
        )
        sizes.insert(0, small)
    return sizes


def _sticker(stored: Stored) -> Sticker:
    blob = stored.blob
    return Sticker(
        file_id=stored.file_id,
        file_unique_id=blob.unique_id,
        type="regular",
        width=blob.width or 512,
        height=blob.height or 512,
        is_animated=blob.name.endswith(".tgs"),
        is_video=blob.name.endswith(".webm"),
        emoji=blob.emoji,
        set_name="tea_bridge",
        file_size=len(blob.content),
    )


_SEEN = ("video", "animation")
_HEARD = ("voice", "audio", "video", "animation", "video_note")
_NAMED = ("document", "audio", "video", "animation")


def _media(stored: Stored, kind: str) -> Media:
    blob = stored.blob
    return Media(
        file_id=stored.file_id,
        file_unique_id=blob.unique_id,
        file_size=len(blob.content),
        file_name=blob.name if kind in _NAMED else None,
        mime_type=blob.mime if kind != "video_note" else None,
        width=(blob.width or 320) if kind in _SEEN else None,
        height=(blob.height or 240) if kind in _SEEN else None,
        length=(blob.width or 240) if kind == "video_note" else None,
        duration=blob.duration if kind in _HEARD else None,
        title=blob.title if kind == "audio" else None,
        performer=blob.performer if kind == "audio" else None,
    )
