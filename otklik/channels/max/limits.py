"""What MAX would refuse, said before it is asked."""

from collections.abc import Iterator

from otklik.channels.max.wire import MANIFEST
from otklik.families.tamtam import button_objections, file_objections, other, overlong
from otklik.ports.channel import Outgoing, Refusal
from otklik.ports.message import MessageKind

_LIMITS = MANIFEST.limits
_ROWS = 30
_SCHEMES = ("https://", "http://", "max://")
_ALONE = {MessageKind.VOICE, MessageKind.AUDIO, MessageKind.FILE}  # no other file beside them
_BIGGEST = {
    MessageKind.PICTURE: _LIMITS.picture_bytes,
    MessageKind.VIDEO: _LIMITS.video_bytes,
    MessageKind.VOICE: _LIMITS.audio_bytes,
    MessageKind.AUDIO: _LIMITS.audio_bytes,
    MessageKind.FILE: _LIMITS.file_bytes,
}


def why_not_send(order: Outgoing) -> Refusal | None:
    """Give the first reason MAX would not take a message, or None."""
    return next(_objections(order), None)


def _objections(order: Outgoing) -> Iterator[Refusal]:
    if not order.files and order.location is None and order.card is None:
        if order.kind is not MessageKind.TEXT:
            yield other(f"there is nothing to send as {order.kind}")
        if not order.text.strip():
            yield other("the text is empty")
    yield from file_objections(order.files, _BIGGEST)
    if len(order.files) > _LIMITS.album:
        yield other(f"{len(order.files)} files, a message holds {_LIMITS.album}")
    if len(order.files) > 1 and any(file.kind in _ALONE for file in order.files):
        yield other("a file or a sound stands alone: only pictures and films go together")
    yield from overlong("text", order.text, _LIMITS.text)
    if len(order.buttons) > _ROWS:
        yield other(f"MAX takes {_ROWS} rows of buttons")
    yield from button_objections(order.buttons, _LIMITS, _SCHEMES)
