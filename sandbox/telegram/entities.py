"""Formatting of texts: entities in UTF-16 units, and their HTML and Markdown spellings."""

import re
from html import unescape

from sandbox.telegram.errors import RefusedError, bad
from sandbox.telegram.wire import Entity

MAX_ENTITIES = 100
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
_RESERVED = set("_*[]()~`>#+-=|{}.!")
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>]+[^\s<>.,!?;:)])|(?P<email>[\w.+-]+@[\w-]+\.[\w.]*\w)"
    r"|(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64})|(?P<mention>(?<!\w)@[A-Za-z]\w{3,31})"
    r"|(?P<hashtag>(?<!\w)#\w+)|(?P<phone_number>\+\d{11,14}\b)"
)


def units(text: str) -> int:
    """Length in UTF-16 units, the only length Telegram knows."""
    return len(text) + sum(1 for sign in text if ord(sign) > 0xFFFF)


def format_text(
    text: str, entities: list[Entity] | None, parse_mode: str | None
) -> tuple[str, list[Entity]]:
    """Give the plain text and entities that a stored message has, trimmed as Telegram trims."""
    if parse_mode:
        text, entities = parse(text, parse_mode)
    found = [entity for entity in entities or [] if entity.length > 0]
    _check_bounds(text, found)
    text, found = _trim(text, found)
    taken = [(e.offset, e.offset + e.length) for e in found]
    found += [
        e
        for e in find(text)
        if not any(e.offset < end and start < e.offset + e.length for start, end in taken)
    ]
    found.sort(key=lambda e: (e.offset, -e.length))
    return text, found[:MAX_ENTITIES]


def find(text: str) -> list[Entity]:
    """Find what Telegram marks by itself: links, commands, mentions, tags, phones."""
    return [
        Entity(type=str(m.lastgroup), offset=units(text[: m.start()]), length=units(m.group()))
        for m in _FOUND.finditer(text)
    ]


def parse(text: str, parse_mode: str) -> tuple[str, list[Entity]]:
    """Turn marked-up text into plain text and entities."""
    match parse_mode.lower():
        case "html":
            return _Html(text).read()
        case "markdownv2" | "markdown":
            return _Markdown(text, legacy=parse_mode.lower() == "markdown").read()
        case _:
            raise bad("unsupported parse_mode")


def _check_bounds(text: str, entities: list[Entity]) -> None:
    edges, total = {0}, 0
    for sign in text:
        total += 2 if ord(sign) > 0xFFFF else 1
        edges.add(total)
    for entity in entities:
        end = entity.offset + entity.length
        if entity.offset < 0 or end > total:
            raise bad(
                f"entity beginning at UTF-16 offset {entity.offset} ends after the end of the text"
                f" at UTF-16 offset {total}"
            )
        if entity.offset not in edges:
            raise bad(
                f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {entity.offset}"
            )
        if end not in edges:
            raise bad(f"entity ends in a middle of a UTF-16 symbol at UTF-16 offset {end}")


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    short = text.strip()
    if short == text:
        return text, entities
    lead = units(text) - units(text.lstrip())
    total = units(short)
    kept = []
    for entity in entities:
        start = max(0, entity.offset - lead)
        end = min(total, entity.offset + entity.length - lead)
        if end > start:
            kept.append(_moved(entity, start, end - start))
    return short, kept


def _moved(entity: Entity, offset: int, length: int) -> Entity:
    return Entity(
        type=entity.type,
        offset=offset,
        length=length,
        url=entity.url,
        user=entity.user,
        language=entity.language,
        custom_emoji_id=entity.custom_emoji_id,
    )


def _fail(text: str) -> RefusedError:
    return bad(f"can't parse entities: {text}")


