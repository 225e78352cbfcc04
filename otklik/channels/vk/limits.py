"""What VK would refuse, said before it is asked."""

from collections.abc import Iterable, Iterator

from otklik.channels.vk.calls import compact
from otklik.channels.vk.inbound import OURS
from otklik.channels.vk.wire import MANIFEST
from otklik.ports.channel import Outgoing, OutgoingCard, OutgoingFile, Refusal, RefusalKind
from otklik.ports.message import Button, MessageKind

_LIMITS = MANIFEST.limits
_ROWS = 6
_PAYLOAD = 255
_FILES = {MessageKind.PICTURE, MessageKind.VIDEO, MessageKind.VOICE, MessageKind.FILE}


def why_not_send(order: Outgoing) -> Refusal | None:
    """Give the first reason VK would not take a message, or None."""
    return next(_objections(order), None)


def laid_out(rows: tuple[tuple[Button, ...], ...]) -> list[list[Button]]:
    """Lay buttons out as VK takes them: what opens something is two wide, and rows are few."""
    found = [part for row in rows for part in _wrapped(row)]
    return found if len(found) <= _ROWS else _wrapped(button for row in rows for button in row)


def _wrapped(buttons: Iterable[Button]) -> list[list[Button]]:
    found: list[list[Button]] = []
    left = 0
    for button in buttons:
        width = 1 if button.payload else 2
        if width > left:
            found.append([])
            left = _LIMITS.buttons_per_row
        found[-1].append(button)
        left -= width
    return found


def _objections(order: Outgoing) -> Iterator[Refusal]:
    if order.window == "closed":
        yield Refusal(RefusalKind.WINDOW_CLOSED, "VK lets nobody answer here any more")
    if order.template is not None:
        yield _other("VK has no templates")
    if order.kind.value not in MANIFEST.sends:
        yield _other(f"VK takes no {order.kind} from a community")
    yield from _overlong("text", order.text, _LIMITS.text)
    if len(order.files) > _LIMITS.album:
        yield _other(f"{len(order.files)} files, VK takes {_LIMITS.album}")
    for file in (*order.files, *(card.file for card in order.cards if card.file)):
        yield from _file_objections(file)
    has_body = order.text.strip() or order.files or order.location or order.cards
    if not has_body or (order.kind is MessageKind.CARDS and not order.cards):
        yield _other(f"there is nothing to send as {order.kind}")
    yield from _button_objections(order.buttons)
    yield from _card_objections(order.cards)


def _file_objections(file: OutgoingFile) -> Iterator[Refusal]:
    if file.kind not in _FILES:
        yield _other(f"VK takes no {file.kind} from a community")
    is_picture = file.kind is MessageKind.PICTURE
    most = _LIMITS.picture_bytes if is_picture else _LIMITS.upload_bytes
    if file.size > most and not file.platform_ref:
        yield Refusal(RefusalKind.BAD_MEDIA, f"{file.name}: {file.size} bytes, VK takes {most}")


def _button_objections(rows: tuple[tuple[Button, ...], ...]) -> Iterator[Refusal]:
    buttons = [button for row in rows for button in row]
    if len(buttons) > _LIMITS.buttons:
        yield _other(f"{len(buttons)} buttons, VK takes {_LIMITS.buttons}")
    if any(len(row) > _LIMITS.buttons_per_row for row in rows):
        yield _other(f"a row holds {_LIMITS.buttons_per_row} buttons")
    yield from _each_button(buttons)


def _each_button(buttons: Iterable[Button]) -> Iterator[Refusal]:
    for button in buttons:
        if not button.label.strip():
            yield _other("a button has no label")
        if sum(map(bool, (button.payload, button.url, button.request))) != 1:
            yield _other(f"button {button.label!r} needs one of payload, url and request")
        if button.url and not button.url.startswith(("https://", "http://")):
            yield _other(f"address of {button.label!r} must start with https:// or http://")
        if button.request not in {"", "location"}:
            yield _other(f"VK shares no {button.request} by a button")
        yield from _overlong("button label", button.label, _LIMITS.button_label)
        yield from _overlong("payload", compact({OURS: button.payload}), _PAYLOAD)


def _card_objections(cards: tuple[OutgoingCard, ...]) -> Iterator[Refusal]:
    if len(cards) > _LIMITS.cards:
        yield _other(f"{len(cards)} cards, VK takes {_LIMITS.cards}")
    if len({(card.file is None, not card.text, len(card.buttons)) for card in cards}) > 1:
        yield _other("the cards of one message must be alike: picture, text, number of buttons")
    for card in cards:
        if not 1 <= len(card.buttons) <= _LIMITS.card_buttons:
            yield _other(f"a card needs 1 to {_LIMITS.card_buttons} buttons")
        yield from _overlong("card title", card.title, _LIMITS.card_text)
        yield from _overlong("card text", card.text, _LIMITS.card_text)
        yield from _each_button(card.buttons)


def _overlong(what: str, text: str, most: int) -> Iterator[Refusal]:
    if len(text) > most:
        yield Refusal(RefusalKind.TOO_LONG, f"{what}: {len(text)} characters, VK takes {most}")


def _other(detail: str) -> Refusal:
    return Refusal(RefusalKind.OTHER, detail)
