"""Files: uploaded for sending, found by their id, downloaded with the token."""

import base64
import hashlib

from sandbox import blobs
from sandbox.asgi import Reply, as_json
from sandbox.blobs import Blob
from sandbox.message import File
from sandbox.meta import dead_token, graph_error
from sandbox.platform import Call, Refused
from sandbox.whatsapp.account import Number
from sandbox.world import Account

MOST = {"image": 5_242_880, "video": 16_777_216, "audio": 16_777_216, "sticker": 512_000,
        "document": 104_857_600}  # fmt: skip
_TYPES = {
    "image": {"image/jpeg", "image/png"},
    "video": {"video/mp4", "video/3gpp"},
    "audio": {"audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg", "audio/opus"},
    "sticker": {"image/webp"},
}


async def upload(call: Call, account: Account) -> Reply:
    """Take a file; it is known by its id from now on."""
    number = _own(call, account)
    part = call.uploads.get("file")
    if call.fields.get("messaging_product") != "whatsapp" or part is None or not part.content:
        raise _bad(100, "Invalid parameter", "messaging_product and file are required")
    if len(part.content) > MOST["document"]:
        raise _bad(131053, "Media upload error", "the file is too large")
    mime = str(call.fields.get("type") or part.content_type)
    blob = blobs.blob(part.content, part.name, mime.partition(";")[0])
    file = number.keep(blob, "file", str(10**15 + number.number("media")))
    return as_json({"id": file.id})


async def address(call: Call, account: Account, media_id: str) -> Reply:
    """Where a file can be had; the address wants the token, too."""
    number = _alive(account)
    blob = number.files.get(media_id)
    if blob is None:
        details = f"Object with ID '{media_id}' does not exist"
        raise Refused(graph_error(100, "Unsupported get request", subcode=33, details=details))
    told = {
        "messaging_product": "whatsapp",
        "url": f"{number.shared.origin()}/{call.platform.id}/attachments/{media_id}",
        "mime_type": blob.mime,
        "sha256": hashlib.sha256(blob.content).hexdigest(),
        "file_size": len(blob.content),
        "id": media_id,
    }
    return as_json(told)


async def download(call: Call, account: Account) -> Reply:
    """The bytes of a file."""
    blob = _alive(account).files.get(call.names["media"])
    if blob is None:
        return Reply(404, b"", "text/plain")
    return Reply(200, blob.content, blob.mime)


def kept_as(number: Number, blob: Blob, field: str, media_id: str) -> File:
    """A file in a message of a kind; refuses types and sizes WhatsApp would not send."""
    known = _TYPES.get(field)
    if known is not None and blob.mime.partition(";")[0] not in known:
        raise _bad(131053, "Media upload error", f"{blob.mime} is no type for {field}")
    if len(blob.content) > MOST[field]:
        raise _bad(131053, "Media upload error", f"{field} is over {MOST[field]} bytes")
    return number.keep(blob, "picture" if field == "image" else "file", media_id)


def digest(blob: Blob) -> str:
    """A file's digest as webhooks give it."""
    return base64.b64encode(hashlib.sha256(blob.content).digest()).decode()


def _own(call: Call, account: Account) -> Number:
    number = _alive(account)
    if call.names["node"] != number.id:
        raise _bad(100, "Unsupported post request", "the phone number id is not this token's")
    return number


def _alive(account: Account) -> Number:
    if account.revoked or not isinstance(account, Number):
        raise Refused(dead_token(), "190")
    return account


def _bad(code: int, words: str, details: str) -> Refused:
    return Refused(graph_error(code, words, details=details), str(code))
