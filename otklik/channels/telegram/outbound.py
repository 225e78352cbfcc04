"""Our orders as Bot API requests, and Telegram's answers as ours."""

import re
from collections.abc import Mapping
from typing import assert_never
from urllib.parse import quote

import msgspec

from otklik.channels.telegram import wire
from otklik.channels.telegram.answers import answer_in, profile_in, refused
from otklik.channels.telegram.inbound import attachment, external_id
from otklik.channels.telegram.limits import captioned, method_of, why_not_edit, why_not_send
from otklik.kernel import lenient
from otklik.kernel.text import utf16_length
from otklik.ports import channel as port
from otklik.ports.channel import InboxConfig, Outgoing, Refusal, RefusalKind, Request, Sent
from otklik.ports.message import Button, Entity, MessageKind

_ENTITIES = 100
_DELETIONS = 100
_PRESS_TEXT = 200
_UPLOAD_S = 120.0  # 50 MB at a slow shop's 4 Mbit/s

_CLOUD = "https://api.telegram.org"
_NUMBER = re.compile(r"-?[0-9]{1,19}")

# Kinds Telegram finds in the text by itself (links, mentions, commands, ...) need no entity.
_SPANS = {name: name for name in wire.FORMATS} | {"quote": "blockquote", "link": "text_link"}


def send(order: port.Order, config: InboxConfig, answers: port.Answers) -> Request | Sent | Refusal:
    """Carry out an order: one request, and what Telegram says to it."""
    if not answers:
        return build(order, config)
    return read(order, answers[-1].status, answers[-1].headers, answers[-1].body)


def find(
    ref: str, config: InboxConfig, answers: port.Answers
) -> Request | port.FoundFile | Refusal:
    """Find a received file by its file id."""
    if not answers:
        return locate(ref, config)
    return located(answers[-1].status, answers[-1].body, config)


def build(order: port.Order, config: InboxConfig) -> Request | Refusal:
    """Describe the request that carries out an order, or say why Telegram would not take it."""
    match order:
        case Outgoing():
            return why_not_send(order) or _message(order, config)
        case port.OutgoingEdit():
            return _edit(order, config)
        case port.OutgoingDelete():
            return _delete(order, config)
        case port.OutgoingReaction():
            return _reaction(order, config)
        case port.PressAnswer():
            return _press_answer(order, config)
        case port.TypingShown() | port.ProfileAsked():
            return _of_chat(order, config)
        case port.ReadShown():
            return Refusal(RefusalKind.OTHER, "Telegram has no such thing for bots")
        case _:
            assert_never(order)


def read(order: port.Order, status: int, headers: Mapping[str, str], body: bytes) -> Sent | Refusal:
    """Tell what became of an order from the status, lower-case headers and body of the answer."""
    answer = answer_in(body)
    if answer is not None and answer.ok:
        return _taken(order, answer)
    refusal = refused(status, headers, answer)
    if _done_already(order, refusal.detail):
        return Sent()
    if isinstance(order, Outgoing) and _lost(status, answer):
        return msgspec.structs.replace(refusal, kind=RefusalKind.UNCERTAIN)
    return refusal


def locate(ref: str, config: InboxConfig) -> Request:
    """Describe the request that finds a received file by its file id."""
    return call(config, "getFile", {"file_id": ref})


def located(status: int, body: bytes, config: InboxConfig) -> port.FoundFile | Refusal:
    """Give the address of a file, good for an hour, or why it cannot be had."""
    answer = answer_in(body)
    if answer is None or not answer.ok:
        return refused(status, {}, answer)
    try:
        file = lenient.read(bytes(answer.result), wire.StoredFile)
    except msgspec.DecodeError:
        return Refusal(RefusalKind.TEMPORARY, "getFile answered without a file")
    path = file.file_path
    if not path or path.startswith("/") or ".." in path.split("/"):
        # A Bot API server in local mode names a path on its own disk instead.
        return Refusal(RefusalKind.BAD_MEDIA, "the server gave no path to download from")
    url = f"{_base(config)}/file/bot{_token(config)}/{quote(path)}"
    request = Request("GET", url, "file", timeout_s=_UPLOAD_S)
    return port.FoundFile(request=request, size=file.file_size)


def call(
    config: InboxConfig,
    method: str,
    payload: Mapping[str, object],
    files: tuple[port.FilePart, ...] = (),
    timeout_s: float = 20.0,
) -> Request:
    """Describe one Bot API call: JSON, or multipart when it carries files."""
    url = f"{_base(config)}/bot{_token(config)}/{method}"
    if not files:
        headers = {"content-type": "application/json"}
        body = msgspec.json.encode(payload)
        return Request("POST", url, method, headers=headers, body=body, timeout_s=timeout_s)
    fields = {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode()
        for name, value in payload.items()
    }
    return Request("POST", url, method, fields=fields, files=files, timeout_s=_UPLOAD_S)


