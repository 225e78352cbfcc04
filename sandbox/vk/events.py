"""The events of VK: what a person does, in the bodies of the Callback API."""

import json
import time
from collections.abc import Callable, Iterator, Mapping

from sandbox.courier import Parcel
from sandbox.happenings import (
    Blocked,
    Consented,
    Echoed,
    Edited,
    Happening,
    Pressed,
    Reacted,
    Read,
    Said,
    Started,
    Typed,
    Unblocked,
)
from sandbox.message import File, Item, Message
from sandbox.vk.community import Community, of
from sandbox.vk.uploads import address
from sandbox.world import Chat

REACTIONS = dict(enumerate("❤🔥😂👍💩❓😭😡👎👌😃🤔🙏😘😍🎉", start=1))
_LANGUAGES = {"ru": 0, "uk": 1, "be": 2, "en": 3}
_ADMIN = 1
_ACTIONS = ("text", "vkpay", "open_app", "location", "open_link", "open_photo", "callback",
            "intent_subscribe", "intent_unsubscribe")  # fmt: skip


def tell(chat: Chat, happening: Happening) -> Iterator[Parcel]:
    community = of(chat.account)
    for kind, told in _told(community, chat, happening):
        yield community.happened(chat, kind, told)


def business_message(community: Community, chat: Chat, message: Message) -> dict[str, object]:
    """A message of the community, as `message_reply` and `message_edit` show it."""
    told = _message(community, chat, message)
    payload = message.details.get("payload")
    return (
        told | {"from_id": -community.group, "out": 1} | ({"payload": payload} if payload else {})
    )


def read_out(community: Community, chat: Chat, up_to: str) -> dict[str, object]:
    """The community has read what the person wrote."""
    return _read(community, chat, up_to or str(chat.last_number)) | {"from_id": -community.group}


def _told(
    community: Community, chat: Chat, happening: Happening
) -> Iterator[tuple[str, dict[str, object]]]:
    match happening:
        case Said(message, _) if message.kind == "order":
            yield "market_order_new", _order(community, chat, message)
        case Said(message, button):
            more = {"payload": button.payload} if button and button.payload else {}
            yield "message_new", _new(community, chat, message, more)
        case Edited(message):
            edited = {"update_time": int(message.edited_at)}
            yield "message_edit", _message(community, chat, message) | edited
        case Pressed(button, press_id, message):
            yield "message_event", _pressed(chat, button.payload, press_id, message)
        case Started(payload, source, _):
            yield from _started(community, chat, payload, source)
        case Echoed(message):
            told = business_message(community, chat, message)
            yield "message_reply", told | {"admin_author_id": _ADMIN}
        case _:
            yield from _signs(community, chat, happening)


def _signs(
    community: Community, chat: Chat, happening: Happening
) -> Iterator[tuple[str, dict[str, object]]]:
    user = int(chat.address)
    match happening:
        case Blocked() | Consented("messages", False):
            yield "message_deny", {"user_id": user}
        case Unblocked() | Consented("messages", True):
            yield "message_allow", {"user_id": user, "key": ""}
        case Reacted(message, emoji, _):
            number = next((one for one, sign in REACTIONS.items() if sign == emoji), None)
            told: dict[str, object] = {"reacted_id": user, "peer_id": user, "cmid": int(message.id)}
            yield "message_reaction_event", told | ({"reaction_id": number} if number else {})
        case Read(up_to):
            chat.mark_up_to("read", own=False, message_id=up_to.id)
            yield "message_read", _read(community, chat, up_to.id)
        case Typed():
            typed: dict[str, object] = {"from_id": user, "to_id": -community.group}
            yield "message_typing_state", {"state": "typing", **typed}
        case _:
            return


def _new(
    community: Community, chat: Chat, message: Message, more: Mapping[str, object]
) -> dict[str, object]:
    client = {
        "button_actions": _ACTIONS,
        "keyboard": True,
        "inline_keyboard": True,
        "carousel": True,
        "lang_id": _LANGUAGES.get(chat.person.language, 3),
    }
    return {"client_info": client, "message": _message(community, chat, message) | dict(more)}


def _message(community: Community, chat: Chat, message: Message) -> dict[str, object]:
    told: dict[str, object] = {
        "date": int(message.at or time.time()),
        "from_id": int(chat.address),
        "id": community.mail_id(chat, message.id),
        "version": 10_000_000 + int(message.id),
        "out": 0,
        "important": False,
        "is_hidden": False,
        "attachments": [_attachment(community, chat, file) for file in message.files],
        "conversation_message_id": int(message.id),
        "fwd_messages": [],
        "text": message.text,
        "peer_id": int(chat.address),
        "random_id": 0,
    }
    if message.place is not None:
        place = message.place
        told["geo"] = {
            "type": "point",
            "coordinates": {"latitude": place.latitude, "longitude": place.longitude},
            "place": {"title": place.title or "Красноярск, Россия", "country": "Россия",
                      "city": "Красноярск"},
        }  # fmt: skip
    replied = chat.messages.get(message.reply_to)
    if replied is not None:
        author = int(chat.address) if replied.own else -community.group
        told["reply_message"] = _message(community, chat, replied) | {"from_id": author}
    return told


