"""All SQL of conversations and their messages."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, and_, func, or_, select, tuple_, update
from sqlalchemy.engine import Row

from otklik.conversations.tables import attachments, conversations, messages, reactions
from otklik.conversations.types import (
    AttachmentRow,
    ConversationRow,
    ConversationState,
    MessageRow,
    MessageState,
    ReactionRow,
)
from otklik.ports.message import Content
from otklik.platform.writes import insert_rows, json_text, upsert_rows

AnyRow = Row[*tuple[Any, ...]]

_content = msgspec.json.Decoder(Content).decode
_EMPTY = Content()


# --- conversations ---------------------------------------------------------------------------


def find(connection: Connection, account_id: str, conversation_id: str) -> ConversationRow | None:
    """Find one conversation of the account."""
    statement = select(conversations).where(
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
    statement = select(conversations).where(
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
    statement = select(conversations).where(
        conversations.c.account_id == account_id, conversations.c.id.in_(list(conversation_ids))
    )
    return {row.id: _conversation(row) for row in connection.execute(statement)}


def latest_of_contact(
    connection: Connection, account_id: str, contact_id: str
) -> ConversationRow | None:
    """Give the conversation of a contact that moved last."""
    statement = (
        select(conversations)
        .where(conversations.c.account_id == account_id, conversations.c.contact_id == contact_id)
        .order_by(conversations.c.last_seq.desc())
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


def _sort_key(sort: str) -> Any:
    if sort == "waiting":
        return func.coalesce(conversations.c.waiting_since, NEVER_WAITING)
    return conversations.c.last_message_at


def _filtered(account_id: str, wanted: QueueFilter) -> Select[*tuple[Any, ...]]:
    statement = select(conversations).where(
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


def counts(connection: Connection, account_id: str, operator_id: str) -> dict[str, int]:
    """Count the queue's tabs in one statement: mine, unassigned, open, resolved."""
    is_open = conversations.c.state == ConversationState.OPEN.value
    statement = select(
        func.count().filter(is_open, conversations.c.operator_id == operator_id),
        func.count().filter(is_open, conversations.c.operator_id.is_(None)),
        func.count().filter(is_open),
        func.count().filter(conversations.c.state == ConversationState.RESOLVED.value),
    ).where(conversations.c.account_id == account_id)
    row = connection.execute(statement).one()
    return {"mine": row[0], "unassigned": row[1], "open": row[2], "resolved": row[3]}


# --- messages --------------------------------------------------------------------------------


def by_external_ids(
    connection: Connection, account_ids: Iterable[str], keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], MessageRow]:
    """Find messages by inbox and the platform's id."""
    if not keys:
        return {}
    statement = select(messages).where(
        messages.c.account_id.in_(list(account_ids)),
        tuple_(messages.c.inbox_id, messages.c.external_id).in_(keys),
    )
    found = (_message(row) for row in connection.execute(statement))
    return {(row.inbox_id, row.external_id or ""): row for row in found}


def message(connection: Connection, account_id: str, message_id: str) -> MessageRow | None:
    """Find one message of the account."""
    return messages_of_ids(connection, account_id, [message_id]).get(message_id)


def messages_of_ids(
    connection: Connection, account_id: str, message_ids: Iterable[str]
) -> dict[str, MessageRow]:
    """Find several messages of the account."""
    statement = select(messages).where(
        messages.c.account_id == account_id, messages.c.id.in_(list(message_ids))
    )
    return {row.id: _message(row) for row in connection.execute(statement)}


def by_client_id(connection: Connection, account_id: str, client_id: str) -> MessageRow | None:
    """Find the message an earlier request with this client id made."""
    statement = select(messages).where(
        messages.c.account_id == account_id, messages.c.client_id == client_id
    )
    row = connection.execute(statement).first()
    return None if row is None else _message(row)


def timeline(
    connection: Connection, account_id: str, contact_id: str, before: int | None, limit: int
) -> list[MessageRow]:
    """Give the newest messages of a contact before a number, in ascending order."""
    statement = select(messages).where(
        messages.c.account_id == account_id, messages.c.contact_id == contact_id
    )
    if before is not None:
        statement = statement.where(messages.c.seq < before)
    rows = connection.execute(statement.order_by(messages.c.seq.desc()).limit(limit)).all()
    return [_message(row) for row in reversed(rows)]


def outgoing_up_to(
    connection: Connection, account_id: str, identity_id: str, seq: int
) -> list[MessageRow]:
    """Give our messages to an address up to a number that are not known to be read."""
    statement = select(messages).where(
        messages.c.account_id == account_id,
        messages.c.identity_id == identity_id,
        messages.c.seq <= seq,
        messages.c.state.in_([MessageState.SENT.value, MessageState.DELIVERED.value]),
    )
    return [_message(row) for row in connection.execute(statement)]


