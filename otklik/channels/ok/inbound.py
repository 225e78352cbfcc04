"""Odnoklassniki's bodies, read into our events."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import msgspec

from otklik.channels.ok import wire
from otklik.families.tamtam import main_kind
from otklik.kernel.lenient import read, whole
from otklik.ports import channel as port
from otklik.ports.channel import ChannelEvent, MessageReceived, Sender, Unknown
from otklik.ports.message import Attachment, ContactCard, Content, Location, MessageKind

_FILES = {
    "IMAGE": (MessageKind.PICTURE, "image/jpeg"),
    "VIDEO": (MessageKind.VIDEO, "video/mp4"),
    "AUDIO": (MessageKind.VOICE, "audio/ogg"),
    "FILE": (MessageKind.FILE, "application/octet-stream"),
    "STICKER": (MessageKind.STICKER, "image/webp"),
}
_PAGES = {"SHARE", "MUSIC"}  # of Odnoklassniki or elsewhere: words and an address
_QUIET = frozenset(_FILES) | _PAGES | {"CONTACT", "LOCATION", "INLINE_KEYBOARD"}


def authentic(_headers: Mapping[str, str], _body: bytes, _config: port.InboxConfig) -> bool:
    """Believe a body for its address alone: Odnoklassniki signs nothing and keeps no secret.

    The address of an inbox holds 128 random bits and is known to the group's settings only.
    """
    return True


def envelope(body: bytes) -> port.Envelope | port.Malformed:
    """Make a key of what a body tells: messages have an id, the rest is told by all it holds."""
    try:
        update = read(body, wire.Update)
        if update.message is not None and update.message.mid and not update.callback_id:
            return port.Envelope(dedupe_key=f"message:{update.message.mid}")
        if update.callback_id:
            return port.Envelope(dedupe_key=f"press:{update.callback_id}:{update.timestamp}")
        tree = msgspec.json.decode(whole(body))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return port.Malformed(reason=f"not a body of Odnoklassniki: {error}")
    except RecursionError:
        return port.Malformed(reason="not a body of Odnoklassniki: nested too deeply")
    digest = sha256(msgspec.json.encode(tree, order="sorted")).hexdigest()
    return port.Envelope(dedupe_key=f"body:{digest[:32]}")


def parse(body: bytes) -> Sequence[ChannelEvent]:
    """Read one body; `Unknown` for what we do not act on."""
    update = read(body, wire.Update)
    match update.webhook_type:
        case "MESSAGE_CREATED" | None if update.message is not None:
            return (_message(update),)
        case "MESSAGE_CALLBACK":
            return (_press(update),)
        case "CHAT_SYSTEM":
            return (_system(update),)
        case None:
            return (Unknown(_first_name(body)),)
        case name:
            return (Unknown(f"{name[:64]}.unreadable" if name == "MESSAGE_CREATED" else name[:64]),)


def _first_name(body: bytes) -> str:
    names = msgspec.json.decode(whole(body), type=dict[str, msgspec.Raw])
    return next((name[:64] for name in names if name), "empty")


def _message(update: wire.Update) -> ChannelEvent:
    message, sender = update.message, _sender(update)
    assert message is not None
    if isinstance(sender, Unknown):
        return sender
    if not message.mid:
        return Unknown("MESSAGE_CREATED.unreadable")
    parts = message.attachments + ((message.attachment,) if message.attachment else ())
    files = tuple(file for part in parts if (file := _attachment(part)) is not None)
    card = next((_card(part) for part in parts if part.type == "CONTACT"), None)
    place = next((found for part in parts if (found := _place(part)) is not None), None)
    text = message.text or _shared(parts)
    shown = (
        (MessageKind.CONTACT_CARD, card is not None),
        (MessageKind.LOCATION, place is not None),
        (MessageKind.TEXT, bool(text)),
    )
    kind, unknown = main_kind(files, shown, (part.type for part in parts), _QUIET)
    unshown = kind is MessageKind.UNSUPPORTED
    return MessageReceived(
        sender=sender,
        external_id=str(message.mid),
        sent_at=update.timestamp or 0,
        kind=kind,
        text=unknown if unshown else text,
        content=Content(
            location=place,
            card=card,
            details={"unsupported": unknown} if unknown and not unshown else {},
        ),
        attachments=files,
        reply_to=str(message.reply_to or ""),
    )


def _press(update: wire.Update) -> ChannelEvent:
    sender, message = _sender(update), update.message or wire.Message()
    if isinstance(sender, Unknown):
        return sender
    if not update.callback_id:
        return Unknown("MESSAGE_CALLBACK.unreadable")
    payload = update.payload or ""
    boards = (part.payload.keyboard for part in message.attachments if part.payload)
    keys = (key for board in boards if board for row in board.buttons for key in row)
    return port.ButtonPressed(
        sender=sender,
        external_id=f"press:{update.callback_id}:{update.timestamp or 0}",
        press_id=str(update.callback_id),
        payload=payload,
        at=update.timestamp or 0,
        of_message=str(message.mid or ""),
        label=next((key.text for key in keys if key.payload == payload), ""),
    )


def _system(update: wire.Update) -> ChannelEvent:
    """Read the opening by a special link; its form is not documented, so nothing else is."""
    sender = _sender(update)
    if isinstance(sender, Unknown) or not update.payload:
        return Unknown("CHAT_SYSTEM")
    touch = port.Touch("deep_link", update.payload)
    return port.Opened(sender, update.timestamp or 0, touch)


def _sender(update: wire.Update) -> Sender | Unknown:
    """Name a person by their chat with the group, which typing and answers need too."""
    who, where = update.sender or wire.Side(), update.recipient or wire.Side()
    person = str(who.user_id or "")
    if person.startswith("group:"):
        return Unknown("group_message")  # a moderator's answer, should it ever come back to us
    person = f"user:{person}" if person.isdecimal() else person
    address = str(where.chat_id or "") or person
    if not address:
        return Unknown(f"{update.webhook_type or 'MESSAGE_CREATED'}.unreadable")
    aliases = (person,) if person and person != address else ()
    return Sender(address, name=who.name or "", aliases=aliases)


def _attachment(part: wire.Attachment) -> Attachment | None:
    inside = part.payload
    if part.type not in _FILES or inside is None or not inside.url:
        return None
    kind, mime = _FILES[part.type]
    return Attachment(
        kind=kind,
        ref=inside.url,
        name=inside.filename or inside.name or inside.title or "",
        mime=mime,
        size=inside.size or 0,
        width=inside.width or 0,
        height=inside.height or 0,
        duration_s=inside.duration or 0,
        format="webp" if kind is MessageKind.STICKER else "",
    )


def _shared(parts: tuple[wire.Attachment, ...]) -> str:
    for part in parts:
        if part.type in _PAGES and part.payload is not None:
            told = (part.payload.title or part.payload.name, part.payload.url)
            return "\n".join(filter(None, told))
    return ""


def _place(part: wire.Attachment) -> Location | None:
    inside = part.payload
    if part.type != "LOCATION" or inside is None:
        return None
    if inside.latitude is None or inside.longitude is None:
        return None
    return Location(inside.latitude, inside.longitude)


def _card(part: wire.Attachment) -> ContactCard:
    inside = part.payload or wire.Payload()
    return ContactCard(inside.name or "", inside.phone or "")
