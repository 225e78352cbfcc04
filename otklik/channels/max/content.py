"""The content of a MAX message in our words: text, formats, files, places, cards."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from otklik.channels.max import wire
from otklik.families.tamtam import main_kind
from otklik.kernel.text import utf16_length
from otklik.ports.channel import MessageReceived, Sender
from otklik.ports.message import (
    Attachment,
    ContactCard,
    Content,
    Entity,
    Location,
    MessageKind,
)

_MARKS = {
    "strong": "bold",
    "emphasized": "italic",
    "monospaced": "code",
    "strikethrough": "strikethrough",
    "underline": "underline",
    "link": "link",
    "quote": "quote",
    "user_mention": "mention",
    "heading": "bold",
    "highlighted": "bold",
}
_FILES = {
    "image": (MessageKind.PICTURE, "image/jpeg"),
    "video": (MessageKind.VIDEO, "video/mp4"),
    "audio": (MessageKind.VOICE, "audio/ogg"),
    "file": (MessageKind.FILE, "application/octet-stream"),
    "sticker": (MessageKind.STICKER, "image/webp"),
}
_QUIET = frozenset(_FILES) | frozenset(
    ("contact", "location", "share", "data", "inline_keyboard", "reply_keyboard")
)
_FOLD = re.compile(r"\r?\n[ \t]")
_PHONE = re.compile(r"^(?:\w+\.)?TEL[^:\r\n]*:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_NAME = re.compile(r"^(?:\w+\.)?FN[^:\r\n]*:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_INTERNATIONAL = re.compile(r"[0-9]{11,15}")
_GAP = "\n\n"


def received(message: wire.Message, body: wire.Body, sender: Sender) -> MessageReceived:
    """Read a message: what was written, and what was passed on with it."""
    link = message.link or wire.Link()
    passed = link.message if link.type == "forward" else None
    parts = (*body.attachments, *(passed.attachments if passed else ()))
    text, entities = _text(body, passed)
    text = text or _shared(parts)
    files = tuple(file for part in parts if (file := attachment(part)) is not None)
    card = next((_card(part) for part in parts if part.type == "contact"), None)
    place = next(_places(parts), None)
    shown = (
        (MessageKind.CONTACT_CARD, card is not None),
        (MessageKind.LOCATION, place is not None),
        (MessageKind.TEXT, bool(text)),
    )
    kind, rest = main_kind(files, shown, (part.type for part in parts), _QUIET)
    return MessageReceived(
        sender=_with_phone(sender, message.sender, parts, card),
        external_id=body.mid,
        sent_at=message.timestamp or 0,
        kind=kind,
        text=text or (rest if kind is MessageKind.UNSUPPORTED else ""),
        content=Content(
            entities=entities,
            location=place,
            card=card,
            payload=next((part.data for part in parts if part.data), ""),
            forwarded_from=_origin(link),
            details=_details(parts, rest if text else ""),
        ),
        attachments=files,
        reply_to=link.message.mid if link.type == "reply" and link.message else "",
    )


def attachment(part: wire.Attachment) -> Attachment | None:
    """Give the file of an attachment; its reference is an address or, of a film, its token."""
    inside = part.payload
    if part.type not in _FILES or inside is None:
        return None
    kind, mime = _FILES[part.type]
    ref = f"video:{inside.token}" if part.type == "video" and inside.token else inside.url or ""
    if not ref:
        return None
    return Attachment(
        kind=kind,
        ref=ref,
        name=part.filename or "",
        mime=mime,
        size=part.size or 0,
        width=part.width or 0,
        height=part.height or 0,
        duration_s=part.duration or 0,
        format="webp" if kind is MessageKind.STICKER else "",
    )


def label_of(body: wire.Body | None, payload: str) -> str:
    """Find what stood on the button that carried a payload."""
    parts = body.attachments if body is not None else ()
    rows = (row for part in parts if part.payload for row in part.payload.buttons)
    return next((key.text for row in rows for key in row if key.payload == payload), "")


def _text(body: wire.Body, passed: wire.Body | None) -> tuple[str, tuple[Entity, ...]]:
    own, theirs = body.text or "", (passed.text or "") if passed else ""
    gap = _GAP if own and theirs else ""
    entities = [*_entities(body.markup, 0)]
    if passed is not None:
        entities += _entities(passed.markup, utf16_length(own + gap))
    return own + gap + theirs, tuple(entities)


def _entities(marks: tuple[wire.Mark, ...], shift: int) -> Iterator[Entity]:
    for mark in marks:
        if mark.type not in _MARKS:
            continue
        url = mark.url or (f"max://user/{mark.user_id}" if mark.user_id else "")
        yield Entity(_MARKS[mark.type], mark.start + shift, mark.length, url)


def _shared(parts: tuple[wire.Attachment, ...]) -> str:
    """Give a shared page without words of its own as its title and address."""
    for part in parts:
        if part.type == "share" and part.payload is not None and part.payload.url:
            return "\n".join(filter(None, (part.title, part.payload.url)))
    return ""


def _places(parts: tuple[wire.Attachment, ...]) -> Iterator[Location]:
    for part in parts:
        if part.type == "location" and part.latitude is not None and part.longitude is not None:
            yield Location(part.latitude, part.longitude)


def _card(part: wire.Attachment) -> ContactCard:
    """Read a shared contact, never as proven: its hash has no published formula (2026-11)."""
    inside = part.payload or wire.Payload()
    vcard = _FOLD.sub("", inside.vcf_info or "")
    name, phone = _NAME.search(vcard), _PHONE.search(vcard)
    number = phone[1].strip() if phone else ""
    if inside.max_info is not None and _INTERNATIONAL.fullmatch(number):
        number = f"+{number}"  # MAX writes the numbers of its own people without the plus
    told = name[1].strip().replace("\\,", ",").replace("\\;", ";") if name else ""
    return ContactCard(told or (inside.max_info.full_name if inside.max_info else ""), number)


def _with_phone(
    sender: Sender,
    user: wire.User | None,
    parts: tuple[wire.Attachment, ...],
    card: ContactCard | None,
) -> Sender:
    """Note the phone of a card that names its sender as the owner: a claim, not a proof."""
    owners = (part.payload.max_info for part in parts if part.type == "contact" and part.payload)
    owner = next(owners, None)
    if user is None or owner is None or owner.user_id != user.user_id or not (card and card.phone):
        return sender
    return replace(sender, phone=card.phone, phone_evidence="claimed")


def _origin(link: wire.Link) -> str:
    return link.sender.full_name if link.type == "forward" and link.sender else ""


def _details(parts: tuple[wire.Attachment, ...], unsupported: str) -> dict[str, str]:
    spoken = "\n".join(part.transcription for part in parts if part.transcription)
    told = {"transcription": spoken, "unsupported": unsupported}
    return {name: value for name, value in told.items() if value}
