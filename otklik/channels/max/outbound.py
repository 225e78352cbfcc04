"""Our orders as requests to MAX, and MAX's answers as ours."""

import re
from collections.abc import Mapping
from typing import Literal, assert_never, cast
from urllib.parse import quote, urlencode

import msgspec

from otklik.channels.max import wire
from otklik.channels.max.limits import why_not_send
from otklik.channels.max.marks import as_html
from otklik.families.tamtam import KIND_OF_STATUS, http, lost, once, unread, wait_s
from otklik.kernel.lenient import read
from otklik.ports import channel as port
from otklik.ports.channel import InboxConfig, Outgoing, Refusal, RefusalKind, Request, Sent
from otklik.ports.errors import ErrorTable
from otklik.ports.message import Button, ContactCard, Location, MessageKind

ERRORS = ErrorTable.load(__package__)
FILES = {
    MessageKind.PICTURE: "image",
    MessageKind.VIDEO: "video",
    MessageKind.VOICE: "audio",
    MessageKind.AUDIO: "audio",
    MessageKind.FILE: "file",
}
_CLOUD = "https://platform-api2.max.ru"
_NUMBER = re.compile(r"-?[0-9]{1,19}")
_TRUST = "max"
_UNSENDABLE = re.compile(r"[^\x21-\x7e]+")
_BREAK = re.compile(r"[\r\n]+")
_UPLOAD_S = 300.0
_NOT_READY = "attachment.not.ready"
_PAUSES_S = (1.0, 2.0, 4.0)  # while MAX works on a film, as its own libraries wait
_ROW_OF_LINKS = 3
_SIZES = ("mp4_720", "mp4_480", "mp4_1080", "mp4_360", "mp4_240", "mp4_144")


def send(order: port.Order, config: InboxConfig, answers: port.Answers) -> Request | Sent | Refusal:
    """Carry out an order: uploads first, then one request, and what MAX says to it."""
    match order:
        case Outgoing():
            return why_not_send(order) or _message(order, config, answers)
        case port.OutgoingEdit():
            return why_not_send(order.message) or _edit(order, config, answers)
        case port.OutgoingDelete():
            return _delete(order, config, answers)
        case port.PressAnswer():
            shown = {"notification": order.text} if order.text else {}
            query = {"callback_id": order.press_id}
            return once(call(config, "POST /answers", shown, query=query), answers, done)
        case port.TypingShown() | port.ReadShown():
            action = "typing_on" if isinstance(order, port.TypingShown) else "mark_seen"
            return _action(order.to, action, config, answers)
        case port.ProfileAsked():
            return _profile(order.to, config, answers)
        case port.OutgoingReaction():
            return Refusal(RefusalKind.OTHER, "bots cannot react in MAX")
        case _:
            assert_never(order)


def locate(
    ref: str, config: InboxConfig, answers: port.Answers
) -> Request | port.FoundFile | Refusal:
    """Find a received file: its own address, or the best storable size of a film."""
    kind, _, token = ref.partition(":")
    if kind != "video":
        return _found(ref)
    if not answers:
        return call(config, f"GET /videos/{quote(token, safe='')}", label="GET /videos")
    answer = told(answers[-1])
    if isinstance(answer, Refusal):
        return answer
    found = (url for size in _SIZES if (url := (answer.urls or {}).get(size)))
    return _found(next(found, ""))


def _found(url: str) -> port.FoundFile | Refusal:
    if not http(url):
        return Refusal(RefusalKind.BAD_MEDIA, "MAX gave no address to download from")
    request = Request("GET", url, "file", timeout_s=_UPLOAD_S, repeatable=True, trust=_TRUST)
    return port.FoundFile(request)


def call(
    config: InboxConfig,
    what: str,
    payload: Mapping[str, object] | None = None,
    *,
    query: Mapping[str, str] | None = None,
    label: str = "",
) -> Request:
    """Describe one call, `what` its method and path; all but a new message may be repeated."""
    method, _, path = what.partition(" ")
    host = (config.settings.get("api_base") or _CLOUD).rstrip("/")
    headers = {"authorization": _UNSENDABLE.sub("", config.secrets.get("token", ""))}
    if payload is not None:
        headers["content-type"] = "application/json"
    return Request(
        method=cast(Literal["GET", "POST", "PUT", "DELETE"], method),
        url=f"{host}{path}?{urlencode(query)}" if query else f"{host}{path}",
        label=label or what,
        headers=headers,
        body=b"" if payload is None else msgspec.json.encode(payload),
        repeatable=what != "POST /messages",
        trust=_TRUST,
    )


