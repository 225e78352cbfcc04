"""The visitor protocol over HTTP; what it says is in docs/visitor-protocol.md."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody, QueryParameter, SkipValidation
from litestar.response import Stream

from otklik.conversations import api as conversations
from otklik.ingress.visitor_room import VisitorRoom
from otklik.ingress.visitor_types import (
    Accepted,
    Look,
    Page,
    Session,
    SessionAsk,
    Uploaded,
    VisitorSend,
    setting,
)
from otklik.platform.web import OPEN

DEFAULT_COLOR = "#00767b"

_FORM_BYTES = 65_536
_CHUNK_BYTES = 262_144
_SEND_BYTES = 65_536

AnyRequest = Request[Any, Any, Any]  # Litestar leaves user, auth and state open
TheRoom = NamedDependency[SkipValidation[VisitorRoom]]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]


class Form(msgspec.Struct):
    """The form of an upload."""

    file: UploadFile


@get("/settings", guards=[OPEN], tags=["visitor"])
async def settings(public_key: FromPath[str], request: AnyRequest, room: TheRoom) -> Response[Look]:
    """Tell how the inbox presents itself."""
    inbox = room.inbox(public_key, request)
    given = inbox.config.settings
    look = Look(
        title=inbox.title,
        greeting=setting(given, "greeting"),
        color=setting(given, "color", DEFAULT_COLOR),
        locale=setting(given, "locale"),
        position=setting(given, "position", "right"),
        consent_text=setting(given, "consent_text"),
        upload_bytes=room.upload_limit,
        sandbox=room.sandbox,
    )
    return Response(look, headers={"Cache-Control": "public, max-age=60"})


@post("/session", guards=[OPEN], status_code=200, tags=["visitor"])
async def session(
    public_key: FromPath[str], data: JSONBody[SessionAsk], request: AnyRequest, room: TheRoom
) -> Response[Session]:
    """Let a visitor in: known by token, proven by their site, or new."""
    inbox = room.inbox(public_key, request)
    answer = await room.session(inbox, data, room.address(request))
    return Response(answer, status_code=200, headers={"Cache-Control": "no-store"})


@get("/messages", guards=[OPEN], tags=["visitor"])
async def messages(
    public_key: FromPath[str],
    request: AnyRequest,
    room: TheRoom,
    before: FromQuery[int | None] = None,
    limit: Limit = 50,
) -> Response[Page]:
    """Show the visitor's messages before a number."""
    guest = room.guest(public_key, request)
    page = await room.page(guest, before, limit)
    return Response(page, headers={"Cache-Control": "no-store"})


@post("/messages", guards=[OPEN], status_code=202, tags=["visitor"])
async def send(
    public_key: FromPath[str], data: JSONBody[VisitorSend], request: AnyRequest, room: TheRoom
) -> Accepted:
    """Take a message; it is durable when the answer comes."""
    guest = room.guest(public_key, request)
    return await room.accept(guest, data, room.address(request))


@post("/files", guards=[OPEN], status_code=201, tags=["visitor"])
async def upload(
    public_key: FromPath[str],
    data: Annotated[Form, Body(media_type=RequestEncodingType.MULTI_PART)],
    request: AnyRequest,
    room: TheRoom,
) -> Uploaded:
    """Store a file to send."""
    guest = room.guest(public_key, request)
    room.limits.uploads.take(room.address(request))
    size = int(request.headers.get("content-length", "0") or 0)
    row = await room.upload(
        guest,
        _chunks(data.file),
        data.file.filename,
        data.file.content_type,
        size,
    )
    link = room.link(guest, "")
    return Uploaded(
        row.id, row.name, row.mime, row.kind, row.size, row.width, row.height, link(row.id)
    )


@get("/files/{file_id:str}", guards=[OPEN], tags=["visitor"])
async def file(
    public_key: FromPath[str],
    file_id: FromPath[str],
    request: AnyRequest,
    room: TheRoom,
) -> Stream:
    """Give the bytes of a file to whom its address was signed for."""
    inbox = room.inbox(public_key, request)
    asked = request.query_params
    signed = (asked.get("expires", ""), asked.get("sig", ""), asked.get("for", ""))
    row = await room.file(inbox, file_id, signed)
    answer = await conversations.given(room.files, row, request.headers)
    # The address is the permission: an app of another origin shows the picture as well.
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def visitor_router(room: VisitorRoom) -> Router:
    """Give the routes of visitors."""
    provide = {"room": Provide(lambda: room, sync_to_thread=False)}
    talk = Router(
        path="/",
        route_handlers=[settings, session, messages, send, file],
        request_max_body_size=_SEND_BYTES,
    )
    files = Router(
        path="/",
        route_handlers=[upload],
        request_max_body_size=room.upload_limit + _FORM_BYTES,
    )
    return Router(
        path="/widget/v1/{public_key:str}", route_handlers=[talk, files], dependencies=provide
    )


async def _chunks(upload: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await upload.read(_CHUNK_BYTES):
        yield chunk
