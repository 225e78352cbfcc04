"""Tables of inboxes."""

from sqlalchemy import Index, Table, UniqueConstraint

from otklik.platform.schema import blob, id_column, instant, metadata, optional_instant, text

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
