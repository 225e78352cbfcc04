"""VK's keyboards, carousels and formatting, held to VK's rules and drawn for the phone."""

import json
from typing import Literal, TypeVar

import msgspec

from sandbox.message import Button, ButtonKind, Card, Keyboard, Mark, Rows
from sandbox.vk.community import Community
from sandbox.vk.params import Params, refused

_KINDS: dict[str, ButtonKind] = {
    "text": "say",
    "callback": "press",
    "open_link": "url",
    "location": "location",
    "open_app": "app",
    "vkpay": "app",
}
_COLOURED = {"text", "callback"}
_LABELLED = {"text", "callback", "open_link", "open_app"}
_MARKS = {"bold": "bold", "italic": "italic", "underline": "underline", "url": "link"}
Shape = TypeVar("Shape")


class Action(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    type: Literal["text", "callback", "open_link", "location", "open_app", "vkpay"]
    label: str = ""
    payload: str | dict[str, object] | None = None
    link: str = ""
    app_id: int = 0
    owner_id: int = 0
    hash: str = ""


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    action: Action
    color: Literal["", "primary", "secondary", "positive", "negative"] = ""


class Board(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    buttons: tuple[tuple[Key, ...], ...]
    one_time: bool = False
    inline: bool = False
    author_id: int = 0


class Touch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    type: Literal["open_link", "open_photo"]
    link: str = ""


class Element(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    buttons: tuple[Key, ...]
    title: str = ""
    description: str = ""
    photo_id: str = ""
    action: Touch | None = None


class Carousel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    type: Literal["carousel"]
    elements: tuple[Element, ...]


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    type: Literal["bold", "italic", "underline", "url"]
    offset: int
    length: int
    url: str = ""


class Formats(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1, "1"]
    items: tuple[Item, ...]


class Drawn(msgspec.Struct, frozen=True):
    """What a keyboard becomes: buttons below the message, or keys below the writing field."""

    buttons: Rows = ()
    keyboard: Keyboard | None = None


def keyboard(params: Params) -> Drawn:
    if not params.has("keyboard"):
        return Drawn()
    board = _shaped(params.parsed("keyboard", 911), Board, 911)
    rows, most, deep = board.buttons, *((10, 6) if board.inline else (40, 10))
    if board.inline and board.one_time:
        raise refused(911, "inline keyboard can't be one_time")
    if (
        sum(map(len, rows)) > most
        or len(rows) > deep
        or not all(rows)
        or (board.inline and not rows)
    ):
        raise refused(911, f"at most {most} buttons in {deep} rows, none of them empty")
    if any(sum(1 if key.action.type in _COLOURED else 2 for key in row) > 4 for row in rows):
        raise refused(911, "a row is too wide")
    drawn = tuple(tuple(_button(key, 911) for key in row) for row in rows)
    if board.inline:
        return Drawn(buttons=drawn)
    return Drawn(keyboard=Keyboard(rows=drawn, one_time=board.one_time))


def cards(params: Params, community: Community) -> tuple[Card, ...]:
    if not params.has("template"):
        return ()
    carousel = _shaped(params.parsed("template"), Carousel, 100)
    elements = carousel.elements
    if not 1 <= len(elements) <= 10:
        raise refused(100, "template: 1 to 10 elements")
    if len({(not one.title, not one.photo_id, len(one.buttons)) for one in elements}) > 1:
        raise refused(100, "template: the elements must be alike")
    return tuple(_card(element, community) for element in elements)


def marks(params: Params, text: str) -> tuple[Mark, ...]:
    if not params.has("format_data"):
        return ()
    formats = _shaped(params.parsed("format_data"), Formats, 100)
    units = len(text.encode("utf-16-le")) // 2
    found = []
    for item in formats.items:
        if item.offset < 0 or item.length < 1 or item.offset + item.length > units:
            raise refused(100, "format_data: a span is outside the text")
        if (item.type == "url") is not bool(item.url):
            raise refused(100, "format_data: url is for spans of type url")
        told = {"type": _MARKS[item.type], "offset": item.offset, "length": item.length}
        found.append(msgspec.convert(told | {"url": item.url}, Mark))
    return tuple(found)


def _card(element: Element, community: Community) -> Card:
    if not (element.title or element.photo_id) or not 1 <= len(element.buttons) <= 3:
        raise refused(100, "template: title or photo_id, and 1 to 3 buttons")
    if len(element.title) > 80 or len(element.description) > 80:
        raise refused(100, "template: title and description are at most 80 characters")
    stored = community.stored.get(f"photo{element.photo_id}") if element.photo_id else None
    if element.photo_id and stored is None:
        raise refused(100, "template: photo_id is invalid")
    file = None
    if stored is not None:
        file = community.keep(community.files[stored.file_id], "picture", stored.file_id)
    return Card(
        title=element.title,
        text=element.description,
        file=file,
        buttons=tuple(_button(key, 100) for key in element.buttons),
    )


def _button(key: Key, code: int) -> Button:
    action = key.action
    if action.type in _LABELLED and not 1 <= len(action.label) <= 40:
        raise refused(code, "a label has 1 to 40 characters")
    if action.type not in _LABELLED and action.label:
        raise refused(code, f"a {action.type} button has no label")
    if key.color and action.type not in _COLOURED:
        raise refused(code, f"a {action.type} button has no color")
    if action.type == "open_link" and not action.link.startswith(("https://", "http://")):
        raise refused(code, "link is invalid")
    told = action.payload or ""
    payload = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
    if len(payload) > 255 or (payload and not _is_json(payload)):
        raise refused(code, "payload should be valid json of at most 255 characters")
    if action.type == "callback" and not payload:
        raise refused(code, "a callback button needs a payload")
    return Button(
        text=action.label or action.type,
        kind=_KINDS[action.type],
        payload=payload,
        url=action.link,
        color="" if key.color == "secondary" else key.color,
    )


def _shaped(told: object, shape: type[Shape], code: int) -> Shape:
    try:
        return msgspec.convert(told, shape)
    except msgspec.ValidationError as problem:
        raise refused(code, str(problem)) from problem


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
