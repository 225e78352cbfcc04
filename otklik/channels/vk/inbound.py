"""VK's events, read into ours."""

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from hmac import compare_digest

import msgspec

from otklik.channels.vk import wire
from otklik.channels.vk.attached import Page
from otklik.kernel import lenient
from otklik.kernel.text import mended_json
from otklik.ports import channel as port
from otklik.ports.channel import ChannelEvent, MessageReceived, Sender, Unknown
from otklik.ports.message import Basket, BasketItem, Content, Location, MessageKind

OURS = "p"
"""The key that our own text has inside the JSON that VK wants of a payload."""
_GROUP_CHATS = range(2_000_000_000, 2_100_000_000)
_LANGUAGES = {0: "ru", 1: "uk", 2: "be", 3: "en", 4: "es", 5: "fi", 6: "de", 7: "it", 97: "kk"}

Reader = Callable[[wire.Event, wire.Happened, Sender], Sequence[ChannelEvent]]


def authentic(_headers: Mapping[str, str], body: bytes, config: port.InboxConfig) -> bool:
    """Tell whether the body carries our secret key and speaks of our community."""
    try:
        outside = lenient.read(body, wire.Outside)
    except msgspec.DecodeError:
        return False
    return _knows_secret(outside, config) and _is_ours(outside, config)


def greet(knock: port.Knock, config: port.InboxConfig) -> port.HookReply | None:
    """Answer VK's check of the address with the confirmation code; None: it is an event."""
    try:
        outside = lenient.read(knock.body, wire.Outside)
    except msgspec.DecodeError:
        return None
    if outside.type != "confirmation":
        return None
    if not _is_ours(outside, config) or (outside.secret and not _knows_secret(outside, config)):
        return port.HookReply(403, b"not this community")
    code = config.settings.get("confirmation_code", "")
    return port.HookReply(200, code.encode()) if code else port.HookReply(503, b"no code yet")


def envelope(body: bytes) -> port.Envelope | port.Malformed:
    """Take the id of an event; bodies of old versions have none and are known by their content."""
    try:
        outside = lenient.read(body, wire.Outside)
        return port.Envelope(dedupe_key=outside.event_id or _digest(body))
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return port.Malformed(reason=f"not an event of VK: {error}")


def kept(body: bytes) -> bytes:
    """Leave the secret key out of an accepted body."""
    try:
        told = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError):
        told = msgspec.json.decode(lenient.whole(body), type=dict[str, msgspec.Raw])
    return msgspec.json.encode({name: part for name, part in told.items() if name != "secret"})


def parse(body: bytes) -> Sequence[ChannelEvent]:
    """Read one event; `Unknown` when it is nothing we act on, or not from a person."""
    event = lenient.read(body, wire.Event)
    reader = _READERS.get(event.type)
    if reader is None:
        return (Unknown(event.type[:64]),)
    told = event.object
    if told is None:
        return (Unknown(f"{event.type}.unreadable"),)
    message = told.message or told
    peer = message.peer_id or message.user_id or message.from_id
    if peer in _GROUP_CHATS or message.chat_id:
        return (Unknown(f"group_{event.type}"),)
    if peer < 0:
        return (Unknown(f"community_{event.type}"),)
    if peer == 0:
        return (Unknown(f"{event.type}.unreadable"),)
    language = told.client_info.lang_id if told.client_info else -1
    return reader(event, told, Sender(str(peer), locale=_LANGUAGES.get(language, "")))


def external_id(peer: object, message: wire.Message) -> str:
    """Name a message: its number in the conversation, or in the mailbox when that is not told."""
    number = message.conversation_message_id
    return f"{peer}:{number}" if number else f"{peer}:id{message.id}"


def _written(event: wire.Event, told: wire.Happened, sender: Sender) -> Sequence[ChannelEvent]:
    message = told.message or told
    if message.from_id < 0:
        return (Unknown(f"{event.type}.own"),)
    received = _received(message, sender)
    payload = payload_in(message.payload)
    if not payload or payload == '{"command":"start"}' or received.kind is not MessageKind.TEXT:
        return (received,)
    press = port.ButtonPressed(
        sender=sender,
        external_id=received.external_id,
        press_id="",  # nobody waits: the press is a message in the chat
        payload=payload,
        at=received.sent_at,
        label=received.text,
    )
    return (press,)


def _echoed(_event: wire.Event, told: wire.Happened, sender: Sender) -> Sequence[ChannelEvent]:
    message = told.message or told
    author = str(message.admin_author_id) if message.admin_author_id > 0 else ""
    echo = _received(message, sender)
    return (port.EchoReceived(echo, author=author, own_id=_own_in(_decoded(message.payload))),)