def _message(order: Outgoing, config: InboxConfig) -> Request | Refusal:
    if (chat := _number(order.to)) is None:
        return _not_an_address(order.to)
    payload: dict[str, object] = {"chat_id": chat}
    if order.silent:
        payload["disable_notification"] = True
    replied = _address(order.reply_to)
    if replied is not None and replied[0] == chat:
        payload["reply_parameters"] = {
            "message_id": replied[1],
            "allow_sending_without_reply": True,  # the quoted one may be gone by now
        }
    if order.buttons:
        payload["reply_markup"] = _markup(order.buttons)
    method, body, files = _body(order)
    return call(config, method, payload | body, files)


def _body(order: Outgoing) -> tuple[str, dict[str, object], tuple[port.FilePart, ...]]:
    if order.files:
        return _album(order) if len(order.files) > 1 else _file(order)
    if (place := order.location) is not None:
        point: dict[str, object] = {"latitude": place.latitude, "longitude": place.longitude}
        if not place.title:
            return "sendLocation", point, ()
        address = place.address or place.title  # Telegram wants one
        return "sendVenue", point | {"title": place.title, "address": address}, ()
    if (card := order.card) is not None:
        return "sendContact", {"phone_number": card.phone, "first_name": card.name}, ()
    return "sendMessage", _text("text", order), ()


def _file(order: Outgoing) -> tuple[str, dict[str, object], tuple[port.FilePart, ...]]:
    file = order.files[0]
    method, field = method_of(file)
    source, parts = _source(file, 0)
    return method, {field: source} | _traits(file) | _text("caption", order), parts


def _album(order: Outgoing) -> tuple[str, dict[str, object], tuple[port.FilePart, ...]]:
    media: list[dict[str, object]] = []
    parts: tuple[port.FilePart, ...] = ()
    for index, file in enumerate(order.files):
        source, part = _source(file, index)
        media.append({"type": method_of(file)[1], "media": source} | _traits(file))
        parts += part
    media[0] |= _text("caption", order)
    return "sendMediaGroup", {"media": media}, parts


def _source(file: port.OutgoingFile, index: int) -> tuple[str, tuple[port.FilePart, ...]]:
    if file.platform_ref:
        return file.platform_ref, ()
    field = f"file{index}"
    return f"attach://{field}", (port.FilePart(field, file.file_id, file.name, file.mime),)


def _traits(file: port.OutgoingFile) -> dict[str, object]:
    if file.kind not in {MessageKind.VIDEO, MessageKind.VOICE, MessageKind.AUDIO}:
        return {}
    traits = {"width": file.width, "height": file.height, "duration": file.duration_s}
    return {name: value for name, value in traits.items() if value}


def _text(field: str, order: Outgoing) -> dict[str, object]:
    if not order.text:
        return {}
    spans = _entities(order.text, order.entities)
    name = "entities" if field == "text" else f"{field}_entities"
    return {field: order.text} | ({name: spans} if spans else {})


def _entities(text: str, entities: tuple[Entity, ...]) -> list[dict[str, object]]:
    end = utf16_length(text)
    spans: list[dict[str, object]] = []
    for entity in entities:
        inside = entity.offset >= 0 < entity.length and entity.offset + entity.length <= end
        if not inside or entity.kind not in _SPANS:
            continue
        span: dict[str, object] = {
            "type": _SPANS[entity.kind],
            "offset": entity.offset,
            "length": entity.length,
        }
        extras = {"url": entity.url, "language": entity.language}
        spans.append(span | {name: value for name, value in extras.items() if value})
    return spans[:_ENTITIES]


def _markup(rows: tuple[tuple[Button, ...], ...]) -> dict[str, object]:
    if not any(button.request for row in rows for button in row):
        return {"inline_keyboard": [[_inline(button) for button in row] for row in rows]}
    asks = {"phone": "request_contact", "location": "request_location"}
    keyboard = [[{"text": key.label, asks[key.request]: True} for key in row] for row in rows]
    return {"keyboard": keyboard, "one_time_keyboard": True, "resize_keyboard": True}


def _inline(button: Button) -> dict[str, str]:
    if button.url:
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "callback_data": button.payload}


