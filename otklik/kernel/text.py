"""Text as messengers count and cut it."""

import json
import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def utf16_length(text: str) -> int:
    """Count UTF-16 units, the measure of Telegram's offsets and limits."""
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)


def storable(text: str) -> str:
    """Replace what no database keeps (NUL, lone surrogates) without moving any offset."""
    return _UNSTORABLE.sub("\ufffd", text)


def mended_json(body: bytes) -> bytes:
    """Give JSON without escapes of half characters, which strict decoders refuse as a whole.

    Raises `ValueError` for what is not JSON in any other way, too.
    """
    return storable(json.dumps(json.loads(body), ensure_ascii=False)).encode()


def preview(text: str, limit: int = 140) -> str:
    """Give the first words of a text on one line, at most `limit` characters."""
    line = " ".join(text[: limit * 4].split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
