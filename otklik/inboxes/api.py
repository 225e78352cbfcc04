"""The door of inboxes."""

from otklik.inboxes.registry import InboxRegistry
from otklik.inboxes.service import announce, change, create, find, set_cursor, view
from otklik.inboxes.store import change as change_columns
from otklik.inboxes.store import delete, every, of_account

__all__ = [
    "InboxRegistry",
    "announce",
    "change",
    "change_columns",
    "create",
    "delete",
    "every",
    "find",
    "of_account",
    "set_cursor",
    "view",
]
