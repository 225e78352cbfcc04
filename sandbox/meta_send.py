"""Meta's Send API: what of a message is taken, how the phone shows it, what is refused."""

import re
import secrets
import time
from typing import Literal, TypeVar

import msgspec

from sandbox import blobs
from sandbox.asgi import Reply, as_json
from sandbox.courier import Parcel
from sandbox.message import Button, Card, File, Keyboard, Message
from sandbox.meta_graph import authorised, own_node, refusal
from sandbox.meta_messaging import DAY_S, Listed, now_ms
from sandbox.meta_send_checks import check
from sandbox.meta_send_wire import (
    Attachment,
    Element,
    MessageAsk,
    QuickReply,
    Send,
    Template,
    TemplateButton,
    UploadAsk,
)
from sandbox.meta_tell import echo_of
from sandbox.platform import Call, Route
from sandbox.world import Account, Chat

_KINDS: dict[str, Literal["picture", "video", "audio", "file"]] = {
    "image": "picture",
    "video": "video",
    "audio": "audio",
    "file": "file",
}
_MIMES = {"image": "image/", "video": "video/", "audio": "audio/", "file": ""}
_HUMAN_S, _COMMENT_S = 7 * DAY_S, 7 * DAY_S

Shape = TypeVar("Shape", bound=msgspec.Struct)


async def send(call: Call, account: Account) -> Reply:
    """One call of the Send API: a message or an action."""
    mine = authorised(call, account)
    own_node(call, mine)
    ask = _read(call.request.body, Send)
    check(ask, mine)
    if mine.restricted:
        raise refusal(10, "The account is restricted from sending", 1893063)
    chat = _chat(ask, mine)
    _rates(mine, chat)
    if chat.blocked:
        raise refusal(551, "This person isn't available right now", 1545041)
    if ask.sender_action:
        return _act(ask, chat)
    _window(ask, mine, chat)
    return await _message(call, ask, mine, chat)


async def upload(call: Call, account: Account) -> Reply:
    """Keep a file for several messages."""
    mine = authorised(call, account)
    own_node(call, mine)
    if mine.kind.own_host and call.fields.get("platform") != "instagram":
        raise refusal(100, "Param platform is required")
    told = call.fields.get("message", "")  # a text of a form, or a part of a JSON body
    raw = told.encode() if isinstance(told, str) else msgspec.json.encode(told)
    attachment, part = _read(raw, UploadAsk).attachment, call.uploads.get("filedata")
    address = attachment.payload.url if attachment.payload else ""
    if attachment.type not in _KINDS or bool(part) is bool(address):
        raise refusal(100, "Requires one of: the file filedata, payload[url]")
    blob = blobs.uploaded(part) if part else await _fetched(address, mine)
    file = _kept(mine, attachment.type, blob)
    return as_json({"attachment_id": _reusable(mine, attachment.type, file)})


