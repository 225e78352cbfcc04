"""Width and height of pictures from their first bytes. Pure."""

import struct

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # tables, extensions, coding
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length


def image_size(head: bytes) -> tuple[int, int] | None:
    """Give (width, height) in pixels of a PNG, JPEG, GIF or WebP, or None.

    `head` should hold the first 64 KiB: cameras put much before a JPEG's frame.
    """
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _pair(">II", head, 16) if head[12:16] == b"IHDR" else None
    if head.startswith((b"GIF87a", b"GIF89a")):
        return _pair("<HH", head, 6)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(head)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _webp(head)
    return None


def _pair(form: str, head: bytes, offset: int) -> tuple[int, int] | None:
    if len(head) < offset + struct.calcsize(form):
        return None
    width, height = struct.unpack_from(form, head, offset)
    return (width, height) if width and height else None


def _jpeg(head: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 4 <= len(head):
        if head[place] != 0xFF:
            return None
        marker = head[place + 1]
        if marker == 0xFF:  # padding
            place += 1
        elif marker in _JPEG_BARE:
            place += 2
        elif marker in _JPEG_FRAMES:
            found = _pair(">HH", head, place + 5)
            return (found[1], found[0]) if found else None
        else:
            place += 2 + max(2, int.from_bytes(head[place + 2 : place + 4], "big"))
    return None


def _webp(head: bytes) -> tuple[int, int] | None:
    kind = head[12:16]
    if len(head) < 30:
        return None
    if kind == b"VP8X":
        return (
            1 + int.from_bytes(head[24:27], "little"),
            1 + int.from_bytes(head[27:30], "little"),
        )
    if kind == b"VP8L" and head[20] == 0x2F:
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None
