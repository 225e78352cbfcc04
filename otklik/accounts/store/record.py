"""All SQL of what signing in leaves behind: counted attempts and the audit."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, case, update
from sqlalchemy.dialects import postgresql, sqlite

from otklik.accounts.tables import attempts, audit, sessions, sign_in_links
from otklik.accounts.types import Deed
from otklik.kernel.ids import new_id
from otklik.platform.writes import json_text


class Bucket(NamedTuple):
    """What is counted, and for how long from its first count, in milliseconds."""

    name: str
    window_ms: int


class Counted(NamedTuple):
    """How many attempts a bucket holds, and when it empties (Unix milliseconds)."""

    tries: int
    empties_at: int


def count_attempt(connection: Connection, bucket: Bucket, now: int) -> Counted:
    """Add one to a bucket and give what it holds: counted first, judged afterwards.

    The row stays locked until the transaction ends, so parallel attempts are counted one by one.
    """
    is_over = attempts.c.window_start <= now - bucket.window_ms
    fresh = {"bucket": bucket.name, "window_start": now, "count": 1}
    changed = {
        "count": case((is_over, 1), else_=attempts.c.count + 1),
        "window_start": case((is_over, now), else_=attempts.c.window_start),
    }
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(attempts)
        .values(fresh)
        .on_conflict_do_update(index_elements=[attempts.c.bucket], set_=changed)
        .returning(attempts.c.count, attempts.c.window_start)
    )
    row = connection.execute(statement).one()
    return Counted(row[0], row[1] + bucket.window_ms)


def forget_attempt(connection: Connection, buckets: Sequence[str]) -> None:
    """Take one attempt back from each bucket: it turned out to be a rightful one."""
    connection.execute(
        update(attempts)
        .where(attempts.c.bucket.in_(buckets), attempts.c.count > 0)
        .values(count=attempts.c.count - 1)
    )


def note(connection: Connection, deed: Deed, now: int) -> None:
    """Add one line to the audit."""
    connection.execute(
        audit.insert().values(
            id=new_id(),
            account_id=deed.account_id,
            operator_id=deed.operator_id,
            action=deed.action.value,
            subject=deed.subject,
            address=deed.address,
            details=json_text(deed.details),
            at=now,
        )
    )


def sweep(connection: Connection, now: int, idle_ms: int, window_ms: int) -> None:
    """Throw away what has no meaning any more: ended sign-ins, old links, emptied buckets."""
    connection.execute(
        sessions.delete().where(
            (sessions.c.expires_at <= now) | (sessions.c.seen_at <= now - idle_ms)
        )
    )
    connection.execute(sign_in_links.delete().where(sign_in_links.c.expires_at <= now))
    connection.execute(attempts.delete().where(attempts.c.window_start <= now - window_ms))
