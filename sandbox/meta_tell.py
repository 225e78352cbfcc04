"""The webhook bodies of what people do in Messenger and Instagram."""

import secrets
import time
from collections.abc import Iterator

import msgspec

from sandbox.courier import Parcel
from sandbox.happenings import (
    Consented,
    Deleted,
    Echoed,
    Edited,
    Happening,
    Pressed,
    Reacted,
    Read,
    Said,
    Started,
)
from sandbox.message import File, Message
from sandbox.meta_messaging import Comment, Listed, listed, now_ms
from sandbox.orders import ActError, Ask
from sandbox.world import Chat

_TYPES = {
    "picture": "image",
    "animation": "image",
    "video": "video",
    "round": "video",
    "voice": "audio",
    "audio": "audio",
    "file": "file",
    "sticker": "sticker",
}
_NAMES = {"😆": "smile", "😠": "angry", "😢": "sad", "😮": "wow", "❤️": "love", "❤": "love",
          "👍": "like", "👎": "dislike"}  # fmt: skip
_STICKER = 369239263222822

Facts = dict[str, object]


def tell(chat: Chat, happening: Happening) -> Iterator[Parcel]:
    """Tell the app what a person did, as far as it listens."""
    account = listed(chat.account)
    for event, part in _parts(chat, account, happening):
        if not account.hears(event):
            continue
        ours = isinstance(happening, Echoed)
        who = {"sender": {"id": chat.address}, "recipient": {"id": account.id}}
        if ours:
            who = {"sender": {"id": account.id}, "recipient": {"id": chat.address}}
        item = {**who, "timestamp": now_ms(), **part}
        yield Parcel(body=account.body("messaging", item), kind=event)


def _parts(chat: Chat, account: Listed, happening: Happening) -> Iterator[tuple[str, Facts]]:
    match happening:
        case Said(message, button):
            own = button.payload if button is not None else ""
            yield _said(chat, account, message, own)
        case Echoed(message):
            yield "echo", {"message": echo_of(account, message, account.kind.echo_app)}
        case Edited(message):
            edit = {"mid": message.id, "text": message.text, "num_edit": 1}
            yield "message_edit", {"message_edit": edit}
        case Deleted(message) if account.kind.own_host:  # Messenger has no such event
            yield "message", {"message": {"mid": message.id, "is_deleted": True}}
        case Started(payload, source, first):
            yield from _started(chat, account, _referral(payload, source), first=first)
        case _:
            yield from _reactions(account, happening)


def _reactions(account: Listed, happening: Happening) -> Iterator[tuple[str, Facts]]:
    """Give what a person did about a message of the business."""
    match happening:
        case Reacted(message, emoji, _):
            yield "reaction", {"reaction": _reaction(message.id, emoji)}
        case Pressed(button, _, _):
            mid = f"m_{secrets.token_urlsafe(12)}"
            press = {"mid": mid, "title": button.text, "payload": button.payload}
            yield "postback", {"postback": press}
        case Read(up_to):
            watermark = {"watermark": now_ms()}
            yield "read", {"read": {"mid": up_to.id} if account.kind.own_host else watermark}
        case Consented(_, granted):
            yield "optin", {"optin": _optin(granted=granted)}


def _said(chat: Chat, account: Listed, message: Message, payload: str) -> tuple[str, Facts]:
    if message.kind == "order":
        lines = [
            {"id": f"7{number}", "retailer_id": item.id, "name": item.title,
             "unit_price": float(item.price or 0), "currency": item.currency,
             "quantity": item.quantity}
            for number, item in enumerate(message.items)
        ]  # fmt: skip
        return "order", {"order": {"products": lines, "note": message.text}}
    told = _message(account, message)
    if payload:
        told["quick_reply"] = {"payload": payload}
    referral = chat.facts.pop("referral", "")
    if referral:
        told["referral"] = msgspec.json.decode(referral)
    return "message", {"message": told}


def _message(account: Listed, message: Message) -> Facts:
    told: Facts = {"mid": message.id}
    if message.text:
        told["text"] = message.text
    if message.reply_to:
        told["reply_to"] = {"mid": message.reply_to}
    attachments = [_attachment(account, file) for file in message.files]
    if message.place is not None:
        point = {"lat": message.place.latitude, "long": message.place.longitude}
        place: Facts = {"type": "location", "payload": {"coordinates": point}}
        attachments.append(place | ({"title": message.place.title} if message.place.title else {}))
    if attachments:
        told["attachments"] = attachments
    return told


