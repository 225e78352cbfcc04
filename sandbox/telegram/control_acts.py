"""The acts of people by the names the control API gives them."""

from collections.abc import Callable

from sandbox import blobs
from sandbox.blobs import Blob
from sandbox.orders import ActError
from sandbox.telegram import acts
from sandbox.telegram.orders import Act, FilePart

DEFAULT_SAMPLE = {
    "photo": "tea-cup.jpg",
    "video": "steam.mp4",
    "voice": "voice.ogg",
    "audio": "bell.m4a",
    "document": "price.pdf",
    "animation": "leaf.mp4",
    "video_note": "round.mp4",
    "sticker": "cup.webp",
}


def blob_of(part: FilePart) -> Blob:
    """The bytes of a file that a person sends: their own, or a sample."""
    if part.content is None:
        return blobs.sample(part.sample or DEFAULT_SAMPLE[part.kind])
    made = blobs.blob(part.content, part.name or "file.bin", part.mime or "", part.duration or 0)
    if part.kind == "photo" and not made.width:
        raise ActError("A photo must be a PNG, JPEG, GIF or WebP picture.")
    return made


def _file(at: acts.Hand, ask: Act) -> object:
    part = FilePart(ask.kind, ask.sample, ask.content, ask.name, ask.mime, ask.duration)
    return acts.send_file(at, ask.kind, blob_of(part), caption=ask.caption, reply_to=ask.reply_to)


def _album(at: acts.Hand, ask: Act) -> object:
    if not 2 <= len(ask.items) <= 10:
        raise ActError("items: an album has from 2 to 10 files.")
    return acts.send_album(at, [(part.kind, blob_of(part)) for part in ask.items], ask.caption)


def _contact(at: acts.Hand, ask: Act) -> object:
    if ask.phone_number:
        return acts.share_contact(at, ask.phone_number, ask.first_name or "Знакомый", ask.user_id)
    return acts.share_own_contact(at)


def _press(at: acts.Hand, ask: Act) -> object:
    return {"query_id": acts.press(at, ask.message_id, ask.data, ask.button).id}


def _block(at: acts.Hand, _ask: Act) -> None:
    acts.set_blocked(at, blocked=True)


def _unblock(at: acts.Hand, _ask: Act) -> None:
    acts.set_blocked(at, blocked=False)


def _deactivate(at: acts.Hand, _ask: Act) -> None:
    at.person.deactivated = True


ACTS: dict[str, Callable[[acts.Hand, Act], object]] = {
    "text": lambda at, ask: acts.write(at, ask.text, ask.entities, ask.reply_to),
    "start": lambda at, ask: acts.start(at, ask.payload),
    "file": _file,
    "album": _album,
    "location": lambda at, ask: acts.send_location(at, ask.latitude, ask.longitude),
    "venue": lambda at, ask: acts.send_venue(
        at, ask.latitude, ask.longitude, ask.title, ask.address
    ),
    "contact": _contact,
    "edit": lambda at, ask: acts.edit(at, ask.message_id, ask.text),
    "press": _press,
    "tap": lambda at, ask: acts.tap(at, ask.text),
    "reaction": lambda at, ask: acts.react(at, ask.message_id, ask.emoji),
    "block": _block,
    "unblock": _unblock,
    "deactivate": _deactivate,
}
