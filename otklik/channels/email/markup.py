"""HTML of letters: made harmless for showing, and read as text."""

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser

import nh3

_TAGS = frozenset({
    "a", "abbr", "b", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
    "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol",
    "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr",
})  # fmt: skip
_ANYWHERE = frozenset({
    "align", "bgcolor", "border", "cellpadding", "cellspacing", "class", "color", "dir",
    "height", "lang", "style", "title", "valign", "width",
})  # fmt: skip
_ATTRIBUTES = {
    "*": set(_ANYWHERE),
    "a": {"href"},
    "font": {"face", "size"},
    "img": {"src", "alt"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap"},
}
_STYLES = frozenset({
    "background-color", "border", "border-bottom", "border-collapse", "border-color",
    "border-left", "border-radius", "border-right", "border-spacing", "border-style",
    "border-top", "border-width", "color", "direction", "display", "font", "font-family",
    "font-size", "font-style", "font-weight", "height", "letter-spacing", "line-height",
    "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-width",
    "min-width", "padding", "padding-bottom", "padding-left", "padding-right", "padding-top",
    "text-align", "text-decoration", "text-indent", "text-transform", "vertical-align",
    "white-space", "width", "word-break", "word-spacing",
})  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}
_LONGEST = 2_000_000
_LONGEST_READ = 400_000  # the reader takes some ten seconds for two million
_DEEPEST_SHOWN = 500  # the cleaner takes time with the square of the depth
_MOST_REFERENCES = 100_000
_NESTING = re.compile(
    r"<(/?)(?:div|span|font|b|i|u|a|em|strong|blockquote|table|center|ul|ol|section|article|big|"
    r"small|s|code|pre|sub|sup|q|del|ins|figure|svg|math|object|form|label|button)\b",
    re.IGNORECASE,
)
_BLOCKS = frozenset({
    "address", "blockquote", "center", "dd", "div", "dl", "dt", "figure", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "table", "tr", "ul",
})  # fmt: skip
_SILENT = frozenset({"head", "script", "style", "title", "template", "noscript", "svg", "math"})
_READ = set(_TAGS | _BLOCKS)
_ANY_TAG = re.compile(r"<[^<>]*+>")
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
    "track", "wbr",
})  # fmt: skip
_QUOTE_NAMES = re.compile(
    r"\b(?:gmail_quote|gmail_attr|moz-cite-prefix|yahoo_quoted|OutlookMessageHeader|protonmail_quote|"
    r"mail-quote-collapse|mail-quote|divRplyFwdMsg|appendonsend|reply-intro|"
    r"replymessage|mailru-blockquote|js-readmsg-msg|ms-outlook-mobile-reference-message|"
    r"zmail_extra)\b|(?:^|\s)(?:x_)?gmail_quote",
    re.IGNORECASE,
)
# The line Outlook draws above the letter it quotes.
_OUTLOOK_LINE = re.compile(
    r"border-top\s*:\s*(?:solid\s+#[be]\w{5}\s+1(?:\.0)?pt|1(?:\.0)?pt\s+solid|#[be]\w{5}\s+1pt"
    r"\s+solid)|border\s*:\s*none;\s*border-top",
    re.IGNORECASE,
)


def harmless(html: str) -> str:
    """Give markup without scripts, forms, frames and foreign resources but pictures.

    Pictures keep their `http(s):` and `cid:` addresses: whoever shows them decides whether they
    are loaded. Too long and too deep pages are not shown: the answer is empty.
    """
    if len(html) > _LONGEST or _is_endless(html):
        return ""
    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags={"script", "style", "title", "template", "iframe", "object", "form"},
        attributes=_ATTRIBUTES,
        filter_style_properties=set(_STYLES),
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def as_text(html: str) -> str:
    """Read markup as text; what mail programs mark as quoted gets `> ` before its lines.

    Python's reader takes the square of the length of markup that is broken, and stumbles over
    some: it is given what the cleaner has mended.
    """
    html = html[:_LONGEST_READ]
    if _is_endless(html):
        return unescape(_ANY_TAG.sub(" ", html)).strip()
    mended = nh3.clean(
        html,
        tags=_READ,
        clean_content_tags=set(_SILENT - {"head"}),
        attributes={"*": {"class", "id", "name", "style"}},
        link_rel=None,
        strip_comments=True,
    )
    reader = _Reader()
    reader.feed(mended)
    reader.close()
    return reader.text()


