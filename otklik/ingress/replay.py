"""Replay: one body of the log is applied again, because a person asked."""

from sqlalchemy import Connection

from otklik.events.api import Ledger
from otklik.inbound import api as inbound
from otklik.inbound.types import Entry, Outcome, OutcomeRow
from otklik.inboxes.api import Ground
from otklik.ingress import dispatch
from otklik.kernel.errors import ConflictError, NotFoundError


class Replay:
    """Applies dead letters again. What was processed before changes nothing the second time."""

    def __init__(self, ground: Ground) -> None:
        self._journal = ground.journal
        self._inboxes = ground.inboxes
        self._channels = ground.channels
        self._clock = ground.clock

    async def __call__(self, account_id: str, position: int) -> None:
        """Apply one body; raises `NotFoundError`, or `ConflictError` when it fails again."""
        now = self._clock.now_ms()

        def work(connection: Connection, ledger: Ledger) -> dispatch.Read:
            row = inbound.one_dead(connection, account_id, position)
            if row is None:
                raise NotFoundError
            inbox = self._inboxes.by_id(row.inbox_id)
            if inbox is None:
                raise ConflictError("The inbox was removed.", "Этот канал отключён.")
            entry = Entry(position, inbox, bytes(row.body), row.received_at)
            read = dispatch.read(entry, self._channels)
            broken = dispatch.apply(connection, ledger, [read], now)
            told = broken[0] if broken else read
            outcome = OutcomeRow(
                position=position,
                account_id=account_id,
                inbox_id=inbox.id,
                outcome=Outcome.DEAD if broken else Outcome.REPLAYED,
                name=told.name if broken else "",
                error=told.error,
                tries=row.tries + 1,
                at=now,
            )
            inbound.store_outcomes(connection, [outcome])
            return told

        read = await self._journal.write([account_id], work)
        if read.error:
            raise ConflictError(
                f"It failed again: {read.error}", f"Снова не получилось: {read.error}"
            )
