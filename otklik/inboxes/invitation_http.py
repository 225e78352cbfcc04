"""What leaves the desk by hand over HTTP: links for customers, and what to paste at a platform."""

import msgspec
from litestar import Router, get
from litestar.di import Provide
from litestar.params import FromPath, FromQuery

from otklik.accounts.http import TheCaller
from otklik.accounts.types import Scope
from otklik.inboxes import service
from otklik.inboxes.http import Switchboard, TheBoard
from otklik.inboxes.invitation import Invitation, invitation
from otklik.inboxes.types import Inbox
from otklik.platform.web import require


class Handover(msgspec.Struct, frozen=True):
    """What a platform may want pasted by hand; empty where an inbox has no such thing."""

    address: str
    verify_token: str


@get("/inboxes/{inbox_id:str}/link", guards=[require(Scope.INBOXES_READ)], tags=["inboxes"])
async def link_of_inbox(
    inbox_id: FromPath[str], caller: TheCaller, board: TheBoard, payload: FromQuery[str] = ""
) -> Invitation:
    """Give a link that opens the chat, and its QR code; `payload` tells where people came from."""
    inbox = await _found(board, caller.account_id, inbox_id)
    return invitation(board.channels[inbox.channel].manifest, inbox.config.settings, payload)


@get("/inboxes/{inbox_id:str}/handover", guards=[require(Scope.INBOXES_WRITE)], tags=["inboxes"])
async def handover_of_inbox(
    inbox_id: FromPath[str], caller: TheCaller, board: TheBoard
) -> Handover:
    """Give what the steps after connecting ask to paste at the platform."""
    inbox = await _found(board, caller.account_id, inbox_id)
    return Handover(
        address=board.address_of(inbox.channel, inbox.public_key),
        verify_token=inbox.config.secrets.get("verify_token", ""),
    )


async def _found(board: Switchboard, account_id: str, inbox_id: str) -> Inbox:
    return await board.journal.database.read(
        lambda connection: service.find(connection, board.box, account_id, inbox_id)
    )


def invitations_router(board: Switchboard) -> Router:
    """Give the routes of links and of what is pasted."""
    return Router(
        path="/api/v1",
        route_handlers=[link_of_inbox, handover_of_inbox],
        dependencies={"board": Provide(lambda: board, sync_to_thread=False)},
    )
