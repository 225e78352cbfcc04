"""The visitor protocol as a phone reads it, and its messages as a phone shows them."""

from collections.abc import Mapping
from typing import cast, get_args

import msgspec

from sandbox.message import FILE_KINDS, Button, File, Kind, Mark, Message, Place

_MARKS = {
    "bold", "italic", "underline", "strikethrough", "code", "pre", "link", "quote",
}  # fmt: skip
_KINDS = frozenset(get_args(Kind))


class Attachment(msgspec.Struct):
    """A file of a message; `url` is relative to the server."""

    id: str
    kind: str
    url: str | None = None
    name: str = ""
    mime: str = ""


class Told(msgspec.Struct):
    """A message as the server tells it; times in milliseconds."""

    id: str
    seq: int
    from_: str = msgspec.field(name="from", default="contact")
    kind: str = "text"
    text: str = ""
    entities: list[dict[str, object]] = []
    attachments: list[Attachment] = []
    buttons: list[list[dict[str, str]]] = []
    location: Place | None = None
    reply_to_id: str | None = None
    client_id: str | None = None
    sent_at: int = 0
    edited_at: int | None = None
    deleted: bool = False


class Session(msgspec.Struct):
    token: str
    ticket: str
    seq: int
    messages: list[Told] = []


class Event(msgspec.Struct):
    kind: str
    message: Told | None = None
    operator_read_seq: int = 0


class Frame(msgspec.Struct):
    kind: str
    seq: int = 0
    events: list[Event] = []


def shown(told: Told, files: tuple[File, ...], known: Mapping[str, str]) -> Message:
    """Draw a message; `known` gives the phone's own ids for the server's."""
    return Message(
        id=known.get(told.id, told.id),
        own=told.from_ == "contact",
        at=told.sent_at / 1000,
        kind=kind_of(told.kind),
        text=told.text,
        marks=tuple(_mark(one) for one in told.entities if one.get("kind") in _MARKS),
        files=files,
        place=told.location,
        buttons=tuple(tuple(_button(one) for one in row) for row in told.buttons),
        reply_to=known.get(told.reply_to_id or "", told.reply_to_id or ""),
        edited_at=(told.edited_at or 0) / 1000,
    )


def kind_of(kind: str) -> Kind:
    """Name a kind as phones do; what they cannot show is shown by its text."""
    return cast("Kind", kind) if kind in _KINDS or kind in FILE_KINDS else "text"


def _mark(entity: Mapping[str, object]) -> Mark:
    return msgspec.convert(
        {
            "type": entity["kind"],
            "offset": entity["offset"],
            "length": entity["length"],
            "url": entity.get("url", ""),
        },
        Mark,
    )


def _button(button: Mapping[str, str]) -> Button:
    url = button.get("url", "")
    payload = button.get("payload", "")
    return Button(
        text=button["label"], kind="url" if url else "press", url=url, payload=payload, own=button
    )
