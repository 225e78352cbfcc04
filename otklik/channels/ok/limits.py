"""What Odnoklassniki would refuse, said before it is asked; most of it is a careful guess."""

from collections.abc import Iterator

from otklik.channels.ok.wire import MANIFEST
from otklik.families.tamtam import button_objections, file_objections, other, overlong
from otklik.ports.channel import Outgoing, Refusal
from otklik.ports.message import MessageKind

_LIMITS = MANIFEST.limits
_SCHEMES = ("https://", "http://")
_BIGGEST = {
    MessageKind.PICTURE: _LIMITS.picture_bytes,
    MessageKind.VIDEO: _LIMITS.upload_bytes,
    MessageKind.VOICE: _LIMITS.upload_bytes,
    MessageKind.AUDIO: _LIMITS.upload_bytes,
    MessageKind.FILE: _LIMITS.upload_bytes,
}


def why_not_send(order: Outgoing) -> Refusal | None:
    """Give the first reason Odnoklassniki would not take a message, or None."""
    return next(_objections(order), None)


def _objections(order: Outgoing) -> Iterator[Refusal]:
    yield from file_objections(order.files, _BIGGEST)
    if len(order.files) + bool(order.buttons) > _LIMITS.album:
        yield other(f"a message holds {_LIMITS.album} attachments, its buttons are one")
    if not order.files and order.kind is not MessageKind.TEXT:
        yield other(f"there is nothing to send as {order.kind}")
    if not order.files and not order.text.strip():
        yield other("the text is empty")
    yield from overlong("text", order.text, _LIMITS.text)
    yield from button_objections(order.buttons, _LIMITS, _SCHEMES)
