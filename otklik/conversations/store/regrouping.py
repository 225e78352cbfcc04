"""SQL of conversations that change hands when people turn out to be one, or two."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection, delete, func, or_, select, update

from otklik.contacts.types import Move
from otklik.conversations.folding import Fold, Said, Share
from otklik.conversations.store.messages import last_said
from otklik.conversations.tables import conversation_folds, conversations, messages
from otklik.conversations.types import ConversationRow, ConversationState
from otklik.platform.writes import json_text, upsert_rows
from otklik.ports.message import MessageKind

_row = msgspec.json.Decoder(ConversationRow).decode


def move_messages(connection: Connection, account_id: str, moves: Sequence[Move]) -> None:
    """Let messages follow the addresses they were said at; their conversations stay."""
    together: dict[tuple[str, str, int], list[str]] = {}
    for move in moves:
        key = (move.from_id, move.to_id, move.since)
        together.setdefault(key, []).append(move.identity_id)
    for (source, target, since), identity_ids in together.items():
        connection.execute(
            update(messages)
            .where(
                messages.c.account_id == account_id,
                messages.c.contact_id == source,
                messages.c.identity_id.in_(identity_ids),
                messages.c.created_at >= since,
            )
            .values(contact_id=target)
        )


def shares(connection: Connection, account_id: str, contact_ids: Iterable[str]) -> list[Share]:
    """Give whose messages the conversations of some contacts hold, whoever began them first."""
    first = func.min(messages.c.seq)
    statement = (
        select(messages.c.conversation_id, messages.c.contact_id, first)
        .where(messages.c.account_id == account_id, messages.c.contact_id.in_(list(contact_ids)))
        .group_by(messages.c.conversation_id, messages.c.contact_id)
        .order_by(first)
    )
    return [Share(*row) for row in connection.execute(statement)]


def carry_messages(
    connection: Connection, account_id: str, old: str, new: str, contact_id: str
) -> None:
    """Put a contact's messages of one conversation into another."""
    connection.execute(
        update(messages)
        .where(
            messages.c.account_id == account_id,
            messages.c.conversation_id == old,
            messages.c.contact_id == contact_id,
        )
        .values(conversation_id=new)
    )


def said_in(connection: Connection, account_id: str, row: ConversationRow) -> Said:
    """Read from the messages of a conversation what its row repeats."""
    conversation_id, contact_id = row.id, row.contact_id
    # By contact, too: their timeline has an index, and who else spoke here was taken out before.
    mine = (
        messages.c.account_id == account_id,
        messages.c.contact_id == contact_id,
        messages.c.conversation_id == conversation_id,
    )
    answered = connection.execute(
        select(
            func.coalesce(func.max(messages.c.seq), 0),
            func.coalesce(
                func.max(messages.c.seq).filter(
                    messages.c.author_kind == "operator",
                    messages.c.kind != MessageKind.NOTE.value,
                ),
                0,
            ),
        ).where(*mine)
    ).one()
    last_seq, answer_seq = answered
    of_contact = messages.c.author_kind == "contact"
    waiting, unread = connection.execute(
        select(
            func.min(messages.c.created_at).filter(messages.c.seq > answer_seq),
            func.count().filter(messages.c.seq > max(answer_seq, row.operator_read_seq)),
        ).where(*mine, of_contact)
    ).one()
    return Said(
        last_seq=last_seq,
        unread=unread,
        waiting_since=waiting,
        last=last_said(connection, account_id, contact_id, conversation_id),
        last_of_contact=last_said(
            connection, account_id, contact_id, conversation_id, author_kind="contact"
        ),
    )


def close_all(connection: Connection, account_id: str, conversation_ids: Iterable[str]) -> None:
    """Close conversations for a moment: who has an open one is about to change."""
    connection.execute(
        update(conversations)
        .where(
            conversations.c.account_id == account_id,
            conversations.c.id.in_(list(conversation_ids)),
        )
        .values(state=ConversationState.RESOLVED.value)
    )


def save_folds(connection: Connection, account_id: str, folds: Sequence[Fold]) -> None:
    """Store how conversations became one."""
    rows = [
        {
            "other_id": fold.other_before.id,
            "account_id": account_id,
            "keeper_id": fold.keeper_before.id,
            **{name: json_text(row) for name, row in fold._asdict().items()},
        }
        for fold in folds
    ]
    upsert_rows(connection, conversation_folds, rows, key=("other_id",))


def folds_of(
    connection: Connection, account_id: str, conversation_ids: Iterable[str]
) -> list[Fold]:
    """Give how some conversations became one, the latest first."""
    ids = list(conversation_ids)
    statement = select(conversation_folds).where(
        conversation_folds.c.account_id == account_id,
        or_(conversation_folds.c.keeper_id.in_(ids), conversation_folds.c.other_id.in_(ids)),
    )
    found = [
        Fold(*(_row(getattr(row, name)) for name in Fold._fields))
        for row in connection.execute(statement)
    ]
    return sorted(found, key=lambda fold: fold.other_after.resolved_at or 0, reverse=True)


def forget_folds(connection: Connection, account_id: str, other_ids: Iterable[str]) -> None:
    """Forget how conversations became one: they are two again."""
    ids = list(other_ids)
    if ids:
        connection.execute(
            delete(conversation_folds).where(
                conversation_folds.c.account_id == account_id,
                conversation_folds.c.other_id.in_(ids),
            )
        )
