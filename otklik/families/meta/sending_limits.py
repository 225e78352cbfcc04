"""What Messenger and Instagram would refuse, said before they are asked."""

from collections.abc import Iterator

from msgspec import Struct

from otklik.ports.channel import Limits, Outgoing, OutgoingCard, OutgoingFile, Refusal, RefusalKind
from otklik.ports.message import Button, MessageKind


class Terms(Struct, frozen=True):
    """What a platform takes: its limits, and which of the rarer things it knows."""

    title: str
    limits: Limits
    sends: frozenset[str]
    features: frozenset[str]
    requests: frozenset[str] = frozenset()


def why_not_send(order: Outgoing, terms: Terms, *, private: bool) -> Refusal | None:
    """Give the first reason a message would not be taken; `private`: it answers a comment."""
    return next(_objections(order, terms, private=private), None)


def _objections(order: Outgoing, terms: Terms, *, private: bool) -> Iterator[Refusal]:
    if not order.to.strip() or any(letter.isspace() for letter in order.to):
        yield Refusal(RefusalKind.GONE, f"not an address in {terms.title}: {order.to!r}")
    if order.template is not None:
        if "template" not in terms.features:
            yield _other(f"{terms.title} has no templates")
        return
    if not private:
        yield from _closed_window(order)
    yield from _kind_objections(order, terms)
    if order.reply_to and not private and "reply" not in terms.features:
        yield _other(f"{terms.title} cannot answer one message in particular")
    yield from _button_objections(order, terms)


def _closed_window(order: Outgoing) -> Iterator[Refusal]:
    if order.window == "closed":
        yield Refusal(RefusalKind.WINDOW_CLOSED, "the person has not written for too long")
    elif order.window == "human" and order.by != "operator":
        detail = "only a person may still answer: 24 hours have passed since the last message"
        yield Refusal(RefusalKind.WINDOW_CLOSED, detail)


def _kind_objections(order: Outgoing, terms: Terms) -> Iterator[Refusal]:
    if order.cards:
        yield from _card_objections(order, terms)
    elif order.files:
        yield from _file_objections(order, terms)
    elif order.kind is not MessageKind.TEXT:
        yield _other(f"there is nothing to send as {order.kind}")
    elif not order.text.strip():
        yield _other("the text is empty")
    else:
        yield from _overlong("text", order.text, terms.limits.text, terms.limits.text_unit)


def _file_objections(order: Outgoing, terms: Terms) -> Iterator[Refusal]:
    if len(order.files) > 1:
        yield _other(f"{terms.title} takes one file a message")
    if order.text:
        detail = "a file carries no text: send the text as its own message"
        yield Refusal(RefusalKind.TOO_LONG, detail)
    for file in order.files:
        if file.kind.value not in terms.sends:
            yield _other(f"{terms.title} takes no {file.kind}")
        most = _most(file, terms.limits)
        if file.size > most and not file.platform_ref:
            detail = f"{file.name}: {file.size} bytes, {terms.title} takes {most}"
            yield Refusal(RefusalKind.BAD_MEDIA, detail)


def _most(file: OutgoingFile, limits: Limits) -> int:
    if file.kind in {MessageKind.PICTURE, MessageKind.STICKER}:
        return limits.picture_bytes
    by_kind = {
        MessageKind.VIDEO: limits.video_bytes,
        MessageKind.VOICE: limits.audio_bytes,
        MessageKind.AUDIO: limits.audio_bytes,
        MessageKind.FILE: limits.file_bytes,
    }
    return by_kind.get(file.kind, 0) or limits.upload_bytes


def _card_objections(order: Outgoing, terms: Terms) -> Iterator[Refusal]:
    if "cards" not in terms.sends or len(order.cards) > terms.limits.cards:
        yield _other(f"{len(order.cards)} cards, {terms.title} takes {terms.limits.cards}")
    if order.text or order.buttons:
        yield _other("cards carry no text or buttons of their own: send them apart")
    for card in order.cards:
        yield from _one_card(card, terms)


def _one_card(card: OutgoingCard, terms: Terms) -> Iterator[Refusal]:
    if not card.title.strip():
        yield _other("a card has no title")
    if not (card.text or card.buttons or card.file):
        yield _other(f"card {card.title!r} needs a text, a picture or a button")
    limits = terms.limits
    yield from _overlong("title of a card", card.title, limits.card_text, "characters")
    yield from _overlong("text of a card", card.text, limits.card_text, "characters")
    if card.file is not None and not card.file.link:
        yield Refusal(RefusalKind.BAD_MEDIA, "the picture of a card needs a public address")
    if len(card.buttons) > limits.card_buttons:
        yield _other(f"a card holds {limits.card_buttons} buttons")
    if any(button.request for button in card.buttons):
        yield _other("a card cannot ask for a phone or an address")
    for button in card.buttons:
        yield from _one_button(button, terms)


def _button_objections(order: Outgoing, terms: Terms) -> Iterator[Refusal]:
    buttons = [button for row in order.buttons for button in row]
    if len(buttons) > terms.limits.buttons:
        yield _other(f"{len(buttons)} buttons, {terms.title} takes {terms.limits.buttons}")
    for button in buttons:
        yield from _one_button(button, terms)
    if any(button.url for button in buttons):
        yield from _link_objections(order, buttons, terms.limits)


def _link_objections(order: Outgoing, buttons: list[Button], limits: Limits) -> Iterator[Refusal]:
    if order.files:
        yield _other("a file carries no links: send them as a message of their own")
    if len(buttons) > limits.link_buttons:
        yield _other(f"with a link among them there may be {limits.link_buttons} buttons")
    if any(button.request for button in buttons):
        yield _other("a link cannot stand beside a button that asks to share")
    yield from _overlong("text above links", order.text, limits.link_text, limits.text_unit)


def _one_button(button: Button, terms: Terms) -> Iterator[Refusal]:
    if sum(map(bool, (button.payload, button.url, button.request))) != 1:
        yield _other(f"button {button.label!r} needs one of payload, url and request")
    if button.request:
        if button.request not in terms.requests:
            yield _other(f"{terms.title} has no button that asks for: {button.request}")
        return
    if not button.label.strip():
        yield _other("a button has no label")
    yield from _overlong("button label", button.label, terms.limits.button_label, "characters")
    if len(button.payload.encode()) > terms.limits.button_payload_bytes:
        detail = f"payload of {button.label!r} is over {terms.limits.button_payload_bytes} bytes"
        yield Refusal(RefusalKind.TOO_LONG, detail)
    if button.url and not button.url.startswith(("https://", "http://")):
        yield _other(f"address of {button.label!r} must start with https:// or http://")


def _overlong(what: str, text: str, most: int, unit: str) -> Iterator[Refusal]:
    length = len(text.encode("utf-8", "replace")) if unit == "bytes" else len(text)
    if length > most:
        yield Refusal(RefusalKind.TOO_LONG, f"{what}: {length} {unit}, Meta takes {most}")


def _other(detail: str) -> Refusal:
    return Refusal(RefusalKind.OTHER, detail)
