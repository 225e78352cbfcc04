"""The table of deliveries."""

from sqlalchemy import Index, Table
from sqlalchemy import text as sql

from otklik.platform.schema import (
    id_column,
    instant,
    metadata,
    number,
    optional_instant,
    optional_text,
    text,
)

deliveries = Table(
    "deliveries",
    metadata,
    id_column(),
    text("account_id"),
    text("inbox_id"),
    text("identity_id"),
    optional_text("message_id"),
    number("seq"),
    text("order_kind"),
    text("order_body"),
    text("state"),
    text("failure"),
    text("detail"),
    number("tries"),
    instant("due_at"),
    instant("created_at"),
    optional_instant("claimed_at"),
    optional_instant("finished_at"),
    Index(
        "ix_deliveries_waiting",
        "identity_id",
        "seq",
        sqlite_where=sql("state IN ('queued', 'sending')"),
        postgresql_where=sql("state IN ('queued', 'sending')"),
    ),
    Index(
        "ix_deliveries_due",
        "due_at",
        sqlite_where=sql("state = 'queued'"),
        postgresql_where=sql("state = 'queued'"),
    ),
    Index(
        "ix_deliveries_failed",
        "account_id",
        "inbox_id",
        "finished_at",
        sqlite_where=sql("state = 'failed'"),
        postgresql_where=sql("state = 'failed'"),
    ),
    Index("ix_deliveries_message", "account_id", "message_id"),
)
