"""Templates and news of inboxes over HTTP."""

from litestar import Router, get, post
from litestar.di import Provide
from litestar.params import FromPath
from sqlalchemy import Connection

from otklik.accounts.http import TheCaller
from otklik.accounts.types import Scope
from otklik.inboxes import channels, listing, news, service, templates
from otklik.inboxes.http import Switchboard, TheBoard
from otklik.inboxes.types import InboxNews, TemplateView
from otklik.kernel.errors import ConflictError
from otklik.platform.web import require
from otklik.ports.channel import Refusal


@get("/inboxes/{inbox_id:str}/templates", guards=[require(Scope.INBOXES_READ)], tags=["inboxes"])
async def list_templates(
    inbox_id: FromPath[str], caller: TheCaller, board: TheBoard
) -> list[TemplateView]:
    """Show the messages the platform approved beforehand, as last synchronised."""

    def look(connection: Connection) -> list[TemplateView]:
        inbox = service.find(connection, board.box, caller.account_id, inbox_id)
        return templates.listed(connection, inbox.account_id, inbox.id)

    return await board.journal.database.read(look)


@post(
    "/inboxes/{inbox_id:str}/templates/sync",
    guards=[require(Scope.INBOXES_WRITE)],
    status_code=200,
    tags=["inboxes"],
)
async def sync_templates(
    inbox_id: FromPath[str], caller: TheCaller, board: TheBoard
) -> list[TemplateView]:
    """List the templates at the platform anew, and show them."""
    inbox = await board.journal.database.read(
        lambda connection: service.find(connection, board.box, caller.account_id, inbox_id)
    )
    channel = board.channels[inbox.channel]
    now = board.clock.now_ms()
    found = await listing.listed_anew(board.ask, board.journal, channel, inbox, now)
    if found is None:
        raise ConflictError(
            f"{channel.manifest.title} has no templates.",
            f"В {channel.manifest.title} шаблонов нет.",
        )
    if isinstance(found, Refusal):
        raise channels.refused(channel, found)
    return await board.journal.database.read(
        lambda connection: templates.listed(connection, inbox.account_id, inbox.id)
    )


@get("/inboxes/{inbox_id:str}/news", guards=[require(Scope.INBOXES_READ)], tags=["inboxes"])
async def list_news(inbox_id: FromPath[str], caller: TheCaller, board: TheBoard) -> list[InboxNews]:
    """Show what the platform told about an inbox itself, the newest 50."""

    def look(connection: Connection) -> list[InboxNews]:
        inbox = service.find(connection, board.box, caller.account_id, inbox_id)
        return news.newest(connection, inbox.account_id, inbox.id)

    return await board.journal.database.read(look)


def inbox_templates_router(board: Switchboard) -> Router:
    """Give the routes of templates and news."""
    return Router(
        path="/api/v1",
        route_handlers=[list_templates, sync_templates, list_news],
        dependencies={"board": Provide(lambda: board, sync_to_thread=False)},
    )