def _is_endless(html: str) -> bool:
    """Tell whether the cleaner would take too long: nested, or full of character references."""
    if html.count("&") > _MOST_REFERENCES:
        return True
    depth = 0
    for found in _NESTING.finditer(html):
        depth += -1 if found[1] else 1
        if depth > _DEEPEST_SHOWN:
            return True
    return False


class _Line:
    """A line while it grows, piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.says = False
        """Whether it has more than spaces."""
        self.is_spaced = True
        """Whether another space would say nothing: at the beginning and after a space."""

    def add(self, piece: str) -> None:
        if piece:
            self._pieces.append(piece)
            self.says = self.says or bool(piece.strip())
            self.is_spaced = piece.endswith(" ")

    def taken(self) -> str:
        whole = "".join(self._pieces)
        self._pieces, self.says, self.is_spaced = [], False, True
        return whole


class _Reader(HTMLParser):
    """Collects lines; keeps count of how deep it is inside quotations."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[tuple[bool, str]] = []
        self._line = _Line()
        self._open: list[tuple[str, bool]] = []
        self._inside: Counter[str] = Counter()
        self._quoting = 0
        self._rest_is_quoted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._break()
            return
        if tag in _BLOCKS and self._line.says:
            self._break()
        if tag == "hr" and given.get("id", "").lower() in {"stopspelling", "zwchr"}:
            self._rest_is_quoted = True
        if tag in _VOID:
            return
        quotes = _quotes(tag, given)
        if quotes and (tag != "blockquote" and "border" in given.get("style", "")):
            self._rest_is_quoted = True  # Outlook quotes everything below its line
        self._open.append((tag, quotes))
        self._inside[tag] += 1
        self._quoting += quotes

    def handle_endtag(self, tag: str) -> None:
        if not self._inside[tag]:
            return
        if tag in _BLOCKS:
            self._break(blank=tag == "p")
        closed = ""
        while closed != tag:
            closed, quotes = self._open.pop()
            self._inside[closed] -= 1
            self._quoting -= quotes

    def handle_data(self, text: str) -> None:
        if self._inside["pre"]:
            first, *rest = text.split("\n")
            self._line.add(first)
            for line in rest:
                self._break()
                self._line.add(line)
            return
        text = re.sub(r"[\s\u00a0]+", " ", text)
        self._line.add(text.lstrip(" ") if self._line.is_spaced else text)

    def _break(self, *, blank: bool = False) -> None:
        quoted = self._rest_is_quoted or self._quoting > 0
        says = self._line.says
        self._lines.append((quoted, self._line.taken().rstrip()))
        if blank and says:
            self._lines.append((quoted, ""))

    def text(self) -> str:
        """Give the collected lines with at most one empty line between two."""
        self._break()
        lines: list[str] = []
        for quoted, line in self._lines:
            if line.strip() or (lines and lines[-1] not in {"", ">"}):
                lines.append(f"> {line}".rstrip() if quoted else line)
        return "\n".join(lines).strip()


def _quotes(tag: str, given: dict[str, str]) -> bool:
    if tag == "blockquote":
        return True
    named = f"{given.get('class', '')} {given.get('id', '')} {given.get('name', '')}"
    return bool(
        _QUOTE_NAMES.search(named)
        or (tag == "div" and _OUTLOOK_LINE.search(given.get("style", "")))
    )
