"""The length of a text in a platform's own unit, and where to cut one that is too long."""

import re

from otklik.kernel.text import utf16_length
from otklik.ports.channel import Limits

_BREAKS = (re.compile(r"\n\n+"), re.compile(r"\n"), re.compile(r"[.!?…] +"), re.compile(r"\s+"))
_JOINERS = "\u200d\ufe0e\ufe0f"
"""Joiner and variation selectors: what stands before one of them belongs to it."""


def measured(text: str, limits: Limits, unit: str = "") -> int:
    """Measure a text in the channel's own unit, or in another one of the limits."""
    match unit or limits.text_unit:
        case "utf16":
            return utf16_length(text)
        case "bytes":
            return len(text.encode())
        case _:
            return len(text)


def pieces(text: str, limit: int, limits: Limits) -> list[str]:
    """Cut a text into pieces of at most `limit` units, nothing lost and nothing reordered.

    The cut is after a paragraph, else a line, a sentence, a word, else between two letters. Joined
    again the pieces are the very text.
    """
    found: list[str] = []
    rest = text
    while measured(rest, limits) > limit:
        end = _cut(rest, _fitting(rest, limit, limits))
        found.append(rest[:end])
        rest = rest[end:]
    return [*found, rest] if rest or not found else found


def _fitting(text: str, limit: int, limits: Limits) -> int:
    """Give how many characters fit; at least one, or the text would never end."""
    low, high = 1, min(len(text), max(limit, 1))
    while low < high:
        middle = (low + high + 1) // 2
        if measured(text[:middle], limits) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(text: str, room: int) -> int:
    for wanted in _BREAKS:
        ends = [found.end() for found in wanted.finditer(text, room // 2, room)]
        if ends:
            return ends[-1]
    end = room
    while end > 1 and end < len(text) and (text[end] in _JOINERS or text[end - 1] == _JOINERS[0]):
        end -= 1
    return end
