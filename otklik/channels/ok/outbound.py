"""Our orders as requests to the Graph API, and its answers as ours."""

import re
from collections.abc import Mapping
from typing import Literal, assert_never, cast
from urllib.parse import urlencode

import msgspec

from otklik.channels.ok import wire
from otklik.channels.ok.history import messages_in, name_in
from otklik.channels.ok.limits import why_not_send
from otklik.families.tamtam import KIND_OF_STATUS, http, lost, once, unread, wait_s
from otklik.kernel.lenient import read
from otklik.ports import channel as port
from otklik.ports.channel import InboxConfig, Outgoing, Refusal, RefusalKind, Request, Sent
from otklik.ports.errors import ErrorTable
from otklik.ports.message import Button, MessageKind

ERRORS = ErrorTable.load(__package__)
FILES = {
    MessageKind.PICTURE: "IMAGE",
    MessageKind.VIDEO: "VIDEO",
    MessageKind.VOICE: "AUDIO",
    MessageKind.AUDIO: "AUDIO",
    MessageKind.FILE: "FILE",
}
_CLOUD = "https://api.ok.ru"
_ADDRESS = re.compile(r"(chat|user):[A-Za-z0-9_-]{1,64}")
_UPLOAD_S = 300.0
_SETTLES_S = 2.0  # "some seconds" after an upload before the file may be sent (2018)
_HISTORY = "20"


def send(order: port.Order, config: InboxConfig, answers: port.Answers) -> Request | Sent | Refusal:
    """Carry out an order: uploads first, then one request, and what the platform says to it."""
    match order:
        case Outgoing():
            return why_not_send(order) or _message(order, config, answers)
        case port.PressAnswer():
            return _press_answer(order, config, answers)
        case port.TypingShown() | port.ReadShown():
            action = "typing_on" if isinstance(order, port.TypingShown) else "mark_seen"
            return _action(order.to, action, config, answers)
        case port.ProfileAsked():
            return _profile(order.to, config, answers)
        case port.OutgoingEdit() | port.OutgoingDelete() | port.OutgoingReaction():
            return Refusal(RefusalKind.OTHER, "a group can change nothing it has sent")
        case _:
            assert_never(order)


def locate(
    ref: str, _config: InboxConfig, _answers: port.Answers
) -> Request | port.FoundFile | Refusal:
    """Give a received file's own address."""
    if not http(ref):
        return Refusal(RefusalKind.BAD_MEDIA, "Odnoklassniki gave no address to download from")
    return port.FoundFile(Request("GET", ref, "file", timeout_s=_UPLOAD_S, repeatable=True))


def call(
    config: InboxConfig,
    what: str,
    payload: Mapping[str, object] | None = None,
    *,
    place: str = "",
    query: Mapping[str, str] | None = None,
) -> Request:
    """Describe one call, `what` its method and path, `place` the chat at the end of it."""
    method, _, path = what.partition(" ")
    host = (config.settings.get("api_base") or _CLOUD).rstrip("/")
    asked = {"access_token": config.secrets.get("token", "").strip(), **(query or {})}
    headers = {"content-type": "application/json;charset=utf-8"} if payload is not None else {}
    return Request(
        method=cast(Literal["GET", "POST"], method),
        url=f"{host}{path}{place}?{urlencode(asked)}",
        label=what,
        headers=headers,
        body=b"" if payload is None else msgspec.json.encode(payload),
        repeatable=what != "POST /graph/me/messages",
    )


def told(answer: port.Answer) -> wire.Answer | Refusal:
    """Read an answer; an error comes as its code, also with status 200."""
    try:
        body = read(answer.body, wire.Answer)
    except msgspec.DecodeError:
        return unread(answer, "Odnoklassniki")
    if 200 <= answer.status < 300 and body.error_code is None and body.success is not False:
        return body
    code = "" if body.error_code is None else str(body.error_code)
    words = body.error_msg or ("not done" if body.success is False else "")
    temporary = answer.status >= 500 or (answer.status >= 400 and not code and not words)
    otherwise = RefusalKind.TEMPORARY if temporary else RefusalKind.OTHER
    refusal = ERRORS.refusal(
        code,
        f"HTTP {answer.status} {code}: {words}",
        otherwise=KIND_OF_STATUS.get(answer.status, otherwise),
    )
    throttled = refusal.kind is RefusalKind.THROTTLED
    return msgspec.structs.replace(refusal, retry_after_s=wait_s(answer) if throttled else 0.0)


def done(answer: port.Answer) -> wire.Answer | Refusal:
    """Read the answer of a call without a result: it must say that it was done."""
    body = told(answer)
    if isinstance(body, Refusal) or body.success is True:
        return body
    return Refusal(RefusalKind.TEMPORARY, "Odnoklassniki did not say whether it was done")


def _message(
    order: Outgoing, config: InboxConfig, answers: port.Answers
) -> Request | Sent | Refusal:
    if not _ADDRESS.fullmatch(order.to):
        return _not_an_address(order.to)
    left = [*answers]
    parts: list[dict[str, object]] = []
    for file in order.files:
        payload = _known(file) if file.platform_ref else _upload(file, config, left)
        if isinstance(payload, Request | Refusal):
            return payload
        parts.append({"type": FILES[file.kind], "payload": payload})
    if left:
        return _sent(left[-1], parts)
    if order.buttons:
        rows = [[_button(button) for button in row] for row in order.buttons]
        parts.append({"type": "INLINE_KEYBOARD", "payload": {"keyboard": {"buttons": rows}}})
    message: dict[str, object] = {"text": order.text} if order.text else {}
    message |= {"attachments": parts} if parts else {}
    message |= {"reply_to": order.reply_to} if order.reply_to else {}
    request = _to(order.to, {"message": message}, config)
    fresh = any(not file.platform_ref for file in order.files)
    return msgspec.structs.replace(request, after_s=_SETTLES_S) if fresh else request


