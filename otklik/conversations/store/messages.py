"""All SQL of messages."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Connection, bindparam, select
from sqlalchemy.engine import Row

from otklik.conversations.tables import (
    messages,
)
from otklik.conversations.types import (
    MessageRow,
    MessageState,
)
from otklik.platform.writes import insert_rows, json_text, upsert_rows
from otklik.ports.message import Content, MessageKind

AnyRow = Row[*tuple[Any, ...]]

_content = msgspec.json.Decoder(Content).decode
_EMPTY = Content()
_MESSAGE = MessageRow.__struct_fields__
_messages = [messages.c[name] for name in _MESSAGE]

# Written into the statement as it is: a partial index serves only what names its condition.
_UNSEEN: BindParameter[Any] = bindparam(
    "unseen",
    (MessageState.SENT.value, MessageState.DELIVERED.value),
    expanding=True,
    literal_execute=True,
)
_UNCONFIRMED = tuple(
    state.value for state in (MessageState.QUEUED, MessageState.SENDING, MessageState.UNCERTAIN)
)
_UNCONFIRMED_LOOKED_AT = 50


def by_external_ids(
    connection: Connection, account_ids: Iterable[str], keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], MessageRow]:
    """Find messages by inbox and the platform's id."""
    if not keys:
        return {}
    statement = select(*_messages).where(
        messages.c.account_id.in_(list(account_ids)),
        # Pairs would be planned as one long OR over every message of the inbox: two lists use
        # the index, and the few pairs nobody asked for are left out below.
        messages.c.inbox_id.in_({inbox_id for inbox_id, _ in keys}),
        messages.c.external_id.in_({external_id for _, external_id in keys}),
    )
    wanted = set(keys)
    found = (_message(row) for row in connection.execute(statement))
    by_key = {(row.inbox_id, row.external_id or ""): row for row in found}
    return {key: row for key, row in by_key.items() if key in wanted}


def message(connection: Connection, account_id: str, message_id: str) -> MessageRow | None:
    """Find one message of the account."""
    return messages_of_ids(connection, account_id, [message_id]).get(message_id)


def messages_of_ids(
    connection: Connection, account_id: str, message_ids: Iterable[str]
) -> dict[str, MessageRow]:
    """Find several messages of the account."""
    statement = select(*_messages).where(
        messages.c.account_id == account_id, messages.c.id.in_(list(message_ids))
    )
    return {row.id: _message(row) for row in connection.execute(statement)}


def by_client_id(connection: Connection, account_id: str, client_id: str) -> MessageRow | None:
    """Find the message an earlier request with this client id made."""
    statement = select(*_messages).where(
        messages.c.account_id == account_id, messages.c.client_id == client_id
    )
    row = connection.execute(statement).first()
    return None if row is None else _message(row)


def timeline(
    connection: Connection, account_id: str, contact_id: str, before: int | None, limit: int
) -> list[MessageRow]:
    """Give the newest messages of a contact before a number, in ascending order."""
    statement = select(*_messages).where(
        messages.c.account_id == account_id, messages.c.contact_id == contact_id
    )
    if before is not None:
        statement = statement.where(messages.c.seq < before)
    rows = connection.execute(statement.order_by(messages.c.seq.desc()).limit(limit)).all()
    return [_message(row) for row in reversed(rows)]


def messages_after(
    connection: Connection, account_id: str, seq: int, limit: int
) -> list[MessageRow]:
    """Give the account's messages after a number, in order."""
    statement = (
        select(*_messages)
        .where(messages.c.account_id == account_id, messages.c.seq > seq)
        .order_by(messages.c.seq)
        .limit(limit)
    )
    return [_message(row) for row in connection.execute(statement)]


def outgoing_up_to(
    connection: Connection, account_id: str, identity_id: str, seq: int
) -> list[MessageRow]:
    """Give our messages to an address up to a number that are not known to be read, in order."""
    statement = (
        select(*_messages)
        .where(
            messages.c.account_id == account_id,
            messages.c.identity_id == identity_id,
            messages.c.seq <= seq,
            messages.c.state.in_(_UNSEEN),
        )
        .order_by(messages.c.seq)
    )
    return [_message(row) for row in connection.execute(statement)]