def _attachment(account: Listed, file: File) -> Facts:
    payload: Facts = {"url": account.address_of(file)}
    if file.kind == "sticker":
        payload["sticker_id"] = _STICKER
    return {"type": _TYPES[file.kind], "payload": payload}


def _reaction(mid: str, emoji: str) -> Facts:
    if not emoji:
        return {"mid": mid, "action": "unreact"}
    return {"mid": mid, "action": "react", "reaction": _NAMES.get(emoji, "other"), "emoji": emoji}


def _referral(payload: str, source: str) -> Facts:
    if source == "ad":
        context = {"ad_title": "Осенний чай", "post_id": "1_2"}
        ad = {"ref": payload, "ad_id": "120226305854810726", "source": "ADS"}
        return {**ad, "type": "OPEN_THREAD", "ads_context_data": context}
    return {"ref": payload, "source": "SHORTLINK", "type": "OPEN_THREAD"} if payload else {}


def _started(
    chat: Chat, account: Listed, referral: Facts, *, first: bool
) -> Iterator[tuple[str, Facts]]:
    if not first:
        if referral:
            chat.inbound_at = time.time()
            yield "referral", {"referral": referral}
        return
    button = account.profile.get("get_started")
    if account.kind.own_host or not isinstance(button, dict):
        # It comes with the first message, or, without Get Started in Messenger, never.
        chat.facts["referral"] = msgspec.json.encode(referral).decode() if referral else ""
        if not account.kind.own_host:
            chat.facts.pop("referral")
        return
    chat.inbound_at = time.time()
    press: Facts = {"mid": f"m_{secrets.token_urlsafe(12)}", "title": "Начать", **button}
    yield "postback", {"postback": press | ({"referral": referral} if referral else {})}


def _optin(*, granted: bool) -> Facts:
    status = "RESUME NOTIFICATIONS" if granted else "STOP NOTIFICATIONS"
    return {
        "type": "notification_messages",
        "notification_messages_token": secrets.token_hex(8),
        "notification_messages_status": status,
        "title": "Новости лавки",
    }


def echo_of(account: Listed, message: Message, app_id: str, metadata: str = "") -> Facts:
    """An answer of the business as every listening app hears it."""
    told: Facts = {"is_echo": True, **_message(account, message)}
    if app_id and not account.kind.own_host:
        told["app_id"] = int(app_id)
    return told | ({"metadata": metadata} if metadata else {})


def comment(chat: Chat, ask: Ask) -> object:
    """Write a comment under the business's last post."""
    account, number = listed(chat.account), f"178{secrets.randbelow(10**12):012d}"
    if not ask.text.strip():
        raise ActError("A comment must not be empty.")
    account.comments[number] = Comment(id=number, chat=chat, at=time.time())
    author: Facts = {"id": chat.address, "name": chat.person.name}
    value: Facts = {"item": "comment", "verb": "add", "comment_id": number, "post_id": "1_2",
                    "from": author, "message": ask.text,
                    "created_time": int(time.time())}  # fmt: skip
    if not account.kind.own_host:
        account.deliver("feed", "changes", {"field": "feed", "value": value})
        return {"comment_id": number}
    author = {"id": chat.address, "username": chat.person.username or f"guest{chat.person.id}"}
    value = {"id": number, "from": author, "text": ask.text, "media": {"id": "179"}}
    if account.by_page:
        account.deliver("comments", "changes", {"field": "comments", "value": value})
    else:
        account.deliver("comments", "", field="comments", value=value)
    return {"comment_id": number}


def restrict(chat: Chat, ask: Ask) -> object:
    """Let Meta restrict the business, or (`granted`) take that back; only a page hears of it."""
    account = listed(chat.account)
    account.restricted = not ask.granted
    action = "unblock" if ask.granted else "block"
    policy = {"action": action, "reason": "The page sends unwanted messages."}
    item = {"recipient": {"id": account.id}, "timestamp": now_ms(), "policy_enforcement": policy}
    account.deliver("policy_enforcement", "messaging", item)
    return None
