"""Our orders as talks with VK: uploads first, then the one call that carries the order out."""

import re
from hashlib import sha256
from typing import assert_never

import msgspec
from msgspec import Struct

from otklik.channels.vk.calls import ApiError, Refused, Talk, call, compact, read, replay, request
from otklik.channels.vk.inbound import OURS
from otklik.channels.vk.limits import laid_out, why_not_send
from otklik.channels.vk.wire import REACTIONS
from otklik.kernel.text import utf16_length
from otklik.ports import channel as port
from otklik.ports.channel import Answer, Answers, InboxConfig, Outgoing, Refusal, RefusalKind, Sent
from otklik.ports.message import Button, Entity, MessageKind

_UPLOAD_S = 120.0  # 200 MB is rare; 50 MB at a slow shop's 4 Mbit/s is not
_SNACKBAR = 90
_GONE_FORWARD = "921"
_GONE_PRESS = "100"  # an answer later than a minute: VK has forgotten the press
_ADDRESS = re.compile(r"([0-9]{1,19}):([0-9]{1,19})")
_NUMBERS = {emoji: number for number, emoji in REACTIONS.items()}
_MARKS = {"bold": "bold", "italic": "italic", "underline": "underline", "link": "url"}
_PHOTOS = {"image/jpeg", "image/png"}  # other pictures go as documents
_PROFILE = "screen_name,photo_200,city,bdate,sex"
_SEX = {1: "female", 2: "male"}


class _Server(Struct, frozen=True):
    upload_url: str


class _Uploaded(Struct, frozen=True):
    """What an upload server answers: of a photo three parts, of a document one, or an error."""

    server: str | int = ""
    photo: str = ""
    hash: str = ""
    file: str = ""
    error: str = ""


class _Stored(Struct, frozen=True):
    id: int
    owner_id: int
    access_key: str = ""


class _StoredDocument(Struct, frozen=True):
    type: str
    doc: _Stored | None = None
    audio_message: _Stored | None = None
    graffiti: _Stored | None = None


class _Receipt(Struct, frozen=True):
    """How one receiver, or one message to delete, fared."""

    message_id: int = 0
    conversation_message_id: int = 0
    error: ApiError | None = None


class _City(Struct, frozen=True):
    title: str = ""


class _Person(Struct, frozen=True):
    first_name: str = ""
    last_name: str = ""
    screen_name: str = ""
    photo_200: str = ""
    bdate: str = ""
    sex: int = 0
    city: _City | None = None
    deactivated: str = ""


def send(order: port.Order, config: InboxConfig, answers: Answers) -> port.Request | Sent | Refusal:
    """Carry out an order, step by step, or say why VK does not take it."""
    return replay(_carried_out(order, config), answers)


def locate(
    ref: str, _config: InboxConfig, _answers: Answers
) -> port.Request | port.FoundFile | Refusal:
    """Give the address a file came with; it expires, so files are fetched on arrival."""
    if not ref.startswith(("https://", "http://")):
        return Refusal(RefusalKind.BAD_MEDIA, "the message told no address of the file")
    return port.FoundFile(port.Request("GET", ref, "file", timeout_s=_UPLOAD_S))


def random_id(order: Outgoing) -> int:
    """Derive VK's key against doubles from the message: the same for every try of it.

    Parts of one message differ in what they hold, so each has a number of its own.
    """
    files = [file.file_id for file in order.files]
    told = f"{order.message_id}|{order.kind}|{order.text}|{files}|{order.buttons}|{order.cards}"
    return int.from_bytes(sha256(told.encode("utf-8", "replace")).digest()[:4]) >> 1 or 1


def _carried_out(order: port.Order, config: InboxConfig) -> Talk[Sent]:
    match order:
        case Outgoing():
            return (yield from _message(order, config))
        case port.OutgoingEdit():
            return (yield from _edit(order, config))
        case port.OutgoingDelete():
            return (yield from _delete(order, config))
        case port.OutgoingReaction():
            return (yield from _reaction(order, config))
        case port.PressAnswer():
            return (yield from _press_answer(order, config))
        case port.ProfileAsked():
            return (yield from _profile(order, config))
        case port.TypingShown() | port.ReadShown():
            return (yield from _sign(order, config))
        case _:
            assert_never(order)


def _sign(order: port.TypingShown | port.ReadShown, config: InboxConfig) -> Talk[Sent]:
    if isinstance(order, port.TypingShown):
        typing: dict[str, object] = {"peer_id": _peer(order.to), "type": "typing"}
        return (yield from _done(config, "messages.setActivity", typing))
    peer, number = _address(order.external_id)
    up_to: dict[str, object] = {"peer_id": peer, "up_to_cmid": number}
    return (yield from _done(config, "messages.markAsRead", up_to))


def _done(config: InboxConfig, method: str, params: dict[str, object]) -> Talk[Sent]:
    yield from call(config, method, params, object)
    return Sent()


