"""People, chats and messages as MAX writes them."""

import hashlib
import hmac

from sandbox.max.account import Bot, seq_of
from sandbox.message import File, Mark, Message
from sandbox.world import Account, Chat, Person

MARKS = {
    "bold": "strong",
    "italic": "emphasized",
    "underline": "underline",
    "strikethrough": "strikethrough",
    "code": "monospaced",
    "pre": "monospaced",
    "link": "link",
    "quote": "quote",
}
KINDS = {"picture": "image", "video": "video", "animation": "video", "round": "video",
         "voice": "audio", "audio": "audio", "file": "file", "sticker": "sticker"}  # fmt: skip


def user(person: Person) -> dict[str, object]:
    """A person; the last name and the username may be missing."""
    return {
        "user_id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name or None,
        "username": person.username or None,
        "is_bot": False,
        "last_activity_time": 1_790_000_000_000,
        "name": person.name,
    }


def bot(account: Account) -> dict[str, object]:
    """The bot itself."""
    assert isinstance(account, Bot)
    return {
        "user_id": account.user_id,
        "first_name": account.title,
        "username": account.username,
        "is_bot": True,
        "last_activity_time": 1_790_000_000_000,
        "name": account.title,
    }


def dialog(chat: Chat) -> dict[str, object]:
    """A private chat."""
    return {
        "chat_id": int(chat.address),
        "type": "dialog",
        "status": "suspended" if chat.blocked else "active",
        "title": None,
        "icon": None,
        "last_event_time": int(chat.inbound_at * 1000),
        "participants_count": 2,
        "is_public": False,
        "description": None,
        "dialog_with_user": user(chat.person)
        | {"full_avatar_url": f"{chat.account.shared.origin()}/control/samples/tea-cup.jpg"},
    }


def message(chat: Chat, said: Message) -> dict[str, object]:
    """A message of either side; empty parts are left out, as MAX does."""
    writer, reader = user(chat.person), bot(chat.account)
    if not said.own:
        writer, reader = reader, writer
    body: dict[str, object] = {"mid": said.id, "seq": seq_of(said.id), "text": said.text}
    parts = attachments(chat, said)
    body |= {"attachments": parts} if parts else {}
    body |= {"markup": [_mark(mark) for mark in said.marks]} if said.marks else {}
    whole: dict[str, object] = {
        "recipient": {
            "chat_id": int(chat.address),
            "chat_type": "dialog",
            "user_id": reader["user_id"],
        },
        "timestamp": int(said.at * 1000),
        "body": body,
        "sender": writer,
    }
    quoted = chat.messages.get(said.reply_to)
    if quoted is not None:
        link = {"mid": quoted.id, "seq": seq_of(quoted.id), "text": quoted.text}
        author = user(chat.person) if quoted.own else bot(chat.account)
        whole["link"] = {"type": "reply", "sender": author, "message": link}
    return whole


def attachments(chat: Chat, said: Message) -> list[dict[str, object]]:
    """Files, a place, a contact and the keyboard of a message."""
    parts = [_file(chat.account, file) for file in said.files]
    if said.place is not None:
        point = {"latitude": said.place.latitude, "longitude": said.place.longitude}
        parts.append({"type": "location", **point})
    if said.contact is not None:
        parts.append({"type": "contact", "payload": _card(chat, said)})
    if said.buttons:
        rows = [[key.own for key in row] for row in said.buttons]
        parts.append({"type": "inline_keyboard", "payload": {"buttons": rows}})
    return parts


def url_of(account: Account, file: File) -> str:
    """Where a file can be downloaded."""
    return f"{account.shared.origin()}/max/files/{account.id}/{file.id}"


def _file(account: Account, file: File) -> dict[str, object]:
    assert isinstance(account, Bot)
    kind, url = KINDS[file.kind], url_of(account, file)
    account.stored.setdefault(file.id, (kind, file.id, 0.0))  # its own id serves as a token
    part: dict[str, object] = {"type": kind, "payload": {"url": url, "token": file.id}}
    match kind:
        case "image":
            part["payload"] = {"photo_id": seq_of("0" * 16), "url": url, "token": file.id}
        case "video":
            watch = f"{account.shared.origin()}/max/watch/{file.id}"  # a page, not the film
            part["payload"] = {"url": watch, "token": file.id}
            size = {"width": file.width, "height": file.height, "duration": file.duration}
            part |= {"thumbnail": {"url": url}, **size}
        case "file":
            part |= {"filename": file.name, "size": file.size}
        case "sticker":
            part["payload"] = {"url": url, "code": file.id}
            part |= {"width": file.width, "height": file.height}
    return part


def _card(chat: Chat, said: Message) -> dict[str, object]:
    card = said.contact
    assert card is not None
    lines = ("BEGIN:VCARD", "VERSION:3.0", "PRODID:ez-vcard 0.10.3", f"TEL;TYPE=cell:{card.phone}",
             f"FN:{card.name}", "END:VCARD")  # fmt: skip
    vcard = "\r\n".join(lines) + "\r\n"
    # The formula is MAX's secret; this one only looks like it.
    seal = hmac.new(chat.account.token.encode(), vcard.encode(), hashlib.sha256).hexdigest()
    people = chat.account.shared.people.by_id.values()
    known = [person for person in people if person.phone.lstrip("+") == card.phone.lstrip("+")]
    owner = chat.person if card.own else known[0] if known else None
    told: dict[str, object] = {"vcf_info": vcard, "hash": seal}
    return told | ({"max_info": user(owner)} if owner else {})


def _mark(mark: Mark) -> dict[str, object]:
    told: dict[str, object] = {"from": mark.offset, "length": mark.length, "type": MARKS[mark.type]}
    return told | ({"url": mark.url} if mark.url else {})
