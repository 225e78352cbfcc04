"""Tables of inboxes."""

from sqlalchemy import Index, Table, UniqueConstraint

from otklik.platform.schema import (
    blob,
    id_column,
    instant,
    metadata,
    number,
    optional_instant,
    text,
)

inboxes = Table(
    "inboxes",
    metadata,
    id_column(),
    text("account_id"),
    text("channel"),
    text("title"),
    text("public_key"),
    text("settings", default="{}"),
    blob("secrets"),
    text("state"),
    text("state_reason"),
    text("cursor"),
    instant("created_at"),
    optional_instant("last_event_at"),
    UniqueConstraint("public_key"),
    Index("ix_inboxes_account", "account_id"),
)

inbox_templates = Table(
    "inbox_templates",
    metadata,
    id_column(),
    text("account_id"),
    text("inbox_id"),
    text("name"),
    text("language"),
    text("status"),
    text("category"),
    text("reason"),
    text("told"),
    instant("updated_at"),
    UniqueConstraint("account_id", "inbox_id", "name", "language"),
)

inbox_news = Table(
    "inbox_news",
    metadata,
    id_column(),
    text("account_id"),
    text("inbox_id"),
    text("what"),
    text("detail"),
    number("is_trouble"),
    instant("at"),
    Index("ix_inbox_news_inbox", "account_id", "inbox_id", "at"),
)