class _Html:
    """A reader of Telegram's small HTML; errors count bytes, entities UTF-16 units."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._out: list[str] = []
        self._at = 0
        self._open: list[tuple[str, int, dict[str, str], int]] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        for piece in re.finditer(r"<(/?)([^<>]*)>|([^<]+)|(<)", self._source):
            where = len(self._source[: piece.start()].encode())
            if piece.group(3) is not None:
                self._say(unescape(piece.group(3)))
            elif piece.group(4) is not None:
                raise _fail(f"Unclosed start tag at byte offset {where}")
            elif piece.group(1):
                self._close(piece.group(2).strip().lower(), where)
            else:
                self._begin(piece.group(2), where)
        if self._open:
            tag, _, _, where = self._open[-1]
            raise _fail(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return "".join(self._out), sorted(self._entities, key=lambda e: (e.offset, -e.length))

    def _say(self, text: str) -> None:
        self._out.append(text)
        self._at += units(text)

    def _begin(self, inside: str, where: int) -> None:
        name, _, rest = inside.strip().partition(" ")
        name = name.lower()
        if name not in _TAGS:
            raise _fail(f'Unsupported start tag "{name}" at byte offset {where}')
        pairs = re.findall(r"""([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+)))?""", rest)
        attributes = {key.lower(): unescape(a or b or c) for key, a, b, c in pairs}
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _fail(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self._open.append((name, self._at, attributes, where))

    def _close(self, name: str, where: int) -> None:
        if not self._open:
            raise _fail(f"Unexpected end tag at byte offset {where}")
        tag, start, attributes, _ = self._open.pop()
        if name and name != tag:
            raise _fail(
                f'Unmatched end tag at byte offset {where}, expected "</{tag}>", found "</{name}>"'
            )
        if self._at > start:
            entity = _html_entity(tag, start, self._at - start, attributes)
            if entity is not None:
                self._entities.append(entity)


def _html_entity(tag: str, offset: int, length: int, attributes: dict[str, str]) -> Entity | None:
    kind = _TAGS[tag]
    if kind == "text_link" and not attributes.get("href"):
        return None
    if kind == "blockquote" and "expandable" in attributes:
        kind = "expandable_blockquote"
    return Entity(
        type=kind,
        offset=offset,
        length=length,
        url=attributes.get("href") if kind == "text_link" else None,
        custom_emoji_id=attributes.get("emoji-id") if kind == "custom_emoji" else None,
    )


class _Markdown:
    """A reader of MarkdownV2, and of the older Markdown with its four marks and no nesting."""

    def __init__(self, source: str, *, legacy: bool) -> None:
        self._source = source
        self._legacy = legacy
        self._marks = {"*": "bold", "_": "italic"} if legacy else _MARKS
        self._out: list[str] = []
        self._at = 0
        self._place = 0
        self._open: list[tuple[str, int, int]] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self._place < len(self._source):
            if not (self._escape() or self._code() or self._link() or self._mark()):
                self._plain()
        if self._open:
            mark, _, where = self._open[-1]
            raise _fail(f"Can't find end of {self._name(mark)} entity at byte offset {where}")
        return "".join(self._out), sorted(self._entities, key=lambda e: (e.offset, -e.length))

    def _name(self, mark: str) -> str:
        if mark == "[":
            return "TextUrl"
        kind = self._marks[mark]
        return "the entity starting" if self._legacy else kind.capitalize()

    def _where(self) -> int:
        return len(self._source[: self._place].encode())

    def _say(self, text: str) -> None:
        self._out.append(text)
        self._at += units(text)

    def _escape(self) -> bool:
        following = self._source[self._place + 1 : self._place + 2]
        if self._source[self._place] != "\\" or not following or ord(following) > 126:
            return False
        self._say(following)
        self._place += 2
        return True

    def _code(self) -> bool:
        source, place = self._source, self._place
        mark = "```" if source.startswith("```", place) else "`" if source[place] == "`" else ""
        if not mark:
            return False
        end = source.find(mark, place + len(mark))
        if end < 0:
            kind = "Pre" if mark == "```" else "Code"
            raise _fail(f"Can't find end of {kind} entity at byte offset {self._where()}")
        inside, language = source[place + len(mark) : end], None
        if mark == "```" and (header := re.match(r"([\w+-]*)\n", inside)):
            language, inside = header.group(1) or None, inside[header.end() :]
        start = self._at
        self._say(re.sub(r"\\([`\\])", r"\1", inside))
        if self._at > start:
            kind = "pre" if mark == "```" else "code"
            self._entities.append(
                Entity(type=kind, offset=start, length=self._at - start, language=language)
            )
        self._place = end + len(mark)
        return True

    def _link(self) -> bool:
        sign = self._source[self._place]
        if sign == "[":
            self._open.append(("[", self._at, self._where()))
            self._place += 1
            return True
        if sign != "]" or not self._open or self._open[-1][0] != "[":
            return False
        _, start, where = self._open.pop()
        target = re.compile(r"\]\(((?:\\.|[^)\\])*)\)").match(self._source, self._place)
        if target is None:
            raise _fail(f"Can't find end of a URL at byte offset {where}")
        url = re.sub(r"\\(.)", r"\1", target.group(1))
        if url and self._at > start:
            self._entities.append(
                Entity(type="text_link", offset=start, length=self._at - start, url=url)
            )
        self._place = target.end()
        return True

    def _mark(self) -> bool:
        two = self._source[self._place : self._place + 2]
        mark = two if two in self._marks else two[0]
        if mark not in self._marks:
            return False
        if self._open and self._open[-1][0] == mark:
            _, start, _ = self._open.pop()
            if self._at > start:
                self._entities.append(
                    Entity(type=self._marks[mark], offset=start, length=self._at - start)
                )
        else:
            self._open.append((mark, self._at, self._where()))
        self._place += len(mark)
        return True

    def _plain(self) -> None:
        sign = self._source[self._place]
        quote = sign == ">" and (self._place == 0 or self._source[self._place - 1] == "\n")
        if not self._legacy and sign in _RESERVED and not quote:
            raise _fail(
                f"Character '{sign}' is reserved and must be escaped with the preceding '\\'"
            )
        if not quote or self._legacy:
            self._say(sign)
        self._place += 1
