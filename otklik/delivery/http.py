"""What the last trouble with sending was, over HTTP."""

from dataclasses import dataclass

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, SkipValidation

from otklik.accounts.http import TheCaller
from otklik.accounts.types import Scope
from otklik.delivery import store
from otklik.delivery.types import LastFailure
from otklik.inboxes.api import InboxRegistry
from otklik.kernel.errors import NotFoundError
from otklik.platform.database import Database
from otklik.platform.web import require


@dataclass(frozen=True, slots=True)
class Dispatches:
    """What the handlers of deliveries work with."""

    database: Database
    registry: InboxRegistry


TheDispatches = NamedDependency[SkipValidation[Dispatches]]


@get("/inboxes/{inbox_id:str}/failure", guards=[require(Scope.INBOXES_READ)], tags=["inboxes"])
async def last_failure(
    inbox_id: FromPath[str], caller: TheCaller, dispatches: TheDispatches
) -> LastFailure | None:
    """Show the newest answer of an inbox that did not go out in the last days; null: all did."""
    inbox = dispatches.registry.by_id(inbox_id)
    if inbox is None or inbox.account_id != caller.account_id:
        raise NotFoundError
    return await dispatches.database.read(
        lambda connection: store.last_failure(connection, caller.account_id, inbox_id)
    )


def deliveries_router(dispatches: Dispatches) -> Router:
    """Give the routes of deliveries."""
    return Router(
        path="/api/v1",
        route_handlers=[last_failure],
        dependencies={"dispatches": Provide(lambda: dispatches, sync_to_thread=False)},
    )
