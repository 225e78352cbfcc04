"""All SQL of attachments, reactions, files and labels."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, func, select, update
from sqlalchemy.engine import Row

from otklik.conversations.tables import (
    attachments,
    files,
    labels,
    messages,
    reactions,
)
from otklik.conversations.types import (
    AttachmentRow,
    FileRow,
    LabelView,
    ReactionRow,
)
from otklik.platform.writes import insert_rows

AnyRow = Row[*tuple[Any, ...]]

_ATTACHMENT = AttachmentRow.__struct_fields__
_FILE = FileRow.__struct_fields__
_attachments = [attachments.c[name] for name in _ATTACHMENT]
_files = [files.c[name] for name in _FILE]
_reactions = [reactions.c[name] for name in ReactionRow.__struct_fields__]


def insert_attachments(connection: Connection, rows: Sequence[AttachmentRow]) -> None:
    """Store attachments of new messages."""
    insert_rows(connection, attachments, [msgspec.structs.asdict(row) for row in rows])


def attachments_of(
    connection: Connection, account_id: str, message_ids: Iterable[str]
) -> dict[str, list[AttachmentRow]]:
    """Give the attachments of messages, in order."""
    statement = (
        select(*_attachments)
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
        select(*_attachments, messages.c.inbox_id)
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


def count_due(connection: Connection) -> int:
    """Count the attachments of all accounts that wait for their file."""
    statement = select(func.count()).where(attachments.c.due_at.is_not(None))
    return connection.execute(statement).scalar_one()


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
        select(*_attachments)
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
        select(*_reactions)
        .where(reactions.c.account_id == account_id, reactions.c.message_id.in_(list(message_ids)))
        .order_by(reactions.c.id)
    )
    found: dict[str, list[ReactionRow]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.message_id, []).append(ReactionRow(*row))
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


def insert_file(connection: Connection, row: FileRow) -> None:
    """Store what a file is."""
    insert_rows(connection, files, [msgspec.structs.asdict(row)])


def files_of_ids(
    connection: Connection, account_id: str, file_ids: Iterable[str]
) -> dict[str, FileRow]:
    """Find files of the account."""
    statement = select(*_files).where(
        files.c.account_id == account_id, files.c.id.in_(list(file_ids))
    )
    rows = (
        msgspec.convert(dict(zip(_FILE, row, strict=True)), FileRow)
        for row in connection.execute(statement)
    )
    return {row.id: row for row in rows}


def uploaded_since(connection: Connection, account_id: str, contact_id: str, moment: int) -> int:
    """Count the bytes a contact uploaded since a moment."""
    statement = select(func.coalesce(func.sum(files.c.size), 0)).where(
        files.c.account_id == account_id,
        files.c.contact_id == contact_id,
        files.c.created_at >= moment,
    )
    return int(connection.execute(statement).scalar() or 0)


def labels_of(connection: Connection, account_id: str) -> list[LabelView]:
    """Give the account's labels."""
    statement = (
        select(labels.c.id, labels.c.title, labels.c.color)
        .where(labels.c.account_id == account_id)
        .order_by(labels.c.title)
    )
    return [LabelView(*row) for row in connection.execute(statement)]


def insert_label(connection: Connection, account_id: str, label: LabelView, now: int) -> None:
    """Add a label."""
    values = msgspec.structs.asdict(label) | {"account_id": account_id, "created_at": now}
    insert_rows(connection, labels, [values])


def change_label(connection: Connection, account_id: str, label: LabelView) -> bool:
    """Rename or recolour a label; false when the account has no such label."""
    statement = update(labels).where(labels.c.account_id == account_id, labels.c.id == label.id)
    changed = connection.execute(statement.values(title=label.title, color=label.color))
    return changed.rowcount == 1


def delete_label(connection: Connection, account_id: str, label_id: str) -> bool:
    """Remove a label; conversations forget it when they are next shown."""
    statement = labels.delete().where(labels.c.account_id == account_id, labels.c.id == label_id)
    return connection.execute(statement).rowcount == 1


def _attachment(row: AnyRow) -> AttachmentRow:
    return msgspec.convert(dict(zip(_ATTACHMENT, row, strict=False)), AttachmentRow)
