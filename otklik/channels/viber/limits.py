"""What Viber would refuse, said before it is asked."""

from collections.abc import Iterator

from otklik.channels.viber.wire import MANIFEST
from otklik.ports.channel import Outgoing, OutgoingFile, Refusal, RefusalKind
from otklik.ports.message import Button, MessageKind

_LIMITS = MANIFEST.limits
_SIZES = {
    MessageKind.PICTURE: _LIMITS.picture_bytes,
    MessageKind.VIDEO: _LIMITS.video_bytes,
    MessageKind.FILE: _LIMITS.file_bytes,
}


def why_not_send(order: Outgoing) -> Refusal | None:
    """Give the first reason Viber would not take a message, or None."""
    return next(_objections(order), None)


def _objections(order: Outgoing) -> Iterator[Refusal]:
    if order.reply_to:
        yield _other("bots cannot answer one message in Viber")
    if len(order.text) > (_LIMITS.caption if order.files else _LIMITS.text):
        yield Refusal(RefusalKind.TOO_LONG, f"the text has {len(order.text)} characters")
    if order.files:
        yield from _file_objections(order)
    elif order.kind is MessageKind.CARDS:
        yield from _card_objections(order)
    elif order.location is None and order.card is None and order.kind is not MessageKind.TEXT:
        yield _other(f"there is nothing to send as {order.kind}")
    elif order.kind is MessageKind.TEXT and not order.text:
        yield _other("there are no words to send")
    yield from _button_objections(order.buttons)


def _file_objections(order: Outgoing) -> Iterator[Refusal]:
    if len(order.files) > 1:
        yield _other("Viber takes one file a message")
    for file in order.files:
        yield from _of_file(file)


def _of_file(file: OutgoingFile) -> Iterator[Refusal]:
    limit = _SIZES.get(file.kind)
    if limit is None:
        yield _other(f"a {file.kind} cannot be sent to Viber")
    elif file.size > limit:
        yield Refusal(RefusalKind.BAD_MEDIA, f"the file has {file.size} bytes, at most {limit}")
    elif not file.link.startswith(("https://", "http://")):
        yield Refusal(
            RefusalKind.BAD_MEDIA, "Viber fetches files from a public address, and there is none"
        )


def _card_objections(order: Outgoing) -> Iterator[Refusal]:
    if not 0 < len(order.cards) <= _LIMITS.cards:
        yield _other(f"a row has 1 to {_LIMITS.cards} cards")
    for card in order.cards:
        yield from _button_objections((card.buttons,) if card.buttons else ())
        if card.file is not None:
            yield from _of_file(card.file)


def _button_objections(rows: tuple[tuple[Button, ...], ...]) -> Iterator[Refusal]:
    buttons = [button for row in rows for button in row]
    if len(buttons) > _LIMITS.buttons:
        yield _other(f"at most {_LIMITS.buttons} buttons")
    if any(len(row) > _LIMITS.buttons_per_row for row in rows):
        yield _other(f"at most {_LIMITS.buttons_per_row} buttons in a row")
    for button in buttons:
        if not button.label or len(button.label) > _LIMITS.button_label:
            yield _other(f"a label has 1 to {_LIMITS.button_label} characters")
        if len(button.payload.encode()) > _LIMITS.button_payload_bytes:
            yield _other(f"a payload has at most {_LIMITS.button_payload_bytes} bytes")


def _other(detail: str) -> Refusal:
    return Refusal(RefusalKind.OTHER, detail)
