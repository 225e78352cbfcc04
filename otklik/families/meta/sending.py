"""What Messenger and Instagram share in sending: our orders as calls of Meta's Send API."""

from collections.abc import Callable, Mapping
from typing import assert_never

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from otklik.families import meta
from otklik.families.meta.messaging_events import OURS
from otklik.families.meta.sending_limits import Terms, why_not_send
from otklik.kernel import lenient
from otklik.ports import channel as port
from otklik.ports.channel import Answers, InboxConfig, Outgoing, Refusal, RefusalKind, Request, Sent
from otklik.ports.errors import ErrorTable
from otklik.ports.message import Button, MessageKind

_UPLOAD_S = 120.0  # the time Meta may take to fetch 25 MB from us
_COMMENT = "comment:"
_REFERENCE = "ref:"
_PERSON_AWAY = 1545041
_UNSEEN = frozenset({500, 504})  # without an answer of the Graph API: it may well be out
_TYPES = {
    MessageKind.PICTURE: "image",
    MessageKind.STICKER: "image",
    MessageKind.VIDEO: "video",
    MessageKind.VOICE: "audio",
    MessageKind.AUDIO: "audio",
    MessageKind.FILE: "file",
}


class Line(Struct, frozen=True):
    """In what the two differ when written to.

    `node` is the account a message leaves from, `place` the host that takes it. `marks`: messages
    carry a type and our own number. `reactions` are the platform's names of emoji; `any_reaction`:
    it takes others as they are. `heart`: a lone heart is sent as the platform's own big one.
    `about` are the fields of a person's profile.
    """

    terms: Terms
    errors: ErrorTable
    node: Callable[[InboxConfig], str]
    place: Callable[[InboxConfig], str]
    marks: bool
    upload: Mapping[str, str]
    reactions: Mapping[str, str]
    any_reaction: bool
    heart: bool
    about: str
    profile: Callable[[bytes], port.Profile]


class _Talk(Struct, frozen=True):
    """A conversation with the platform so far."""

    config: InboxConfig
    answers: Answers
    line: Line


class _Taken(Struct, frozen=True):
    message_id: str = ""
    attachment_id: str | int = ""


def send(
    order: port.Order, config: InboxConfig, answers: Answers, line: Line
) -> Request | Sent | Refusal:
    """Carry out an order: the request that is due after the answers so far, or the end."""
    talk = _Talk(config, answers, line)
    match order:
        case Outgoing():
            return _message(order, talk)
        case port.OutgoingReaction():
            return _reaction(order, talk)
        case port.TypingShown():
            return _action(order.to, "typing_on", talk)
        case port.ReadShown():
            return _action(order.to, "mark_seen", talk)
        case port.ProfileAsked():
            return _profile(order, talk)
        case port.PressAnswer():
            return Sent()  # nobody waits for it
        case port.OutgoingEdit() | port.OutgoingDelete():
            return Refusal(RefusalKind.OTHER, "Meta has no way to change or take back a message")
        case _:
            assert_never(order)


def locate(ref: str, _config: InboxConfig, _answers: Answers) -> port.FoundFile | Refusal:
    """Give the address of a received file: Meta told it with the message, and it expires."""
    if not ref.startswith(("https://", "http://")):
        return Refusal(RefusalKind.BAD_MEDIA, "Meta gave no address to download from")
    return port.FoundFile(Request("GET", ref, "file", timeout_s=_UPLOAD_S, repeatable=True))


def _message(order: Outgoing, talk: _Talk) -> Request | Sent | Refusal:
    line, comment = talk.line, _comment_answered(order)
    refusal = why_not_send(order, line.terms, private=bool(comment))
    if refusal is not None:
        return refusal
    answers, uploaded = list(talk.answers), ""
    if _must_upload(order):
        if not answers:
            return _uploading(order.files[0], talk)
        reference = _attachment_id(answers.pop(0), line)
        if isinstance(reference, Refusal):
            return reference
        uploaded = reference
    if not answers:
        return _call(talk, _payload(order, line, uploaded, comment))
    return _sent(order, answers[0], uploaded, line)


