"""What a message of Messenger or Instagram holds, and where its person came from."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from otklik.families.meta import messaging_wire as wire
from otklik.ports.channel import Touch
from otklik.ports.message import Attachment, Button, Location, MessageKind

_FILES = {
    "image": MessageKind.PICTURE,
    "video": MessageKind.VIDEO,
    "audio": MessageKind.AUDIO,
    "file": MessageKind.FILE,
    "sticker": MessageKind.STICKER,
    "story_mention": MessageKind.PICTURE,
    "ig_story": MessageKind.PICTURE,
    "share": MessageKind.PICTURE,
    "post": MessageKind.PICTURE,
    "ig_post": MessageKind.PICTURE,
    "reel": MessageKind.VIDEO,
    "ig_reel": MessageKind.VIDEO,
}
_SHARED = frozenset({"share", "post", "ig_post", "reel", "ig_reel", "ig_story"})
_PAGES = re.compile(r"(?:^|\.)(?:facebook\.com|instagram\.com|fb\.me|fb\.watch)$")
_PHONE = re.compile(r"\+?[0-9][0-9 ()\-]{5,18}[0-9]")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,63}")


class Part(Struct, frozen=True):
    """What one message, or one of its attachments, holds."""

    kind: MessageKind = MessageKind.TEXT
    text: str = ""
    files: tuple[Attachment, ...] = ()
    location: Location | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    product: str = ""
    details: dict[str, str] = {}


def body_of(message: wire.Message, *, records: bool) -> Part:
    """Put together what a message holds; `records`: all sound is recorded on the spot."""
    parts = [_part(attached, records=records) for attached in message.attachments]
    story = message.reply_to.story if message.reply_to else None
    if story is not None:
        parts.append(_story(story))
    if not parts and not message.text:
        name = "unsupported" if message.is_unsupported else "empty"
        parts = [Part(MessageKind.UNSUPPORTED, name)]
    details = {name: value for part in parts for name, value in part.details.items()}
    if message.commands:
        details["commands"] = ", ".join(command.name for command in message.commands)
    kinds = [part.kind for part in parts if part.kind is not MessageKind.TEXT]
    product = message.referral.product if message.referral else None
    return Part(
        kind=next(iter(kinds), MessageKind.TEXT),
        text=message.text or "\n".join(filter(None, (part.text for part in parts))),
        files=tuple(file for part in parts for file in part.files),
        location=next((part.location for part in parts if part.location), None),
        buttons=tuple(row for part in parts for row in part.buttons),
        product=next((part.product for part in parts if part.product), "")
        or str(product.id if product else ""),
        details=details,
    )


def source_of(referral: wire.Referral) -> Touch | None:
    """Tell where the person came from: an advertisement, a product's page or a link of ours."""
    ad = referral.ads_context_data or wire.AdContext()
    told = {
        "ref": referral.ref,
        "source": referral.source,
        "title": ad.ad_title,
        "picture": ad.photo_url,
        "video": ad.video_url,
        "post_id": str(ad.post_id),
        "product_id": str(ad.product_id),
        "flow_id": str(ad.flow_id),
        "referrer": referral.referer_uri or referral.origin_domain,
    }
    details = {name: value for name, value in told.items() if value}
    if referral.ad_id or referral.source == "ADS":
        return Touch("ad", str(referral.ad_id) or referral.ref, details)
    if referral.product is not None and referral.product.id:
        return Touch("product", str(referral.product.id), details)
    if not referral.ref:
        return Touch("page", details["referrer"], details) if "referrer" in details else None
    return Touch("deep_link", referral.ref, details)


def phone_or_email(label: str, payload: str) -> Mapping[str, str]:
    """Give the phone or e-mail a person shared with one press, as fields of a sender.

    Such a press carries what its label says; Meta fills it in from the person's own profile.
    """
    if label != payload:
        return {}
    if _EMAIL.fullmatch(payload):
        return {"email": payload, "email_evidence": "given"}
    if _PHONE.fullmatch(payload):
        return {"phone": payload, "phone_evidence": "given"}
    return {}


