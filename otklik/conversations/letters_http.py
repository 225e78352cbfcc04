"""The page of a letter, for a frame of the desk: it runs nothing and loads nothing by itself."""

from typing import Annotated

from litestar import get
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from otklik.accounts.http import TheCaller
from otklik.accounts.types import Scope
from otklik.conversations import files
from otklik.conversations.files_http import TheFiles
from otklik.kernel.errors import NotFoundError
from otklik.platform.web import require

PAGE_NAME = "letter.html"
_LARGEST = 12 * 1024 * 1024
_FRAME = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"
    " style-src 'unsafe-inline'; img-src data:{pictures}; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'"
)
_HEAD = (
    '<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
    '<base target="_blank"><style>body{margin:0;font:14px/1.5 system-ui,sans-serif;'
    "color:#1a1a1a;background:#fff;overflow-wrap:anywhere}img,table{max-width:100%}"
    "blockquote{margin:0 0 0 .5em;padding-left:.75em;border-left:2px solid #ccc}</style>"
)


@get(
    "/files/{file_id:str}/letter",
    guards=[require(Scope.CONVERSATIONS_READ)],
    tags=["files"],
    media_type="text/html",
)
async def show_letter(
    file_id: FromPath[str],
    caller: TheCaller,
    room: TheFiles,
    pictures: Annotated[bool, QueryParameter(name="pictures")] = False,
) -> Response[bytes]:
    """Give a letter as its page; `pictures` also lets it load pictures from elsewhere."""
    row = await room.journal.database.read(
        lambda connection: files.find(connection, caller.account_id, file_id)
    )
    if row.name != PAGE_NAME or row.size > _LARGEST:
        raise NotFoundError
    stored = await room.files.open(row.id)
    page = b"".join([chunk async for chunk in stored.chunks()])
    policy = _FRAME.format(pictures=" https: http:" if pictures else "")
    return Response(
        _HEAD.encode() + page,
        media_type="text/html; charset=utf-8",
        headers={
            "Content-Security-Policy": policy,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "private, max-age=900",
        },
    )
