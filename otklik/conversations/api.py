"""The door of conversations."""

from collections.abc import Sequence

from sqlalchemy import Connection

from otklik.conversations import store
from otklik.conversations.avatars import Avatars
from otklik.conversations.files import Downloads, Upload, find, take_in
from otklik.conversations.files_http import chunks_of, given, uploaded
from otklik.conversations.intake import record
from otklik.conversations.queries import timeline_of_contact
from otklik.conversations.regroup import follow
from otklik.conversations.results import apply_results
from otklik.conversations.service import seen_by_contact, show
from otklik.conversations.store import (
    forget_early_before,
    last_heard,
    latest_of_contact,
    uploaded_since,
)
from otklik.conversations.types import LabelColor, LabelView, MessageView
from otklik.kernel.ids import LabelId, new_id


def contact_of(connection: Connection, account_id: str, conversation_id: str) -> str | None:
    """Give the contact of a conversation of the account."""
    row = store.find(connection, account_id, conversation_id)
    return None if row is None else row.contact_id


def waiting_downloads(connection: Connection) -> int:
    """Count the files of all accounts that are still to be fetched."""
    return store.count_due(connection)


def messages_after(
    connection: Connection, account_id: str, seq: int, limit: int
) -> list[MessageView]:
    """Show the account's messages after a number, in order."""
    return show(connection, account_id, store.messages_after(connection, account_id, seq, limit))


def add_labels(
    connection: Connection, account_id: str, wanted: Sequence[tuple[str, LabelColor]], now: int
) -> None:
    """Give a new account its first labels."""
    for title, color in wanted:
        label = LabelView(LabelId(new_id()), title, color)
        store.insert_label(connection, account_id, label, now)


def messages_by_id(
    connection: Connection, account_id: str, message_ids: Sequence[str]
) -> list[MessageView]:
    """Show messages of the account."""
    rows = store.messages_of_ids(connection, account_id, message_ids)
    return show(connection, account_id, list(rows.values()))


__all__ = [
    "Avatars",
    "Downloads",
    "Upload",
    "add_labels",
    "apply_results",
    "chunks_of",
    "contact_of",
    "find",
    "follow",
    "forget_early_before",
    "given",
    "last_heard",
    "latest_of_contact",
    "messages_after",
    "messages_by_id",
    "record",
    "seen_by_contact",
    "show",
    "take_in",
    "timeline_of_contact",
    "uploaded",
    "uploaded_since",
    "waiting_downloads",
]
