"""Draw the sandbox's own media with Chromium: `python -m sandbox.draw_media`, once."""

import base64
import gzip
import struct
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent / "media"
_SCENES = (FOLDER / "draw.js").read_text()

STILL = {
    "tea-cup.jpg": ("cup", 480, 360),
    "teapot.jpg": ("teapot", 480, 360),
    "leaves.jpg": ("leaves", 360, 480),
    "parcel.jpg": ("parcel", 480, 360),
    "cup.webp": ("cupSticker", 512, 512),
    "cat.webp": ("catSticker", 512, 512),
}
MOVING = {
    "steam.mp4": ("steam", 320, 240, "video/mp4"),
    "leaf.mp4": ("falling", 320, 240, "video/mp4"),
    "round.mp4": ("shelf", 240, 240, "video/mp4"),
    "steam.webm": ("steamSticker", 512, 512, "video/webm;codecs=vp9"),
}


def draw() -> None:
    """Write every file of the collection."""
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.goto("data:text/html,<title>media</title>")
        page.evaluate(_SCENES)
        for name, (scene, width, height) in STILL.items():
            kind = "image/jpeg" if name.endswith("jpg") else "image/webp"
            _keep(name, page.evaluate("a => window.still(...a)", [scene, width, height, kind]))
        for name, (scene, width, height, kind) in MOVING.items():
            _keep(name, page.evaluate("a => window.moving(...a)", [scene, width, height, kind]))
        _keep("bell.m4a", page.evaluate("() => window.sound('audio/mp4;codecs=opus', 'bell', 2)"))
        webm = base64.b64decode(
            page.evaluate("() => window.sound('audio/webm;codecs=opus', 'hum', 3)")
        )
        (FOLDER / "voice.ogg").write_bytes(ogg_from_webm(webm))
        browser.close()
    (FOLDER / "leaf.tgs").write_bytes(
        gzip.compress((FOLDER / "leaf.json").read_bytes(), 9, mtime=0)
    )
    (FOLDER / "price.pdf").write_bytes(price_pdf())


def _keep(name: str, encoded: str) -> None:
    (FOLDER / name).write_bytes(base64.b64decode(encoded))


def ogg_from_webm(webm: bytes) -> bytes:
    """Put the Opus packets of a WebM recording into Ogg, the container of voice messages."""
    packets = _opus_packets(webm)
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 7) + b"sandbox" + struct.pack("<I", 0)
    pages = [_ogg_page([head], 0, 0, 2), _ogg_page([tags], 0, 1, 0)]
    per_page, position = 50, 0
    samples = 2880 if len(packets) < 80 else 960  # Chromium records 60 ms packets, others 20 ms
    for number, start in enumerate(range(0, len(packets), per_page)):
        group = packets[start : start + per_page]
        position += samples * len(group)
        last = 4 if start + per_page >= len(packets) else 0
        pages.append(_ogg_page(group, position, number + 2, last))
    return b"".join(pages)


def _opus_packets(webm: bytes) -> list[bytes]:
    """Read the simple blocks of a WebM file of one track without lacing."""
    packets, at = [], 0
    masters = {0x18538067, 0x1F43B675}
    while at < len(webm):
        name, at = _vint(webm, at, keep_mark=True)
        size, at = _vint(webm, at, keep_mark=False)
        if name in masters:
            continue
        if name == 0xA3:
            packets.append(webm[at + 4 : at + size])
        at += size
    return packets


def _vint(source: bytes, at: int, *, keep_mark: bool) -> tuple[int, int]:
    length = 9 - source[at].bit_length()
    value = int.from_bytes(source[at : at + length])
    return (value if keep_mark else value & ((1 << 7 * length) - 1)), at + length


def _ogg_page(packets: list[bytes], position: int, number: int, flags: int) -> bytes:
    lacing = b"".join(b"\xff" * (len(p) // 255) + bytes([len(p) % 255]) for p in packets)
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, position, 7, number, 0, len(lacing))
    page = bytearray(head + lacing + b"".join(packets))
    page[22:26] = struct.pack("<I", _ogg_crc(page))
    return bytes(page)


def _ogg_crc(page: bytes | bytearray) -> int:
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x04C11DB7) & 0xFFFFFFFF if crc & 0x80000000 else crc << 1
    return crc


def price_pdf() -> bytes:
    """One page with a title and three lines."""
    lines = [
        "Tea Bridge: price list",
        "Da Hong Pao, 50 g     1 290",
        "Ivan-chay, 100 g        420",
        "Lapsang, 50 g           890",
    ]
    text = "BT /F1 20 Tf 60 760 Td 30 TL " + " T* ".join(f"({line}) Tj" for line in lines) + " ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"  # noqa: ISC004
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
    ]
    out, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return (out + f"xref\n0 5\n0000000000 65535 f \n{table}{end}").encode()


if __name__ == "__main__":
    draw()