def _comment_answered(order: Outgoing) -> str:
    """Give the comment to answer in private: the one replied to, or the last thing said."""
    last = order.reply_to or next(iter(order.thread[-1:]), "")
    return last.removeprefix(_COMMENT) if last.startswith(_COMMENT) else ""


def _must_upload(order: Outgoing) -> bool:
    return any(not file.platform_ref and not file.link for file in order.files)


def _uploading(file: port.OutgoingFile, talk: _Talk) -> Request:
    line, config = talk.line, talk.config
    attachment = {"type": _TYPES[file.kind], "payload": {"is_reusable": True}}
    message = msgspec.json.encode({"attachment": attachment}).decode()
    part = port.FilePart("filedata", file.file_id, file.name, file.mime)
    path = f"{line.node(config)}/message_attachments"
    fields = {"message": message, **line.upload}
    return meta.graph_upload(config, path, fields, part, host=line.place(config))


def _attachment_id(answer: port.Answer, line: Line) -> str | Refusal:
    taken = _taken(answer)
    if taken is not None and taken.attachment_id:
        return str(taken.attachment_id)
    if meta.error_in(answer.body) is None and answer.status < 300:
        return Refusal(RefusalKind.TEMPORARY, "the upload was answered without an attachment")
    return meta.refused(line.errors, answer)


def _payload(order: Outgoing, line: Line, uploaded: str, comment: str) -> dict[str, object]:
    message = _heart(order, line) or _body(order, uploaded)
    if line.marks:
        message["metadata"] = f"{OURS}{order.message_id}"
    payload: dict[str, object] = {"recipient": _recipient(order.to), "message": message}
    if comment:
        payload["recipient"] = {"comment_id": comment}
    elif order.reply_to:
        payload["reply_to"] = {"mid": order.reply_to}
    if order.window == "human" and not comment:
        payload["tag"] = "HUMAN_AGENT"
    if line.marks:
        payload["messaging_type"] = _type(order, comment)
    return payload


def _type(order: Outgoing, comment: str) -> str:
    if order.template is not None:
        return "UTILITY"
    return "MESSAGE_TAG" if order.window == "human" and not comment else "RESPONSE"


def _recipient(to: str) -> dict[str, str]:
    reference = to.removeprefix(_REFERENCE)
    return {"user_ref": reference} if reference != to else {"id": to}


def _body(order: Outgoing, uploaded: str) -> dict[str, object]:
    buttons = [button for row in order.buttons for button in row]
    if order.template is not None:
        return {"template": _template(order.template)}
    if order.cards:
        cards = [_card(card) for card in order.cards]
        return _attachment("template", {"template_type": "generic", "elements": cards})
    if order.files:
        file = order.files[0]
        return _attachment(_TYPES[file.kind], _source(file, uploaded)) | _replies(buttons)
    if any(button.url for button in buttons):
        keys = [_key(button) for button in buttons]
        body = {"template_type": "button", "text": order.text, "buttons": keys}
        return _attachment("template", body)
    return {"text": order.text} | _replies(buttons)


def _heart(order: Outgoing, line: Line) -> dict[str, object]:
    alone = line.heart and order.text in {"❤", "❤️"} and not order.buttons
    return {"attachment": {"type": "like_heart"}} if alone else {}


def _attachment(kind: str, payload: Mapping[str, object]) -> dict[str, object]:
    return {"attachment": {"type": kind, "payload": payload}}


def _source(file: port.OutgoingFile, uploaded: str) -> dict[str, object]:
    known = file.platform_ref or uploaded
    return {"attachment_id": known} if known else {"url": file.link, "is_reusable": True}


def _replies(buttons: list[Button]) -> dict[str, object]:
    asks = {"phone": "user_phone_number", "email": "user_email"}
    replies = [
        {"content_type": asks[button.request]}
        if button.request
        else {"content_type": "text", "title": button.label, "payload": button.payload}
        for button in buttons
    ]
    return {"quick_replies": replies} if replies else {}


