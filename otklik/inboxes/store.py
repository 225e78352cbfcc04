"""All SQL of inboxes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.engine import Row

from otklik.inboxes.tables import inboxes
from otklik.platform.writes import insert_rows

InboxRow = Row[Any]


def insert(connection: Connection, row: dict[str, Any]) -> None:
    """Add an inbox."""
    insert_rows(connection, inboxes, [row])


def of_account(connection: Connection, account_id: str) -> Sequence[InboxRow]:
    """Give the account's inboxes, oldest first."""
    statement = select(inboxes).where(inboxes.c.account_id == account_id)
    return connection.execute(statement.order_by(inboxes.c.created_at)).all()


def one(connection: Connection, account_id: str, inbox_id: str) -> InboxRow | None:
    """Find one inbox of the account."""
    statement = select(inboxes).where(inboxes.c.account_id == account_id, inboxes.c.id == inbox_id)
    return connection.execute(statement).first()


def every(connection: Connection) -> Sequence[InboxRow]:
    """Give the inboxes of all accounts: for the process itself, which serves them all."""
    return connection.execute(select(inboxes)).all()


def change(connection: Connection, account_id: str, inbox_id: str, values: dict[str, Any]) -> bool:
    """Change columns of an inbox; false when the account has no such inbox."""
    statement = update(inboxes).where(inboxes.c.account_id == account_id, inboxes.c.id == inbox_id)
    return connection.execute(statement.values(**values)).rowcount == 1


def note_heard(connection: Connection, heard: Mapping[tuple[str, str], int]) -> None:
    """Store when inboxes last delivered something; keys are account and inbox ids."""
    for (account_id, inbox_id), at in heard.items():
        change(connection, account_id, inbox_id, {"last_event_at": at})


def delete(connection: Connection, account_id: str, inbox_id: str) -> bool:
    """Remove an inbox; its messages stay."""
    statement = inboxes.delete().where(inboxes.c.account_id == account_id, inboxes.c.id == inbox_id)
    return connection.execute(statement).rowcount == 1
