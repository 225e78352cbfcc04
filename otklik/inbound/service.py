"""The dead letters as admins see them."""

from sqlalchemy import Connection

from otklik.inbound import store
from otklik.inbound.types import DeadLetter
from otklik.kernel.ids import InboxId

_SHOWN = 200
_PREVIEW_BYTES = 2_000


def dead(connection: Connection, account_id: str) -> list[DeadLetter]:
    """Give the account's dead letters, newest first."""
    return [
        DeadLetter(
            position=row.position,
            inbox_id=InboxId(row.inbox_id),
            received_at=row.received_at,
            error=row.error,
            tries=row.tries,
            body_preview=bytes(row.body[:_PREVIEW_BYTES]).decode("utf-8", "replace"),
        )
        for row in store.dead(connection, account_id, _SHOWN)
    ]
