"""What WhatsApp tells a business: messages, statuses, echoes, preferences, in its own bodies."""

import time
from collections.abc import Iterator

from sandbox.courier import Parcel
from sandbox.happenings import (
    Consented,
    Deleted,
    Echoed,
    Edited,
    Failed,
    Happening,
    Pressed,
    Reacted,
    Read,
    Said,
)
from sandbox.message import File, Message
from sandbox.meta import escaped
from sandbox.whatsapp.account import Number, phone_of, scoped_id, shows_phone
from sandbox.whatsapp.media import digest
from sandbox.world import Chat

Json = dict[str, object]

_FIELDS = {"picture": "image", "video": "video", "animation": "video", "round": "video",
           "voice": "audio", "audio": "audio", "file": "document",
           "sticker": "sticker"}  # fmt: skip
WORDS = {
    131026: ("Message undeliverable", "Message Undeliverable."),
    131047: ("Re-engagement message", "More than 24 hours have passed since the last reply."),
    131050: ("User has stopped marketing messages", "Unable to deliver the message."),
    131049: ("Healthy ecosystem engagement", "The message was not delivered."),
}


def tell(chat: Chat, happening: Happening) -> Iterator[Parcel]:
    """The bodies of one happening; a block and typing are told to nobody."""
    match happening:
        case Said(message, button):
            yield _message(chat, message.id, _said(chat, message, asked=button is not None))
        case Edited() | Deleted() | Reacted() | Pressed():
            yield _message(chat, _event_id(chat), _changed(chat, happening))
        case Read(up_to):
            yield from _seen(chat, up_to)
        case Consented("marketing", granted):
            yield _preference(chat, granted=granted)
        case Echoed(message):
            yield _echo(chat, message)
        case Failed(message, code):
            yield status(chat, message, "failed", code=int(code or 131026))
        case _:
            return


def _changed(chat: Chat, happening: Edited | Deleted | Reacted | Pressed) -> Json:
    match happening:
        case Edited(message):
            inner = _said(chat, message, asked=False)
            body = {"original_message_id": message.id, "message": inner}
            return {"type": "edit", "edit": body}
        case Deleted(message):
            return {"type": "revoke", "revoke": {"original_message_id": message.id}}
        case Reacted(message, emoji, _):
            reaction = {"message_id": message.id} | ({"emoji": emoji} if emoji else {})
            return {"type": "reaction", "reaction": reaction}
        case Pressed(button, _, of):
            return _pressed(button.own, button.text, button.payload, of)


def delivery(number: Number, field: str, value: Json, **parcel: str) -> Parcel:
    """One change as a parcel."""
    change = {"field": field, "value": value}
    entry = {"id": number.waba_id, "time": int(time.time()), "changes": [change]}
    body = escaped({"object": "whatsapp_business_account", "entry": [entry]})
    return Parcel(body=body, kind=parcel.pop("kind", field), **parcel)


def after_send(chat: Chat, message: Message, code: int) -> Iterator[Parcel]:
    """The statuses that follow an accepted message."""
    if code:
        yield status(chat, message, "failed", code=code)
        return
    yield status(chat, message, "sent")
    yield status(chat, message, "delivered")


def status(chat: Chat, message: Message, state: str, *, code: int = 0) -> Parcel:
    """How far one message of the business came."""
    told: Json = {
        "id": message.id,
        "status": state,
        "timestamp": str(int(time.time())),
        "recipient_user_id": chat.address,
    }
    if shows_phone(chat):
        told["recipient_id"] = phone_of(chat)
    if own_id := message.details.get("own_id"):
        told["biz_opaque_callback_data"] = own_id
    category = message.details.get("category", "service")
    told["pricing"] = {
        "billable": True,
        "pricing_model": "PMP",
        "type": "regular",
        "category": category,
    }
    if code:
        told.pop("pricing")
        told["errors"] = [_error(code)]
    value = _shell(chat) | {"statuses": [told]}
    if code:
        value.pop("contacts")  # a failure names nobody
    return delivery(_number(chat), "messages", value, kind=f"status.{state}", queue=chat.address)


def failed_unknown(number: Number, message_id: str, to: str, own_id: str) -> Parcel:
    """The failure of a message to somebody who is not on WhatsApp."""
    told: Json = {
        "id": message_id,
        "status": "failed",
        "timestamp": str(int(time.time())),
        "recipient_id": to,
        "errors": [_error(131026)],
    }
    if own_id:
        told["biz_opaque_callback_data"] = own_id
    value = _about(number) | {"statuses": [told]}
    return delivery(number, "messages", value, kind="status.failed", queue=to)


def called(chat: Chat) -> Parcel:
    """A call of the person that nobody answers."""
    call = {
        "id": f"wacid.{_event_id(chat)[6:]}",
        "from": phone_of(chat),
        "from_user_id": chat.address,
        "to": "".join(filter(str.isdigit, _number(chat).display_phone)),
        "event": "connect",
        "timestamp": str(int(time.time())),
        "direction": "USER_INITIATED",
    }
    return delivery(_number(chat), "calls", _shell(chat) | {"calls": [call]}, queue=chat.address)


def system(chat: Chat, body: Json) -> Parcel:
    """News of a person's number; they come without a contact block."""
    told: Json = {"from": phone_of(chat), "id": _event_id(chat),
                  "timestamp": str(int(time.time())), **body}  # fmt: skip
    value = _about(_number(chat)) | {"messages": [told]}
    return delivery(_number(chat), "messages", value, kind="messages.system")


