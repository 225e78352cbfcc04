"""Tables of conversations, messages, attachments, reactions and labels."""

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

conversations = Table(
    "conversations",
    metadata,
    id_column(),
    text("account_id"),
    text("contact_id"),
    text("inbox_id"),
    text("identity_id"),
    text("channel"),
    text("state"),
    optional_text("operator_id"),
    text("label_ids", default="[]"),
    text("preview"),
    text("preview_kind"),
    text("preview_author"),
    number("unread"),
    number("operator_read_seq"),
    number("contact_read_seq"),
    number("last_seq"),
    instant("last_message_at"),
    optional_instant("waiting_since"),
    instant("created_at"),
    optional_instant("resolved_at"),
    Index("ix_conversations_queue", "account_id", "state", "last_message_at"),
    Index("ix_conversations_contact", "account_id", "contact_id"),
    # One open conversation per contact, whatever arrives at once.
    Index(
        "uq_conversations_open",
        "contact_id",
        unique=True,
        sqlite_where=sql("state = 'open'"),
        postgresql_where=sql("state = 'open'"),
    ),
)

# Two open conversations of contacts that became one: the other one went on in the keeper.
conversation_folds = Table(
    "conversation_folds",
    metadata,
    id_column("other_id"),
    text("account_id"),
    text("keeper_id"),
    text("keeper_before"),
    text("other_before"),
    text("keeper_after"),
    text("other_after"),
    Index("ix_conversation_folds_keeper", "account_id", "keeper_id"),
)

messages = Table(
    "messages",
    metadata,
    id_column(),
    text("account_id"),
    text("contact_id"),
    text("conversation_id"),
    text("inbox_id"),
    text("identity_id"),
    text("channel"),
    number("seq"),
    text("author_kind"),
    text("author_id"),
    text("kind"),
    text("text"),
    text("content", default="{}"),
    text("group_key"),
    optional_text("reply_to_id"),
    optional_text("external_id"),
    optional_text("client_id"),
    text("state"),
    text("failure"),
    instant("sent_at"),
    instant("created_at"),
    optional_instant("edited_at"),
    optional_instant("deleted_at"),
    UniqueConstraint("inbox_id", "external_id"),
    UniqueConstraint("account_id", "client_id"),
    UniqueConstraint("account_id", "seq"),
    Index("ix_messages_thread", "account_id", "contact_id", "seq"),
    # What a contact may still read: a few rows each, however long the timeline is.
    Index(
        "ix_messages_unseen",
        "account_id",
        "identity_id",
        "seq",
        sqlite_where=sql("state IN ('sent', 'delivered')"),
        postgresql_where=sql("state IN ('sent', 'delivered')"),
    ),
)

early_marks = Table(
    "early_marks",
    metadata,
    text("account_id"),
    text("inbox_id"),
    text("external_id"),
    text("state"),
    text("failure"),
    text("code"),
    text("detail"),
    instant("at"),
    PrimaryKeyConstraint("account_id", "inbox_id", "external_id", "state"),
)

attachments = Table(
    "attachments",
    metadata,
    id_column(),
    text("account_id"),
    text("message_id"),
    number("position"),
    text("kind"),
    text("state"),
    text("ref"),
    optional_text("file_id"),
    text("name"),
    text("mime"),
    number("size"),
    number("width"),
    number("height"),
    number("duration_s"),
    text("details", default="{}"),
    number("tries"),
    optional_instant("due_at"),
    Index("ix_attachments_message", "account_id", "message_id"),
    Index(
        "ix_attachments_due",
        "due_at",
        sqlite_where=sql("due_at IS NOT NULL"),
        postgresql_where=sql("due_at IS NOT NULL"),
    ),
)

files = Table(
    "files",
    metadata,
    id_column(),
    text("account_id"),
    text("contact_id"),
    text("name"),
    text("mime"),
    text("kind"),
    number("size"),
    number("width"),
    number("height"),
    number("inline"),
    text("sha256"),
    instant("created_at"),
    Index("ix_files_account", "account_id"),
)

reactions = Table(
    "reactions",
    metadata,
    id_column(),
    text("account_id"),
    text("message_id"),
    text("author_kind"),
    text("author_id"),
    text("emoji"),
    Index("ix_reactions_message", "account_id", "message_id"),
)

labels = Table(
    "labels",
    metadata,
    id_column(),
    text("account_id"),
    text("title"),
    text("color"),
    instant("created_at"),
    UniqueConstraint("account_id", "title"),
)