def _message(order: Outgoing, config: InboxConfig) -> Talk[Sent]:
    peer = _peer(order.to)
    body, refs = yield from _body(order, peer, config)
    params: dict[str, object] = body | {
        "peer_ids": peer,  # so it answers with the number in the conversation, not in the mailbox
        "random_id": random_id(order),
        "payload": {OURS: order.message_id},
    }
    replied = _ADDRESS.fullmatch(order.reply_to)
    if replied is not None and int(replied[1]) == peer:
        number = int(replied[2])
        quoted = {"peer_id": peer, "conversation_message_ids": [number], "is_reply": True}
        answer = yield request(config, "messages.send", params | {"forward": quoted})
        refusal = _refusal_in(answer)
        if refusal is None or refusal.code != _GONE_FORWARD:
            return _sent(order, answer, refs)  # else the quoted one is gone: without it, then
    answer = yield request(config, "messages.send", params)
    return _sent(order, answer, refs)


def _edit(order: port.OutgoingEdit, config: InboxConfig) -> Talk[Sent]:
    peer, number = _address(order.external_id)
    body, _ = yield from _body(order.message, peer, config)
    where = {"peer_id": peer, "cmid": number, "keep_forward_messages": 1, "keep_snippets": 1}
    yield from call(config, "messages.edit", body | where, object)
    return Sent()


def _delete(order: port.OutgoingDelete, config: InboxConfig) -> Talk[Sent]:
    peer = _peer(order.to)
    numbers = [str(_address(name)[1]) for name in order.external_ids]
    params = {"peer_id": peer, "cmids": ",".join(numbers), "delete_for_all": 1}
    receipts = yield from call(config, "messages.delete", params, tuple[_Receipt, ...])
    for receipt in receipts:
        if receipt.error is not None:
            raise Refused(receipt.error.refusal)
    return Sent()


def _reaction(order: port.OutgoingReaction, config: InboxConfig) -> Talk[Sent]:
    peer, number = _address(order.external_id)
    where: dict[str, object] = {"peer_id": peer, "cmid": number}
    emoji = order.emoji.removesuffix("\ufe0f")
    if not emoji:
        return (yield from _done(config, "messages.deleteReaction", where))
    if emoji not in _NUMBERS:
        raise Refused(Refusal(RefusalKind.OTHER, f"VK has no reaction {order.emoji}"))
    params = where | {"reaction_id": _NUMBERS[emoji]}
    return (yield from _done(config, "messages.sendReaction", params))


def _press_answer(order: port.PressAnswer, config: InboxConfig) -> Talk[Sent]:
    if len(order.text) > _SNACKBAR:
        raise Refused(Refusal(RefusalKind.TOO_LONG, f"the answer is over {_SNACKBAR} characters"))
    peer = _peer(order.to)
    shown = {"type": "show_snackbar", "text": order.text} if order.text else None
    params = {"event_id": order.press_id, "user_id": peer, "peer_id": peer, "event_data": shown}
    answer = yield request(config, "messages.sendMessageEventAnswer", params)
    refusal = _refusal_in(answer)
    if refusal is not None and refusal.code != _GONE_PRESS:
        raise Refused(refusal)
    return Sent()


def _profile(order: port.ProfileAsked, config: InboxConfig) -> Talk[Sent]:
    params = {"user_ids": _peer(order.to), "fields": _PROFILE}
    people = yield from call(config, "users.get", params, tuple[_Person, ...])
    if not people:
        raise Refused(Refusal(RefusalKind.GONE, "VK knows nobody of this number"))
    person = people[0]
    details = {
        "city": person.city.title if person.city else "",
        "birthday": person.bdate,
        "sex": _SEX.get(person.sex, ""),
        "deactivated": person.deactivated,
    }
    profile = port.Profile(
        name=f"{person.first_name} {person.last_name}".strip(),
        username=person.screen_name,
        picture=person.photo_200,
        details={name: told for name, told in details.items() if told},
    )
    return Sent(profile=profile)


def _body(
    order: Outgoing, peer: int, config: InboxConfig
) -> Talk[tuple[dict[str, object], tuple[str, ...]]]:
    if (refusal := why_not_send(order)) is not None:
        raise Refused(refusal)
    refs: tuple[str, ...] = ()
    for file in order.files:
        refs = (*refs, file.platform_ref or (yield from _upload(file, peer, config)))
    text, place = order.text, order.location
    body: dict[str, object] = {}
    if place is not None:
        body = {"lat": place.latitude, "long": place.longitude}
        text = "\n".join(filter(None, (text, place.title, place.address)))
    if order.cards:
        elements: tuple[dict[str, object], ...] = ()
        for card in order.cards:
            elements = (*elements, (yield from _card(card, peer, config)))
        body["template"] = {"type": "carousel", "elements": elements}
        text = text or order.cards[0].title  # a carousel alone is refused
    if order.buttons:
        rows = [[_button(button) for button in row] for row in laid_out(order.buttons)]
        body["keyboard"] = {"inline": True, "buttons": rows}
    marks = _marks(text, order.entities)
    if marks:
        body["format_data"] = {"version": 1, "items": marks}
    return body | {"message": text, "attachment": ",".join(refs)}, refs


