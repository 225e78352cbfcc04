"""The ledger: gives every change of an account its number within one transaction.

Opening it locks the accounts' counters, so it is also the write lock of an account: whoever
changes and announces opens the ledger first, and reads what it changes afterwards. Numbers are
therefore handed out in the order of commits, and a reader that follows them misses nothing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection

from otklik.events import store
from otklik.events.types import EventKind
from otklik.kernel.errors import NotFoundError
from otklik.platform import metrics
from otklik.platform.writes import json_text


class Subject(NamedTuple):
    """Whom a change is about."""

    contact_id: str = ""
    conversation_id: str = ""


NOBODY = Subject()


class Ledger:
    """Numbers and collects the events of one transaction."""

    def __init__(self, connection: Connection, account_ids: Iterable[str]) -> None:
        self._connection = connection
        self._last = store.lock_counters(connection, account_ids)
        self._rows: list[dict[str, Any]] = []

    def next(self, account_id: str) -> int:
        """Take the next number of an account; raises `NotFoundError` for an unknown account."""
        try:
            seq = self._last[account_id] + 1
        except KeyError:
            raise NotFoundError from None
        self._last[account_id] = seq
        return seq

    def announce(
        self,
        account_id: str,
        kind: EventKind,
        body: object,
        *,
        at: int,
        about: Subject = NOBODY,
        seq: int | None = None,
    ) -> int:
        """Put one change on record; `seq` when its number was taken before."""
        seq = self.next(account_id) if seq is None else seq
        self._rows.append(
            {
                "account_id": account_id,
                "seq": seq,
                "kind": kind.value,
                "conversation_id": about.conversation_id,
                "contact_id": about.contact_id,
                "at": at,
                "body": json_text(body),
            }
        )
        return seq

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Forget what was announced inside when the block raises; its numbers are used again."""
        last, kept = dict(self._last), len(self._rows)
        try:
            yield
        except BaseException:
            self._last = last
            del self._rows[kept:]
            raise

    def close(self) -> frozenset[str]:
        """Store what was announced; give the accounts that have news."""
        if not self._rows:
            return frozenset()
        store.save_counters(self._connection, self._last)
        store.insert(self._connection, self._rows)
        metrics.EVENTS.inc(len(self._rows))
        return frozenset(row["account_id"] for row in self._rows)