def latest_of_identity(
    connection: Connection, account_id: str, identity_id: str, limit: int
) -> list[MessageRow]:
    """Give the last messages with an address, both ways, oldest first."""
    statement = (
        select(*_messages)
        .where(messages.c.account_id == account_id, messages.c.identity_id == identity_id)
        .order_by(messages.c.seq.desc())
        .limit(limit)
    )
    return [_message(row) for row in connection.execute(statement)][::-1]


def outgoing_until(
    connection: Connection, account_id: str, identity_id: str, moment: int
) -> list[MessageRow]:
    """Give our messages to an address made up to a moment and not known to be read, in order."""
    statement = (
        select(*_messages)
        .where(
            messages.c.account_id == account_id,
            messages.c.identity_id == identity_id,
            messages.c.sent_at <= moment,
            messages.c.state.in_(_UNSEEN),
        )
        .order_by(messages.c.seq)
    )
    return [_message(row) for row in connection.execute(statement)]


def unconfirmed(
    connection: Connection, account_id: str, contact_id: str, identity_id: str
) -> list[MessageRow]:
    """Give our messages to an address whose arrival at the platform is not known, in order."""
    statement = (
        select(*_messages)
        .where(
            messages.c.account_id == account_id,
            messages.c.contact_id == contact_id,
            messages.c.identity_id == identity_id,
            messages.c.state.in_(_UNCONFIRMED),
        )
        .order_by(messages.c.seq.desc())
        .limit(_UNCONFIRMED_LOOKED_AT)
    )
    return [_message(row) for row in connection.execute(statement)][::-1]


def last_said(
    connection: Connection,
    account_id: str,
    contact_id: str,
    conversation_id: str,
    author_kind: str = "",
) -> MessageRow | None:
    """Give the newest message of a conversation that somebody, or such an author, wrote."""
    statement = (
        select(*_messages)
        .where(
            messages.c.account_id == account_id,
            messages.c.contact_id == contact_id,
            messages.c.conversation_id == conversation_id,
            messages.c.kind != MessageKind.SYSTEM.value,
        )
        .order_by(messages.c.seq.desc())
        .limit(1)
    )
    if author_kind:
        statement = statement.where(messages.c.author_kind == author_kind)
    row = connection.execute(statement).first()
    return None if row is None else _message(row)


def last_heard(
    connection: Connection, account_id: str, contact_id: str, identity_id: str, up_to: int = 0
) -> str:
    """Give the platform's id of the newest message from an address; empty when there is none.

    With `up_to` the newest that is not behind that number.
    """
    statement = (
        select(messages.c.external_id)
        .where(
            messages.c.account_id == account_id,
            messages.c.contact_id == contact_id,
            messages.c.identity_id == identity_id,
            messages.c.author_kind == "contact",
            messages.c.external_id.is_not(None),
            *([messages.c.seq <= up_to] if up_to else []),
        )
        .order_by(messages.c.seq.desc())
        .limit(1)
    )
    return connection.execute(statement).scalar() or ""


def insert_messages(connection: Connection, rows: Sequence[MessageRow]) -> None:
    """Store new messages, one statement for any number."""
    insert_rows(connection, messages, [_message_values(row) for row in rows])


def update_messages(connection: Connection, rows: Sequence[MessageRow]) -> None:
    """Store what changed about messages, one statement for any number."""
    upsert_rows(connection, messages, [_message_values(row) for row in rows])


def _message_values(row: MessageRow) -> dict[str, Any]:
    values = msgspec.structs.asdict(row)
    values["content"] = "{}" if row.content == _EMPTY else json_text(row.content)
    return values


def _message(row: AnyRow) -> MessageRow:
    values = dict(zip(_MESSAGE, row, strict=True))
    content = values["content"]
    values["content"] = _EMPTY if content == "{}" else _content(content)
    return msgspec.convert(values, MessageRow)
