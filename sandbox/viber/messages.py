"""What a bot writes: checked as strictly as Viber does, and shown on the phone."""

import re
import time

import msgspec

from sandbox import blobs
from sandbox.asgi import Reply
from sandbox.courier import Parcel
from sandbox.message import Button, ButtonKind, Card, ContactCard, File, Keyboard, Message, Place
from sandbox.platform import Call, Refused
from sandbox.viber.bodies import envelope, message_id
from sandbox.viber.statuses import bad, good
from sandbox.world import Account, Chat

_REQUEST_BYTES = 30_720
_TEXT, _CAPTION, _NAME = 7000, 768, 28
_MEDIA = {"picture": 3_145_728, "video": 27_262_976, "file": 52_428_800}
_ROWS_OF_KEYS = 12 * 6
_TAGS = re.compile(r"</?(?:b|i|u|font|br)[^>]*>", re.IGNORECASE)
_ACTIONS: dict[str, ButtonKind] = {
    "reply": "press", "open-url": "url", "share-phone": "phone", "location-picker": "location",
}  # fmt: skip


class Key(msgspec.Struct):
    """One key of a keyboard or one cell of rich media."""

    Columns: int = 6
    Rows: int = 1
    ActionType: str = "reply"
    ActionBody: str = ""
    Text: str = ""
    Image: str = ""
    Silent: bool = False


class Keys(msgspec.Struct):
    """A keyboard or rich media."""

    Type: str
    Buttons: list[Key]
    ButtonsGroupColumns: int = 6
    ButtonsGroupRows: int = 7


class Author(msgspec.Struct):
    name: str


class Point(msgspec.Struct):
    lat: float
    lon: float


class Contact(msgspec.Struct):
    name: str
    phone_number: str


class Send(msgspec.Struct):
    """A message of any type."""

    type: str
    sender: Author
    receiver: str = ""
    tracking_data: str = ""
    min_api_version: int = 1
    text: str = ""
    media: str = ""
    size: int = 0
    duration: int = 0
    file_name: str = ""
    location: Point | None = None
    contact: Contact | None = None
    keyboard: Keys | None = None
    rich_media: Keys | None = None


async def send(call: Call, account: Account) -> Reply:
    """Take a message, or say in a status why not."""
    ask = _read(call.request.body)
    chat = account.chats.get(ask.receiver)
    if not account.settings.get("webhook"):
        raise bad(10)
    if chat is None:
        raise bad(5)
    if chat.blocked or not chat.started:
        raise bad(6)
    if account.throttle and account.throttle.wait_s(("chat", chat.address)):
        raise bad(12)
    message = await _message(account, chat, ask)
    chat.facts["tracking_data"] = ask.tracking_data
    chat.leave(message, _keyboard(ask))
    call.note(chat, message.id, message.text)
    told = envelope(account, "delivered", user_id=chat.address, message_token=int(message.id))
    account.push(Parcel(body=told, kind="delivered", queue=chat.address))
    return good(message_token=int(message.id), chat_hostname="SN-CHAT-00_", billing_status=1)


def welcome(account: Account, parcel: Parcel, body: bytes) -> None:
    """Show the greeting that stood in the answer to an opened chat."""
    chat = account.chats.get(parcel.chat) or account.chats.get(parcel.queue)
    try:
        ask = _read(body)
    except Refused:
        return  # Viber drops a greeting it cannot read
    if chat is not None and ask.type == "text":
        chat.leave(
            Message(id=message_id(chat), own=False, at=time.time(), text=ask.text), _keyboard(ask)
        )


def _read(body: bytes) -> Send:
    if len(body) > _REQUEST_BYTES:
        raise bad(3, "request size exceeds the limit")
    try:
        ask = msgspec.json.decode(body, type=Send)
    except msgspec.ValidationError as problem:
        raise bad(4 if "missing" in str(problem) else 3, str(problem)) from problem
    except msgspec.DecodeError as problem:
        raise bad(3, str(problem)) from problem
    if not ask.sender.name or len(ask.sender.name) > _NAME:
        raise bad(3, "sender.name")
    if len(ask.tracking_data) > 4096:
        raise bad(3, "tracking_data")
    for keys in (ask.keyboard, ask.rich_media):
        _check_keys(keys, ask.min_api_version)
    return ask


def _check_keys(keys: Keys | None, version: int) -> None:
    if keys is None:
        return
    if keys.Type not in {"keyboard", "rich_media"} or not keys.Buttons:
        raise bad(3, "Type")
    if sum(key.Columns * key.Rows for key in keys.Buttons) > _ROWS_OF_KEYS * 6:
        raise bad(3, "Buttons")
    for key in keys.Buttons:
        _check_key(key, version)


