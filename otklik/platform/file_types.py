"""What a file is, judged by its content; and what may be shown of it. Pure."""

import unicodedata
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from otklik.platform.image_size import image_size
from otklik.ports.message import MessageKind

_MAX_PIXELS = 40_000_000
_NAME_LETTERS = 150
_NAME_BYTES = 240  # file systems stop at 255, and savers add " (1)"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_OUTLAWED = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_UNTOLD = frozenset({"", "application/octet-stream", "binary/octet-stream"})

PICTURE, VIDEO, VOICE = MessageKind.PICTURE, MessageKind.VIDEO, MessageKind.VOICE
AUDIO, FILE, STICKER = MessageKind.AUDIO, MessageKind.FILE, MessageKind.STICKER


class FileType(msgspec.Struct, frozen=True, omit_defaults=True):
    """The verdict on a file.

    `inline`: a browser may show it in place. `agrees`: content, name and declared type tell the
    same, and it is on the list of what strangers may upload. Sizes in pixels, 0 when unknown.
    """

    mime: str
    kind: MessageKind
    inline: bool = False
    agrees: bool = False
    width: int = 0
    height: int = 0


UNKNOWN = FileType("application/octet-stream", FILE)


class _Known(NamedTuple):
    mime: str
    kind: MessageKind
    inline: bool
    extensions: tuple[str, ...]


def _known(mime: str, kind: MessageKind, extensions: str, *, inline: bool = True) -> _Known:
    return _Known(mime, kind, inline, tuple(extensions.split()))


