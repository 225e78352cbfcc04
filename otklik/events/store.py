"""All SQL of events."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any

import msgspec
from sqlalchemy import Connection, select, update

from otklik.events.tables import counters, events
from otklik.events.types import Event, EventKind
from otklik.platform.writes import insert_ignoring, insert_rows, upsert_rows


def lock_counters(connection: Connection, account_ids: Iterable[str]) -> dict[str, int]:
    """Take the write lock of the accounts and give the last number of each."""
    statement = (
        select(counters.c.account_id, counters.c.last_seq)
        .where(counters.c.account_id.in_(sorted(set(account_ids))))
        .order_by(counters.c.account_id)  # one order everywhere, so that no two writers deadlock
        .with_for_update()
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def save_counters(connection: Connection, last: Mapping[str, int]) -> None:
    """Store the last number used by each account."""
    if len(last) == 1:
        ((account_id, seq),) = last.items()
        statement = update(counters).where(counters.c.account_id == account_id)
        connection.execute(statement.values(last_seq=seq))
        return
    rows = [{"account_id": account, "last_seq": seq} for account, seq in last.items()]
    upsert_rows(connection, counters, rows, key=("account_id",))


def create_counter(connection: Connection, account_id: str) -> None:
    """Start numbering for a new account."""
    insert_ignoring(
        connection,
        counters,
        [{"account_id": account_id, "last_seq": 0}],
        unique=("account_id",),
        returning=("account_id",),
    )


def insert(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store numbered events."""
    insert_rows(connection, events, rows)


def last_seq(connection: Connection, account_id: str) -> int:
    """Give the number of the newest event."""
    statement = select(counters.c.last_seq).where(counters.c.account_id == account_id)
    return connection.execute(statement).scalar() or 0


def oldest_seq(connection: Connection, account_id: str) -> int:
    """Give the number of the oldest event still kept, or 0."""
    statement = (
        select(events.c.seq)
        .where(events.c.account_id == account_id)
        .order_by(events.c.seq)
        .limit(1)
    )
    return connection.execute(statement).scalar() or 0


def since(connection: Connection, account_id: str, seq: int, limit: int) -> list[Event]:
    """Give the events after a number, in order."""
    statement = (
        select(events)
        .where(events.c.account_id == account_id, events.c.seq > seq)
        .order_by(events.c.seq)
        .limit(limit)
    )
    return [
        Event(
            seq=row.seq,
            kind=EventKind(row.kind),
            conversation_id=row.conversation_id,
            contact_id=row.contact_id,
            at=row.at,
            body=msgspec.Raw(row.body.encode()),
        )
        for row in connection.execute(statement)
    ]


def last_seqs(connection: Connection, account_ids: Iterable[str]) -> dict[str, int]:
    """Give the number of the newest event of several accounts."""
    statement = select(counters.c.account_id, counters.c.last_seq).where(
        counters.c.account_id.in_(list(account_ids))
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def account_ids(connection: Connection) -> list[str]:
    """Give every account that has events: for loops that serve them all."""
    return list(connection.execute(select(counters.c.account_id)).scalars())


def delete_before(connection: Connection, account_id: str, moment: int, limit: int) -> int:
    """Forget up to `limit` of the oldest events older than a moment; give how many went."""
    # Times follow the numbers: judging the oldest rows here spares a scan of all the others.
    oldest = (
        select(events.c.seq, events.c.at)
        .where(events.c.account_id == account_id)
        .order_by(events.c.seq)
        .limit(limit)
    )
    doomed = takewhile(lambda row: row.at < moment, connection.execute(oldest).all())
    seqs = [row.seq for row in doomed]
    if seqs:
        connection.execute(
            events.delete().where(events.c.account_id == account_id, events.c.seq <= seqs[-1])
        )
    return len(seqs)
