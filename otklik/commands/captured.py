"""Deliveries as people save them: bare, wrapped by what recorded them, several in one file. Pure.

Nothing of this is used on the real route, which takes only what a platform sends.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator, Mapping

Value = dict[str, object]
Bodies = tuple[bytes, ...]

_DEEPEST = 4
_WRAPS = (
    "updates", "result", "body", "rawBody", "raw_body", "raw", "payload", "data", "json",
    "request", "sample", "update", "event",
)  # fmt: skip
_HEAD = re.compile(
    rb"\A(?:[A-Z]+ \S+ HTTP/\S+\r?\n|HTTP/\S+ \d+[^\n]*\n)?(?:[\w-]+:[^\n]*\n)+\r?\n"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_ONE_BY_ONE = json.JSONDecoder()


def readings(content: bytes, channel: str, suffix: str = "") -> Iterator[Bodies]:
    """Give what the bodies in a file may be, the plainest first.

    `suffix` is of the file's name: a piece of a letter's text is known by nothing else.
    """
    bodies: Bodies = (content.removeprefix(b"\xef\xbb\xbf"),)
    for _ in range(_DEEPEST):
        yield bodies
        framed = tuple(_framed(body, channel, suffix) for body in bodies)
        if framed != bodies:
            yield framed
        inner = tuple(each for body in bodies for each in _inside(body))
        if inner == bodies or not inner:
            return
        bodies = inner


def _inside(body: bytes) -> Iterator[bytes]:
    """Take one wrapping off; a body without one stays."""
    headed = _HEAD.match(body)
    if headed is not None:
        yield body[headed.end() :]
        return
    match _values(body):
        case [dict() as value]:
            yield from _unwrapped(value, body)
        case [list() as values]:
            yield from map(_json, values)
        case [_, _, *_] as values:
            yield from map(_json, values)
        case _:
            yield body


def _values(body: bytes) -> list[object]:
    """Read one JSON value after another, with or without line breaks; nothing when it is none."""
    try:
        text, place, found = body.decode().strip(), 0, []
        while place < len(text):
            value, end = _ONE_BY_ONE.raw_decode(text, place)
            found.append(value)
            place = end + len(text[end:]) - len(text[end:].lstrip(" \t\r\n,;"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        return []
    return found


def _unwrapped(value: Value, body: bytes) -> Iterator[bytes]:
    inner = next((value[name] for name in _WRAPS if value.get(name)), None)
    if isinstance(inner, str):
        yield _bytes_of(inner.strip())
    elif isinstance(inner, list):
        yield from map(_json, inner)
    elif isinstance(inner, dict):
        yield _json(inner)
    else:
        yield body


def _json(value: object) -> bytes:
    return json.dumps(value).encode()  # unlike ours it writes every number it has read


def _bytes_of(text: str) -> bytes:
    if _BASE64.fullmatch(text):
        try:
            padded = text.replace("-", "+").replace("_", "/").rstrip("=")
            return base64.b64decode(padded + "=" * (-len(padded) % 4))
        except binascii.Error:
            return text.encode()
    return text.encode()


def _framed(body: bytes, channel: str, suffix: str) -> bytes:
    """Put the frame of a delivery around what a library's example shows without it."""
    if channel == "email":
        return _letter(body, suffix) if suffix in _PIECES and not _HEAD.match(body) else body
    match _values(body):
        case [dict() as value]:
            frames = (frame for needed, frame in _FRAMES.get(channel, ()) if needed <= value.keys())
            frame = next(frames, None)
            return body if frame is None else _json(frame(value))
        case _:
            return body


_PIECES = {".txt": "plain", ".html": "html", ".htm": "html"}


def _letter(body: bytes, suffix: str) -> bytes:
    head = (
        "From: Somebody <somebody@example.org>\r\nTo: shop@example.org\r\n"
        "Message-ID: <piece@example.org>\r\nSubject: -\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/{_PIECES[suffix]}; charset=utf-8\r\n\r\n"
    )
    return head.encode() + body


def _entry(kind: str, **parts: object) -> Value:
    return {"object": kind, "entry": [{"id": "0", "time": 0, **parts}]}


def _messaging(kind: str) -> Callable[[Value], Value]:
    return lambda value: _entry(kind, messaging=[value])


def _change(kind: str) -> Callable[[Value], Value]:
    return lambda value: _entry(kind, changes=[value])


def _entry_of(kind: str) -> Callable[[Value], Value]:
    return lambda value: {"object": kind, "entry": [value]}


def _meta(kind: str) -> tuple[tuple[frozenset[str], Callable[[Value], Value]], ...]:
    return (
        (frozenset({"messaging"}), _entry_of(kind)),
        (frozenset({"standby"}), _entry_of(kind)),
        (frozenset({"changes"}), _entry_of(kind)),
        (frozenset({"field", "value"}), _change(kind)),
        (frozenset({"sender"}), _messaging(kind)),
    )


_FRAMES: Mapping[str, tuple[tuple[frozenset[str], Callable[[Value], Value]], ...]] = {
    "telegram": (
        (frozenset({"message_id", "chat"}), lambda value: {"update_id": 0, "message": value}),
        (frozenset({"chat_instance"}), lambda value: {"update_id": 0, "callback_query": value}),
        (frozenset({"message"}), lambda value: {"update_id": 0, **value}),
        (frozenset({"callback_query"}), lambda value: {"update_id": 0, **value}),
        (frozenset({"edited_message"}), lambda value: {"update_id": 0, **value}),
    ),
    "vk": (
        (frozenset({"peer_id", "from_id"}), lambda value: {
            "type": "message_new", "object": {"message": value}, "group_id": 0,
        }),
        (frozenset({"message", "client_info"}), lambda value: {
            "type": "message_new", "object": value, "group_id": 0,
        }),
    ),
    "max": (
        (frozenset({"recipient", "body"}), lambda value: {
            "update_type": "message_created", "timestamp": value.get("timestamp", 0),
            "message": value,
        }),
    ),
    "whatsapp": (
        (frozenset({"changes"}), _entry_of("whatsapp_business_account")),
        (frozenset({"field", "value"}), _change("whatsapp_business_account")),
        (frozenset({"messaging_product", "metadata"}), lambda value: _entry(
            "whatsapp_business_account", changes=[{"field": "messages", "value": value}],
        )),
    ),
    "messenger": _meta("page"),
    "instagram": _meta("instagram"),
}  # fmt: skip
"""What an example must have to be of a channel, and the frame it then lacks."""