def _read(body: bytes, shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.DecodeError as problem:
        raise refusal(100, f"Invalid parameter: {problem}") from problem


def _chat(ask: Send, account: Listed) -> Chat:
    number = ask.recipient.comment_id
    if not number:
        chat = account.chats.get(ask.recipient.id)
        if chat is None:
            code, subcode = account.kind.nobody
            raise refusal(code, "No matching user found", subcode)
        return chat
    comment = account.comments.get(number)
    if comment is None or time.time() - comment.at > _COMMENT_S:
        raise refusal(100, "Invalid parameter: recipient[comment_id]")
    if comment.answered or ask.sender_action:
        raise refusal(10900, "Activity already replied to")
    comment.answered = True
    return comment.chat


def _rates(account: Listed, chat: Chat) -> None:
    if account.throttle and account.throttle.wait_s(("chat", chat.address), ("overall", "")):
        code, subcode = account.kind.rate
        raise refusal(code, "Calls to this api have exceeded the rate limit", subcode)


def _window(ask: Send, account: Listed, chat: Chat) -> None:
    if ask.recipient.comment_id or ask.messaging_type == "UTILITY":
        return
    if not chat.inbound_at or chat.silence_s() > (_HUMAN_S if ask.tag else DAY_S):
        code, subcode = account.kind.window
        raise refusal(code, "This message is sent outside of allowed window", subcode)


def _act(ask: Send, chat: Chat) -> Reply:
    if ask.payload is not None:
        message = chat.messages.get(ask.payload.message_id)
        if message is None:
            raise refusal(100, "Invalid parameter: payload[message_id]")
        emoji = "❤️" if ask.payload.reaction == "love" else ask.payload.reaction
        chat.change(msgspec.structs.replace(message, answer_reaction=emoji))
    elif ask.sender_action == "mark_seen":
        chat.mark_up_to("read", own=True)
    else:
        chat.act("typing" if ask.sender_action == "typing_on" else "")
    return as_json({"recipient_id": chat.address})


async def _message(call: Call, ask: Send, account: Listed, chat: Chat) -> Reply:
    message_id = call.platform.message_id(chat)
    blank = Message(id=message_id, own=False, at=time.time(), status="sent")
    asked = ask.message
    assert asked is not None
    if ask.reply_to is not None:
        if ask.reply_to.mid not in chat.messages:
            raise refusal(100, "Invalid parameter: reply_to[mid]")
        blank = msgspec.structs.replace(blank, reply_to=ask.reply_to.mid)
    message, reference = await _shown(asked, account, blank)
    chat.leave(message, _keys(asked.quick_replies, chat))
    call.note(chat, message_id, message.text)
    _report(account, chat, message, asked.metadata)
    told = {"recipient_id": chat.address, "message_id": message_id}
    return as_json(told | ({"attachment_id": reference} if reference else {}))


async def _shown(asked: MessageAsk, account: Listed, blank: Message) -> tuple[Message, str]:
    """Give the message as the phone shows it, and the id of a file that may be sent again."""
    replace = msgspec.structs.replace
    if asked.template is not None:
        return replace(blank, text=_filled(asked.template, account)), ""
    attachment = asked.attachment
    if attachment is None:
        return replace(blank, text=asked.text or ""), ""
    payload = attachment.payload
    if attachment.type == "like_heart" or payload is None:
        return replace(blank, text="❤️"), ""
    if attachment.type == "MEDIA_SHARE":
        return replace(blank, kind="unsupported", text=f"post {payload.id}"), ""
    if payload.template_type == "button":
        rows = tuple((_key(button),) for button in payload.buttons)
        return replace(blank, text=payload.text, buttons=rows), ""
    if payload.template_type == "generic":
        cards = [await _card(element, account) for element in payload.elements]
        return replace(blank, kind="cards", cards=tuple(cards)), ""
    file, reference = await _file(attachment, account)
    return replace(blank, kind=file.kind, files=(file,)), reference


def _filled(template: Template, account: Listed) -> str:
    known = account.settings.get(f"template:{template.name}:{template.language.code}")
    values = [one.text for part in template.components for one in part.parameters]
    if known is None:
        raise refusal(100, f"Invalid parameter: no approved template {template.name}")
    gaps = re.findall(r"\{\{\d+\}\}", known)
    if len(gaps) != len(values):
        raise refusal(100, f"Template {template.name} takes {len(gaps)} parameters")
    for gap, value in zip(gaps, values, strict=True):
        known = known.replace(gap, value)
    return known


async def _file(attachment: Attachment, account: Listed) -> tuple[File, str]:
    payload = attachment.payload
    assert payload is not None
    if payload.attachment_id:
        kind, known = account.uploads.get(str(payload.attachment_id), ("", None))
        if known is None or kind != attachment.type:
            raise refusal(100, "Invalid parameter: no such attachment_id of this type")
        return known, str(payload.attachment_id)
    file = _kept(account, attachment.type, await _fetched(payload.url, account))
    return file, _reusable(account, attachment.type, file) if payload.is_reusable in {
        True,
        "true",
    } else ""


async def _fetched(url: str, account: Listed) -> blobs.Blob:
    try:
        return await blobs.fetch(account.shared.session, url, account.kind.file_bytes)
    except blobs.NoBytesError as problem:
        raise refusal(100, f"Failed to fetch the file from the url: {problem}", 2018008) from None


def _kept(account: Listed, kind: str, blob: blobs.Blob) -> File:
    most = account.kind.picture_bytes if kind == "image" else account.kind.file_bytes
    if len(blob.content) > most:
        raise refusal(100, "Attachment size exceeds allowable limit", 2018109)
    if not blob.mime.startswith(_MIMES[kind]):
        raise refusal(100, f"Upload attachment failure: {blob.mime} is no {kind}", 2018047)
    return account.keep(blob, _KINDS[kind])


def _reusable(account: Listed, kind: str, file: File) -> str:
    reference = f"17{secrets.randbelow(10**14):014d}"
    account.uploads[reference] = (kind, file)
    return reference


async def _card(element: Element, account: Listed) -> Card:
    file = None
    if element.image_url:
        file = _kept(account, "image", await _fetched(element.image_url, account))
    keys = tuple(_key(button) for button in element.buttons)
    return Card(title=element.title, text=element.subtitle, file=file, buttons=keys)


def _key(button: TemplateButton) -> Button:
    if button.type == "web_url":
        return Button(text=button.title, kind="url", url=button.url)
    return Button(text=button.title, payload=button.payload)


def _keys(replies: list[QuickReply], chat: Chat) -> Keyboard | None:
    """Give the keys; those that share show what the person has told Meta, and carry it."""
    own = {"user_phone_number": f"+{chat.person.phone}", "user_email": chat.person.email}
    shown = [
        (own.get(reply.content_type, reply.title), own.get(reply.content_type, reply.payload))
        for reply in replies
    ]
    keys = tuple(Button(text=title, kind="say", payload=payload) for title, payload in shown)
    return Keyboard(rows=(keys,), one_time=True) if keys else None


def _report(account: Listed, chat: Chat, message: Message, metadata: str) -> None:
    """Tell the apps of the answer and, as the phone is switched on, that it has arrived."""
    ours = {"sender": {"id": account.id}, "recipient": {"id": chat.address}}
    theirs = {"sender": {"id": chat.address}, "recipient": {"id": account.id}}
    echo = echo_of(account, message, account.app_id, metadata)
    chat.mark(message.id, "delivered")
    for event, who, part in (
        ("echo", ours, {"message": echo}),
        ("delivery", theirs, {"delivery": {"mids": [message.id], "watermark": now_ms()}}),
    ):
        if account.hears(event):
            item = {**who, "timestamp": now_ms(), **part}
            body = account.body("messaging", item)
            account.push(Parcel(body=body, kind=event, queue=chat.address))


SEND_ROUTES = (
    Route(method="POST", path="/{version}/{node}/messages", serve=send, name="messages"),
    Route(
        method="POST",
        path="/{version}/{node}/message_attachments",
        serve=upload,
        name="message_attachments",
    ),
)