def _edit(order: port.OutgoingEdit, config: InboxConfig) -> Request | Refusal:
    message, address = order.message, _address(order.external_id)
    if address is None:
        return _not_an_address(order.external_id)
    if (refusal := why_not_edit(message)) is not None:
        return refusal
    field = "caption" if captioned(message) else "text"
    method = "editMessageCaption" if captioned(message) else "editMessageText"
    payload: dict[str, object] = {"chat_id": address[0], "message_id": address[1]}
    if message.buttons:
        payload["reply_markup"] = _markup(message.buttons)
    return call(config, method, payload | ({field: ""} | _text(field, message)))


def _delete(order: port.OutgoingDelete, config: InboxConfig) -> Request | Refusal:
    addresses = [_address(name) for name in order.external_ids]
    known = [address for address in addresses if address is not None]
    chats = {chat for chat, _ in known}
    if len(known) != len(addresses) or len(chats) != 1:
        return _not_an_address(", ".join(order.external_ids))
    if len(known) > _DELETIONS:
        return Refusal(RefusalKind.OTHER, f"at most {_DELETIONS} messages are deleted at once")
    payload: dict[str, object] = {"chat_id": chats.pop()}
    if len(known) == 1:
        return call(config, "deleteMessage", payload | {"message_id": known[0][1]})
    return call(config, "deleteMessages", payload | {"message_ids": [at for _, at in known]})


def _reaction(order: port.OutgoingReaction, config: InboxConfig) -> Request | Refusal:
    address = _address(order.external_id)
    if address is None:
        return _not_an_address(order.external_id)
    emojis = [{"type": "emoji", "emoji": order.emoji}] if order.emoji else []
    payload = {"chat_id": address[0], "message_id": address[1], "reaction": emojis}
    return call(config, "setMessageReaction", payload)


def _press_answer(order: port.PressAnswer, config: InboxConfig) -> Request | Refusal:
    if utf16_length(order.text) > _PRESS_TEXT:
        return Refusal(RefusalKind.TOO_LONG, f"the answer is over {_PRESS_TEXT} units")
    payload = {"callback_query_id": order.press_id, "text": order.text}
    return call(config, "answerCallbackQuery", payload)


def _of_chat(order: port.TypingShown | port.ProfileAsked, config: InboxConfig) -> Request | Refusal:
    if (chat := _number(order.to)) is None:
        return _not_an_address(order.to)
    if isinstance(order, port.ProfileAsked):
        return call(config, "getChat", {"chat_id": chat})
    return call(config, "sendChatAction", {"chat_id": chat, "action": "typing"})


def _taken(order: port.Order, answer: wire.Answer) -> Sent | Refusal:
    match order:
        case Outgoing():
            return _sent(answer)
        case port.ProfileAsked():
            return profile_in(answer)
        case _:
            return Sent()


def _sent(answer: wire.Answer) -> Sent | Refusal:
    raw = bytes(answer.result)
    try:
        parts = msgspec.json.decode(raw, type=list[msgspec.Raw]) if raw[:1] == b"[" else [raw]
        messages = [lenient.read(bytes(part), wire.Message) for part in parts]
    except msgspec.DecodeError:
        messages = []
    if not messages:
        return Refusal(RefusalKind.UNCERTAIN, "accepted, but the answer names no message")
    files = [file.ref for message in messages if (file := attachment(message)) is not None]
    ids = [external_id(message.chat.id, message.message_id) for message in messages]
    return Sent(external_ids=tuple(ids), file_refs=tuple(files))


def _lost(status: int, answer: wire.Answer | None) -> bool:
    # A gateway that gave up waiting, or a torn answer: the message may well be out.
    return status == 504 or (200 <= status < 300 and answer is None)


def _done_already(order: port.Order, detail: str) -> bool:
    match order:
        case port.OutgoingEdit():
            return "message is not modified" in detail
        case port.OutgoingDelete():
            return "message to delete not found" in detail
        case port.PressAnswer():
            return "query is too old" in detail  # the spinner has stopped by itself
        case _:
            return False


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def _address(name: str) -> tuple[int, int] | None:
    chat, _, message = name.partition(":")
    if not _NUMBER.fullmatch(chat) or not _NUMBER.fullmatch(message):
        return None
    return int(chat), int(message)


def _not_an_address(name: str) -> Refusal:
    return Refusal(RefusalKind.GONE, f"not an address in Telegram: {name!r}")


def _base(config: InboxConfig) -> str:
    return (config.settings.get("api_base") or _CLOUD).rstrip("/")


def _token(config: InboxConfig) -> str:
    return quote(config.secrets.get("token", ""), safe=":")
