"""The dead letters over HTTP: what could not be processed, and its replay."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from litestar import Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, SkipValidation

from otklik.accounts.http import TheCaller
from otklik.accounts.types import Scope
from otklik.inbound import service
from otklik.inbound.types import DeadLetter
from otklik.platform.database import Database
from otklik.platform.web import require


@dataclass(frozen=True, slots=True)
class LogRoom:
    """What the handlers of the log work with. `replay` applies one body again."""

    database: Database
    replay: Callable[[str, int], Awaitable[None]]


TheLog = NamedDependency[SkipValidation[LogRoom]]


@get("/log/dead", guards=[require(Scope.LOG_READ)], tags=["log"])
async def list_dead(caller: TheCaller, log: TheLog) -> list[DeadLetter]:
    """Show the deliveries that could not be processed, newest first."""
    return await log.database.read(lambda c: service.dead(c, caller.account_id))


@post(
    "/log/dead/{position:int}/replay",
    guards=[require(Scope.LOG_WRITE)],
    status_code=204,
    tags=["log"],
)
async def replay_dead(position: FromPath[int], caller: TheCaller, log: TheLog) -> None:
    """Process one of them again."""
    await log.replay(caller.account_id, position)


def log_router(log: LogRoom) -> Router:
    """Give the routes of the log."""
    return Router(
        path="/api/v1",
        route_handlers=[list_dead, replay_dead],
        dependencies={"log": Provide(lambda: log, sync_to_thread=False)},
    )