def _edited(event: wire.Event, told: wire.Happened, sender: Sender) -> Sequence[ChannelEvent]:
    message = told.message or told
    if message.from_id < 0:
        return (Unknown(f"{event.type}.own"),)
    edited_at = _ms(message.update_time) or _ms(message.date)
    return (port.MessageEdited(_received(message, sender), edited_at),)


def _pressed(_event: wire.Event, told: wire.Happened, sender: Sender) -> Sequence[ChannelEvent]:
    of_message = external_id(sender.external_id, told) if told.conversation_message_id else ""
    press = port.ButtonPressed(
        sender=sender,
        external_id=f"event:{told.event_id}",
        press_id=told.event_id,
        payload=payload_in(told.payload),
        at=0,
        of_message=of_message,
    )
    return (press,)


def _allowed(_event: wire.Event, told: wire.Happened, sender: Sender) -> Sequence[ChannelEvent]:
    touch = port.Touch("deep_link", told.key) if told.key else None
    return (port.ReachabilityChanged(sender, reachable=True, at=0), port.Opened(sender, 0, touch))


def _unreachable(_event: wire.Event, _told: wire.Happened, sender: Sender) -> list[ChannelEvent]:
    return [port.ReachabilityChanged(sender, reachable=False, at=0)]


def _reachable(_event: wire.Event, _told: wire.Happened, sender: Sender) -> list[ChannelEvent]:
    return [port.ReachabilityChanged(sender, reachable=True, at=0)]


def _read(event: wire.Event, told: wire.Happened, sender: Sender) -> Sequence[ChannelEvent]:
    if told.from_id < 0 or not told.conversation_message_id:
        return (Unknown(f"{event.type}.own" if told.from_id < 0 else f"{event.type}.unreadable"),)
    return (port.ReadReported(sender, 0, external_id(sender.external_id, told)),)


def _typing(_event: wire.Event, _told: wire.Happened, sender: Sender) -> Sequence[ChannelEvent]:
    return (port.TypingReported(sender),)


def _reacted(event: wire.Event, told: wire.Happened, sender: Sender) -> Sequence[ChannelEvent]:
    number = told.reaction_id
    if told.reacted_id < 0:
        return (Unknown(f"{event.type}.own"),)
    if not told.cmid or (number and number not in wire.REACTIONS):
        return (Unknown(f"{event.type}.{number}"),)
    emojis = (wire.REACTIONS[number],) if number else ()
    return (port.ReactionChanged(sender, f"{sender.external_id}:{told.cmid}", emojis, at=0),)


def _ordered(event: wire.Event, told: wire.Happened, sender: Sender) -> Sequence[ChannelEvent]:
    recipient = told.recipient or wire.Recipient()
    phone = recipient.phone
    buyer = msgspec.structs.replace(
        sender, name=recipient.name, phone=phone, phone_evidence="given" if phone else ""
    )
    total, currency = _money(told.total_price)
    basket = Basket(
        items=tuple(_item(item) for item in told.preview_order_items),
        total=total,
        currency=currency,
        note=told.comment,
        external_id=told.display_order_id or str(told.id),
    )
    received = MessageReceived(
        sender=buyer,
        external_id=f"order:{told.id}",
        sent_at=_ms(told.date),
        kind=MessageKind.ORDER,
        text=told.comment,
        content=Content(basket=basket),
    )
    return (received if event.type == "market_order_new" else port.MessageEdited(received, 0),)


def _lead(_event: wire.Event, told: wire.Happened, sender: Sender) -> Sequence[ChannelEvent]:
    answers = {answer.key: str(answer.answer) for answer in told.answers}
    email, phone = answers.get("email", ""), answers.get("phone_number", "")
    person = msgspec.structs.replace(
        sender,
        name=" ".join(filter(None, (answers.get("first_name"), answers.get("last_name")))),
        email=email,
        email_evidence="given" if email else "",
        phone=phone,
        phone_evidence="given" if phone else "",
    )
    lines = [f"{answer.question or answer.key}: {answer.answer}" for answer in told.answers]
    source = str(told.ad_id or told.form_id)
    received = MessageReceived(
        sender=person,
        external_id=f"lead:{told.lead_id}",
        sent_at=0,
        text="\n".join(filter(None, (told.form_name, *lines))) or "lead_forms_new",
        touch=port.Touch("ad", source, {"title": told.form_name}),
    )
    return (received,)


def _paid(event: wire.Event, told: wire.Happened, sender: Sender) -> Sequence[ChannelEvent]:
    details = {"amount": f"{told.amount / 1000:.2f}", "description": told.description}
    received = MessageReceived(
        sender=sender,
        external_id=f"event:{event.event_id or f'{event.type}:{told.date}:{told.amount}'}",
        sent_at=_ms(told.date),
        kind=MessageKind.UNSUPPORTED,
        text=event.type,
        content=Content(details=details),
    )
    return (received,)


