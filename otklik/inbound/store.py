"""All SQL of the inbound log."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, or_, select, update
from sqlalchemy.engine import Row

from otklik.inbound.tables import cursors, inbound_log, inbound_outcomes
from otklik.inbound.types import Accepted, Outcome, OutcomeRow
from otklik.platform.writes import insert_ignoring, upsert_rows

LogRow = Row[Any]


def append(connection: Connection, batch: Sequence[Accepted]) -> dict[tuple[str, str], int]:
    """Append bodies; give the positions of those that were new, by inbox and dedupe key."""
    rows = [
        {
            "account_id": item.inbox.account_id,
            "inbox_id": item.inbox.id,
            "dedupe_key": item.dedupe_key,
            "body": item.body,
            "received_at": item.received_at,
        }
        for item in batch
    ]
    fresh = insert_ignoring(
        connection,
        inbound_log,
        rows,
        unique=("inbox_id", "dedupe_key"),
        returning=("position", "inbox_id", "dedupe_key"),
    )
    return {(inbox_id, key): position for position, inbox_id, key in fresh}


def after(connection: Connection, position: int, limit: int) -> Sequence[LogRow]:
    """Give the next bodies of all accounts after a position: for the dispatcher."""
    statement = (
        select(inbound_log)
        .where(inbound_log.c.position > position)
        .order_by(inbound_log.c.position)
        .limit(limit)
    )
    return connection.execute(statement).all()


def head(connection: Connection) -> int:
    """Give the newest position."""
    return connection.execute(select(func.max(inbound_log.c.position))).scalar() or 0


def one_dead(connection: Connection, account_id: str, position: int) -> LogRow | None:
    """Find one dead letter of the account with its body."""
    return connection.execute(_dead(account_id).where(inbound_log.c.position == position)).first()


def body_of(connection: Connection, account_id: str, inbox_id: str, key: str) -> bytes | None:
    """Give the body an inbox accepted under a key, while it is kept."""
    statement = select(inbound_log.c.body).where(
        inbound_log.c.account_id == account_id,
        inbound_log.c.inbox_id == inbox_id,
        inbound_log.c.dedupe_key == key,
    )
    return connection.execute(statement).scalar()


def cursor(connection: Connection, name: str) -> int:
    """Give how far a reader came."""
    statement = select(cursors.c.position).where(cursors.c.name == name)
    return connection.execute(statement).scalar() or 0


def move_cursor(connection: Connection, name: str, position: int) -> None:
    """Store how far a reader came."""
    upsert_rows(connection, cursors, [{"name": name, "position": position}], key=("name",))


def take_lease(connection: Connection, name: str, mine: int, now: int, until: int) -> bool:
    """Take or renew the sole right to a reader's work; false while another process has it.

    The moment a lease ends (Unix ms) is also its holder's mark: `mine` is the one last taken.
    """
    insert_ignoring(
        connection,
        cursors,
        [{"name": name, "position": 0}],
        unique=("name",),
        returning=("name",),
    )
    statement = update(cursors).where(
        cursors.c.name == name,
        or_(cursors.c.position < now, cursors.c.position == mine),
    )
    return connection.execute(statement.values(position=until)).rowcount == 1


def store_outcomes(connection: Connection, rows: Iterable[OutcomeRow]) -> None:
    """Store what became of bodies that were not simply processed."""
    upsert_rows(
        connection,
        inbound_outcomes,
        [msgspec.structs.asdict(row) for row in rows],
        key=("position",),
    )


def dead(connection: Connection, account_id: str, limit: int) -> Sequence[LogRow]:
    """Give the account's dead letters with their bodies, newest first."""
    newest = _dead(account_id).order_by(inbound_log.c.position.desc()).limit(limit)
    return connection.execute(newest).all()


def _dead(account_id: str) -> Select[Any]:
    return (
        select(inbound_log, inbound_outcomes.c.error, inbound_outcomes.c.tries)
        .join(inbound_outcomes, inbound_outcomes.c.position == inbound_log.c.position)
        .where(
            inbound_outcomes.c.account_id == account_id,
            inbound_outcomes.c.outcome == Outcome.DEAD.value,
        )
    )


def outcome_counts(connection: Connection) -> Mapping[str, int]:
    """Count outcomes by kind over all accounts: for the metrics."""
    statement = select(inbound_outcomes.c.outcome, func.count()).group_by(
        inbound_outcomes.c.outcome
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def forget_before(connection: Connection, moment: int, limit: int, up_to: int | None = None) -> int:
    """Drop up to `limit` old bodies of all accounts with their outcomes; dead letters stay.

    Old is what was received before `moment`.
    `up_to` is the last position that was applied, where appending and applying are two steps.
    """
    keep = select(inbound_outcomes.c.position).where(
        inbound_outcomes.c.outcome == Outcome.DEAD.value
    )
    doomed = (
        select(inbound_log.c.position)
        .where(inbound_log.c.received_at < moment, inbound_log.c.position.not_in(keep))
        .limit(limit)
    )
    if up_to is not None:
        doomed = doomed.where(inbound_log.c.position <= up_to)
    positions = list(connection.execute(doomed).scalars())
    for table in (inbound_outcomes, inbound_log):
        connection.execute(table.delete().where(table.c.position.in_(positions)))
    return len(positions)
