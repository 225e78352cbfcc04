"""HTML of letters: made harmless for showing, and read as text."""

import re
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
_DEEPEST = 200
_DEEPEST_SHOWN = 500  # the cleaner takes time with the square of the depth
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
    if len(html) > _LONGEST or _is_deep(html):
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
    """Read markup as text; what mail programs mark as quoted gets `> ` before its lines."""
    reader = _Reader()
    reader.feed(html[:_LONGEST_READ])
    reader.close()
    return reader.text()


def _is_deep(html: str) -> bool:
    depth = 0
    for found in _NESTING.finditer(html):
        depth += -1 if found[1] else 1
        if depth > _DEEPEST_SHOWN:
            return True
    return False


class _Reader(HTMLParser):
    """Collects lines; keeps count of how deep it is inside quotations and unseen parts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[tuple[bool, str]] = []
        self._line = ""
        self._open: list[tuple[str, bool, bool]] = []
        self._rest_is_quoted = False
        self._href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._break()
            return
        if tag in _BLOCKS and self._line.strip():
            self._break()
        if tag == "hr" and given.get("id", "").lower() in {"stopspelling", "zwchr"}:
            self._rest_is_quoted = True
        if tag in _VOID:
            return
        quotes = _quotes(tag, given)
        if quotes and (tag != "blockquote" and "border" in given.get("style", "")):
            self._rest_is_quoted = True  # Outlook quotes everything below its line
        if len(self._open) < _DEEPEST:
            self._open.append((tag, quotes, tag in _SILENT))

    def handle_endtag(self, tag: str) -> None:
        if not any(name == tag for name, _, _ in self._open):
            return
        if tag in _BLOCKS:
            self._break(blank=tag == "p")
        while self._open and self._open.pop()[0] != tag:
            continue

    def handle_data(self, text: str) -> None:
        if any(silent for _, _, silent in self._open):
            return
        if any(name == "pre" for name, _, _ in self._open):
            first, *rest = text.split("\n")
            self._line += first
            for line in rest:
                self._break()
                self._line = line
            return
        text = re.sub(r"[\s\u00a0]+", " ", text)
        self._line += text.lstrip(" ") if not self._line or self._line.endswith(" ") else text

    def _break(self, *, blank: bool = False) -> None:
        quoted = self._rest_is_quoted or any(quotes for _, quotes, _ in self._open)
        self._lines.append((quoted, self._line.rstrip()))
        if blank and self._line.strip():
            self._lines.append((quoted, ""))
        self._line = ""

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
