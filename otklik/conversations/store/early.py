"""All SQL of early marks: what a platform told of a message whose number we did not know yet."""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import Connection, and_, delete, or_, select

from otklik.conversations.tables import early_marks
from otklik.conversations.types import EarlyMark
from otklik.platform.writes import upsert_rows

_MARK = EarlyMark.__struct_fields__
_marks = [early_marks.c[name] for name in _MARK]


def keep_early(connection: Connection, rows: Sequence[EarlyMark]) -> None:
    """Keep marks until their messages get a number, one for each state that was told."""
    upsert_rows(
        connection,
        early_marks,
        [msgspec.structs.asdict(row) for row in rows],
        key=("account_id", "inbox_id", "external_id", "state"),
    )


def early_of(
    connection: Connection, account_id: str, external_ids: Collection[str]
) -> dict[tuple[str, str], list[EarlyMark]]:
    """Give the marks of messages by inbox and number."""
    if not external_ids:
        return {}
    statement = select(*_marks).where(
        early_marks.c.account_id == account_id, early_marks.c.external_id.in_(list(external_ids))
    )
    found: dict[tuple[str, str], list[EarlyMark]] = {}
    for row in connection.execute(statement):
        mark = EarlyMark(*row)
        found.setdefault((mark.inbox_id, mark.external_id), []).append(mark)
    return found


def forget_early(
    connection: Connection, account_id: str, keys: Collection[tuple[str, str]]
) -> None:
    """Drop marks that were applied, by inbox and number: two inboxes may give the same number."""
    by_inbox: dict[str, list[str]] = {}
    for inbox_id, external_id in keys:
        by_inbox.setdefault(inbox_id, []).append(external_id)
    of_inboxes = [
        and_(early_marks.c.inbox_id == inbox_id, early_marks.c.external_id.in_(external_ids))
        for inbox_id, external_ids in by_inbox.items()
    ]
    if of_inboxes:
        connection.execute(
            delete(early_marks).where(early_marks.c.account_id == account_id, or_(*of_inboxes))
        )


def forget_early_before(connection: Connection, moment: int) -> int:
    """Drop the marks of all accounts no message has come for since a moment (Unix ms)."""
    gone = connection.execute(delete(early_marks).where(early_marks.c.at < moment))
    return int(gone.rowcount)
