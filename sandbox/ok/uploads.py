"""Files of a group: a place, the upload itself, downloads."""

import secrets
import time

from sandbox import blobs
from sandbox.asgi import Reply, as_json
from sandbox.ok.errors import parameter, refusal
from sandbox.ok.graph import group_of
from sandbox.platform import Call, Refused
from sandbox.world import Account

_KINDS = ("IMAGE", "VIDEO", "AUDIO", "FILE")


async def place(call: Call, account: Account) -> Reply:
    group, kind = group_of(account), str(call.fields.get("type", "FILE"))
    if kind not in _KINDS:
        raise parameter("type")
    key, token = secrets.token_urlsafe(16), secrets.token_urlsafe(24)
    group.uploads[key] = (kind, token)
    url = f"{group.shared.origin()}/ok/upload/{key}"
    return as_json({"url": url, "token": token} if kind != "IMAGE" else {"url": url})


async def put(call: Call, account: Account) -> Reply:
    """Take a file of a form, under whatever name it comes."""
    group = group_of(account)
    kind, token = group.uploads[call.names["key"]]
    if not call.uploads:
        raise parameter("the form has no file")
    blob = blobs.uploaded(next(iter(call.uploads.values())))
    if kind == "IMAGE" and blobs.picture_size(blob.content) is None:
        raise refusal(503, "PHOTO_INVALID_FORMAT : not a picture")
    file = group.keep(blob, "file")
    ready_at = 0.0 if kind == "IMAGE" else time.time() + group.processing_s
    group.stored[token] = (kind, file.id, ready_at)
    del group.uploads[call.names["key"]]
    if kind == "IMAGE":
        return as_json({"photos": {secrets.token_urlsafe(8): {"token": token}}})
    return Reply(200, b"<retval>1</retval>", "text/html")


async def download(call: Call) -> Reply:
    account = call.world.accounts.get(call.names["account"])
    blob = account.files.get(call.names["file"]) if account else None
    if blob is None:
        raise Refused(Reply(404, b"", "text/plain"))
    return Reply(200, blob.content, blob.mime)