_OGG_NAMES = "ogg oga opus"
_MP4_BRANDS = {
    b"M4A ": _known("audio/mp4", AUDIO, "m4a mp4"),
    b"M4B ": _known("audio/mp4", AUDIO, "m4b m4a"),
    b"qt  ": _known("video/quicktime", VIDEO, "mov qt"),
    b"avif": _known("image/avif", PICTURE, "avif"),
    b"heic": _known("image/heic", FILE, "heic heif", inline=False),  # few browsers show it
    b"heix": _known("image/heic", FILE, "heic heif", inline=False),
    b"mif1": _known("image/heif", FILE, "heic heif", inline=False),
}
_MP4 = _known("video/mp4", VIDEO, "mp4 m4v 3gp mov")
_WEBM = _known("video/webm", VIDEO, "webm")
_WEBM_AUDIO = _known("audio/webm", AUDIO, "webm weba")
_OPUS = _known("audio/ogg", VOICE, _OGG_NAMES)
_OGG = _known("audio/ogg", AUDIO, _OGG_NAMES)
_TGS = _known("application/x-tgsticker", STICKER, "tgs")
_GZIP = _known("application/gzip", FILE, "gz tgz", inline=False)
_ZIP = _known("application/zip", FILE, "zip", inline=False)
_MP3 = _known("audio/mpeg", AUDIO, "mp3")
_MAGIC: tuple[tuple[bytes, _Known], ...] = (
    (b"\xff\xd8\xff", _known("image/jpeg", PICTURE, "jpg jpeg jpe jfif")),
    (b"\x89PNG\r\n\x1a\n", _known("image/png", PICTURE, "png apng")),
    (b"GIF87a", _known("image/gif", PICTURE, "gif")),
    (b"GIF89a", _known("image/gif", PICTURE, "gif")),
    (b"%PDF-", _known("application/pdf", FILE, "pdf")),
    (b"ID3", _MP3),
    (b"\xff\xfb", _MP3),
    (b"\xff\xf3", _MP3),
    (b"\xff\xf2", _MP3),
    (b"\xff\xf1", _known("audio/aac", AUDIO, "aac")),
    (b"\xff\xf9", _known("audio/aac", AUDIO, "aac")),
    (b"fLaC", _known("audio/flac", AUDIO, "flac")),
    (b"#!AMR", _known("audio/amr", FILE, "amr", inline=False)),
    (b"7z\xbc\xaf\x27\x1c", _known("application/x-7z-compressed", FILE, "7z", inline=False)),
    (b"Rar!\x1a\x07", _known("application/vnd.rar", FILE, "rar", inline=False)),
    (b"{\\rtf", _known("application/rtf", FILE, "rtf", inline=False)),
)
_RIFF = {
    b"WEBP": _known("image/webp", PICTURE, "webp"),
    b"WAVE": _known("audio/wav", AUDIO, "wav wave"),
    b"AVI ": _known("video/x-msvideo", FILE, "avi", inline=False),
}
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_IN_ZIP = {
    "docx": _OPEN_XML + "wordprocessingml.document",
    "xlsx": _OPEN_XML + "spreadsheetml.sheet",
    "pptx": _OPEN_XML + "presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
_IN_OLE = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
_TEXTS = {"txt": "text/plain", "log": "text/plain", "csv": "text/csv", "md": "text/plain"}
_PLAIN = frozenset({"text/plain", "text/csv", "text/markdown", "text/x-log"})
_MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<body", b"<head", b"<iframe")
_SAME = {  # other spellings of one type in declarations
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "audio/mp3": "audio/mpeg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/x-m4a": "audio/mp4",
    "audio/opus": "audio/ogg",
    "application/x-zip-compressed": "application/zip",
    "application/vnd.ms-excel": "text/csv",  # what Windows calls a CSV
}


def sniff(head: bytes, name: str, declared: str) -> FileType:
    """Tell what a file is from its first bytes; name and declared type can only lower trust.

    `head`: the first 64 KiB or all of it. `declared` may be empty and may carry parameters.
    """
    extension = _extension(name)
    told = declared.partition(";")[0].strip().lower()
    known = _by_content(head, extension, told)
    if known is None:
        return UNKNOWN
    if extension and extension not in known.extensions and not _kin(extension, known):
        return UNKNOWN
    size = image_size(head)
    if known.kind is PICTURE and known.mime != "image/avif":
        if size is None:
            return UNKNOWN  # a picture nobody can draw is something else in disguise
        if size[0] * size[1] > _MAX_PIXELS:
            return FileType(known.mime, FILE, width=size[0], height=size[1])
    width, height = size or (0, 0)
    agrees = told in _UNTOLD or _agrees(told, known)
    return FileType(known.mime, known.kind, known.inline, agrees, width, height)


def safe_name(name: str, fallback: str = "file") -> str:
    """Make a name from outside fit to show and to save under: one line, no path, no tricks."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/")).rpartition("/")[2]
    seen = "".join(letter for letter in last if unicodedata.category(letter) not in _HIDDEN)
    clean = " ".join(seen.translate(_OUTLAWED).split()).strip(". ")
    return _shortened(clean) or fallback


def response_headers(file: FileType, name: str) -> dict[str, str]:
    """Give the headers a stored file is served with: it can run nothing, whatever it holds."""
    shown = "inline" if file.inline else "attachment"
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    return {
        "Content-Type": file.mime + ("; charset=utf-8" if file.mime.startswith("text/") else ""),
        "Content-Disposition": (
            f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
        ),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-site",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, max-age=900",
    }


def _by_content(head: bytes, extension: str, told: str) -> _Known | None:
    for magic, known in _MAGIC:
        if head.startswith(magic):
            return known
    for magic, judge in _CONTAINERS:
        if head.startswith(magic):
            return judge(head, extension, told)
    if head[4:8] == b"ftyp":
        return _MP4_BRANDS.get(head[8:12], _MP4)
    return _text(head, extension)


def _riff(head: bytes, _ext: str, _told: str) -> _Known | None:
    return _RIFF.get(head[8:12])


def _ogg(head: bytes, _ext: str, _told: str) -> _Known | None:
    first = head[:512]
    if b"OpusHead" in first:
        return _OPUS
    return _OGG if b"\x01vorbis" in first else None


def _ebml(head: bytes, _ext: str, told: str) -> _Known | None:
    if b"webm" not in head[:64]:
        return None
    has_video = b"V_VP" in head or b"V_AV1" in head
    return _WEBM if has_video or not told.startswith("audio/") else _WEBM_AUDIO


def _gzip(_head: bytes, extension: str, told: str) -> _Known | None:
    return _TGS if extension == "tgs" or told == _TGS.mime else _GZIP


def _zip(head: bytes, extension: str, _told: str) -> _Known | None:
    mime = _IN_ZIP.get(extension)
    if mime is None:
        return _ZIP
    inside = (b"[Content_Types].xml", b"_rels/", b"word/", b"xl/", b"ppt/", b"mimetype")
    return _Known(mime, FILE, False, (extension,)) if head[30:].startswith(inside) else None


def _ole(_head: bytes, extension: str, _told: str) -> _Known | None:
    mime = _IN_OLE.get(extension)
    return _Known(mime, FILE, False, (extension,)) if mime else None


_CONTAINERS: tuple[tuple[bytes, Callable[[bytes, str, str], _Known | None]], ...] = (
    (b"RIFF", _riff),
    (b"OggS", _ogg),
    (b"\x1a\x45\xdf\xa3", _ebml),
    (b"\x1f\x8b\x08", _gzip),
    (b"PK\x03\x04", _zip),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _ole),
)


def _text(head: bytes, extension: str) -> _Known | None:
    mime = _TEXTS.get(extension)
    if mime is None or b"\0" in head:
        return None
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    return None if start.startswith(_MARKUP) else _Known(mime, FILE, False, (extension,))


def _kin(extension: str, known: _Known) -> bool:
    """Phones often save one kind of picture or sound under the name of another: that is no lie."""
    groups = [entry for _, entry in _MAGIC] + [*_RIFF.values(), *_MP4_BRANDS.values()]
    groups += [_MP4, _WEBM, _WEBM_AUDIO, _OPUS, _OGG]
    media = known.mime.partition("/")[0]
    return media in {"image", "audio", "video"} and any(
        extension in entry.extensions and entry.mime.startswith(media) for entry in groups
    )


def _agrees(told: str, known: _Known) -> bool:
    said = _SAME.get(told, told)
    if known.mime in {said, told}:
        return True
    media = known.mime.partition("/")[0]
    if media == "text":
        return said in _PLAIN
    # A recorder calls the same container audio or video.
    family = {"audio", "video"} if media in {"audio", "video"} else {media}
    return said.partition("/")[0] in family - {"application"} and "svg" not in said


def _extension(name: str) -> str:
    last = safe_name(name, "")
    return last.rpartition(".")[2].lower() if "." in last else ""


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 12:
        stem, dot, extension = name, "", ""
    stem = stem[: _NAME_LETTERS - len(dot + extension)]
    while stem and len((stem + dot + extension).encode()) > _NAME_BYTES:
        stem = stem[:-1]
    return (stem.rstrip(". ") + dot + extension) if stem else (dot + extension).strip(".")