_READERS: Mapping[str, Reader] = {
    "message_new": _written,
    "message_reply": _echoed,
    "message_edit": _edited,
    "messages_edit": _edited,
    "message_event": _pressed,
    "message_allow": _allowed,
    "message_deny": _unreachable,
    "user_block": _unreachable,
    "user_unblock": _reachable,
    "message_read": _read,
    "message_typing_state": _typing,
    "message_reaction_event": _reacted,
    "market_order_new": _ordered,
    "market_order_edit": _ordered,
    "lead_forms_new": _lead,
    "vkpay_transaction": _paid,
}


def payload_in(payload: object) -> str:
    """Read what a button carried: our own text, or foreign JSON as it is.

    Of a text button it comes as a JSON string, of a callback button as an object.
    """
    told = _decoded(payload)
    if told is None or told in ("", {}, []):
        return ""
    if isinstance(payload, str) and told is payload:
        return payload
    return _own_in(told) or json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _own_in(told: object) -> str:
    text = told.get(OURS) if isinstance(told, dict) and len(told) == 1 else ""
    return text if isinstance(text, str) else ""


def _decoded(payload: object) -> object:
    try:
        return json.loads(payload) if isinstance(payload, str) else payload
    except (ValueError, RecursionError):
        return payload


def _received(message: wire.Message, sender: Sender) -> MessageReceived:
    page = Page()
    page.add(message)
    place = _place(message.geo)
    kind, text = MessageKind.TEXT, page.text
    if place is not None:
        kind = MessageKind.LOCATION
    elif page.files:
        kind = page.files[0].kind
    elif not text:
        kind, text = MessageKind.UNSUPPORTED, ", ".join(page.unknown) or "empty"
    product = next((one for one in page.shared if one.kind == "market"), None)
    touch = None
    if message.ref or message.ref_source:
        details = {"ref_source": message.ref_source} if message.ref_source else {}
        touch = port.Touch("deep_link", message.ref or message.ref_source, details)
    elif product is not None and product.id:
        touch = port.Touch("product", product.id, {"title": product.title})
    forwarded = next((one.from_id or one.user_id for one in message.fwd_messages), 0)
    replied = message.reply_message
    return MessageReceived(
        sender=sender,
        external_id=external_id(sender.external_id, message),
        sent_at=_ms(message.date),
        kind=kind,
        text=text,
        content=Content(
            entities=tuple(page.spans),
            location=place,
            payload=payload_in(message.payload),
            forwarded_from=f"{'id' if forwarded > 0 else 'club'}{abs(forwarded)}"
            if forwarded
            else "",
            details=page.details,
            product=product.title or product.id if product else "",
        ),
        attachments=tuple(page.files),
        reply_to=external_id(sender.external_id, replied) if replied else "",
        touch=touch,
    )


def _place(geo: wire.Geo | None) -> Location | None:
    if geo is None:
        return None
    place = geo.place or wire.Place()
    address = ", ".join(filter(None, (place.country, place.city, place.address)))
    point = geo.coordinates
    if isinstance(point, wire.Point):
        return Location(point.latitude, point.longitude, place.title, address)
    try:
        latitude, longitude = map(float, point.split())
    except ValueError:
        return None
    return Location(latitude, longitude, place.title, address)


def _item(item: wire.OrderItem) -> BasketItem:
    price, currency = _money(item.price)
    title = item.title or (item.item.title if item.item else "")
    return BasketItem(f"{item.owner_id}_{item.item_id}", title, item.quantity, price, currency)


def _money(price: wire.Price | None) -> tuple[str, str]:
    if price is None or not str(price.amount).isdecimal():
        return "", ""
    whole, hundredths = divmod(int(price.amount), 100)
    return f"{whole}.{hundredths:02}", price.currency.name if price.currency else ""


def _knows_secret(outside: wire.Outside, config: port.InboxConfig) -> bool:
    shown, valid = outside.secret.encode("utf-8", "surrogatepass"), False
    for name in ("webhook_secret", "webhook_secret_previous"):
        secret = config.secrets.get(name, "").encode()
        valid |= compare_digest(shown, secret) and bool(secret)  # an unset secret opens nothing
    return valid


def _is_ours(outside: wire.Outside, config: port.InboxConfig) -> bool:
    return config.settings.get("group_id", "") in {"", str(outside.group_id)}


def _digest(body: bytes) -> str:
    told = json.loads(mended_json(body))
    told.pop("secret", None)
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _ms(seconds: int) -> int:
    return seconds * 1000
