"""The bytes of files: samples, uploads, and what is fetched by an address."""

import base64
import hashlib
import mimetypes
import struct

import aiohttp
import msgspec

from sandbox import samples
from sandbox.asgi import Upload
from sandbox.orders import ActError

UNKNOWN_TYPE = "application/octet-stream"
DEFAULT_SAMPLE = {
    "picture": "tea-cup.jpg",
    "video": "steam.mp4",
    "animation": "leaf.mp4",
    "round": "round.mp4",
    "voice": "voice.ogg",
    "audio": "bell.m4a",
    "file": "price.pdf",
    "sticker": "cup.webp",
}


class NoBytesError(ActError):
    """There is no such file; the text says which."""


class Blob(msgspec.Struct, frozen=True, kw_only=True):
    """The bytes of a file and what is known of them; sizes in pixels, duration in seconds."""

    content: bytes
    name: str
    mime: str
    width: int = 0
    height: int = 0
    duration: int = 0
    title: str | None = None
    performer: str | None = None
    emoji: str | None = None

    @property
    def unique_id(self) -> str:
        """The same for the same bytes."""
        digest = hashlib.sha1(self.content, usedforsecurity=False).digest()
        return "AQAD" + base64.urlsafe_b64encode(digest[:9]).decode()


def sample(name: str) -> Blob:
    """A sample as a file; `picture-N.png` is drawn for any N."""
    if name.startswith("picture-") and name[8:].removesuffix(".png").isdigit():
        drawn = samples.content(name)
        return Blob(content=drawn, name=name, mime="image/png", width=320, height=240)
    known = samples.catalogue().get(name)
    if known is None:
        raise NoBytesError(f"There is no sample {name!r}; see GET /control/samples.")
    return Blob(
        content=samples.content(name),
        name=name,
        mime=known.mime,
        width=known.width,
        height=known.height,
        duration=known.duration,
        title=known.title,
        performer=known.performer,
        emoji=known.emoji,
    )


def blob(content: bytes, name: str, mime: str = "", duration: int = 0) -> Blob:
    """Bytes with a name; the type is guessed when not told, a picture is measured."""
    guessed = mimetypes.guess_type(name)[0] or UNKNOWN_TYPE
    width, height = picture_size(content) or (0, 0)
    return Blob(
        content=content,
        name=name,
        mime=guessed if mime in ("", UNKNOWN_TYPE) else mime,
        width=width,
        height=height,
        duration=duration,
    )


def uploaded(upload: Upload) -> Blob:
    """A file of a multipart form."""
    return blob(upload.content, upload.name, upload.content_type)


async def fetch(session: aiohttp.ClientSession, url: str, limit: int) -> Blob:
    """Get a file by its address, at most `limit` bytes; raises NoBytesError."""
    try:
        async with session.get(url, timeout=aiohttp.ClientTimeout(total=10)) as answer:
            if answer.status != 200:
                raise NoBytesError(f"{url} answered {answer.status}.")
            content = await answer.content.read(limit + 1)
            while len(content) <= limit and (
                more := await answer.content.read(limit + 1 - len(content))
            ):
                content += more
            mime = answer.content_type
    except (aiohttp.ClientError, TimeoutError, OSError) as problem:
        raise NoBytesError(f"{url} could not be fetched.") from problem
    if len(content) > limit or not content:
        raise NoBytesError(f"{url} is empty or larger than {limit} bytes.")
    return blob(content, url.partition("?")[0].rsplit("/", 1)[-1] or "file", mime)


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, JPEG, GIF or WebP, read from its first bytes."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) > 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith(b"GIF8") and len(content) > 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _webp_size(content)
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    if len(content) < 30:
        return None
    kind = content[12:16]
    if kind == b"VP8X":
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(
            content[27:30], "little"
        ) + 1
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(content[26:28], "little") & 0x3FFF, int.from_bytes(
        content[28:30], "little"
    ) & 0x3FFF
