"""The door of the inbound log."""

from otklik.inbound.service import dead
from otklik.inbound.store import (
    LogRow,
    after,
    append,
    body_of,
    cursor,
    forget_before,
    head,
    move_cursor,
    one_dead,
    outcome_counts,
    store_outcomes,
    take_lease,
)

__all__ = [
    "LogRow",
    "after",
    "append",
    "body_of",
    "cursor",
    "dead",
    "forget_before",
    "head",
    "move_cursor",
    "one_dead",
    "outcome_counts",
    "store_outcomes",
    "take_lease",
]