def _check_key(key: Key, version: int) -> None:
    if not 1 <= key.Columns <= 6 or not 1 <= key.Rows <= 7 or len(key.Text) > 2000:
        raise bad(3, "Columns, Rows or Text")
    if key.ActionType not in {*_ACTIONS, "none"}:
        raise bad(3, "ActionType")
    if key.ActionType in {"share-phone", "location-picker"} and version < 3:
        raise bad(3, "min_api_version")
    if key.ActionType != "none" and not key.ActionBody:
        raise bad(3, "ActionBody")


async def _message(account: Account, chat: Chat, ask: Send) -> Message:
    parts: dict[str, object] = {}
    match ask.type:
        case "text" if 0 < len(ask.text) <= _TEXT:
            parts = {"text": ask.text}
        case "picture" | "video" | "file" if ask.media and len(ask.text) <= _CAPTION:
            file = await _fetched(account, ask)
            parts = {"kind": file.kind, "text": ask.text, "files": (file,)}
        case "location" if ask.location is not None:
            place = Place(latitude=ask.location.lat, longitude=ask.location.lon)
            parts = {"kind": "location", "place": place}
        case "contact" if ask.contact is not None and len(ask.contact.name) <= _NAME:
            card = ContactCard(name=ask.contact.name, phone=ask.contact.phone_number)
            parts = {"kind": "contact", "contact": card}
        case "rich_media" if ask.rich_media is not None and ask.min_api_version >= 2:
            parts = {"kind": "cards", "cards": await _cards(account, ask.rich_media)}
        case _:
            raise bad(3, f"type {ask.type!r} is not whole")
    plain = Message(id=message_id(chat), own=False, at=time.time(), status="delivered")
    return msgspec.structs.replace(plain, **parts)


async def _fetched(account: Account, ask: Send) -> File:
    try:
        blob = await blobs.fetch(account.shared.session, ask.media, _MEDIA[ask.type])
    except blobs.NoBytesError as problem:
        raise bad(3, str(problem)) from problem
    if ask.type != "picture" and ask.size <= 0:
        raise bad(4, "size")
    if ask.type == "picture" and not blob.mime.startswith("image/"):
        raise bad(3, "media is no picture")
    kind = {"picture": "picture", "video": "video"}.get(ask.type, "file")
    return account.keep(blob, kind)  # type: ignore[arg-type]  # the three are kinds


async def _cards(account: Account, keys: Keys) -> tuple[Card, ...]:
    """Read the cells group by group: as many rows as one card has."""
    cards: list[Card] = []
    group: list[Key] = []
    for key in keys.Buttons:
        group.append(key)
        if sum(one.Rows for one in group) >= keys.ButtonsGroupRows:
            cards.append(await _card(account, group))
            group = []
    return (*cards, await _card(account, group)) if group else tuple(cards)


async def _card(account: Account, group: list[Key]) -> Card:
    words = [one.Text.split("<br>") for one in group if one.ActionType == "none" and one.Text]
    title, *rest = words[0] if words else [""]
    file = None
    for one in group:
        if one.Image:
            try:
                blob = await blobs.fetch(account.shared.session, one.Image, _MEDIA["picture"])
            except blobs.NoBytesError as problem:
                raise bad(3, str(problem)) from problem
            file = account.keep(blob, "picture")
    buttons = tuple(_button(one) for one in group if one.ActionType != "none")
    return Card(title=_plain(title), text=_plain(" ".join(rest)), file=file, buttons=buttons)


def _keyboard(ask: Send) -> Keyboard:
    """The keys under the field; a message without any takes the old ones away."""
    rows: list[tuple[Button, ...]] = []
    row: list[Button] = []
    width = 0
    for key in ask.keyboard.Buttons if ask.keyboard else []:
        if width + key.Columns > 6:
            rows, row, width = [*rows, tuple(row)], [], 0
        row, width = [*row, _button(key)], width + key.Columns
    return Keyboard(rows=(*rows, tuple(row)) if row else tuple(rows))


def _button(key: Key) -> Button:
    kind = _ACTIONS[key.ActionType]
    url = key.ActionBody if kind == "url" else ""
    return Button(text=_plain(key.Text), kind=kind, payload=key.ActionBody, url=url)


def _plain(text: str) -> str:
    return _TAGS.sub("", text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
