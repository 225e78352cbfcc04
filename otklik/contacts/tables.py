"""Tables of contacts, their identities, what links them, touchpoints and consents."""

from sqlalchemy import Index, PrimaryKeyConstraint, Table, UniqueConstraint
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
    optional_text("merged_into"),  # the contact that stands for this person now
    text("borrowed", default="{}"),  # what a merge lent: field to its own value and the lent one
    instant("created_at"),
    optional_instant("seen_at"),
    Index("ix_contacts_account", "account_id", "seen_at"),
    Index(
        "ix_contacts_merged",
        "account_id",
        "merged_into",
        sqlite_where=sql("merged_into IS NOT NULL"),
        postgresql_where=sql("merged_into IS NOT NULL"),
    ),
)

identities = Table(
    "identities",
    metadata,
    id_column(),
    text("account_id"),
    text("contact_id"),
    text("home_id"),  # the contact it founded; `contact_id` is whose it is now
    text("inbox_id"),
    text("channel"),
    text("external_id"),
    text("name"),
    text("username"),
    text("evidence"),
    number("reachable", default=1),
    instant("created_at"),
    number("window_until"),
    optional_text("picture_id"),
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
    optional_text("identity_id"),
    optional_text("conversation_id"),
    text("inbox_id"),
    text("kind"),
    text("source"),
    text("details", default="{}"),
    instant("at"),
    Index("ix_touchpoints_contact", "account_id", "contact_id", "at"),
)

aliases = Table(
    "identity_aliases",
    metadata,
    text("account_id"),
    text("inbox_id"),
    text("external_id"),
    text("identity_id"),
    PrimaryKeyConstraint("inbox_id", "external_id"),
)

claims = Table(
    "identity_claims",
    metadata,
    text("account_id"),
    text("identity_id"),
    text("kind"),
    text("value"),
    text("level"),
    text("by"),
    instant("first_at"),
    instant("last_at"),
    PrimaryKeyConstraint("identity_id", "kind", "value", "level"),
    Index("ix_identity_claims_value", "account_id", "kind", "value"),
)

logins = Table(
    "visitor_logins",
    metadata,
    text("account_id"),
    text("inbox_id"),
    text("visitor"),
    text("signed"),
    instant("at"),
    PrimaryKeyConstraint("inbox_id", "visitor", "signed"),
    Index("ix_visitor_logins_signed", "account_id", "inbox_id", "signed"),
)

verdicts = Table(
    "identity_verdicts",
    metadata,
    text("account_id"),
    text("one_id"),
    text("other_id"),
    number("is_same"),
    text("by"),
    instant("at"),
    PrimaryKeyConstraint("one_id", "other_id"),
    Index("ix_identity_verdicts_other", "account_id", "other_id"),
)

links = Table(
    "links",
    metadata,
    id_column(),
    text("account_id"),
    text("identity_id"),  # the address that was linked
    text("other_id"),  # the address that proves it
    text("contact_id"),  # whose it became
    text("evidence"),
    text("reason"),
    text("value"),
    text("by"),
    number("since"),
    instant("at"),
    optional_instant("revoked_at"),
    text("revoked_by"),
    Index(
        "ix_links_identity",
        "account_id",
        "identity_id",
        sqlite_where=sql("revoked_at IS NULL"),
        postgresql_where=sql("revoked_at IS NULL"),
    ),
    Index(
        "ix_links_other",
        "account_id",
        "other_id",
        sqlite_where=sql("revoked_at IS NULL"),
        postgresql_where=sql("revoked_at IS NULL"),
    ),
)

consents = Table(
    "consents",
    metadata,
    text("account_id"),
    text("identity_id"),
    text("purpose"),
    number("granted"),
    text("wording"),
    text("source"),
    instant("at"),
    PrimaryKeyConstraint("identity_id", "purpose"),
)

linking_rules = Table(
    "linking_rules",
    metadata,
    id_column("account_id"),
    text("region", default="RU"),
    text("blocked", default="[]"),
)
