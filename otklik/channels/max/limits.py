"""What MAX would refuse, said before it is asked."""

from collections.abc import Iterator

from otklik.channels.max.wire import MANIFEST
from otklik.kernel.text import utf16_length
from otklik.ports.channel import Outgoing, OutgoingFile, Refusal, RefusalKind
from otklik.ports.message import Button, MessageKind

_LIMITS = MANIFEST.limits
_ROWS = 30
_URL = 2048
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
    if order.files:
        yield from _file_objections(order.files)
    elif order.location is None and order.card is None:
        if order.kind is not MessageKind.TEXT:
            yield _other(f"there is nothing to send as {order.kind}")
        if not order.text.strip():
            yield _other("the text is empty")
    yield from _overlong("text", order.text, _LIMITS.text)
    yield from _button_objections(order.buttons)


def _file_objections(files: tuple[OutgoingFile, ...]) -> Iterator[Refusal]:
    for file in files:
        most = _BIGGEST.get(file.kind, -1)
        if most < 0:
            yield Refusal(RefusalKind.BAD_MEDIA, f"MAX takes no {file.kind} from a bot")
        elif file.size > most and not file.platform_ref:
            detail = f"{file.name}: {file.size} bytes, MAX takes {most}"
            yield Refusal(RefusalKind.BAD_MEDIA, detail)
    if len(files) > _LIMITS.album:
        yield _other(f"{len(files)} files, a message holds {_LIMITS.album}")
    if len(files) > 1 and any(file.kind in _ALONE for file in files):
        yield _other("a file or a sound stands alone: only pictures and films go together")


def _button_objections(rows: tuple[tuple[Button, ...], ...]) -> Iterator[Refusal]:
    buttons = [button for row in rows for button in row]
    if len(buttons) > _LIMITS.buttons or len(rows) > _ROWS:
        yield _other(f"MAX takes {_LIMITS.buttons} buttons in {_ROWS} rows")
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
    if button.url and not button.url.startswith(("https://", "http://", "max://")):
        yield _other(f"address of {button.label!r} must start with https://, http:// or max://")
    if button.request not in {"", "phone", "location"}:
        yield _other(f"button {button.label!r} asks for an unknown thing: {button.request}")


def _overlong(what: str, text: str, most: int) -> Iterator[Refusal]:
    length = utf16_length(text)
    if length > most:
        yield Refusal(RefusalKind.TOO_LONG, f"{what}: {length} UTF-16 units, MAX takes {most}")


def _other(detail: str) -> Refusal:
    return Refusal(RefusalKind.OTHER, detail)
