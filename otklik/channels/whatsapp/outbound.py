"""Our orders as requests of the Cloud API, and WhatsApp's answers as ours."""

import re
from base64 import b64decode
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from otklik.channels.whatsapp import templates, wire
from otklik.channels.whatsapp.errors import refused
from otklik.channels.whatsapp.limits import why_not_send
from otklik.channels.whatsapp.people import PHONE, SCOPED
from otklik.families import meta
from otklik.kernel import lenient
from otklik.ports import channel as port
from otklik.ports.channel import (
    Answer,
    Answers,
    FoundFile,
    InboxConfig,
    Outgoing,
    OutgoingFile,
    Refusal,
    RefusalKind,
    Request,
    Sent,
)
from otklik.ports.message import Button, ContactCard, Location, MessageKind

_BUTTONS = 3
_CHOOSE = "Выбрать / Choose"  # the words on the button that opens a list, when none are set
_DOWNLOAD_S = 120.0
_HEX = re.compile(r"[0-9a-f]{64}")
_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
_PICTURES = frozenset({"image/jpeg", "image/png"})
_FIELDS = {
    MessageKind.VIDEO: "video",
    MessageKind.VOICE: "audio",
    MessageKind.AUDIO: "audio",
    MessageKind.STICKER: "sticker",
}
Json = dict[str, object]


def send(order: port.Order, config: InboxConfig, answers: Answers) -> Request | Sent | Refusal:
    """Carry out an order: the file first, when there is one, then the message."""
    match order:
        case Outgoing():
            return why_not_send(order) or _message(order, config, answers)
        case port.OutgoingReaction():
            reaction = {"message_id": order.external_id, "emoji": order.emoji}
            return _to_person(order.to, {"type": "reaction", "reaction": reaction}, config, answers)
        case port.ReadShown():
            return _marked({"message_id": order.external_id}, config, answers)
        case port.TypingShown(external_id=last):
            if not last:
                return Refusal(RefusalKind.OTHER, "typing is shown under a person's message only")
            typing: Json = {"message_id": last, "typing_indicator": {"type": "text"}}
            return _marked(typing, config, answers)
        case port.PressAnswer():
            return Sent()  # WhatsApp waits for none
        case _:
            return Refusal(RefusalKind.OTHER, "WhatsApp has no such thing for businesses")


def locate(ref: str, config: InboxConfig, answers: Answers) -> Request | FoundFile | Refusal:
    """Find a received file by its media id; the address lives for five minutes."""
    if not _MEDIA_ID.fullmatch(ref):
        return Refusal(RefusalKind.BAD_MEDIA, "not a media id of WhatsApp")
    if not answers:
        return replace(meta.graph(config, "GET", ref), label="media_address")
    answer = answers[-1]
    try:
        found = lenient.read(answer.body, wire.Node)
    except msgspec.DecodeError:
        return refused(answer)
    if not found.url or not _good(answer):
        return refused(answer)
    # The address is Meta's own answer to an authorised call, and wants the token once more.
    headers = meta.bearer(config)
    request = Request("GET", found.url, "file", headers=headers, timeout_s=_DOWNLOAD_S)
    return FoundFile(request=request, size=found.file_size, sha256=_digest(found.sha256))


def addressed(to: str) -> dict[str, str] | None:
    """Name a person in a request: by their business-scoped id or, with a plus, by their phone."""
    if SCOPED.fullmatch(to):
        return {"recipient": to}
    # Without the plus WhatsApp would put the business's own country code in front.
    return {"to": f"+{to}"} if PHONE.fullmatch(to) else None


def _message(order: Outgoing, config: InboxConfig, answers: Answers) -> Request | Sent | Refusal:
    file, rest = next(iter(order.files), None), list(answers)
    media = file.platform_ref if file else ""
    if media and rest and _forgotten(rest[0]):
        media, rest = "", rest[1:]  # kept for 30 days; what is older goes up once more
    if file is not None and not media:
        if not rest:
            return _upload(file, config)
        uploaded = _uploaded(rest.pop(0))
        if isinstance(uploaded, Refusal):
            return uploaded
        media = uploaded
    if rest:
        return _taken(rest[-1], media)
    body = {"biz_opaque_callback_data": order.message_id} | _body(order, media, config)
    if order.reply_to:
        body["context"] = {"message_id": order.reply_to}
    return _posted(order.to, body, config)


def _to_person(
    to: str, body: Mapping[str, object], config: InboxConfig, answers: Answers
) -> Request | Sent | Refusal:
    if answers:
        return Sent() if _good(answers[-1]) else refused(answers[-1])
    request = _posted(to, body, config)
    return request if isinstance(request, Refusal) else replace(request, repeatable=True)


def _marked(body: Json, config: InboxConfig, answers: Answers) -> Request | Sent | Refusal:
    if answers:
        return Sent() if _good(answers[-1]) else refused(answers[-1])
    payload = {"messaging_product": "whatsapp", "status": "read"} | body
    return replace(_call(config, payload), repeatable=True)


