"""Tables of search.

The index itself is made by the migration: FTS5 on SQLite, GIN over `tsvector` on PostgreSQL.
"""

from sqlalchemy import Index, Table

from otklik.platform.schema import id_column, metadata, number, text

search_entries = Table(
    "search_entries",
    metadata,
    id_column("message_id"),
    text("account_id"),
    text("contact_id"),
    text("conversation_id"),
    number("seq"),
    text("words"),
    Index("ix_search_entries_account", "account_id", "seq"),
)
