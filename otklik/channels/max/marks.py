"""Formatted text as the HTML that MAX understands."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from otklik.channels.max.wire import MANIFEST
from otklik.kernel.text import utf16_length
from otklik.ports.message import Entity

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "quote": "blockquote",
    "link": "a",
}


def as_html(text: str, entities: Sequence[Entity]) -> tuple[str, bool]:
    """Give the text and whether it is HTML: plain when nothing is formatted or tags overfill it."""
    size = utf16_length(text)
    spans = [
        entity
        for entity in entities
        if entity.kind in _TAGS
        and entity.offset >= 0 < entity.length
        and entity.offset + entity.length <= size
    ]
    if not spans:
        return text, False
    units = text.encode("utf-16-le")
    cuts = sorted({0, size} | {at for one in spans for at in (one.offset, _end(one))})
    pieces = [
        _wrapped(
            units[2 * start : 2 * end].decode("utf-16-le", "replace"),
            [one for one in spans if one.offset <= start and end <= _end(one)],
        )
        for start, end in pairwise(cuts)
    ]
    html = "".join(pieces)
    return (html, True) if utf16_length(html) <= MANIFEST.limits.text else (text, False)


def _wrapped(piece: str, spans: list[Entity]) -> str:
    html = escape(piece, quote=False)
    for span in spans:
        tag = _TAGS[span.kind]
        opening = f'a href="{escape(span.url)}"' if tag == "a" else tag
        html = f"<{opening}>{html}</{tag}>"
    return html


def _end(entity: Entity) -> int:
    return entity.offset + entity.length