def _posted(to: str, body: Mapping[str, object], config: InboxConfig) -> Request | Refusal:
    if (person := addressed(to)) is None:
        return Refusal(RefusalKind.GONE, f"not an address in WhatsApp: {to!r}")
    payload = {"messaging_product": "whatsapp", "recipient_type": "individual", **person, **body}
    return _call(config, payload)


def _call(config: InboxConfig, payload: Mapping[str, object]) -> Request:
    number = config.settings.get("phone_number_id", "")
    return meta.graph(config, "POST", f"{number}/messages", payload)


def _upload(file: OutgoingFile, config: InboxConfig) -> Request:
    number = config.settings.get("phone_number_id", "")
    fields = {"messaging_product": "whatsapp", "type": file.mime}
    part = port.FilePart("file", file.file_id, file.name, file.mime)
    return meta.graph_upload(config, f"{number}/media", fields, part)


def _uploaded(answer: Answer) -> str | Refusal:
    try:
        return lenient.read(answer.body, wire.Node).id or refused(answer)
    except msgspec.DecodeError:
        return refused(answer)


def _forgotten(answer: Answer) -> bool:
    if _good(answer):
        return False
    refusal = refused(answer)
    return refusal.kind is RefusalKind.BAD_MEDIA or refusal.code in {"100", "131009"}


def _taken(answer: Answer, media: str) -> Sent | Refusal:
    if 200 <= answer.status < 300:
        try:
            taken = lenient.read(answer.body, wire.Node)
        except msgspec.DecodeError:
            taken = wire.Node()
        if taken.messages:
            ids = tuple(message.id for message in taken.messages)
            return Sent(external_ids=ids, file_refs=(media,) if media else ())
    refusal = refused(answer)
    # A gateway that gave up waiting, or a torn answer: the message may well be out.
    lost = answer.status == 504 or (200 <= answer.status < 300 and not refusal.code)
    return replace(refusal, kind=RefusalKind.UNCERTAIN) if lost else refusal


def _digest(told: str) -> str:
    """Give a digest in hex: WhatsApp writes it so or, as webhooks do, in base64."""
    if _HEX.fullmatch(told):
        return told
    try:
        raw = b64decode(told, validate=True)
    except ValueError:
        return ""
    return raw.hex() if len(raw) == 32 else ""


def _good(answer: Answer) -> bool:
    told = answer.body.strip()
    whole = told.startswith(b"{") and told.endswith(b"}")
    return 200 <= answer.status < 300 and whole and meta.error_in(answer.body) is None


def _body(order: Outgoing, media: str, config: InboxConfig) -> Json:
    if order.template is not None:
        return {"type": "template", "template": templates.filled(order, media)}
    buttons = [button for row in order.buttons for button in row]
    if buttons:
        return {"type": "interactive", "interactive": _interactive(order, buttons, media, config)}
    if order.files:
        field, file = _media(order.files[0], media)
        caption = {"caption": order.text} if order.text else {}
        return {"type": field, field: file | caption}
    if order.location is not None:
        return {"type": "location", "location": _place(order.location)}
    if order.card is not None:
        return {"type": "contacts", "contacts": [_card(order.card)]}
    text = {"body": order.text, "preview_url": "http" in order.text}
    return {"type": "text", "text": text}


def _media(file: OutgoingFile, media: str) -> tuple[str, Json]:
    named: Json = {"id": media}
    if file.kind is MessageKind.PICTURE and file.mime in _PICTURES:
        return "image", named
    field = _FIELDS.get(file.kind, "document")
    if field == "document":
        named["filename"] = file.name
    if file.kind is MessageKind.VOICE:
        named["voice"] = True
    return field, named


def _place(place: Location) -> Json:
    point: Json = {"latitude": place.latitude, "longitude": place.longitude}
    words = {"name": place.title, "address": place.address}
    return point | {name: value for name, value in words.items() if value}


def _card(card: ContactCard) -> Json:
    name = {"formatted_name": card.name or card.phone, "first_name": card.name or card.phone}
    return {"name": name, "phones": [{"phone": card.phone, "type": "CELL"}]}


def _interactive(
    order: Outgoing, buttons: list[Button], media: str, config: InboxConfig
) -> Mapping[str, object]:
    shell: Json = {"body": {"text": order.text}}
    if order.files:
        field, file = _media(order.files[0], media)
        shell["header"] = {"type": field, field: file}
    first = buttons[0]
    if first.url:
        parameters = {"display_text": first.label, "url": first.url}
        return shell | {"type": "cta_url", "action": {"name": "cta_url", "parameters": parameters}}
    if first.request == "location":
        return shell | {"type": "location_request_message", "action": {"name": "send_location"}}
    if first.request:
        return shell | {
            "type": "request_contact_info",
            "action": {"name": "request_contact_info"},
        }
    if len(buttons) > _BUTTONS:
        rows = [{"id": button.payload, "title": button.label} for button in buttons]
        words = config.settings.get("list_label") or _CHOOSE
        return shell | {"type": "list", "action": {"button": words, "sections": [{"rows": rows}]}}
    choices = [
        {"type": "reply", "reply": {"id": button.payload, "title": button.label}}
        for button in buttons
    ]
    return shell | {"type": "button", "action": {"buttons": choices}}
