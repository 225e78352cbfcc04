"""Search over HTTP."""

from dataclasses import dataclass
from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter, SkipValidation

from otklik.accounts.http import TheCaller
from otklik.accounts.types import Scope
from otklik.platform.database import Database
from otklik.platform.web import require
from otklik.search import service
from otklik.search.types import SearchResult


@dataclass(frozen=True, slots=True)
class SearchRoom:
    """What the handler of search works with."""

    database: Database


TheSearch = NamedDependency[SkipValidation[SearchRoom]]


@get("/search", guards=[require(Scope.CONVERSATIONS_READ)], tags=["search"])
async def search(
    caller: TheCaller,
    room: TheSearch,
    q: Annotated[str, QueryParameter(min_length=1, max_length=200)],
    limit: Annotated[int, QueryParameter(ge=1, le=50)] = 20,
) -> SearchResult:
    """Find contacts by name, phone or e-mail, and messages by their words."""
    return await room.database.read(
        lambda connection: service.search(connection, caller.account_id, q, limit)
    )


def search_router(room: SearchRoom) -> Router:
    """Give the route of search."""
    return Router(
        path="/api/v1",
        route_handlers=[search],
        dependencies={"room": Provide(lambda: room, sync_to_thread=False)},
    )
