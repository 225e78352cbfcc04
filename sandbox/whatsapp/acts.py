"""What people do in WhatsApp and in no other messenger."""

import time

from sandbox.courier import Parcel
from sandbox.happenings import Said
from sandbox.message import Message
from sandbox.orders import ActError, Ask
from sandbox.whatsapp import webhooks
from sandbox.whatsapp.account import message_id, phone_of
from sandbox.world import Chat


def start(chat: Chat, ask: Ask) -> object:
    """Open a `wa.me` link or an advertisement and send the words it put into the field."""
    if chat.blocked:
        raise ActError("The person has blocked the business; unblock it first.")
    advertised = ask.source == "ad"
    words = "Здравствуйте!" if advertised or not ask.payload else f"👋 [ref:{ask.payload}]"
    message = Message(
        id=message_id(chat),
        own=True,
        at=time.time(),
        text=ask.text or words,
        status="sent",
        details={"advertisement": ask.payload or "ad-1"} if advertised else {},
    )
    chat.inbound_at, chat.started = time.time(), True
    chat.facts["advertised"] = "yes" if advertised else ""
    chat.leave(message)
    for parcel in webhooks.tell(chat, Said(message)):
        _push(chat, parcel, message.id)
    return message


def call(chat: Chat, _ask: Ask) -> object:
    """Call the business; nobody answers, but it opens the window."""
    chat.inbound_at, chat.started = time.time(), True
    _push(chat, webhooks.called(chat))
    return None


def username(chat: Chat, ask: Ask) -> object:
    """Take a username, which hides the number; an empty text gives it up."""
    chat.facts["username"] = ask.text
    return {"username": ask.text}


def number(chat: Chat, ask: Ask) -> object:
    """Change the phone number: WhatsApp tells every business that knew the old one."""
    if not ask.phone.isdigit():
        raise ActError("phone: the new number, digits only.")
    body: dict[str, object] = {
        "type": "system",
        "system": {
            "type": "user_changed_number",
            "body": f"{chat.person.name} changed from {phone_of(chat)} to {ask.phone}",
            "wa_id": ask.phone,
        },
    }
    _push(chat, webhooks.system(chat, body))
    chat.facts["phone"] = ask.phone
    return {"phone": ask.phone}


def _push(chat: Chat, parcel: Parcel, said: str = "") -> None:
    told = {"queue": chat.address, "chat": chat.address, "message_id": said}
    chat.account.push(Parcel(body=parcel.body, kind=parcel.kind, **told))