def told(answer: port.Answer) -> wire.Answer | Refusal:
    """Read an answer; a refusal may come with status 200 and `success` false."""
    try:
        body = read(answer.body, wire.Answer)
    except msgspec.DecodeError:
        return unread(answer, "MAX")
    if 200 <= answer.status < 300 and not body.code and body.success is not False:
        return body
    words = body.message if isinstance(body.message, str) else body.error or ""
    code = body.code or {401: "verify.token", 429: "too.many.requests"}.get(answer.status, "")
    temporary = answer.status >= 500 or (answer.status >= 400 and not code and not words)
    otherwise = KIND_OF_STATUS.get(
        answer.status, RefusalKind.TEMPORARY if temporary else RefusalKind.OTHER
    )
    refusal = ERRORS.refusal(
        code,
        f"HTTP {answer.status} {code}: {words}",
        retry_after_s=wait_s(answer) if answer.status == 429 else 0.0,
        otherwise=otherwise,
    )
    return _too_long(refusal) if code == "proto.payload" else refusal


def done(answer: port.Answer) -> wire.Answer | Refusal:
    """Read the answer of a call without a result: it must say that it was done."""
    body = told(answer)
    if isinstance(body, Refusal) or body.success:
        return body
    return Refusal(RefusalKind.TEMPORARY, "MAX did not say whether it was done")


def _too_long(refusal: Refusal) -> Refusal:
    long = "text" in refusal.detail and re.search(r"size|length|long", refusal.detail)
    return msgspec.structs.replace(refusal, kind=RefusalKind.TOO_LONG) if long else refusal


def _message(
    order: Outgoing, config: InboxConfig, answers: port.Answers
) -> Request | Sent | Refusal:
    key, _, number = order.to.rpartition(":")
    if not _NUMBER.fullmatch(number) or key not in {"", "user"}:
        return _not_an_address(order.to)
    left = [*answers]
    tokens: list[str] = []
    for file in order.files:
        token = file.platform_ref or _upload(file, config, left)
        if not isinstance(token, str):
            return token
        tokens.append(token)
    query = {"user_id" if key else "chat_id": number}
    payload = _body(order, tokens)
    if order.reply_to:
        payload["link"] = {"type": "reply", "mid": order.reply_to}
    if order.silent:
        payload["notify"] = False
    outcome: Sent | Refusal | None = None
    for answer in left:
        outcome = _sent(answer, tokens)
    request = call(config, "POST /messages", payload, query=query)
    if isinstance(outcome, Refusal) and outcome.code == _NOT_READY and len(left) <= len(_PAUSES_S):
        return msgspec.structs.replace(request, after_s=_PAUSES_S[len(left) - 1])
    return outcome or request


def _upload(
    file: port.OutgoingFile, config: InboxConfig, left: list[port.Answer]
) -> str | Request | Refusal:
    """Ask for a place, put the file there, give its token; takes its own answers from `left`."""
    if not left:
        return call(config, "POST /uploads", query={"type": FILES[file.kind]})
    place = told(left.pop(0))
    if isinstance(place, Refusal):
        return place
    if not http(place.url):
        return Refusal(RefusalKind.TEMPORARY, "MAX gave no address to upload to")
    if not left:
        part = port.FilePart("data", file.file_id, file.name, file.mime)
        return Request(
            method="POST",
            url=http(place.url),
            label="upload",
            files=(part,),
            timeout_s=_UPLOAD_S,
            repeatable=True,
            trust=_TRUST,
        )
    put = left.pop(0)
    if place.token and 200 <= put.status < 300:
        return place.token  # films and sounds have it beforehand; their upload answers no JSON
    uploaded = told(put)
    if isinstance(uploaded, Refusal):
        return uploaded
    photos = (photo.token for photo in (uploaded.photos or {}).values())
    found = uploaded.token or next(photos, "")
    return found or Refusal(RefusalKind.TEMPORARY, "the upload gave no token")


def _sent(answer: port.Answer, tokens: list[str]) -> Sent | Refusal:
    body = told(answer)
    if isinstance(body, Refusal):
        blind = lost(answer, body)
        return msgspec.structs.replace(body, kind=RefusalKind.UNCERTAIN) if blind else body
    message = body.message.body if isinstance(body.message, wire.Message) else None
    if message is None:
        return Refusal(RefusalKind.UNCERTAIN, "accepted, but the answer names no message")
    known = [
        part.payload.token
        for part in message.attachments
        if part.type in FILES.values() and part.payload and part.payload.token
    ]
    refs = known if len(known) == len(tokens) else tokens
    return Sent(external_ids=(message.mid,), file_refs=tuple(refs))


