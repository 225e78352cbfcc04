"""Photos and documents: where to, the bytes, storing, and download."""

import json
import secrets

import msgspec

from sandbox import blobs
from sandbox.asgi import Reply, Upload, as_json, refuse
from sandbox.blobs import Blob
from sandbox.message import Kind
from sandbox.platform import Call
from sandbox.vk.community import Community, Stored, Ticket, of
from sandbox.vk.params import Params, done, refused
from sandbox.world import Account

_PHOTO_BYTES = 52_428_800
_SIDES = 14_000
_PROGRAMS = (b"MZ", b"\x7fELF")
_MP3 = (b"ID3", b"\xff\xfb")


def photo_server(community: Community, params: Params) -> Reply:
    params.number("peer_id", 0)
    return done({**_server(community, "photo"), "album_id": -64, "group_id": community.group})


def docs_server(community: Community, params: Params) -> Reply:
    params.number("peer_id")
    kind = params.text("type") or "doc"
    if kind not in {"doc", "audio_message", "graffiti"}:
        raise refused(100, "type is invalid")
    return done(_server(community, kind))


async def take(call: Call, account: Account) -> Reply:
    """The bytes of one file, at the address that was given out for it."""
    community = of(account)
    ticket = community.tickets[call.names["key"]]
    fields = ("photo", "file", "file0", "file1") if ticket.type == "photo" else ("file",)
    upload = next((call.uploads[name] for name in fields if name in call.uploads), None)
    if call.request.method != "POST" or upload is None:
        return as_json({"error": "no_file"})
    if ticket.type == "photo":
        return _photo_taken(community, ticket, upload)
    if (why := _why_no_document(ticket.type, upload)) is not None:
        return as_json({"error": why, "error_descr": "The file was not taken"})
    kept = _kept(community, ticket, blobs.uploaded(upload))
    return as_json({"file": f"{community.group}|{kept.key}|{kept.hash}"})


def save_photo(community: Community, params: Params) -> Reply:
    if params.number("server") != _number_of(community):
        raise refused(118)
    ticket = community.tickets.get(_photo_key(params.text("photo", required=True)))
    if ticket is None or not ticket.file_id:
        raise refused(129)
    if params.text("hash", required=True) != ticket.hash:
        raise refused(121)
    stored = _store(community, ticket, "picture")
    blob = community.files[ticket.file_id]
    url = address(community, ticket.file_id)
    size = {"type": "x", "url": url, "width": blob.width, "height": blob.height}
    photo = {"id": stored.number, "album_id": -64, "owner_id": -community.group, "user_id": 100,
             "access_key": stored.access_key, "date": 0, "text": "", "sizes": [size]}  # fmt: skip
    return done([photo])


def save_document(community: Community, params: Params) -> Reply:
    _, _, rest = params.text("file", required=True).partition("|")
    key, _, told = rest.partition("|")
    ticket = community.tickets.get(key)
    if ticket is None or not ticket.file_id or ticket.hash != told:
        raise refused(105)
    kind: Kind = {"doc": "file", "audio_message": "voice", "graffiti": "picture"}[ticket.type]  # type: ignore[assignment]
    title = params.text("title", 128)
    blob = community.files[ticket.file_id]
    if title:
        community.files[ticket.file_id] = blob = msgspec.structs.replace(blob, name=title)
    stored = _store(community, ticket, kind)
    url = address(community, ticket.file_id)
    told_of = {"id": stored.number, "owner_id": -community.group, "access_key": stored.access_key}
    more: dict[str, object] = {"title": blob.name, "size": len(blob.content), "url": url, "type": 1}
    if ticket.type == "audio_message":
        more = {"duration": blob.duration or 1, "waveform": [1], "link_ogg": url, "link_mp3": url}
    return done({"type": ticket.type, ticket.type: told_of | more})


async def download(call: Call) -> Reply:
    """A file of a message; anybody who has the address may have it."""
    account = call.world.accounts.get(call.names["group"])
    blob = account.files.get(call.names["file"]) if account else None
    if blob is None:
        return refuse(404, "There is no such file.")
    return Reply(200, blob.content, blob.mime)


async def face(call: Call) -> Reply:
    """A person's picture: a drawn one."""
    number = int(call.names["person"]) % 12 if call.names["person"].isdecimal() else 0
    drawn = blobs.sample(f"picture-{number}.png")
    return Reply(200, drawn.content, drawn.mime)


def address(community: Community, file_id: str) -> str:
    return f"{community.shared.origin()}/vk/files/{community.id}/{file_id}"


def _server(community: Community, kind: str) -> dict[str, object]:
    ticket = Ticket(key=secrets.token_urlsafe(12), type=kind)
    community.tickets[ticket.key] = ticket
    return {"upload_url": f"{community.shared.origin()}/vk/upload/{ticket.key}"}


def _photo_taken(community: Community, ticket: Ticket, upload: Upload) -> Reply:
    blob = blobs.uploaded(upload)
    is_photo = blob.width and blob.width + blob.height <= _SIDES
    if not is_photo or blob.mime == "image/webp" or len(upload.content) > _PHOTO_BYTES:
        return as_json({"server": _number_of(community), "photo": "[]", "hash": "0"})
    kept = _kept(community, ticket, blob)
    photo = json.dumps([{"photo": kept.key, "sizes": []}])
    return as_json({"server": _number_of(community), "photo": photo, "hash": kept.hash})


def _why_no_document(kind: str, upload: Upload) -> str | None:
    if not upload.content:
        return "empty_file"
    if kind == "audio_message":
        return None if upload.content.startswith(b"OggS") else "unknown error"
    is_refused = upload.content.startswith((*_PROGRAMS, *_MP3))
    return "wrong_file_type" if is_refused or upload.name.endswith((".mp3", ".exe")) else None


def _kept(community: Community, ticket: Ticket, blob: Blob) -> Ticket:
    file_id = secrets.token_urlsafe(9)
    community.files[file_id] = blob
    kept = msgspec.structs.replace(ticket, file_id=file_id, hash=secrets.token_hex(8))
    community.tickets[ticket.key] = kept
    return kept


def _store(community: Community, ticket: Ticket, kind: Kind) -> Stored:
    number = community.number("stored", 456_239_017)
    stored = Stored(
        number=number,
        access_key=secrets.token_hex(9),
        file_id=ticket.file_id,
        kind=kind,
        type=ticket.type,
    )
    community.stored[f"{ticket.type}-{community.group}_{number}"] = stored
    return stored


def _photo_key(text: str) -> str:
    try:
        told = json.loads(text)
        return str(told[0]["photo"])
    except (ValueError, LookupError, TypeError):
        return ""


def _number_of(community: Community) -> int:
    return community.group % 1_000_000
