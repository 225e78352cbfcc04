"""`POST /{number}/messages`: everything a business may say, checked as WhatsApp checks it."""

import re
import time
from collections.abc import Callable

import msgspec

from sandbox import blobs
from sandbox.asgi import Reply, as_json
from sandbox.message import Button, ContactCard, File, Menu, Message, Place
from sandbox.meta import dead_token, graph_error
from sandbox.platform import Call, Refused
from sandbox.whatsapp import templates, webhooks, wire
from sandbox.whatsapp.account import AD_S, DAY_S, Number, chat_with, new_id, phone_of
from sandbox.whatsapp.media import MOST, kept_as
from sandbox.world import Account, Chat

_TO = re.compile(r"\+?[0-9]{6,20}")
_SCOPED = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
_KINDS = {"image": "picture", "video": "video", "audio": "audio", "document": "file",
          "sticker": "sticker"}  # fmt: skip


def bad(code: int, words: str, details: str = "", status: int = 400) -> Refused:
    """A refusal in WhatsApp's words."""
    reply = graph_error(code, words, status=status, details=details or words)
    return Refused(reply, str(code))


async def send(call: Call, account: Account) -> Reply:
    """Serve one call: a message, a reaction, a read mark with or without typing."""
    if account.revoked or not isinstance(account, Number):
        raise Refused(dead_token(), "190")
    if call.names["node"] != account.id:
        raise bad(100, "Unsupported post request", "the phone number id is not this token's")
    try:
        ask = msgspec.convert(call.fields, wire.Send, strict=False)
    except msgspec.ValidationError as problem:
        raise bad(100, "Invalid parameter", str(problem)) from None
    if len(ask.biz_opaque_callback_data) > 512:
        raise bad(131009, "Parameter value is not valid", "biz_opaque_callback_data")
    if ask.status:
        return _mark_read(call, account, ask)
    chat = _chat(call, account, ask)
    _check_pace(account, chat)
    if ask.type == "reaction":
        return _react(chat, ask)
    message = await _message(account, ask)
    return _leave(call, account, chat, ask, message)


def _chat(call: Call, number: Number, ask: wire.Send) -> Chat | None:
    if not ask.to and not ask.recipient:
        raise bad(131008, "Required parameter is missing", "to or recipient")
    if (ask.to and not _TO.fullmatch(ask.to)) or (
        ask.recipient and not _SCOPED.fullmatch(ask.recipient)
    ):
        raise bad(131009, "Parameter value is not valid", "the recipient")
    if ask.to.removeprefix("+") == "".join(filter(str.isdigit, number.display_phone)):
        raise bad(131021, "Recipient cannot be sender")
    return chat_with(call.platform, number, ask.to, ask.recipient)


def _check_pace(number: Number, chat: Chat | None) -> None:
    if number.throttle is None:
        return
    if chat is not None and number.throttle.wait_s(("pair", chat.address)):
        raise bad(131056, "Pair rate limit hit")
    if number.throttle.wait_s(("overall", "")):
        raise bad(130429, "Rate limit hit", status=429)


def _mark_read(call: Call, number: Number, ask: wire.Send) -> Reply:
    chat = next((one for one in number.chats.values() if ask.message_id in one.messages), None)
    if chat is None or not chat.messages[ask.message_id].own:
        raise bad(131009, "Parameter value is not valid", "message_id")
    chat.mark_up_to("read", own=True, message_id=ask.message_id)
    if ask.typing_indicator is not None:
        chat.act("typing", 25.0)
    call.note(chat, ask.message_id)
    return as_json({"success": True})


def _react(chat: Chat | None, ask: wire.Send) -> Reply:
    reaction = ask.reaction
    message = chat.messages.get(reaction.message_id) if chat and reaction else None
    if reaction is None or chat is None or message is None:
        raise bad(131009, "Parameter value is not valid", "reaction.message_id")
    chat.change(msgspec.structs.replace(message, answer_reaction=reaction.emoji))
    return _accepted(chat, ask, f"{message.id}-r")