def _edit(
    order: port.OutgoingEdit, config: InboxConfig, answers: port.Answers
) -> Request | Sent | Refusal:
    files, buttons = order.message.files, order.message.buttons
    payload = _body(order.message, [file.platform_ref for file in files])
    if files and not all(file.platform_ref for file in files):
        if buttons:
            return Refusal(RefusalKind.OTHER, "buttons cannot be changed beside these files")
        del payload["attachments"]  # absent: they stay
    query = {"message_id": order.external_id}
    return once(call(config, "PUT /messages", payload, query=query), answers, done)


def _delete(
    order: port.OutgoingDelete, config: InboxConfig, answers: port.Answers
) -> Request | Sent | Refusal:
    for answer in answers:
        outcome = done(answer)
        if isinstance(outcome, Refusal) and answer.status != 404:  # not there: nothing to delete
            return outcome
    left = order.external_ids[len(answers) :]
    return call(config, "DELETE /messages", query={"message_id": left[0]}) if left else Sent()


def _action(
    to: str, action: str, config: InboxConfig, answers: port.Answers
) -> Request | Sent | Refusal:
    if not _NUMBER.fullmatch(to):
        return _not_an_address(to)
    what = f"POST /chats/{to}/actions"
    return once(call(config, what, {"action": action}, label="POST /chats/actions"), answers, done)


def _profile(to: str, config: InboxConfig, answers: port.Answers) -> Request | Sent | Refusal:
    if not _NUMBER.fullmatch(to):
        return _not_an_address(to)
    if not answers:
        return call(config, f"GET /chats/{to}", label="GET /chats")
    chat = told(answers[-1])
    if isinstance(chat, Refusal):
        return chat
    person = chat.dialog_with_user
    if person is None:
        return Refusal(RefusalKind.OTHER, "MAX tells no person in this chat")
    picture = person.full_avatar_url or person.avatar_url or ""
    return Sent(profile=port.Profile(person.full_name, person.username or "", picture=picture))


def _body(order: Outgoing, tokens: list[str]) -> dict[str, object]:
    text, markup = as_html(order.text or _place_words(order.location), order.entities)
    parts: list[dict[str, object]] = [
        {"type": FILES[file.kind], "payload": {"token": token}}
        for file, token in zip(order.files, tokens, strict=True)
    ]
    if (place := order.location) is not None:
        point = {"latitude": place.latitude, "longitude": place.longitude}
        parts.append({"type": "location", **point})
    if order.card is not None:
        parts.append({"type": "contact", "payload": _card(order.card)})
    if order.buttons:
        rows = [[_button(button) for button in row] for row in _rows(order.buttons)]
        parts.append({"type": "inline_keyboard", "payload": {"buttons": rows}})
    body: dict[str, object] = {"text": text or None, "attachments": parts}
    return body | {"format": "html"} if markup else body


def _place_words(place: Location | None) -> str:
    return "\n".join(filter(None, (place.title, place.address))) if place else ""


def _card(card: ContactCard) -> dict[str, object]:
    vcard = (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{card.name}\r\nTEL;TYPE=cell:{card.phone}\r\nEND:VCARD"
    )
    return {"name": card.name, "vcf_info": vcard, "vcf_phone": card.phone}


def _rows(rows: tuple[tuple[Button, ...], ...]) -> list[tuple[Button, ...]]:
    """Break a row that holds more than a callback: MAX takes three of those beside each other."""
    laid: list[tuple[Button, ...]] = []
    for row in rows:
        plain = all(button.payload for button in row)
        wide = len(row) if plain else _ROW_OF_LINKS
        laid += [row[start : start + wide] for start in range(0, len(row), wide or 1)]
    return laid


def _button(button: Button) -> dict[str, object]:
    if button.url:
        return {"type": "link", "text": button.label, "url": button.url}
    if button.request:
        kind = {"phone": "request_contact", "location": "request_geo_location"}[button.request]
        return {"type": kind, "text": button.label}
    return {"type": "callback", "text": button.label, "payload": button.payload}


def _not_an_address(name: str) -> Refusal:
    return Refusal(RefusalKind.GONE, f"not a chat of MAX: {name!r}")