def _upload(file: port.OutgoingFile, peer: int, config: InboxConfig) -> Talk[str]:
    """Ask where to, bring the bytes, have them stored; give the name VK attaches them by."""
    is_photo = file.kind is MessageKind.PICTURE and file.mime in _PHOTOS
    kind = "audio_message" if file.kind is MessageKind.VOICE else "doc"
    asked: dict[str, object] = {"peer_id": peer} | ({} if is_photo else {"type": kind})
    method = "photos.getMessagesUploadServer" if is_photo else "docs.getMessagesUploadServer"
    server = yield from call(config, method, asked, _Server)
    part = port.FilePart("photo" if is_photo else "file", file.file_id, file.name, file.mime)
    answer = yield port.Request(
        "POST", server.upload_url, "upload", files=(part,), timeout_s=_UPLOAD_S, repeatable=True
    )
    uploaded = _uploaded(answer)
    if is_photo:
        parts = {"server": uploaded.server, "photo": uploaded.photo, "hash": uploaded.hash}
        (photo,) = yield from call(config, "photos.saveMessagesPhoto", parts, tuple[_Stored])
        return _name("photo", photo)
    parts = {"file": uploaded.file, "title": file.name}
    stored = yield from call(config, "docs.save", parts, _StoredDocument)
    document = stored.doc or stored.audio_message or stored.graffiti
    if document is None:
        raise Refused(Refusal(RefusalKind.BAD_MEDIA, f"VK stored it as {stored.type}"))
    return _name("audio_message" if stored.audio_message else "doc", document)


def _uploaded(answer: Answer) -> _Uploaded:
    try:
        uploaded = msgspec.json.decode(answer.body, type=_Uploaded, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        kind = RefusalKind.BAD_MEDIA if answer.status == 413 else RefusalKind.TEMPORARY
        detail = f"HTTP {answer.status} from the upload server"
        raise Refused(Refusal(kind, detail)) from None
    if not uploaded.file and uploaded.photo in {"", "[]"}:
        detail = uploaded.error or "the upload server took nothing"
        raise Refused(Refusal(RefusalKind.BAD_MEDIA, detail))
    return uploaded


def _name(kind: str, stored: _Stored) -> str:
    return "_".join(filter(None, (f"{kind}{stored.owner_id}_{stored.id}", stored.access_key)))


def _card(card: port.OutgoingCard, peer: int, config: InboxConfig) -> Talk[dict[str, object]]:
    element: dict[str, object] = {"title": card.title}
    if card.text:
        element["description"] = card.text
    if card.file is not None:
        ref = card.file.platform_ref or (yield from _upload(card.file, peer, config))
        element["photo_id"] = "_".join(ref.removeprefix("photo").split("_")[:2])
    return element | {"buttons": [_button(button) for button in card.buttons]}


def _button(button: Button) -> dict[str, object]:
    if button.request:
        return {"action": {"type": "location", "payload": compact({OURS: button.label})}}
    if button.url:
        return {"action": {"type": "open_link", "label": button.label, "link": button.url}}
    payload = compact({OURS: button.payload})
    return {"action": {"type": "callback", "label": button.label, "payload": payload}}


def _marks(text: str, entities: tuple[Entity, ...]) -> list[dict[str, object]]:
    length = utf16_length(text)
    return [
        {"type": _MARKS[span.kind], "offset": span.offset, "length": span.length}
        | ({"url": span.url} if span.kind == "link" else {})
        for span in entities
        if span.kind in _MARKS and span.offset >= 0 < span.length <= length - span.offset
    ]


def _sent(order: Outgoing, answer: Answer, refs: tuple[str, ...]) -> Sent:
    receipts = read(answer, tuple[_Receipt, ...])
    receipt = receipts[0] if receipts else _Receipt()
    if receipt.error is not None:
        raise Refused(receipt.error.refusal)
    number = receipt.conversation_message_id or f"id{receipt.message_id}"
    if number == "id0":
        raise Refused(Refusal(RefusalKind.UNCERTAIN, "accepted, but the answer names no message"))
    return Sent(external_ids=(f"{order.to}:{number}",), file_refs=refs)


def _refusal_in(answer: Answer) -> Refusal | None:
    try:
        read(answer, object)
    except Refused as refused:
        return refused.refusal
    return None


def _peer(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < len(text) <= 19):
        raise Refused(Refusal(RefusalKind.GONE, f"not an address in VK: {text!r}"))
    return int(text)


def _address(name: str) -> tuple[int, int]:
    found = _ADDRESS.fullmatch(name)
    if found is None:
        raise Refused(Refusal(RefusalKind.GONE, f"not a message in VK: {name!r}"))
    return int(found[1]), int(found[2])
