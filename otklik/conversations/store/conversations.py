"""All SQL of conversations."""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select
from sqlalchemy.engine import Row

from otklik.conversations.tables import (
    conversations,
)
from otklik.conversations.types import (
    ConversationRow,
    ConversationState,
)
from otklik.platform.writes import upsert_rows

AnyRow = Row[*tuple[Any, ...]]

_CONVERSATION = ConversationRow.__struct_fields__
_conversations = [conversations.c[name] for name in _CONVERSATION]


def find(connection: Connection, account_id: str, conversation_id: str) -> ConversationRow | None:
    """Find one conversation of the account."""
    statement = select(*_conversations).where(
        conversations.c.account_id == account_id, conversations.c.id == conversation_id
    )
    row = connection.execute(statement).first()
    return None if row is None else _conversation(row)


def recent_of_contacts(
    connection: Connection,
    account_ids: Iterable[str],
    contact_ids: Iterable[str],
    resolved_after: int,
) -> dict[str, list[ConversationRow]]:
    """Give the open and lately resolved conversations of contacts, by contact."""
    statement = select(*_conversations).where(
        conversations.c.account_id.in_(list(account_ids)),
        conversations.c.contact_id.in_(list(contact_ids)),
        or_(
            conversations.c.state == ConversationState.OPEN.value,
            conversations.c.resolved_at > resolved_after,
        ),
    )
    found: dict[str, list[ConversationRow]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.contact_id, []).append(_conversation(row))
    return found


def of_ids(
    connection: Connection, account_id: str, conversation_ids: Iterable[str]
) -> dict[str, ConversationRow]:
    """Find several conversations of the account."""
    statement = select(*_conversations).where(
        conversations.c.account_id == account_id, conversations.c.id.in_(list(conversation_ids))
    )
    return {row.id: _conversation(row) for row in connection.execute(statement)}


def of_contacts(
    connection: Connection, account_id: str, contact_ids: Iterable[str]
) -> dict[str, ConversationRow]:
    """Give every conversation of some contacts, by id."""
    statement = select(*_conversations).where(
        conversations.c.account_id == account_id,
        conversations.c.contact_id.in_(list(contact_ids)),
    )
    return {row.id: _conversation(row) for row in connection.execute(statement)}


def latest_of_contact(
    connection: Connection, account_id: str, contact_id: str
) -> ConversationRow | None:
    """Give the open conversation of a contact, else the one that moved last."""
    statement = (
        select(*_conversations)
        .where(conversations.c.account_id == account_id, conversations.c.contact_id == contact_id)
        .order_by(
            (conversations.c.state == ConversationState.OPEN.value).desc(),
            conversations.c.last_seq.desc(),
        )
        .limit(1)
    )
    row = connection.execute(statement).first()
    return None if row is None else _conversation(row)


def save(connection: Connection, rows: Iterable[ConversationRow]) -> None:
    """Insert or overwrite conversations, one statement for any number."""
    upsert_rows(connection, conversations, [msgspec.structs.asdict(row) for row in rows])


class QueueFilter(msgspec.Struct, frozen=True):
    """What part of the queue to show. `assignee`: any, none, or an operator's id."""

    state: ConversationState = ConversationState.OPEN
    assignee: str = "any"
    label_id: str = ""
    channel_inboxes: tuple[str, ...] | None = None
    sort: str = "waiting"
    before: tuple[int, str] | None = None
    limit: int = 50


def queue(connection: Connection, account_id: str, wanted: QueueFilter) -> list[ConversationRow]:
    """Give one page of the queue: longest waiting first, or most recent first."""
    key = _sort_key(wanted.sort)
    statement = _filtered(account_id, wanted)
    if wanted.before is not None:
        moment, conversation_id = wanted.before
        if wanted.sort == "waiting":
            statement = statement.where(
                or_(key > moment, and_(key == moment, conversations.c.id > conversation_id))
            )
        else:
            statement = statement.where(
                or_(key < moment, and_(key == moment, conversations.c.id < conversation_id))
            )
    if wanted.sort == "waiting":
        statement = statement.order_by(key, conversations.c.id)
    else:
        statement = statement.order_by(key.desc(), conversations.c.id.desc())
    return [_conversation(row) for row in connection.execute(statement.limit(wanted.limit))]


NEVER_WAITING = 1 << 53
"""Sorts conversations nobody waits in behind those where somebody does."""


def _sort_key(sort: str) -> ColumnElement[int]:
    if sort == "waiting":
        return func.coalesce(conversations.c.waiting_since, NEVER_WAITING)
    return conversations.c.last_message_at


def _filtered(account_id: str, wanted: QueueFilter) -> Select[*tuple[Any, ...]]:
    statement = select(*_conversations).where(
        conversations.c.account_id == account_id, conversations.c.state == wanted.state.value
    )
    if wanted.assignee == "none":
        statement = statement.where(conversations.c.operator_id.is_(None))
    elif wanted.assignee != "any":
        statement = statement.where(conversations.c.operator_id == wanted.assignee)
    if wanted.label_id:
        # The column is a JSON list of ids; an id never occurs inside another one.
        statement = statement.where(conversations.c.label_ids.contains(wanted.label_id))
    if wanted.channel_inboxes is not None:
        statement = statement.where(conversations.c.inbox_id.in_(wanted.channel_inboxes))
    return statement


def counts(connection: Connection, account_id: str, operator_id: str) -> tuple[int, int, int, int]:
    """Count the queue's tabs in one statement: mine, unassigned, open, resolved."""
    is_open = conversations.c.state == ConversationState.OPEN.value
    statement = select(
        func.count().filter(is_open, conversations.c.operator_id == operator_id),
        func.count().filter(is_open, conversations.c.operator_id.is_(None)),
        func.count().filter(is_open),
        func.count().filter(conversations.c.state == ConversationState.RESOLVED.value),
    ).where(conversations.c.account_id == account_id)
    mine, unassigned, open_, resolved = connection.execute(statement).one()
    return mine, unassigned, open_, resolved


def _conversation(row: AnyRow) -> ConversationRow:
    return msgspec.convert(dict(zip(_CONVERSATION, row, strict=True)), ConversationRow)