def _part(attached: wire.Attached, *, records: bool) -> Part:
    payload = attached.payload or wire.Payload()
    reader = _READERS.get(attached.type)
    if reader is not None:
        return reader(attached, payload)
    kind = MessageKind.STICKER if payload.sticker_id else _FILES.get(attached.type)
    if kind is None or not payload.url:
        return _unsupported(attached, payload)
    if attached.type in _SHARED and _PAGES.search(urlsplit(payload.url).hostname or ""):
        return Part(text=_lines(payload.title, payload.url), details={"shared": attached.type})
    name = unquote(urlsplit(payload.url).path.rpartition("/")[2])
    if kind is MessageKind.AUDIO and (records or name.startswith("audioclip")):
        kind = MessageKind.VOICE
    return Part(
        kind=kind,
        text=payload.title if attached.type in _SHARED else "",
        files=(Attachment(kind, payload.url, name=name if kind is MessageKind.FILE else ""),),
        details=_details(attached.type, payload),
    )


def _details(kind: str, payload: wire.Payload) -> dict[str, str]:
    if kind == "story_mention":
        return {"story": "mention"}
    if kind not in _SHARED:
        return {"sticker_id": str(payload.sticker_id)} if payload.sticker_id else {}
    number = payload.reel_video_id or payload.ig_post_media_id or payload.id
    return {"shared": kind} | ({"shared_id": str(number)} if number else {})


def _story(story: wire.Story) -> Part:
    details = {"story": "reply", "story_id": str(story.id)}
    if not story.url:
        return Part(details=details)
    picture = Attachment(MessageKind.PICTURE, story.url)  # it dies with the story, within a day
    return Part(MessageKind.PICTURE, files=(picture,), details=details)


def _unsupported(attached: wire.Attached, payload: wire.Payload) -> Part:
    told = {"title": payload.title or attached.title, "url": payload.url or attached.url}
    details = {name: value for name, value in told.items() if value}
    return Part(MessageKind.UNSUPPORTED, attached.type[:64] or "attachment", details=details)


def _fallback(attached: wire.Attached, payload: wire.Payload) -> Part:
    address = payload.url or attached.url or attached.address
    return Part(text=_lines(payload.title or attached.title, address))


def _heart(_attached: wire.Attached, _payload: wire.Payload) -> Part:
    return Part(text="❤️")


def _place(attached: wire.Attached, payload: wire.Payload) -> Part:
    point = payload.coordinates
    if point is None:
        return _unsupported(attached, payload)
    title = attached.title or payload.title
    return Part(MessageKind.LOCATION, location=Location(point.lat, point.long, title))


def _booking(attached: wire.Attached, payload: wire.Payload) -> Part:
    told = {
        "booking_id": str(payload.booking_id),
        "status": payload.status,
        "start_time": str(payload.start_time),
        "end_time": str(payload.end_time),
        "timezone": payload.timezone,
    }
    details = {name: value for name, value in told.items() if value}
    return Part(MessageKind.UNSUPPORTED, attached.type, details=details)


def _template(attached: wire.Attached, payload: wire.Payload) -> Part:
    if payload.product is not None:
        return _products(payload.product.elements)
    cards = [_lines(element.title, element.subtitle) for element in payload.elements]
    text = payload.text or "\n\n".join(cards) or attached.title or payload.title
    buttons = [*payload.buttons, *(key for card in payload.elements for key in card.buttons)]
    rows = tuple((Button(key.title, payload=key.payload, url=key.url),) for key in buttons)
    if not text:
        return _unsupported(attached, payload)
    return Part(text=text, buttons=rows)


def _products(products: tuple[wire.Product, ...]) -> Part:
    first = next(iter(products), wire.Product())
    pictures = [
        Attachment(MessageKind.PICTURE, product.image_url)
        for product in products
        if product.image_url
    ]
    return Part(
        kind=MessageKind.PICTURE if pictures else MessageKind.TEXT,
        text="\n".join(_lines(product.title, product.subtitle) for product in products),
        files=tuple(pictures),
        product=str(first.retailer_id or first.id),
        details={"product_ids": ", ".join(str(product.id) for product in products)},
    )


def _lines(*texts: str) -> str:
    return "\n".join(filter(None, texts))


_READERS: Mapping[str, Callable[[wire.Attached, wire.Payload], Part]] = {
    "fallback": _fallback,
    "like_heart": _heart,
    "location": _place,
    "appointment_booking": _booking,
    "template": _template,
}