def template_status(number: Number, name: str, language: str, event: str) -> Parcel:
    """What became of a template."""
    value: Json = {
        "event": event,
        "message_template_id": 1,
        "message_template_name": name,
        "message_template_language": language,
        "reason": "NONE",
    }
    return delivery(number, "message_template_status_update", value)


def _said(chat: Chat, message: Message, *, asked: bool) -> Json:
    told = _body(chat, message, asked=asked)
    if referral := message.details.get("advertisement"):
        told["referral"] = {
            "source_url": "https://fb.example/ad",
            "source_id": referral,
            "source_type": "ad",
            "headline": "Чай с гор",
            "body": "Напишите нам",
            "ctwa_clid": f"clid-{referral}",
        }
    if message.reply_to:
        told["context"] = {"from": phone_of(chat), "id": message.reply_to}
    return told


def _body(chat: Chat, message: Message, *, asked: bool) -> Json:
    if message.files:
        return _file(chat, message.kind, message.files[0], message.text)
    if message.place is not None:
        place = message.place
        words = {"name": place.title, "address": place.address}
        point: Json = {"latitude": place.latitude, "longitude": place.longitude}
        point |= {name: value for name, value in words.items() if value}
        return {"type": "location", "location": point}
    if message.contact is not None:
        card = message.contact
        phone = {"phone": f"+{card.phone}", "wa_id": card.phone, "type": "CELL"}
        told: Json = {"name": {"formatted_name": card.name}, "phones": [phone]}
        if card.own or asked:
            told["origin"] = "contact_request"
        return {"type": "contacts", "contacts": [told]}
    if message.items:
        items = [
            {"product_retailer_id": item.id, "quantity": item.quantity,
             "item_price": float(item.price or 0), "currency": item.currency}
            for item in message.items
        ]  # fmt: skip
        order = {"catalog_id": "tea", "text": message.text, "product_items": items}
        return {"type": "order", "order": order}
    return {"type": "text", "text": {"body": message.text}}


def _file(chat: Chat, kind: str, file: File, text: str) -> Json:
    field = _FIELDS[kind]
    blob = chat.account.files[file.id]
    told: Json = {"id": file.id, "mime_type": blob.mime, "sha256": digest(blob)}
    if text and field not in {"audio", "sticker"}:
        told["caption"] = text
    if field == "document":
        told["filename"] = file.name
    if field == "audio":
        told["voice"] = kind == "voice"
    if field == "sticker":
        told["animated"] = False
    return {"type": field, field: told}


def _pressed(own: object, text: str, payload: str, of: Message | None) -> Json:
    kind = own.get("type") if isinstance(own, dict) else "button"
    context = {"context": {"id": of.id}} if of is not None else {}
    if kind == "button":
        return {"type": "button", "button": {"payload": payload, "text": text}, **context}
    inner = {"type": kind, str(kind): {"id": payload, "title": text}}
    return {"type": "interactive", "interactive": inner, **context}


def _seen(chat: Chat, up_to: Message) -> Iterator[Parcel]:
    for message in list(chat.messages.values()):
        if not message.own and message.status == "delivered":
            chat.mark(message.id, "read")
            yield status(chat, message, "read")
        if message.id == up_to.id:
            return


def _preference(chat: Chat, *, granted: bool) -> Parcel:
    chat.facts["no_marketing"] = "" if granted else "yes"
    told: Json = {
        "user_id": chat.address,
        "value": "resume" if granted else "stop",
        "category": "marketing_messages",
        "detail": f"User requested to {'resume' if granted else 'stop'} marketing messages",
        "timestamp": int(time.time()),
    }
    if shows_phone(chat):
        told["wa_id"] = phone_of(chat)
    value = _shell(chat) | {"user_preferences": [told]}
    return delivery(_number(chat), "user_preferences", value)


def _echo(chat: Chat, message: Message) -> Parcel:
    told: Json = {
        "from": "".join(filter(str.isdigit, _number(chat).display_phone)),
        "to_user_id": chat.address,
        "id": message.id,
        "timestamp": str(int(message.at)),
        **_body(chat, message, asked=False),
    }
    if shows_phone(chat):
        told["to"] = phone_of(chat)
    value = _shell(chat) | {"message_echoes": [told]}
    return delivery(_number(chat), "smb_message_echoes", value)


def _message(chat: Chat, message_id: str, body: Json) -> Parcel:
    told: Json = {
        "from_user_id": chat.address,
        "id": message_id,
        "timestamp": str(int(time.time())),
        **body,
    }
    if shows_phone(chat):
        told["from"] = phone_of(chat)
    kind = f"messages.{body.get('type')}"
    return delivery(_number(chat), "messages", _shell(chat) | {"messages": [told]}, kind=kind)


def _shell(chat: Chat) -> Json:
    profile = {"name": chat.person.name}
    contact: Json = {"profile": profile, "user_id": scoped_id(chat.person)}
    if shows_phone(chat):
        contact["wa_id"] = phone_of(chat)
    else:
        profile["username"] = chat.facts["username"]
    return _about(_number(chat)) | {"contacts": [contact]}


def _about(number: Number) -> Json:
    metadata = {"display_phone_number": number.display_phone, "phone_number_id": number.id}
    return {"messaging_product": "whatsapp", "metadata": metadata}


def _error(code: int) -> Json:
    title, details = WORDS.get(code, ("Something went wrong", "Unknown"))
    return {"code": code, "title": title, "message": title, "error_data": {"details": details}}


def _event_id(chat: Chat) -> str:
    return f"wamid.EVENT{chat.account.number('event')}"


def _number(chat: Chat) -> Number:
    number = chat.account
    assert isinstance(number, Number)
    return number
