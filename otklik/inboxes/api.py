"""The door of inboxes."""

from otklik.inboxes.registry import InboxRegistry
from otklik.inboxes.service import announce, change, create, find, set_cursor, view
from otklik.inboxes.store import delete, of_account

__all__ = [
    "InboxRegistry",
    "announce",
    "change",
    "create",
    "delete",
    "find",
    "of_account",
    "set_cursor",
    "view",
]
