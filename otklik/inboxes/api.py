"""The door of inboxes."""

from otklik.inboxes.ground import Ground
from otklik.inboxes.news import hear
from otklik.inboxes.registry import InboxRegistry
from otklik.inboxes.rules import paced
from otklik.inboxes.service import (
    Hands,
    InboxChange,
    InboxWish,
    announce,
    change,
    create,
    find,
    set_cursor,
    view,
)
from otklik.inboxes.store import change as change_columns
from otklik.inboxes.store import delete, every, of_account
from otklik.inboxes.templates import filled

__all__ = [
    "Ground",
    "Hands",
    "InboxChange",
    "InboxRegistry",
    "InboxWish",
    "announce",
    "change",
    "change_columns",
    "create",
    "delete",
    "every",
    "filled",
    "find",
    "hear",
    "of_account",
    "paced",
    "set_cursor",
    "view",
]
