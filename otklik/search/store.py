"""All SQL of search. The two stores have different full-text indexes behind one table."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, text

from otklik.platform.writes import upsert_rows
from otklik.search.tables import search_entries

_SQLITE = text(
    "SELECT entry.message_id FROM search_words"
    " JOIN search_entries AS entry ON entry.rowid = search_words.rowid"
    " WHERE search_words MATCH :wanted AND entry.account_id = :account_id"
    " ORDER BY entry.seq DESC LIMIT :limit"
)
_POSTGRES = text(
    "SELECT message_id FROM search_entries"
    " WHERE account_id = :account_id"
    " AND to_tsvector('simple', words) @@ to_tsquery('simple', :wanted)"
    " ORDER BY seq DESC LIMIT :limit"
)


def store_entries(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Index messages, or index them anew."""
    upsert_rows(connection, search_entries, rows, key=("message_id",))


def forget_entries(connection: Connection, account_id: str, message_ids: Sequence[str]) -> None:
    """Take messages out of the index."""
    connection.execute(
        search_entries.delete().where(
            search_entries.c.account_id == account_id,
            search_entries.c.message_id.in_(message_ids),
        )
    )


def find(connection: Connection, account_id: str, words: Sequence[str], limit: int) -> list[str]:
    """Give the ids of the newest messages that have every word, the last one as a beginning."""
    if connection.dialect.name == "sqlite":
        statement, wanted = _SQLITE, " ".join(f'"{word}"*' for word in words)
    else:
        statement, wanted = _POSTGRES, " & ".join(f"{word}:*" for word in words)
    values = {"wanted": wanted, "account_id": account_id, "limit": limit}
    return list(connection.execute(statement.bindparams(bindparam("limit")), values).scalars())
