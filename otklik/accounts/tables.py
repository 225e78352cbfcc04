"""Tables of accounts and of everything that signs in."""

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from otklik.platform.schema import (
    id_column,
    instant,
    metadata,
    number,
    optional_instant,
    optional_text,
    text,
)

accounts = Table(
    "accounts",
    metadata,
    id_column(),
    text("title"),
    text("locale", default="ru"),
    text("time_zone", default="Europe/Moscow"),
    instant("created_at"),
)

operators = Table(
    "operators",
    metadata,
    id_column(),
    text("account_id"),
    optional_text("email"),  # null until the first admin gives one
    text("name"),
    text("password_hash"),
    text("role"),
    text("locale", default="ru"),
    Column("active", Integer, nullable=False, server_default="1"),
    instant("created_at"),
    optional_instant("seen_at"),
    UniqueConstraint("email"),
    Index("ix_operators_account", "account_id"),
)

sessions = Table(
    "sessions",
    metadata,
    id_column("id_hash"),
    text("account_id"),
    text("operator_id"),
    text("csrf_token"),
    number("by_link"),
    instant("created_at"),
    instant("seen_at"),
    instant("expires_at"),
    Index("ix_sessions_operator", "account_id", "operator_id"),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    id_column("token_hash"),
    text("account_id"),
    text("operator_id"),
    instant("expires_at"),
    optional_instant("used_at"),
    Index("ix_sign_in_links_operator", "account_id", "operator_id"),
)

api_keys = Table(
    "api_keys",
    metadata,
    id_column(),
    text("account_id"),
    text("title"),
    text("prefix"),
    text("key_hash"),
    text("scopes"),
    text("created_by"),
    instant("created_at"),
    optional_instant("expires_at"),
    optional_instant("last_used_at"),
    optional_instant("revoked_at"),
    UniqueConstraint("key_hash"),
    Index("ix_api_keys_account", "account_id"),
)

attempts = Table(
    "attempts",
    metadata,
    id_column("bucket"),
    number("window_start"),
    number("count"),
)

audit = Table(
    "audit",
    metadata,
    id_column(),
    text("account_id"),
    text("operator_id"),
    text("action"),
    text("subject"),
    text("address"),
    text("details", default="{}"),
    instant("at"),
    Index("ix_audit_account", "account_id", "at"),
)
