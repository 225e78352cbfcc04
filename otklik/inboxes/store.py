"""All SQL of inboxes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.engine import Row

from otklik.inboxes.tables import inbox_news, inbox_templates, inboxes
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
    """Remove an inbox with its templates and news; its messages stay."""
    for table in (inbox_templates, inbox_news):
        mine = (table.c.account_id == account_id, table.c.inbox_id == inbox_id)
        connection.execute(table.delete().where(*mine))
    statement = inboxes.delete().where(inboxes.c.account_id == account_id, inboxes.c.id == inbox_id)
    return connection.execute(statement).rowcount == 1


def replace_templates(
    connection: Connection, account_id: str, inbox_id: str, rows: Sequence[dict[str, Any]]
) -> None:
    """Keep exactly these templates of an inbox."""
    mine = (inbox_templates.c.account_id == account_id, inbox_templates.c.inbox_id == inbox_id)
    connection.execute(inbox_templates.delete().where(*mine))
    insert_rows(connection, inbox_templates, rows)


def templates_of(connection: Connection, account_id: str, inbox_id: str) -> Sequence[InboxRow]:
    """Give an inbox's templates by name."""
    statement = select(inbox_templates).where(
        inbox_templates.c.account_id == account_id, inbox_templates.c.inbox_id == inbox_id
    )
    ordered = statement.order_by(inbox_templates.c.name, inbox_templates.c.language)
    return connection.execute(ordered).all()


def change_template(
    connection: Connection,
    account_id: str,
    inbox_id: str,
    named: tuple[str, str],
    values: dict[str, Any],
) -> bool:
    """Change the template of this name and language; false when it is not known."""
    name, language = named
    statement = update(inbox_templates).where(
        inbox_templates.c.account_id == account_id,
        inbox_templates.c.inbox_id == inbox_id,
        inbox_templates.c.name == name,
        inbox_templates.c.language == language,
    )
    return connection.execute(statement.values(**values)).rowcount == 1


def add_news(connection: Connection, row: dict[str, Any]) -> None:
    """Keep one thing a platform told about an inbox."""
    insert_rows(connection, inbox_news, [row])


def news_of(
    connection: Connection, account_id: str, inbox_id: str, limit: int
) -> Sequence[InboxRow]:
    """Give what a platform told about an inbox, the newest first."""
    statement = select(inbox_news).where(
        inbox_news.c.account_id == account_id, inbox_news.c.inbox_id == inbox_id
    )
    newest = statement.order_by(inbox_news.c.at.desc(), inbox_news.c.id.desc())
    return connection.execute(newest.limit(limit)).all()
