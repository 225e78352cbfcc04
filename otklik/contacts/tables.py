"""Tables of contacts, their identities and touchpoints."""

from sqlalchemy import Index, Table, UniqueConstraint

from otklik.platform.schema import (
    id_column,
    instant,
    metadata,
    number,
    optional_instant,
    optional_text,
    text,
)

contacts = Table(
    "contacts",
    metadata,
    id_column(),
    text("account_id"),
    text("name"),
    text("locale"),
    text("phone"),
    text("phone_evidence"),
    text("email"),
    text("email_evidence"),
    text("remark"),
    instant("created_at"),
    optional_instant("seen_at"),
    Index("ix_contacts_account", "account_id", "seen_at"),
)

identities = Table(
    "identities",
    metadata,
    id_column(),
    text("account_id"),
    text("contact_id"),
    text("inbox_id"),
    text("channel"),
    text("external_id"),
    text("name"),
    text("username"),
    text("evidence"),
    number("reachable", default=1),
    instant("created_at"),
    optional_instant("seen_at"),
    UniqueConstraint("inbox_id", "external_id"),
    Index("ix_identities_contact", "account_id", "contact_id"),
)

touchpoints = Table(
    "touchpoints",
    metadata,
    id_column(),
    text("account_id"),
    text("contact_id"),
    optional_text("conversation_id"),
    text("inbox_id"),
    text("kind"),
    text("source"),
    text("details", default="{}"),
    instant("at"),
    Index("ix_touchpoints_contact", "account_id", "contact_id", "at"),
)
