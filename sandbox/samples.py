"""The sandbox's own pictures, sounds and stickers, so that a download gives true bytes."""

import struct
import zlib
from functools import cache
from pathlib import Path

import msgspec

_FOLDER = Path(__file__).parent / "media"


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the collection; sizes in pixels, duration in seconds."""

    name: str
    kind: str
    mime: str
    width: int = 0
    height: int = 0
    duration: int = 0
    title: str | None = None
    performer: str | None = None
    emoji: str | None = None


@cache
def catalogue() -> dict[str, Sample]:
    """All samples by name."""
    listed = msgspec.json.decode((_FOLDER / "catalogue.json").read_bytes(), type=list[Sample])
    return {sample.name: sample for sample in listed}


@cache
def content(name: str) -> bytes:
    """The bytes of a sample; `picture-N.png` is drawn for any N."""
    if name.startswith("picture-"):
        return draw_picture(int(name.removeprefix("picture-").removesuffix(".png")))
    return (_FOLDER / name).read_bytes()


def draw_picture(number: int, width: int = 320, height: int = 240) -> bytes:
    """Draw a PNG that differs for every number: two washes of tea and a moon."""
    hue = number * 47 % 360
    top, low, moon = _colour(hue, 0.35), _colour(hue + 40, 0.75), _colour(hue + 180, 0.8)
    x, y, radius = 40 + number * 53 % 240, 40 + number * 31 % 120, 28
    rows = []
    for line in range(height):
        share = line / height
        wash = bytes(int(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        half = radius**2 - (line - y) ** 2
        row = bytearray(wash * width)
        if half > 0:
            reach = int(half**0.5)
            left, right = max(0, x - reach), min(width, x + reach)
            row[left * 3 : right * 3] = bytes(moon) * (right - left)
        rows.append(b"\0" + bytes(row))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", body)
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _colour(hue: int, light: float) -> tuple[int, int, int]:
    def level(shift: int) -> int:
        place = (shift + hue / 30) % 12
        return round(
            255 * (light - 0.4 * min(light, 1 - light) * max(-1.0, min(place - 3, 9 - place, 1.0)))
        )

    return level(0), level(8), level(4)
