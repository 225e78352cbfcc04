"""Files for platforms that fetch them themselves: signed addresses, good for some minutes."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litestar import Request, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, SkipValidation
from litestar.response import Stream

from otklik.conversations import api as conversations
from otklik.inboxes.api import Ground
from otklik.inboxes.types import Inbox
from otklik.kernel.errors import NotFoundError
from otklik.platform.file_links import FileLinks
from otklik.platform.files import FileStore
from otklik.platform.web import OPEN
from otklik.ports.channel import OutgoingFile

AnyRequest = Request[Any, Any, Any]  # Litestar leaves user, auth and state open


@dataclass(frozen=True, slots=True)
class PlatformFiles:
    """Signs addresses of files for an inbox's platform, and opens them."""

    ground: Ground
    files: FileStore
    links: FileLinks
    public_url: str

    def link(self, inbox: Inbox, file: OutgoingFile) -> str:
        """Give the public address of a file; empty on an installation without one."""
        if not self.public_url or not file.file_id:
            return ""
        signed = self.links.link(file.file_id, _reader(inbox), self.ground.clock.now_ms())
        query = signed.partition("?")[2]
        # Some platforms judge a file by the end of its address.
        name = quote(file.name or "file", safe="")
        root = self.public_url.rstrip("/")
        return f"{root}/media/{inbox.public_key}/{file.file_id}/{name}?{query}"


TheFiles = NamedDependency[SkipValidation[PlatformFiles]]


@get("/{file_id:str}/{name:str}", guards=[OPEN], tags=["platforms"])
async def platform_file(
    public_key: FromPath[str],
    file_id: FromPath[str],
    name: FromPath[str],  # noqa: ARG001 - for the platform's eyes only
    request: AnyRequest,
    room: TheFiles,
) -> Stream:
    """Give the bytes of a file to the platform its address was signed for."""
    inbox = room.ground.inboxes.by_key(public_key)
    asked = request.query_params
    expires, sig = asked.get("expires", ""), asked.get("sig", "")
    if inbox is None or not room.links.opens(
        file_id, _reader(inbox), expires, sig, room.ground.clock.now_ms()
    ):
        raise NotFoundError
    row = await room.ground.database.read(
        lambda connection: conversations.find(connection, inbox.account_id, file_id)
    )
    return await conversations.given(room.files, row, request.headers)


def platform_files_router(room: PlatformFiles) -> Router:
    """Give the route of files for platforms."""
    return Router(
        path="/media/{public_key:str}",
        route_handlers=[platform_file],
        dependencies={"room": Provide(lambda: room, sync_to_thread=False)},
    )


def _reader(inbox: Inbox) -> str:
    return f"platform:{inbox.id}"
