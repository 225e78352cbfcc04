"""Why WhatsApp would not take a message: checked before any request."""

from otklik.channels.whatsapp.wire import MANIFEST
from otklik.ports.channel import Outgoing, OutgoingFile, Refusal, RefusalKind
from otklik.ports.message import Button, MessageKind

_LIMITS = MANIFEST.limits
_BODY = 1024
_BYTES = {
    MessageKind.PICTURE: _LIMITS.picture_bytes,
    MessageKind.VIDEO: _LIMITS.video_bytes,
    MessageKind.AUDIO: _LIMITS.audio_bytes,
    MessageKind.VOICE: _LIMITS.audio_bytes,
    MessageKind.STICKER: 512_000,
    MessageKind.FILE: _LIMITS.file_bytes,
}
_UNCAPTIONED = frozenset({MessageKind.AUDIO, MessageKind.VOICE, MessageKind.STICKER})
_HEADERS = frozenset({MessageKind.PICTURE, MessageKind.VIDEO, MessageKind.FILE})
_KINDS = frozenset(MANIFEST.sends)


def why_not_send(order: Outgoing) -> Refusal | None:
    """Give the reason WhatsApp would refuse a message, or None when it may go."""
    if order.template is not None:
        return None  # the platform approved it; how it is filled only the platform can check
    if order.window == "closed":
        detail = "more than 24 hours since the person's last message: only a template may go"
        return Refusal(RefusalKind.WINDOW_CLOSED, detail, code="131047")
    if order.kind.value not in _KINDS:
        return Refusal(RefusalKind.OTHER, f"WhatsApp cannot send {order.kind.value}")
    return _why_not_text(order) or _why_not_files(order) or _why_not_buttons(order)


def _why_not_text(order: Outgoing) -> Refusal | None:
    captioned = bool(order.files or order.buttons)
    limit = _BODY if captioned else _LIMITS.text
    if len(order.text) > limit:
        return Refusal(RefusalKind.TOO_LONG, f"the text is over {limit} characters")
    bare = not (order.files or order.location or order.card)
    if bare and not order.text.strip():
        return Refusal(RefusalKind.OTHER, "there is nothing to send")
    spoken = order.text and (order.location or order.card or order.kind in _UNCAPTIONED)
    if spoken:
        return Refusal(RefusalKind.OTHER, f"{order.kind.value} carries no text in WhatsApp")
    return None


def _why_not_files(order: Outgoing) -> Refusal | None:
    if len(order.files) > _LIMITS.album:
        return Refusal(RefusalKind.OTHER, "one message carries one file in WhatsApp")
    over = next((file for file in order.files if file.size > _most(file)), None)
    if over is not None:
        return Refusal(RefusalKind.BAD_MEDIA, f"{over.name} is over {_most(over)} bytes")
    return None


def _most(file: OutgoingFile) -> int:
    return _BYTES.get(file.kind, _LIMITS.upload_bytes)


def _why_not_buttons(order: Outgoing) -> Refusal | None:
    buttons = [button for row in order.buttons for button in row]
    if not buttons:
        return None
    if not order.text.strip() or (order.files and order.kind not in _HEADERS):
        return Refusal(
            RefusalKind.OTHER, "buttons stand under a text, a picture, a video or a file"
        )
    if max(len(row) for row in order.buttons) > _LIMITS.buttons_per_row:
        return Refusal(RefusalKind.OTHER, "buttons stand one under another in WhatsApp")
    if len(buttons) > _LIMITS.list_rows or (order.files and len(buttons) > _LIMITS.buttons):
        return Refusal(RefusalKind.OTHER, f"at most {_LIMITS.list_rows} choices, 3 under a file")
    if len(buttons) > 1 and any(button.url or button.request for button in buttons):
        return Refusal(RefusalKind.OTHER, "a link or a request for the place or phone stands alone")
    return next((refusal for button in buttons if (refusal := _why_not_button(button))), None)


def _why_not_button(button: Button) -> Refusal | None:
    if not 0 < len(button.label) <= _LIMITS.button_label:
        limit = f"1 to {_LIMITS.button_label} characters"
        return Refusal(RefusalKind.TOO_LONG, f"the label of a button has {limit}")
    if len(button.payload.encode()) > _LIMITS.button_payload_bytes:
        most = _LIMITS.button_payload_bytes
        return Refusal(RefusalKind.TOO_LONG, f"a button carries at most {most} bytes")
    return None
