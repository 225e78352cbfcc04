"""Tables of webhook endpoints and of what is on its way to them."""

from sqlalchemy import Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from otklik.platform.schema import (
    blob,
    id_column,
    instant,
    metadata,
    number,
    optional_instant,
    text,
)

endpoints = Table(
    "webhook_endpoints",
    metadata,
    id_column(),
    text("account_id"),
    text("url"),
    text("events"),  # kinds with spaces between; empty means all
    blob("secrets"),
    text("state"),
    text("state_reason"),
    number("cursor"),
    number("failures"),
    optional_instant("failing_since"),
    number("held_until"),
    instant("created_at"),
    Index("ix_webhook_endpoints_account", "account_id"),
)

attempts = Table(
    "webhook_attempts",
    metadata,
    id_column(),
    text("account_id"),
    text("endpoint_id"),
    number("seq"),
    text("event"),
    text("body"),
    text("state"),
    number("tries"),
    number("status"),
    text("error"),
    instant("due_at"),
    instant("created_at"),
    optional_instant("claimed_at"),
    optional_instant("finished_at"),
    UniqueConstraint("endpoint_id", "seq"),
    Index(
        "ix_webhook_attempts_waiting",
        "endpoint_id",
        "due_at",
        sqlite_where=sql("state = 'waiting'"),
        postgresql_where=sql("state = 'waiting'"),
    ),
    Index(
        "ix_webhook_attempts_sending",
        "claimed_at",
        sqlite_where=sql("state = 'sending'"),
        postgresql_where=sql("state = 'sending'"),
    ),
    Index("ix_webhook_attempts_account", "account_id", "endpoint_id", "seq"),
    Index("ix_webhook_attempts_finished", "finished_at"),
)