async def _message(number: Number, ask: wire.Send) -> Message:
    blank = Message(id="", own=False, at=time.time(), status="sent")
    if ask.type in _KINDS:
        return await _media(number, ask, blank)
    builders: dict[str, Callable[[Number, wire.Send, Message], Message]] = {
        "text": _text,
        "location": _location,
        "contacts": _contacts,
        "interactive": _interactive,
        "template": _template,
    }
    message = builders[ask.type](number, ask, blank)
    header = _header(ask)
    if header is not None:
        field, media = header
        return msgspec.structs.replace(message, files=(await _file(number, media, field),))
    return message


def _header(ask: wire.Send) -> tuple[str, wire.Media] | None:
    told = ask.interactive.header if ask.interactive else None
    parts = ask.template.components if ask.template else []
    filled = next((one.parameters for one in parts if one.type == "header"), [])
    for holder in (told, *filled):
        if holder is not None and holder.media is not None:
            return holder.type, holder.media
    return None


def _text(_number: Number, ask: wire.Send, blank: Message) -> Message:
    if ask.text is None:
        raise bad(131008, "Required parameter is missing", "text")
    if not 0 < len(ask.text.body) <= 4096 or not ask.text.body.strip():
        raise bad(100, "Invalid parameter", "text.body has 1 to 4096 characters")
    return msgspec.structs.replace(blank, text=ask.text.body)


async def _media(number: Number, ask: wire.Send, blank: Message) -> Message:
    media: wire.Media | None = getattr(ask, ask.type)
    if media is None or bool(media.id) == bool(media.link):
        raise bad(131008, "Required parameter is missing", f"{ask.type}.id or {ask.type}.link")
    if media.caption and ask.type in {"audio", "sticker"}:
        raise bad(100, "Invalid parameter", f"{ask.type} takes no caption")
    if len(media.caption) > 1024:
        raise bad(100, "Invalid parameter", "a caption has at most 1024 characters")
    file = await _file(number, media, ask.type)
    kind = "voice" if media.voice else _KINDS[ask.type]
    shown = msgspec.structs.replace(file, kind=kind, name=media.filename or file.name)
    return msgspec.structs.replace(blank, kind=kind, text=media.caption, files=(shown,))


async def _file(number: Number, media: wire.Media, field: str) -> File:
    if media.link:
        try:
            blob = await blobs.fetch(number.shared.session, media.link, MOST[field])
        except blobs.NoBytesError as problem:
            raise bad(131053, "Media upload error", str(problem)) from None
        return kept_as(number, blob, field, "")
    stored = number.files.get(media.id)
    if stored is None:
        raise bad(100, "Invalid parameter", f"there is no media {media.id!r}")
    return kept_as(number, stored, field, media.id)


def _location(_number: Number, ask: wire.Send, blank: Message) -> Message:
    if ask.location is None:
        raise bad(131008, "Required parameter is missing", "location")
    place = Place(
        latitude=float(ask.location.latitude),
        longitude=float(ask.location.longitude),
        title=ask.location.name,
        address=ask.location.address,
    )
    return msgspec.structs.replace(blank, kind="location", place=place)


def _contacts(_number: Number, ask: wire.Send, blank: Message) -> Message:
    if not ask.contacts or not ask.contacts[0].phones:
        raise bad(131008, "Required parameter is missing", "contacts")
    first = ask.contacts[0]
    card = ContactCard(name=first.name.formatted_name, phone=first.phones[0].phone)
    return msgspec.structs.replace(blank, kind="contact", contact=card)


def _interactive(_number: Number, ask: wire.Send, blank: Message) -> Message:
    told = ask.interactive
    if told is None:
        raise bad(131008, "Required parameter is missing", "interactive")
    if not 0 < len(told.body.text) <= 1024 or (told.footer and len(told.footer.text) > 60):
        raise bad(131009, "Parameter value is not valid", "body or footer of interactive")
    shell = msgspec.structs.replace(
        blank,
        text=told.body.text,
        title=told.header.text if told.header else "",
        footer=told.footer.text if told.footer else "",
    )
    match told.type:
        case "button":
            return msgspec.structs.replace(shell, buttons=_replies(told.action))
        case "list":
            return msgspec.structs.replace(shell, menu=_menu(told.action))
        case "cta_url":
            return msgspec.structs.replace(shell, buttons=((_link(told.action),),))
        case "location_request_message":
            place = Button(text="Отправить место", kind="location", own={"asked": True})
            return msgspec.structs.replace(shell, buttons=((place,),))
        case "request_contact_info":
            phone = Button(text="Поделиться номером", kind="phone", own={"asked": True})
            return msgspec.structs.replace(shell, buttons=((phone,),))


