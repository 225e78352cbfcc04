"""Files over HTTP: an operator uploads and looks at them."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Request, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import Body, FromPath, QueryParameter, SkipValidation
from litestar.response import Stream

from otklik.accounts.http import TheCaller
from otklik.accounts.types import Scope
from otklik.conversations import files
from otklik.conversations.types import FileRow
from otklik.events.api import Journal
from otklik.kernel.clock import Clock
from otklik.kernel.ids import FileId
from otklik.platform.file_types import FileType, response_headers
from otklik.platform.files import FileStore
from otklik.platform.web import require
from otklik.ports.message import MessageKind

_CHUNK_BYTES = 262_144
_FORM_BYTES = 65_536
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class FileRoom:
    """What the handlers of files work with."""

    journal: Journal
    files: FileStore
    clock: Clock
    limit: int


AnyRequest = Request[Any, Any, Any]  # Litestar leaves user, auth and state open
TheFiles = NamedDependency[SkipValidation[FileRoom]]


class UploadedFile(msgspec.Struct, frozen=True):
    """A file that is stored and can be sent by its id."""

    file_id: FileId
    name: str
    mime: str
    kind: MessageKind
    size: int
    width: int
    height: int


class Upload(msgspec.Struct):
    """The form of an upload."""

    file: UploadFile


@post("/files", guards=[require(Scope.CONVERSATIONS_WRITE)], tags=["files"])
async def upload(
    data: Annotated[Upload, Body(media_type=RequestEncodingType.MULTI_PART)],
    caller: TheCaller,
    room: TheFiles,
) -> UploadedFile:
    """Store a file to send."""
    row = await files.take_in(
        room.files,
        room.journal,
        room.clock,
        chunks_of(data.file),
        files.Upload(
            account_id=caller.account_id,
            contact_id="",
            name=data.file.filename,
            declared=data.file.content_type,
            limit=room.limit,
        ),
    )
    return uploaded(row)


@get("/files/{file_id:str}", guards=[require(Scope.CONVERSATIONS_READ)], tags=["files"])
async def download_file(
    file_id: FromPath[str],
    caller: TheCaller,
    room: TheFiles,
    request: AnyRequest,
    as_download: Annotated[bool, QueryParameter(name="download")] = False,
) -> Stream:
    """Give the bytes of a file."""
    row = await room.journal.database.read(
        lambda connection: files.find(connection, caller.account_id, file_id)
    )
    return await given(room.files, row, request.headers, as_download=as_download)


def uploaded(row: FileRow) -> UploadedFile:
    """Show a stored upload."""
    return UploadedFile(row.id, row.name, row.mime, row.kind, row.size, row.width, row.height)


async def chunks_of(upload: UploadFile) -> AsyncIterator[bytes]:
    """Read an upload piece by piece."""
    while chunk := await upload.read(_CHUNK_BYTES):
        yield chunk


async def given(
    store: FileStore, row: FileRow, headers: Mapping[str, str], *, as_download: bool = False
) -> Stream:
    """Serve a stored file, whole or the one range that was asked for (RFC 9110 §14)."""
    stored = await store.open(row.id)
    kind = FileType(row.mime, row.kind, inline=bool(row.inline) and not as_download)
    answer = response_headers(kind, row.name) | {"Accept-Ranges": "bytes"}
    asked = _range(headers.get("range", ""), stored.size)
    if asked is None:
        answer["Content-Length"] = str(stored.size)
        return Stream(stored.chunks(), headers=answer)
    start, end = asked
    answer["Content-Length"] = str(end - start)
    answer["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size}"
    return Stream(stored.chunks(start, end), status_code=206, headers=answer)


def _range(header: str, size: int) -> tuple[int, int] | None:
    found = _RANGE.fullmatch(header.strip())
    if found is None:
        return None
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size) if last else None
    start = int(first)
    end = min(int(last) + 1, size) if last else size
    return (start, end) if start < end else None


def files_router(room: FileRoom, *more: HTTPRouteHandler) -> Router:
    """Give the routes of files, and of what else is shown of them."""
    return Router(
        path="/api/v1",
        route_handlers=[upload, download_file, *more],
        dependencies={"room": Provide(lambda: room, sync_to_thread=False)},
        request_max_body_size=room.limit + _FORM_BYTES,
    )
