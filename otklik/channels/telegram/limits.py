"""What Telegram would refuse, said before it is asked."""

from collections.abc import Iterator

from otklik.channels.telegram.wire import MANIFEST
from otklik.kernel.text import utf16_length
from otklik.ports.channel import Outgoing, OutgoingFile, Refusal, RefusalKind
from otklik.ports.message import Button, MessageKind

_LIMITS = MANIFEST.limits
_ALBUMS = ({"photo", "video"}, {"audio"}, {"document"})  # kinds that may stand together
_METHODS = {
    MessageKind.PICTURE: ("sendPhoto", "photo"),
    MessageKind.VIDEO: ("sendVideo", "video"),
    MessageKind.VOICE: ("sendVoice", "voice"),
    MessageKind.AUDIO: ("sendAudio", "audio"),
    MessageKind.STICKER: ("sendSticker", "sticker"),
}


def method_of(file: OutgoingFile) -> tuple[str, str]:
    """Give the method that sends a file and the field it goes into; the rest are documents."""
    if file.kind is MessageKind.VIDEO and file.format == "round":
        return "sendVideoNote", "video_note"
    if file.format == "animation" or file.mime == "image/gif":
        return "sendAnimation", "animation"  # sent as a photo it would stand still
    return _METHODS.get(file.kind, ("sendDocument", "document"))


def why_not_send(order: Outgoing) -> Refusal | None:
    """Give the first reason Telegram would not take a message, or None."""
    return next(_objections(order), None)


def why_not_edit(message: Outgoing) -> Refusal | None:
    """Give the first reason Telegram would not take a new body, or None."""
    if any(button.request for row in message.buttons for button in row):
        return _other("a reply keyboard cannot be added by an edit")
    if captioned(message):
        return next(_overlong("caption", message.text, _LIMITS.caption), None) or next(
            _button_objections(message.buttons), None
        )
    if message.kind is not MessageKind.TEXT:
        return _other(f"a {message.kind} cannot be edited")
    return next(_objections(message), None)


def captioned(message: Outgoing) -> bool:
    """Tell whether the text of a message is the caption of a file."""
    return bool(message.files) or message.kind in {MessageKind.FILE, *_METHODS}


def _objections(order: Outgoing) -> Iterator[Refusal]:
    if order.files:
        yield from _file_objections(order)
    elif order.location is not None or order.card is not None:
        if order.text:
            yield _other(f"a {order.kind} carries no text: send the text as its own message")
    elif order.kind is not MessageKind.TEXT:
        yield _other(f"there is nothing to send as {order.kind}")
    elif not order.text.strip():
        yield _other("the text is empty")
    else:
        yield from _overlong("text", order.text, _LIMITS.text)
    yield from _button_objections(order.buttons)


def _file_objections(order: Outgoing) -> Iterator[Refusal]:
    yield from _overlong("caption", order.text, _LIMITS.caption)
    for file in order.files:
        most = _LIMITS.upload_bytes
        if file.kind is MessageKind.PICTURE and file.mime != "image/gif":
            most = _LIMITS.picture_bytes
        if file.size > most and not file.platform_ref:
            detail = f"{file.name}: {file.size} bytes, Telegram takes {most}"
            yield Refusal(RefusalKind.BAD_MEDIA, detail)
    fields = {method_of(file)[1] for file in order.files}
    if order.text and fields & {"sticker", "video_note"}:
        yield _other("stickers and video notes carry no text: send it as its own message")
    if len(order.files) > 1:
        yield from _album_objections(order, fields)


def _album_objections(order: Outgoing, fields: set[str]) -> Iterator[Refusal]:
    if len(order.files) > _LIMITS.album:
        yield _other(f"{len(order.files)} files, an album holds {_LIMITS.album}")
    if not any(fields <= together for together in _ALBUMS):
        yield _other(f"an album cannot hold together: {', '.join(sorted(fields))}")
    if order.buttons:
        yield _other("an album carries no buttons")


def _button_objections(rows: tuple[tuple[Button, ...], ...]) -> Iterator[Refusal]:
    buttons = [button for row in rows for button in row]
    if len(buttons) > _LIMITS.buttons:
        yield _other(f"{len(buttons)} buttons, Telegram takes {_LIMITS.buttons}")
    if any(len(row) > _LIMITS.buttons_per_row for row in rows):
        yield _other(f"a row holds {_LIMITS.buttons_per_row} buttons")
    if len({bool(button.request) for button in buttons}) > 1:
        yield _other("buttons that ask to share cannot stand beside others")
    for button in buttons:
        yield from _one_button(button)


def _one_button(button: Button) -> Iterator[Refusal]:
    if not button.label.strip():
        yield _other("a button has no label")
    yield from _overlong("button label", button.label, _LIMITS.button_label)
    if sum(map(bool, (button.payload, button.url, button.request))) != 1:
        yield _other(f"button {button.label!r} needs one of payload, url and request")
    if len(button.payload.encode()) > _LIMITS.button_payload_bytes:
        detail = f"payload of {button.label!r} is over {_LIMITS.button_payload_bytes} bytes"
        yield Refusal(RefusalKind.TOO_LONG, detail)
    if button.url and not button.url.startswith(("https://", "http://", "tg://")):
        yield _other(f"address of {button.label!r} must start with https://, http:// or tg://")
    if button.request not in {"", "phone", "location"}:
        yield _other(f"button {button.label!r} asks for an unknown thing: {button.request}")


def _overlong(what: str, text: str, most: int) -> Iterator[Refusal]:
    length = utf16_length(text)
    if length > most:
        yield Refusal(RefusalKind.TOO_LONG, f"{what}: {length} UTF-16 units, Telegram takes {most}")


def _other(detail: str) -> Refusal:
    return Refusal(RefusalKind.OTHER, detail)
