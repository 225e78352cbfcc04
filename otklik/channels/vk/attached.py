"""What is attached to a message of VK: files of ours, or a line of text that links to it."""

import re
from typing import NamedTuple

from otklik.channels.vk.wire import Attached, Image, Media, Message, Span
from otklik.kernel.text import preview, utf16_length
from otklik.ports.message import Attachment, Entity, MessageKind

_MENTION = re.compile(r"\[((?:id|club|public|event)\d{1,19})\|([^\]\n]+)\]")
_MARKS = {"bold": "bold", "italic": "italic", "underline": "underline", "url": "link"}
_SITE = "https://vk.com/"
# Shared things have no file of their own: what stands before `<owner>_<id>` in their address.
_SHARED = {
    "video": "video",
    "video_playlist": "video/playlist/",
    "audio": "audio",
    "link": "",
    "market": "product",
    "wall": "wall",
    "wall_reply": "wall",
    "article": "",
    "poll": "poll",
    "podcast": "podcast",
    "story": "story",
}
_SIZES = ("thumb_48", "thumb_96", "thumb_256")
_OLD_SIZES = ("photo_75", "photo_130", "photo_604", "photo_807", "photo_1280", "photo_2560")
_GIF = 3  # the type of a document


class Shared(NamedTuple):
    """A thing of VK's shown in a message; `id` as `<owner>_<id>`, empty when it has none."""

    kind: str
    id: str
    title: str
    url: str


class Page:
    """Gathers what one message says: text with its formatting, files, shared things."""

    def __init__(self) -> None:
        self.text = ""
        self.spans: list[Entity] = []
        self.files: list[Attachment] = []
        self.shared: list[Shared] = []
        self.unknown: list[str] = []
        self.details: dict[str, str] = {}

    def add(self, message: Message) -> None:
        """Take in a message and what it forwards, in the order of the screen."""
        self._told(message.text or message.body, message.format_data.items if message.format_data
                   else ())  # fmt: skip
        self._attached(message.attachments)
        for forwarded in message.fwd_messages:
            page = Page()
            page.add(forwarded)
            self._line(page.text, "quote")
            self.files += page.files
            self.shared += page.shared
            self.unknown += page.unknown

    def _told(self, text: str, marks: tuple[Span, ...]) -> None:
        if marks:  # their offsets count the text as it came
            start = self._line(text)
            self.spans += [
                Entity(_MARKS[mark.type], start + mark.offset, mark.length, mark.url)
                for mark in marks
                if mark.type in _MARKS
            ]
            return
        start = self._line(_MENTION.sub(r"\2", text))
        removed = 0
        for found in _MENTION.finditer(text):
            at = start + utf16_length(text[: found.start()]) - removed
            length = utf16_length(found[2])
            self.spans.append(Entity("mention", at, length, _SITE + found[1]))
            removed += utf16_length(found[0]) - length

    def _line(self, text: str, kind: str = "", url: str = "") -> int:
        """Begin a new line; give where it starts, in UTF-16 units."""
        if text and self.text:
            self.text += "\n"
        start = utf16_length(self.text)
        self.text += text
        if text and kind:
            self.spans.append(Entity(kind, start, utf16_length(text), url))
        return start

    def _attached(self, attached: tuple[Attached, ...]) -> None:
        for one in attached:
            media = getattr(one, one.type, None)
            if not isinstance(media, Media):
                self.unknown.append(one.type[:64])
            elif (file := file_of(one.type, media)) is not None:
                self.files.append(file)
                self.details |= {"transcript": media.transcript} if media.transcript else {}
            elif one.type in _SHARED:
                self._share(one.type, media)
            else:
                self.unknown.append(one.type)

    def _share(self, kind: str, media: Media) -> None:
        shared = _shared(kind, media)
        self.shared.append(shared)
        self._line(shared.title or shared.url, "link" if shared.url else "", shared.url)
        self._attached(media.attachments)
        for original in media.copy_history:
            self._share("wall", original)


def file_of(kind: str, media: Media) -> Attachment | None:
    """Give the file of an attachment; None for what VK tells no address of."""
    match kind:
        case "photo":
            return _picture(_best(media))
        case "sticker" | "ugc_sticker":
            return _picture(_biggest(media.images), MessageKind.STICKER, "image/png")
        case "gift":
            return _picture(_named(media, _SIZES))
        case "graffiti":
            return _picture(Image(media.url, "", media.width, media.height), mime="image/png")
        case "audio_message":
            return _voice(media.link_ogg, media.link_mp3, media.duration)
        case "doc":
            return _document(media)
        case _:
            return None


def _document(media: Media) -> Attachment | None:
    voice = media.preview.audio_msg if media.preview else None  # how voices came before 2019
    if voice is not None:
        return _voice(voice.link_ogg, voice.link_mp3, voice.duration)
    if not media.url:
        return None
    is_moving = media.type == _GIF
    return Attachment(
        kind=MessageKind.PICTURE if is_moving else MessageKind.FILE,
        ref=media.url,
        name=media.title,
        mime="image/gif" if is_moving else "",
        size=media.size,
        animation=is_moving,
    )


def _voice(ogg: str, mp3: str, duration_s: int) -> Attachment | None:
    if not (ogg or mp3):
        return None
    mime = "audio/ogg" if ogg else "audio/mpeg"
    return Attachment(MessageKind.VOICE, ref=ogg or mp3, mime=mime, duration_s=duration_s)


def _picture(
    image: Image, kind: MessageKind = MessageKind.PICTURE, mime: str = "image/jpeg"
) -> Attachment | None:
    ref = image.url or image.src
    return Attachment(kind, ref, mime=mime, width=image.width, height=image.height) if ref else None


def _best(media: Media) -> Image:
    if media.orig_photo is not None and media.orig_photo.url:
        return media.orig_photo
    return _biggest(media.sizes) if media.sizes else _named(media, _OLD_SIZES)


def _biggest(images: tuple[Image, ...]) -> Image:
    # Sizes are 0 in old pictures; the later of equals is the bigger one in VK's order.
    return max(reversed(images), key=lambda image: image.width * image.height, default=Image())


def _named(media: Media, names: tuple[str, ...]) -> Image:
    return Image(next(filter(None, (getattr(media, name) for name in reversed(names))), ""))


def _shared(kind: str, media: Media) -> Shared:
    owner = media.owner_id or media.to_id or media.from_id
    name = f"{owner}_{media.id}" if owner and media.id else ""
    url = media.view_url or media.url
    if name and _SHARED[kind]:
        url = f"{_SITE}{_SHARED[kind]}{name}"
        if kind == "wall_reply" and media.post_id:
            url = f"{_SITE}wall{owner}_{media.post_id}?reply={media.id}"
    title = " — ".join(filter(None, (media.artist, media.title or media.question or media.text)))
    return Shared(kind, name, preview(title), url)