def _replies(action: wire.Action) -> tuple[tuple[Button, ...], ...]:
    replies = [button.reply for button in action.buttons]
    good = all(0 < len(one.title) <= 20 and 0 < len(one.id) <= 256 for one in replies)
    if not 1 <= len(replies) <= 3 or not good:
        raise bad(131009, "Parameter value is not valid", "1 to 3 buttons of 20 characters")
    own = {"type": "button_reply"}
    return tuple((Button(text=one.title, payload=one.id, own=own),) for one in replies)


def _menu(action: wire.Action) -> Menu:
    rows = [row for section in action.sections for row in section.rows]
    good = all(
        0 < len(row.title) <= 24 and 0 < len(row.id) <= 200 and len(row.description) <= 72
        for row in rows
    )
    titled = len(action.sections) == 1 or all(section.title for section in action.sections)
    short = 0 < len(action.button) <= 20 and all(len(one.title) <= 24 for one in action.sections)
    if not 1 <= len(rows) <= 10 or not (good and titled and short):
        raise bad(131009, "Parameter value is not valid", "a list has 1 to 10 rows and a button")
    own = {"type": "list_reply"}
    sections = tuple(
        (
            section.title,
            tuple(
                Button(text=row.title, payload=row.id, note=row.description, own=own)
                for row in section.rows
            ),
        )
        for section in action.sections
    )
    return Menu(label=action.button, sections=sections)


def _link(action: wire.Action) -> Button:
    told = action.parameters
    if action.name != "cta_url" or told is None or not 0 < len(told.display_text) <= 20:
        raise bad(131009, "Parameter value is not valid", "cta_url")
    return Button(text=told.display_text, kind="url", url=told.url)


def _template(number: Number, ask: wire.Send, blank: Message) -> Message:
    if ask.template is None:
        raise bad(131008, "Required parameter is missing", "template")
    template = templates.chosen(number, ask.template)
    if template.category == "AUTHENTICATION" and ask.recipient and not ask.to:
        raise bad(131062, "Business-scoped ids take no authentication templates")
    text = templates.filled(template, ask.template)
    footer = template.part("FOOTER")
    return msgspec.structs.replace(
        blank,
        text=text,
        footer=footer.text if footer else "",
        buttons=templates.buttons_of(template, ask.template),
        details={"category": template.category.lower(), "template": template.name},
    )


def _leave(
    call: Call, number: Number, chat: Chat | None, ask: wire.Send, message: Message
) -> Reply:
    if chat is None:  # accepted as any other, and told afterwards that nobody is there
        gone = new_id()
        to = ask.recipient or ask.to.removeprefix("+")
        number.push(webhooks.failed_unknown(number, gone, to, ask.biz_opaque_callback_data))
        return as_json(_answer({"input": ask.to or ask.recipient}, gone))
    reply_to = ask.context.message_id if ask.context else ""
    details = message.details | {"own_id": ask.biz_opaque_callback_data}
    sent = msgspec.structs.replace(
        message, id=call.platform.message_id(chat), reply_to=reply_to, details=details
    )
    code = _why_not_delivered(chat, sent)
    chat.leave(msgspec.structs.replace(sent, status="failed") if code else sent)
    call.note(chat, sent.id, sent.text)
    for parcel in webhooks.after_send(chat, sent, code):
        number.push(parcel)
    if not code:
        chat.mark(sent.id, "delivered")
    return _accepted(chat, ask, sent.id)


def _why_not_delivered(chat: Chat, message: Message) -> int:
    window_s = AD_S if chat.facts.get("advertised") else DAY_S
    category = message.details.get("category", "")
    if chat.blocked:
        return 131026
    if category == "marketing" and chat.facts.get("no_marketing"):
        return 131050
    return 131047 if not category and chat.silence_s() > window_s else 0


def _accepted(chat: Chat, ask: wire.Send, message_id: str) -> Reply:
    told = {"input": ask.to or ask.recipient, "user_id": chat.address}
    if ask.to:
        told["wa_id"] = phone_of(chat)
    return as_json(_answer(told, message_id))


def _answer(contact: dict[str, str], message_id: str) -> dict[str, object]:
    message = {"id": message_id, "message_status": "accepted"}
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}
