"""Health: is the process alive, can it take messages, and how long are its queues."""

import shutil
from typing import TYPE_CHECKING

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import Connection

from otklik.conversations import api as conversations
from otklik.delivery import api as delivery
from otklik.inbound import api as inbound
from otklik.kernel.errors import OtklikError
from otklik.platform import metrics
from otklik.platform.migrate import current, newest
from otklik.platform.web import OPEN
from otklik.webhooks import api as webhooks

if TYPE_CHECKING:
    from otklik.parts import Parts

_LEAST_FREE_BYTES = 64 * 1_048_576


class Readiness(msgspec.Struct, frozen=True):
    """What a process needs to take messages, and whether each is there."""

    ready: bool
    checks: dict[str, bool]


class Health:
    """Looks at the parts of a process."""

    def __init__(self, parts: "Parts") -> None:
        self._parts = parts

    async def readiness(self) -> Readiness:
        """Check the store, its revision and the disk."""
        try:
            revision = await self._parts.database.read(current)
            checks = {"database": True, "migrations": revision == newest()}
        except OtklikError:
            checks = {"database": False, "migrations": False}
        free = shutil.disk_usage(self._parts.settings.folder).free
        checks["disk"] = free > _LEAST_FREE_BYTES
        return Readiness(all(checks.values()), checks)

    async def measure(self) -> None:
        """Bring the metrics that only the store knows up to date."""
        now = self._parts.clock.now_ms()
        sending, hooks = self._parts.delivery, self._parts.webhooks

        def look(connection: Connection) -> None:
            depth, oldest = delivery.depth(connection)
            dead = inbound.outcome_counts(connection).get("dead", 0)
            behind = 0
            if connection.dialect.name == "postgresql":
                behind = inbound.head(connection) - inbound.cursor(connection, "dispatch")
            age = 0.0 if oldest is None else (now - oldest) / 1000
            metrics.note_queue(
                "delivery", depth=depth, oldest_s=age, in_flight=sending.in_flight, dead=0
            )
            metrics.note_queue(
                "webhooks",
                depth=webhooks.waiting(connection),
                oldest_s=0,
                in_flight=hooks.in_flight,
                dead=0,
            )
            metrics.note_queue(
                "downloads",
                depth=conversations.waiting_downloads(connection),
                oldest_s=0,
                in_flight=0,
                dead=0,
            )
            metrics.note_queue("inbound", depth=max(0, behind), oldest_s=0, in_flight=0, dead=dead)

        await self._parts.database.read(look)


def health_routes(health: Health) -> list[HTTPRouteHandler]:
    """Give the routes that a supervisor asks."""

    @get("/healthz", guards=[OPEN], tags=["operations"])
    async def healthz() -> dict[str, str]:
        """Tell that the process is alive."""
        return {"status": "alive"}

    @get("/readyz", guards=[OPEN], tags=["operations"])
    async def readyz() -> Response[Readiness]:
        """Tell whether the process can take messages: 200 or 503."""
        state = await health.readiness()
        return Response(state, status_code=200 if state.ready else 503)

    return [healthz, readyz]
