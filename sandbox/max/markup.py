"""HTML and Markdown of MAX as text with marks, in UTF-16 units."""

import re
from html.parser import HTMLParser
from typing import Literal

from sandbox.message import Mark

Type = Literal["bold", "italic", "underline", "strikethrough", "code", "pre", "link", "quote"]

_TAGS: dict[str, Type] = {
    "b": "bold",
    "strong": "bold",
    "h1": "bold",
    "mark": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "quote",
    "a": "link",
}
# The longer sign first: `**` is not two `*`.
_SIGNS: tuple[tuple[str, Type], ...] = (
    (r"\*\*(.+?)\*\*", "bold"),
    (r"__(.+?)__", "bold"),
    (r"~~(.+?)~~", "strikethrough"),
    (r"\+\+(.+?)\+\+", "underline"),
    (r"\*(.+?)\*", "italic"),
    (r"_(.+?)_", "italic"),
    (r"`(.+?)`", "code"),
    (r"\[(.+?)\]\((.+?)\)", "link"),
)
_MARKDOWN = re.compile("|".join(sign for sign, _ in _SIGNS), re.DOTALL)


def formatted(text: str, form: str | None) -> tuple[str, tuple[Mark, ...]]:
    """The text without its signs, and the marks they make."""
    if form == "html":
        reader = _Reader()
        reader.feed(text)
        reader.close()
        return reader.text, tuple(reader.marks)
    return _markdown(text) if form == "markdown" else (text, ())


def _markdown(text: str) -> tuple[str, tuple[Mark, ...]]:
    plain, marks, at = "", [], 0
    for found in _MARKDOWN.finditer(text):
        plain += text[at : found.start()]
        groups = [group for group in found.groups() if group is not None]
        sign = next(kind for pattern, kind in _SIGNS if re.fullmatch(pattern, found[0], re.DOTALL))
        url = groups[1] if sign == "link" else ""
        marks.append(Mark(type=sign, offset=_units(plain), length=_units(groups[0]), url=url))
        plain += groups[0]
        at = found.end()
    return plain + text[at:], tuple(marks)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.marks: list[Mark] = []
        self._open: list[tuple[str, int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append((tag, _units(self.text), dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, start, url = self._open.pop()
            length = _units(self.text) - start
            if opened in _TAGS and length:
                self.marks.append(Mark(type=_TAGS[opened], offset=start, length=length, url=url))
            if opened == tag:
                return

    def handle_data(self, data: str) -> None:
        self.text += data


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
