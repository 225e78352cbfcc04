"""The bodies of WhatsApp's messages, in our words."""

import re
from decimal import Decimal, InvalidOperation

import msgspec
from msgspec.structs import replace

from otklik.channels.whatsapp import wire
from otklik.ports.channel import ButtonPressed, MessageReceived, Sender, Touch
from otklik.ports.message import (
    Attachment,
    Basket,
    BasketItem,
    ContactCard,
    Content,
    Location,
    MessageKind,
)

_DAY_S = 86_400
_AD_S = 259_200
_ASKED = "contact_request"
_CODE = re.compile(r"\s*\[ref:([A-Za-z0-9_-]{1,64})\]")

_FILES = {
    "image": MessageKind.PICTURE,
    "video": MessageKind.VIDEO,
    "audio": MessageKind.AUDIO,
    "document": MessageKind.FILE,
    "sticker": MessageKind.STICKER,
}


def press(message: wire.Message, sender: Sender) -> ButtonPressed | None:
    """Read a pressed button or a chosen row; None when it is neither."""
    done = message.interactive
    choice = (done.button_reply or done.list_reply) if done is not None else None
    if message.button is not None:
        choice = wire.Piece(id=message.button.payload, title=message.button.text)
    if choice is None:
        return None
    return ButtonPressed(
        sender=sender,
        external_id=message.id,
        press_id="",  # WhatsApp waits for no acknowledgement
        payload=choice.id,
        at=message.timestamp * 1000,
        of_message=message.context.id if message.context else "",
        label=choice.title,
        window_s=_DAY_S,
    )


def received(message: wire.Message, sender: Sender) -> tuple[MessageReceived, ...]:
    """Read a message: one event, or one for each contact it shares."""
    shell = _shell(message, sender)
    file = next((found for name in _FILES if (found := getattr(message, name))), None)
    if isinstance(file, wire.Media):
        return (_file(shell, message.type, file),)
    if message.contacts:
        return _cards(shell, message, sender)
    if message.text is not None:
        return (_text(shell, message.text.body),)
    if (place := message.location) is not None:
        point = Location(place.latitude, place.longitude, place.name, place.address)
        return (_with(shell, MessageKind.LOCATION, location=point),)
    if message.order is not None:
        basket = _basket(message.order)
        order = replace(shell, text=message.order.text)
        return (_with(order, MessageKind.ORDER, basket=basket),)
    form = message.interactive.nfm_reply if message.interactive else None
    if form is not None:
        return (_form(shell, form),)
    name = (message.unsupported.type if message.unsupported else "") or message.type
    return (replace(shell, kind=MessageKind.UNSUPPORTED, text=name[:64] or "empty"),)


def _shell(message: wire.Message, sender: Sender) -> MessageReceived:
    context = message.context or wire.Context()
    referral = message.referral
    product = context.referred_product.product_retailer_id if context.referred_product else ""
    forwarded = "many" if context.frequently_forwarded else "once" if context.forwarded else ""
    details = {"forwarded": forwarded} if forwarded else {}
    return MessageReceived(
        sender=sender,
        external_id=message.id,
        sent_at=message.timestamp * 1000,
        content=Content(product=product, details=details),
        reply_to=context.id,
        touch=_touch(referral) if referral else Touch("product", product) if product else None,
        window_s=_AD_S if referral and referral.source_type == "ad" else _DAY_S,
    )


def _touch(referral: wire.Referral) -> Touch:
    told = {
        "headline": referral.headline,
        "text": referral.body,
        "url": referral.source_url,
        "click_id": referral.ctwa_clid,
        "source_type": referral.source_type,
    }
    details = {name: value for name, value in told.items() if value}
    if referral.source_type == "post":
        return Touch("page", referral.source_url or referral.source_id, details)
    return Touch("ad", referral.source_id or referral.source_url, details)


def _text(shell: MessageReceived, text: str) -> MessageReceived:
    code = _CODE.search(text)
    if code is None:
        return replace(shell, text=text)
    touch = shell.touch or Touch("deep_link", code[1])
    return replace(shell, text=_CODE.sub("", text).strip(), touch=touch)


def _file(shell: MessageReceived, kind: str, file: wire.Media) -> MessageReceived:
    what = MessageKind.VOICE if file.voice else _FILES.get(kind, MessageKind.FILE)
    mime = file.mime_type.partition(";")[0].strip()
    found = Attachment(
        kind=what,
        ref=file.id,
        name=file.filename,
        mime=mime,
        size=file.file_size,
        format="webp" if what is MessageKind.STICKER else "",
        animation=file.animated,
    )
    return replace(shell, kind=what, text=file.caption, attachments=(found,))


def _cards(
    shell: MessageReceived, message: wire.Message, sender: Sender
) -> tuple[MessageReceived, ...]:
    own = {sender.external_id, *sender.aliases}
    events = []
    for index, card in enumerate(message.contacts):
        name = card.name or wire.CardName()
        words = name.formatted_name or f"{name.first_name} {name.last_name}".strip()
        phone = next(iter(card.phones), wire.CardPhone())
        digits = phone.wa_id or "".join(letter for letter in phone.phone if letter.isdigit())
        told = ContactCard(
            name=words,
            phone=f"+{digits}" if phone.wa_id else phone.phone,
            # What we asked for by a button is the sender's own; a number that writes is, too.
            own=_ASKED in {card.origin, message.origin} or bool(digits and digits in own),
        )
        one = _with(shell, MessageKind.CONTACT_CARD, card=told)
        events.append(
            replace(one, external_id=f"{shell.external_id}#{index + 1}") if index else one
        )
    return tuple(events)


def _basket(order: wire.Basket) -> Basket:
    items = tuple(
        BasketItem(
            product_id=item.product_retailer_id,
            quantity=item.quantity,
            price=_decimal(item.item_price),
            currency=item.currency,
        )
        for item in order.product_items
    )
    currencies = {item.currency for item in items}
    priced = len(currencies) == 1 and all(item.price for item in items)
    total = (
        sum((Decimal(item.price) * item.quantity for item in items), Decimal()) if priced else ""
    )
    return Basket(
        items=items,
        note=order.text,
        total=str(total),
        currency=currencies.pop() if priced else "",
        external_id=order.catalog_id,
    )


def _decimal(price: str | float) -> str:
    try:
        number = Decimal(str(price))
    except InvalidOperation:
        return ""
    return format(number, "f") if number.is_finite() else ""


def _form(shell: MessageReceived, form: wire.Piece) -> MessageReceived:
    try:
        told = msgspec.json.decode(form.response_json)
    except msgspec.DecodeError:
        told = form.response_json
    answers = told if isinstance(told, dict) else {"": told}
    lines = [
        f"{name}: {answer}" if name else str(answer)
        for name, answer in answers.items()
        if name != "flow_token" and answer
    ]
    details = {"form": form.name, "response": form.response_json}
    content = replace(shell.content, details=shell.content.details | details)
    return replace(shell, text="\n".join(lines) or form.body or form.name, content=content)


def _with(
    shell: MessageReceived,
    kind: MessageKind,
    *,
    location: Location | None = None,
    card: ContactCard | None = None,
    basket: Basket | None = None,
) -> MessageReceived:
    content = replace(shell.content, location=location, card=card, basket=basket)
    return replace(shell, kind=kind, content=content)