def _attachment(community: Community, chat: Chat, file: File) -> dict[str, object]:
    url, owner = address(community, file.id), int(chat.address)
    number = community.number("attachment", 456_239_017)
    media: dict[str, object] = {"id": number, "owner_id": owner, "access_key": "0a1b2c3d4e5f"}
    kind, more = _MEDIA.get(file.kind, _MEDIA["file"])(file, url)
    return {"type": kind, kind: media | more}


def _photo(file: File, url: str) -> tuple[str, dict[str, object]]:
    big = {"type": "x", "url": url, "width": file.width, "height": file.height}
    small = big | {"type": "s", "width": file.width // 4, "height": file.height // 4}
    more = {"album_id": -3, "date": int(time.time()), "text": "", "has_tags": False}
    return "photo", more | {"sizes": [small, big]}


def _voice(file: File, url: str) -> tuple[str, dict[str, object]]:
    sound = {"duration": file.duration or 1, "waveform": [3, 7, 12, 7, 3]}
    return "audio_message", sound | {"link_ogg": url, "link_mp3": url}


def _sticker(_file: File, url: str) -> tuple[str, dict[str, object]]:
    sizes = [{"url": url, "width": side, "height": side} for side in (64, 128, 512)]
    return "sticker", {"inner_type": "base_sticker_new", "sticker_id": 9027, "product_id": 279,
                       "images": sizes, "images_with_background": sizes}  # fmt: skip


def _document(file: File, url: str) -> tuple[str, dict[str, object]]:
    ext = file.name.rpartition(".")[2] or "bin"
    more = {"title": file.name, "size": file.size, "ext": ext, "type": 8}
    return "doc", more | {"date": int(time.time()), "url": url}


def _video(file: File, _url: str) -> tuple[str, dict[str, object]]:
    more = {"title": file.name, "duration": file.duration, "can_add": 1, "type": "video"}
    return "video", more | {"date": int(time.time()), "image": []}


def _song(file: File, _url: str) -> tuple[str, dict[str, object]]:
    return "audio", {"artist": file.performer or "Гора", "title": file.title or file.name,
                     "duration": file.duration, "url": ""}  # fmt: skip


_MEDIA: dict[str, Callable[[File, str], tuple[str, dict[str, object]]]] = {
    "picture": _photo,
    "voice": _voice,
    "sticker": _sticker,
    "video": _video,
    "audio": _song,
    "file": _document,
}


def _pressed(chat: Chat, payload: str, press_id: str, message: Message | None) -> dict[str, object]:
    chat.facts[f"pressed {press_id}"] = str(time.time())
    user = int(chat.address)
    told: dict[str, object] = {"user_id": user, "peer_id": user, "event_id": press_id}
    told["payload"] = json.loads(payload or "{}")
    return told | ({"conversation_message_id": int(message.id)} if message else {})


def _started(
    community: Community, chat: Chat, payload: str, source: str
) -> Iterator[tuple[str, dict[str, object]]]:
    """A link opens the chat, and Start writes for the person; a widget only allows messages."""
    if source == "page":
        yield "message_allow", {"user_id": int(chat.address), "key": payload}
        return
    message = Message(id=str(chat.number()), own=True, at=time.time(), text="Начать", status="sent")
    chat.leave(message)
    chat.inbound_at = time.time()
    more: dict[str, object] = {"payload": '{"command":"start"}'}
    if payload:
        more |= {"ref": payload, "ref_source": source}
    yield "message_new", _new(community, chat, message, more)


def _read(community: Community, chat: Chat, message_id: str) -> dict[str, object]:
    return {
        "from_id": int(chat.address),
        "peer_id": int(chat.address),
        "read_message_id": community.mail_id(chat, message_id),
        "conversation_message_id": int(message_id),
    }


def _order(community: Community, chat: Chat, message: Message) -> dict[str, object]:
    items, total = [], 0
    for item in message.items:
        amount = round(float(item.price or 0) * 100)
        total += amount * item.quantity
        items.append(_line(community, item, _price(amount, item.currency)))
    number = community.number("order")
    currency = message.items[0].currency if message.items else "RUB"
    person = chat.person
    return {
        "id": number,
        "group_id": community.group,
        "user_id": int(chat.address),
        "display_order_id": f"{chat.address}-{number}",
        "date": int(message.at),
        "status": 0,
        "items_count": len(items),
        "preview_order_items": items,
        "total_price": _price(total, currency),
        "comment": message.text,
        "recipient": {"name": person.name, "phone": f"+{person.phone}", "display_text": ""},
    }


def _line(community: Community, item: Item, price: dict[str, object]) -> dict[str, object]:
    number = community.number("product")
    thing = {
        "id": number,
        "owner_id": -community.group,
        "title": item.title,
        "description": item.title,
        "price": price,
        "availability": 0,
        "category": {"id": 1, "name": "Чай", "inner_type": "market_market_category_nested"},
    }
    whole = {"owner_id": -community.group, "item_id": number, "title": item.title}
    return whole | {"price": price, "quantity": item.quantity, "item": thing}


def _price(hundredths: int, currency: str) -> dict[str, object]:
    told = {"id": 643, "name": currency, "title": "₽"}
    return {"amount": str(hundredths), "currency": told, "text": f"{hundredths / 100:.2f} ₽"}