def _key(button: Button) -> dict[str, str]:
    if button.url:
        return {"type": "web_url", "title": button.label, "url": button.url}
    return {"type": "postback", "title": button.label, "payload": button.payload}


def _card(card: port.OutgoingCard) -> dict[str, object]:
    told: dict[str, object] = {
        "title": card.title,
        "subtitle": card.text,
        "image_url": card.file.link if card.file else "",
        "buttons": [_key(button) for button in card.buttons],
    }
    return {name: value for name, value in told.items() if value}


def _template(template: port.Template) -> dict[str, object]:
    parameters = [{"type": "text", "text": text} for text in template.parameters]
    components = [{"type": "body", "parameters": parameters}] if parameters else []
    language = {"code": template.language}
    return {"name": template.name, "language": language, "components": components}


def _sent(order: Outgoing, answer: port.Answer, uploaded: str, line: Line) -> Sent | Refusal:
    taken = _taken(answer)
    if taken is not None and taken.message_id:
        file = order.files[0].platform_ref if order.files else ""
        reference = uploaded or str(taken.attachment_id) or file
        return Sent((taken.message_id,), (reference,) if reference else ())
    error = meta.error_in(answer.body)
    if error is None and (answer.status < 300 or answer.status in _UNSEEN):
        detail = f"HTTP {answer.status}, and the answer names no message"
        return Refusal(RefusalKind.UNCERTAIN, detail)
    refusal = meta.refused(line.errors, answer)
    if error is not None and _PERSON_AWAY in {error.code, error.error_subcode}:
        # Meta uses it for a closed window and for a person who is away: our clock decides.
        kind = RefusalKind.BLOCKED if order.window == "open" else RefusalKind.WINDOW_CLOSED
        return replace(refusal, kind=kind)
    return refusal


def _reaction(order: port.OutgoingReaction, talk: _Talk) -> Request | Sent | Refusal:
    emoji, line = order.emoji, talk.line
    name = line.reactions.get(emoji, emoji if line.any_reaction else "")
    if emoji and not name:
        return Refusal(RefusalKind.OTHER, f"there is no reaction {emoji} here")
    payload = {"message_id": order.external_id} | ({"reaction": name} if emoji else {})
    return _action(order.to, "react" if emoji else "unreact", talk, {"payload": payload})


def _action(
    to: str, name: str, talk: _Talk, more: Mapping[str, object] | None = None
) -> Request | Sent | Refusal:
    if not talk.answers:
        told = {"recipient": _recipient(to), "sender_action": name}
        return _call(talk, told | dict(more or {}))
    answer = talk.answers[-1]
    return meta.refused(talk.line.errors, answer) if _taken(answer) is None else Sent()


def _profile(order: port.ProfileAsked, talk: _Talk) -> Request | Sent | Refusal:
    line, config = talk.line, talk.config
    if order.to.startswith(_REFERENCE):
        return Refusal(RefusalKind.OTHER, "nothing is told of who has not written yet")
    if not talk.answers:
        query = {"fields": line.about}
        asked = meta.graph(config, "GET", order.to, query=query, host=line.place(config))
        return replace(asked, label="profile")
    answer = talk.answers[-1]
    if meta.error_in(answer.body) is not None or answer.status >= 300:
        return meta.refused(line.errors, answer)
    try:
        return Sent(profile=line.profile(answer.body))
    except msgspec.DecodeError:
        return Refusal(RefusalKind.TEMPORARY, "the profile was answered with something else")


def _call(talk: _Talk, payload: Mapping[str, object]) -> Request:
    path = f"{talk.line.node(talk.config)}/messages"
    request = meta.graph(talk.config, "POST", path, payload, host=talk.line.place(talk.config))
    fetches = b'"is_reusable"' in request.body
    return replace(request, timeout_s=_UPLOAD_S) if fetches else request


def _taken(answer: port.Answer) -> _Taken | None:
    if answer.status >= 300 or meta.error_in(answer.body) is not None:
        return None
    try:
        return lenient.read(answer.body, _Taken)
    except msgspec.DecodeError:
        return None
