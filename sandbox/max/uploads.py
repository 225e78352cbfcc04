"""Files of a bot: a place, the upload itself, downloads and films."""

import re
import secrets
import time

from sandbox import blobs
from sandbox.asgi import Reply, as_json
from sandbox.max import bodies
from sandbox.max.account import Bot, Upload
from sandbox.max.errors import payload, refusal
from sandbox.platform import Call, Refused
from sandbox.world import Account

_KINDS = ("image", "video", "audio", "file")
_RANGE = re.compile(r"bytes ([0-9]+)-([0-9]+)/([0-9]+)")
_BIGGEST = {"image": 50 << 20, "video": 250 << 20, "audio": 256 << 20, "file": 4 << 30}


async def place(call: Call, account: Account) -> Reply:
    bot, kind = _bot(account), str(call.fields.get("type", ""))
    if kind not in _KINDS:
        raise payload(f"type: must be one of {', '.join(_KINDS)}")
    key = secrets.token_urlsafe(16)
    token = secrets.token_urlsafe(30) if kind in {"video", "audio"} else ""
    bot.uploads[key] = Upload(kind, token)
    url = f"{bot.shared.origin()}/max/upload/{key}"
    return as_json({"url": url} | ({"token": token} if token else {}))


async def put(call: Call, account: Account) -> Reply:
    """Take a file, whole in a form or in pieces with `Content-Range`."""
    bot, upload = _bot(account), _bot(account).uploads[call.names["key"]]
    piece = _RANGE.fullmatch(call.header("content-range"))
    if piece is not None:
        upload.content += call.request.body
        if len(upload.content) < int(piece[3]):
            return Reply(200, f"0-{piece[2]}/{piece[3]}".encode(), "text/plain")
        blob = blobs.blob(upload.content, call.header("x-file-name") or "file")
    elif "data" in call.uploads:
        blob = blobs.uploaded(call.uploads["data"])
    else:
        raise payload("data: the form has no such file")
    if len(blob.content) > _BIGGEST[upload.kind]:
        raise refusal(413, "attachment.bad", "The file is too large")
    if upload.kind == "image" and blobs.picture_size(blob.content) is None:
        raise refusal(400, "attachment.bad", "Not a picture")
    token = upload.token or secrets.token_urlsafe(30)
    file = bot.keep(blob, "file")
    ready_at = time.time() + (bot.processing_s if upload.kind == "video" else 0.0)
    bot.stored[token] = (upload.kind, file.id, ready_at)
    del bot.uploads[call.names["key"]]
    if upload.token:
        return Reply(200, b"<retval>1</retval>", "text/html")
    if upload.kind == "image":
        return as_json({"photos": {secrets.token_urlsafe(8): {"token": token}}})
    return as_json({"fileId": 1, "token": token})


async def video(call: Call, account: Account) -> Reply:
    bot, token = _bot(account), call.names["token"]
    stored = bot.stored.get(token)
    if stored is None or stored[0] != "video":
        raise refusal(404, "not.found", "Video not found")
    file = bot.keep(bot.files[stored[1]], "video", stored[1])
    size = {"width": file.width, "height": file.height, "duration": file.duration}
    urls = {"mp4_720": None, "mp4_480": bodies.url_of(bot, file)}
    return as_json({"token": token, "urls": urls, "thumbnail": None, **size})


async def download(call: Call) -> Reply:
    account = call.world.accounts.get(call.names["account"])
    blob = account.files.get(call.names["file"]) if account else None
    if blob is None:
        raise Refused(Reply(404, b"", "text/plain"))
    return Reply(200, blob.content, blob.mime)


def _bot(account: Account) -> Bot:
    assert isinstance(account, Bot)
    return account
