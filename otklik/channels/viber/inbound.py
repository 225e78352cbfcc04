"""Viber's callbacks, read into our events."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

import msgspec

from otklik.channels.viber import wire
from otklik.kernel.lenient import read
from otklik.ports import channel as port
from otklik.ports.channel import ChannelEvent, InboxConfig, MessageReceived, Sender, Touch, Unknown
from otklik.ports.message import Attachment, ContactCard, Content, Location, MessageKind

PRESS = "otklik:"
"""Our buttons answer with this, the payload and the label: Viber sends both as a person's text."""

SEPARATOR = "\x1f"

_FILES = {
    "picture": MessageKind.PICTURE,
    "video": MessageKind.VIDEO,
    "file": MessageKind.FILE,
    "sticker": MessageKind.STICKER,
}


def authentic(headers: Mapping[str, str], body: bytes, config: InboxConfig) -> bool:
    """Tell whether the body is signed with the bot's token: HMAC-SHA256 of the raw bytes."""
    token = config.secrets.get("token", "").encode()
    shown = headers.get("x-viber-content-signature", "").encode("utf-8", "surrogatepass")
    expected = hmac.new(token, body, hashlib.sha256).hexdigest().encode()
    return bool(token) and hmac.compare_digest(expected, shown)


def envelope(body: bytes) -> port.Envelope | port.Malformed:
    """Give the key of an event: several devices of a person report one message each."""
    try:
        told = read(body, wire.Callback)
    except (msgspec.DecodeError, ValueError) as error:
        return port.Malformed(reason=f"not a callback of Viber: {error}")
    if not told.event or not (told.message_token or told.timestamp):
        return port.Malformed(reason="neither the kind of the event nor its number is told")
    who = told.user_id or told.sender.id or told.user.id
    return port.Envelope(f"{told.event[:40]}:{told.message_token or told.timestamp}:{who}")


def parse(body: bytes) -> Sequence[ChannelEvent]:
    """Read one callback; raises `msgspec.DecodeError` for what is none."""
    told = read(body, wire.Callback)
    match told.event:
        case "message":
            return (_message(told),)
        case "conversation_started":
            return _opened(told)
        case "subscribed":
            sender = _sender(told.user)
            if not sender.external_id:
                return (Unknown("subscribed.nobody"),)
            at = told.timestamp
            return (port.Opened(sender, at), port.ReachabilityChanged(sender, True, at))
        case "unsubscribed" | "delivered" | "seen" | "failed" if told.user_id:
            return (_report(told, Sender(told.user_id)),)
        case name:
            return (Unknown(name[:64] or "empty"),)


def _message(told: wire.Callback) -> ChannelEvent:
    message, sender = told.message, _sender(told.sender)
    if message is None or not sender.external_id:
        return Unknown("message.unreadable")
    if message.type == "text" and message.text.startswith(PRESS):
        return _press(told, message, sender)
    kind, text, content, attachments = _said(message)
    return MessageReceived(
        sender=sender,
        external_id=str(told.message_token),
        sent_at=told.timestamp,
        kind=kind,
        text=text,
        content=content,
        attachments=attachments,
    )


def _press(told: wire.Callback, message: wire.Message, sender: Sender) -> ChannelEvent:
    payload, _, label = message.text.removeprefix(PRESS).partition(SEPARATOR)
    return port.ButtonPressed(
        sender=sender,
        external_id=str(told.message_token),
        press_id="",
        payload=payload,
        at=told.timestamp,
        label=label,
    )


def _said(
    message: wire.Message,
) -> tuple[MessageKind, str, Content, tuple[Attachment, ...]]:
    """Give the kind, the words, the rarer parts and the files of a message."""
    if message.type in _FILES and message.media:
        kind = _FILES[message.type]
        return kind, message.text, Content(), (_attachment(kind, message),)
    if message.type == "contact" and message.contact is not None:
        # Anybody can send a friend's card: nothing proves whose number it is.
        card = ContactCard(message.contact.name, message.contact.phone_number)
        return MessageKind.CONTACT_CARD, "", Content(card=card), ()
    if message.type == "location" and message.location is not None:
        place = message.location
        point = Location(place.lat, place.lon, address=place.address)
        return MessageKind.LOCATION, "", Content(location=point), ()
    if message.type in {"text", "url"} and (message.text or message.media):
        words = "\n".join(filter(None, (message.text, message.media)))
        return MessageKind.TEXT, words, Content(), ()
    return MessageKind.UNSUPPORTED, message.type[:64] or "empty", Content(), ()


def _attachment(kind: MessageKind, message: wire.Message) -> Attachment:
    return Attachment(
        kind,
        ref=message.media,
        name=message.file_name,
        size=message.file_size or message.size,
        duration_s=message.duration,
    )


def _opened(told: wire.Callback) -> Sequence[ChannelEvent]:
    sender = _sender(told.user)
    if not sender.external_id:
        return (Unknown("conversation_started.nobody"),)
    touch = Touch("deep_link", told.context) if told.context else None
    return (port.Opened(sender, told.timestamp, touch),)


def _report(told: wire.Callback, sender: Sender) -> ChannelEvent:
    at, number = told.timestamp, str(told.message_token)
    match told.event:
        case "unsubscribed":
            return port.ReachabilityChanged(sender, reachable=False, at=at)
        case "failed":
            return port.StatusReported(sender, number, "failed", at, reason=told.desc[:300])
        case "seen":
            return port.StatusReported(sender, number, "read", at)
        case _:
            return port.StatusReported(sender, number, "delivered", at)


def _sender(user: wire.User) -> Sender:
    return Sender(user.id, name=user.name, locale=user.language[:2], picture=user.avatar)