def _known(file: port.OutgoingFile) -> dict[str, object]:
    name, _, value = file.platform_ref.partition("=")
    return {name: value} if name == "ref" else {"token": file.platform_ref}


def _upload(
    file: port.OutgoingFile, config: InboxConfig, left: list[port.Answer]
) -> dict[str, object] | Request | Refusal:
    """Ask for a place, put the file there, give its payload; takes its own answers from `left`."""
    if not left:
        query = {"type": FILES[file.kind]}
        return call(config, "GET /graph/me/fileUploadUrl", query=query)
    place = told(left.pop(0))
    if isinstance(place, Refusal):
        return place
    if not http(place.url):
        return Refusal(RefusalKind.TEMPORARY, "Odnoklassniki gave no address to upload to")
    if not left:
        part = port.FilePart("file", file.file_id, file.name, file.mime)
        return Request(
            method="POST",
            url=http(place.url),
            label="upload",
            files=(part,),
            timeout_s=_UPLOAD_S,
            repeatable=True,
        )
    return _uploaded(place, left.pop(0))


def _uploaded(place: wire.Answer, put: port.Answer) -> dict[str, object] | Refusal:
    """Take the token from wherever it is: beforehand, in the upload's answer, or an older `ref`."""
    told_now = told(put)
    blank = isinstance(told_now, Refusal) and not told_now.code and 200 <= put.status < 300
    if isinstance(told_now, Refusal) and not blank:
        return told_now
    now = wire.Answer() if isinstance(told_now, Refusal) else told_now
    photos = (photo.token for photo in (now.photos or {}).values())
    token = next(photos, "") or now.token or place.token
    if token:
        return {"token": token}
    if place.file_id:
        return {"ref": str(place.file_id)}
    return Refusal(RefusalKind.TEMPORARY, "the upload gave no token")


def _sent(answer: port.Answer, parts: list[dict[str, object]]) -> Sent | Refusal:
    body = told(answer)
    if isinstance(body, Refusal):
        blind = lost(answer, body)
        return msgspec.structs.replace(body, kind=RefusalKind.UNCERTAIN) if blind else body
    if isinstance(body.success, list) and not all(body.success):
        return Refusal(RefusalKind.BLOCKED, "the person does not allow messages of the group")
    if not body.success and not body.message_id:
        return Refusal(RefusalKind.UNCERTAIN, "accepted, but the answer does not say so")
    known = (msgspec.convert(part["payload"], dict[str, str]) for part in parts)
    refs = tuple(kept.get("token") or f"ref={kept['ref']}" for kept in known)
    return Sent((str(body.message_id),) if body.message_id else (), refs)


def _to(address: str, what: Mapping[str, object], config: InboxConfig) -> Request:
    name = "chat_id" if address.startswith("chat:") else "user_id"
    place = f"/{address}" if name == "chat_id" else ""
    payload = {"recipient": {name: address}, **what}
    return call(config, "POST /graph/me/messages", payload, place=place)


def _press_answer(
    order: port.PressAnswer, config: InboxConfig, answers: port.Answers
) -> Request | Sent | Refusal:
    """Answer a press: only a message can, so without words there is nothing to send."""
    if not order.text:
        return Sent()
    if not _ADDRESS.fullmatch(order.to):
        return _not_an_address(order.to)
    query = {"callbackId": order.press_id}
    payload = {"message": {"text": order.text}}
    request = call(config, f"POST /graph/{order.to}/answer", payload, query=query)
    return once(msgspec.structs.replace(request, label="POST /graph/answer"), answers, done)


def _action(
    to: str, action: str, config: InboxConfig, answers: port.Answers
) -> Request | Sent | Refusal:
    if not _ADDRESS.fullmatch(to):
        return _not_an_address(to)
    request = _to(to, {"sender_action": action}, config)
    return once(
        msgspec.structs.replace(request, repeatable=True, label="POST action"), answers, done
    )


def _profile(to: str, config: InboxConfig, answers: port.Answers) -> Request | Sent | Refusal:
    """Find a person's name in the last messages: bodies of events often have the id alone."""
    if not _ADDRESS.fullmatch(to):
        return _not_an_address(to)
    if not answers:
        query = {"count": _HISTORY}
        return call(config, "GET /graph/me/messages", place=f"/{to}", query=query)
    refusal = told(answers[-1])
    if isinstance(refusal, Refusal):
        return refusal
    history = messages_in(answers[-1].body)
    return Sent(profile=port.Profile(name_in([update for _, update in history])))


def _button(button: Button) -> dict[str, object]:
    if button.url:
        return {"type": "LINK", "text": button.label, "intent": "DEFAULT", "url": button.url}
    if button.request:
        kind = {"phone": "REQUEST_CONTACT", "location": "REQUEST_GEO_LOCATION"}[button.request]
        return {"type": kind, "text": button.label, "intent": "DEFAULT"}
    inside = {"text": button.label, "intent": "DEFAULT", "payload": button.payload}
    return {"type": "CALLBACK", **inside}


def _not_an_address(name: str) -> Refusal:
    return Refusal(RefusalKind.GONE, f"not a chat of Odnoklassniki: {name!r}")
