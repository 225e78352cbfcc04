"""What Odnoklassniki would refuse, said before it is asked; most of it is a careful guess."""

from collections.abc import Iterator

from otklik.channels.ok.wire import MANIFEST
from otklik.kernel.text import utf16_length
from otklik.ports.channel import Outgoing, Refusal, RefusalKind
from otklik.ports.message import Button, MessageKind

_LIMITS = MANIFEST.limits
_URL = 2048
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
    for file in order.files:
        most = _BIGGEST.get(file.kind, -1)
        if most < 0:
            yield Refusal(RefusalKind.BAD_MEDIA, f"Odnoklassniki takes no {file.kind} from a group")
        elif file.size > most and not file.platform_ref:
            detail = f"{file.name}: {file.size} bytes, Odnoklassniki takes {most}"
            yield Refusal(RefusalKind.BAD_MEDIA, detail)
    if len(order.files) + bool(order.buttons) > _LIMITS.album:
        yield _other(f"a message holds {_LIMITS.album} attachments, its buttons are one")
    if not order.files and order.kind is not MessageKind.TEXT:
        yield _other(f"there is nothing to send as {order.kind}")
    if not order.files and not order.text.strip():
        yield _other("the text is empty")
    yield from _overlong("text", order.text, _LIMITS.text)
    yield from _button_objections(order.buttons)


def _button_objections(rows: tuple[tuple[Button, ...], ...]) -> Iterator[Refusal]:
    buttons = [button for row in rows for button in row]
    if len(buttons) > _LIMITS.buttons:
        yield _other(f"a message holds {_LIMITS.buttons} buttons")
    if any(len(row) > _LIMITS.buttons_per_row for row in rows):
        yield _other(f"a row holds {_LIMITS.buttons_per_row} buttons")
    for button in buttons:
        yield from _one_button(button)


def _one_button(button: Button) -> Iterator[Refusal]:
    if not button.label.strip():
        yield _other("a button has no label")
    yield from _overlong("button label", button.label, _LIMITS.button_label)
    if sum(map(bool, (button.payload, button.url, button.request))) != 1:
        yield _other(f"button {button.label!r} needs one of payload, url and request")
    if len(button.payload.encode()) > _LIMITS.button_payload_bytes or len(button.url) > _URL:
        yield Refusal(RefusalKind.TOO_LONG, f"what {button.label!r} carries is too long")
    if button.url and not button.url.startswith(("https://", "http://")):
        yield _other(f"address of {button.label!r} must start with https:// or http://")
    if button.request not in {"", "phone", "location"}:
        yield _other(f"button {button.label!r} asks for an unknown thing: {button.request}")


def _overlong(what: str, text: str, most: int) -> Iterator[Refusal]:
    length = utf16_length(text)
    if length > most:
        yield Refusal(RefusalKind.TOO_LONG, f"{what}: {length} UTF-16 units, at most {most} go")


def _other(detail: str) -> Refusal:
    return Refusal(RefusalKind.OTHER, detail)
