"""A bot's message as telephones draw it; refused where MAX refuses it."""

import re
import time

from msgspec.structs import replace

from sandbox.max import wire
from sandbox.max.account import Bot
from sandbox.max.errors import NOT_READY, payload, refusal
from sandbox.max.markup import formatted
from sandbox.message import Button, ContactCard, File, Message, Place, Rows

_TEXT = 4000
_ALONE = (wire.Audio, wire.AnyFile, wire.Sticker, wire.Contact)
_FILES = (wire.Image, wire.Video, wire.Audio, wire.AnyFile)
_KINDS = {"image": "picture", "video": "video", "audio": "voice", "file": "file"}
_PHONE = re.compile(r"TEL[^:\r\n]*:([^\r\n]+)")


def written(bot: Bot, message: Message, new: wire.NewMessage) -> Message:
    """The message with its new body."""
    text, marks = formatted(new.text or "", new.format)
    if len((new.text or "").encode("utf-16-le")) // 2 > _TEXT:
        raise payload(f"text: size must be between 0 and {_TEXT}")
    message = replace(message, text=text, marks=marks)
    if new.attachments is None:
        return message
    parts = new.attachments
    lonely = [part for part in parts if not isinstance(part, wire.Keyboard)]
    if len(lonely) > 1 and any(isinstance(part, _ALONE) for part in lonely):
        raise payload("attachments: must be the only attachment in message")
    files = tuple(_file(bot, part) for part in parts if isinstance(part, _FILES))
    stickers = tuple(_sticker(bot, part) for part in parts if isinstance(part, wire.Sticker))
    message = replace(message, files=files + stickers, place=None, contact=None, buttons=())
    for part in parts:
        message = _attached(message, part)
    return _with_kind(message)


def said_something(new: wire.NewMessage) -> bool:
    """Whether there is anything to send."""
    return bool((new.text or "").strip() or new.attachments or new.link)


def _with_kind(message: Message) -> Message:
    if message.files:
        return replace(message, kind=message.files[0].kind)
    if message.place is not None:
        return replace(message, kind="location")
    return replace(message, kind="contact" if message.contact is not None else "text")


def _attached(message: Message, part: wire.Attachment) -> Message:
    match part:
        case wire.Location():
            place = Place(latitude=part.latitude, longitude=part.longitude)
            return replace(message, place=place)
        case wire.Contact():
            phone = _PHONE.search(part.payload.vcf_info or "")
            told = part.payload.vcf_phone or (phone[1] if phone else "")
            card = ContactCard(name=part.payload.name or "", phone=told)
            return replace(message, contact=card)
        case wire.Keyboard():
            return replace(message, buttons=_rows(part.payload.buttons))
        case _:
            return message


def _file(bot: Bot, part: wire.Image | wire.Video | wire.Audio | wire.AnyFile) -> File:
    kind = type(part).__struct_config__.tag
    token = _token(part.payload) if isinstance(part, wire.Image) else part.payload.token
    stored = bot.stored.get(token)
    if stored is None or stored[0] != kind:
        raise payload(f"attachments: no {kind} has the token {token[:40]!r}")
    if stored[2] > time.time():
        raise refusal(*NOT_READY)
    return _kept(bot, stored[1], _KINDS[str(kind)])


def _token(picture: wire.Picture) -> str:
    given = [bool(picture.url), bool(picture.token), bool(picture.photos)]
    if sum(given) != 1:
        raise payload("payload: exactly one of url, token and photos")
    if picture.url:  # allowed by the schema, refused by the platform (2026)
        raise payload("payload: external url is not supported")
    photos = picture.photos or {}
    return picture.token or next(photo.token for photo in photos.values())


def _sticker(bot: Bot, part: wire.Sticker) -> File:
    stored = bot.stored.get(part.payload.code)
    if stored is None:
        raise payload("attachments: unknown sticker code")
    return _kept(bot, stored[1], "sticker")


def _kept(bot: Bot, file_id: str, kind: str) -> File:
    return replace(bot.keep(bot.files[file_id], "file", file_id), kind=kind)


def _rows(rows: list[list[wire.Button]]) -> Rows:
    if sum(map(len, rows)) > 210:
        raise payload("buttons: at most 210 buttons")
    for row in rows:
        plain = all(isinstance(key, wire.Callback | wire.Say | wire.Clipboard) for key in row)
        if len(row) > (7 if plain else 3):
            raise payload("buttons: too many buttons in a row")
    return tuple(tuple(_button(key) for key in row) for row in rows if row)


def _button(key: wire.Button) -> Button:
    own = wire.as_sent(key)
    match key:
        case wire.Callback():
            return Button(text=key.text, payload=key.payload, own=own)
        case wire.Link():
            return Button(text=key.text, kind="url", url=key.url, own=own)
        case wire.RequestContact():
            return Button(text=key.text, kind="phone", own=own)
        case wire.RequestPlace():
            return Button(text=key.text, kind="location", own=own)
        case wire.Say():
            return Button(text=key.text, kind="say", own=own)
        case wire.Clipboard():
            return Button(text=key.text, kind="copy", payload=key.payload, own=own)
        case wire.OpenApp():
            return Button(text=key.text, kind="app", own=own)