def insert_messages(connection: Connection, rows: Sequence[MessageRow]) -> None:
    """Store new messages, one statement for any number."""
    insert_rows(connection, messages, [_message_values(row) for row in rows])


def update_messages(connection: Connection, rows: Sequence[MessageRow]) -> None:
    """Store what changed about messages, one statement for any number."""
    upsert_rows(connection, messages, [_message_values(row) for row in rows])


def set_external_ids(
    connection: Connection, account_id: str, ids: Sequence[tuple[str, str]]
) -> None:
    """Store the platform's ids of messages it took."""
    for message_id, external_id in ids:
        connection.execute(
            update(messages)
            .where(messages.c.account_id == account_id, messages.c.id == message_id)
            .values(external_id=external_id)
        )


# --- attachments and reactions ---------------------------------------------------------------


def insert_attachments(connection: Connection, rows: Sequence[AttachmentRow]) -> None:
    """Store attachments of new messages."""
    insert_rows(connection, attachments, [msgspec.structs.asdict(row) for row in rows])


def attachments_of(
    connection: Connection, account_id: str, message_ids: Iterable[str]
) -> dict[str, list[AttachmentRow]]:
    """Give the attachments of messages, in order."""
    statement = (
        select(attachments)
        .where(
            attachments.c.account_id == account_id,
            attachments.c.message_id.in_(list(message_ids)),
        )
        .order_by(attachments.c.message_id, attachments.c.position)
    )
    found: dict[str, list[AttachmentRow]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.message_id, []).append(_attachment(row))
    return found


def due_attachments(
    connection: Connection, now: int, limit: int
) -> list[tuple[AttachmentRow, str]]:
    """Give attachments of all accounts to download now, each with its message's inbox."""
    statement = (
        select(attachments, messages.c.inbox_id)
        .join(
            messages,
            and_(
                messages.c.id == attachments.c.message_id,
                messages.c.account_id == attachments.c.account_id,
            ),
        )
        .where(attachments.c.due_at <= now)
        .order_by(attachments.c.due_at)
        .limit(limit)
    )
    return [(_attachment(row), row.inbox_id) for row in connection.execute(statement)]


def change_attachment(
    connection: Connection, account_id: str, attachment_id: str, values: dict[str, Any]
) -> None:
    """Change columns of an attachment."""
    statement = update(attachments).where(
        attachments.c.account_id == account_id, attachments.c.id == attachment_id
    )
    connection.execute(statement.values(**values))


def recent_stickers(connection: Connection, account_id: str, limit: int) -> list[AttachmentRow]:
    """Give the newest stored stickers of the account."""
    statement = (
        select(attachments)
        .where(
            attachments.c.account_id == account_id,
            attachments.c.kind == "sticker",
            attachments.c.state == "stored",
        )
        .order_by(attachments.c.id.desc())
        .limit(limit)
    )
    return [_attachment(row) for row in connection.execute(statement)]


def reactions_of(
    connection: Connection, account_id: str, message_ids: Iterable[str]
) -> dict[str, list[ReactionRow]]:
    """Give the reactions on messages."""
    statement = (
        select(reactions)
        .where(reactions.c.account_id == account_id, reactions.c.message_id.in_(list(message_ids)))
        .order_by(reactions.c.id)
    )
    found: dict[str, list[ReactionRow]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.message_id, []).append(ReactionRow(**row._mapping))  # noqa: SLF001
    return found


def replace_reactions(
    connection: Connection,
    account_id: str,
    message_id: str,
    author_id: str,
    rows: Sequence[ReactionRow],
) -> None:
    """Make these the only reactions of an author on a message."""
    connection.execute(
        reactions.delete().where(
            reactions.c.account_id == account_id,
            reactions.c.message_id == message_id,
            reactions.c.author_id == author_id,
        )
    )
    insert_rows(connection, reactions, [msgspec.structs.asdict(row) for row in rows])


# --- rows ------------------------------------------------------------------------------------


def _message_values(row: MessageRow) -> dict[str, Any]:
    values = msgspec.structs.asdict(row)
    values["content"] = "{}" if row.content == _EMPTY else json_text(row.content)
    return values


def _message(row: AnyRow) -> MessageRow:
    values = dict(row._mapping)  # noqa: SLF001 - the documented way to read a row by name
    content = values["content"]
    values["content"] = _EMPTY if content == "{}" else _content(content)
    return msgspec.convert(values, MessageRow, strict=False, str_keys=True)


def _conversation(row: AnyRow) -> ConversationRow:
    return msgspec.convert(dict(row._mapping), ConversationRow)  # noqa: SLF001


def _attachment(row: AnyRow) -> AttachmentRow:
    values = {name: row._mapping[name] for name in AttachmentRow.__struct_fields__}  # noqa: SLF001
    return msgspec.convert(values, AttachmentRow)
