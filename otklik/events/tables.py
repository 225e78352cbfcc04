"""Tables of events and of the counters that number them."""

from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, Table, Text

from otklik.platform.schema import id_column, instant, metadata, number, text

counters = Table("counters", metadata, id_column("account_id"), number("last_seq"))

events = Table(
    "events",
    metadata,
    Column("account_id", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    text("kind"),
    text("conversation_id"),
    text("contact_id"),
    text("body"),
    instant("at"),
    PrimaryKeyConstraint("account_id", "seq"),
    sqlite_with_rowid=False,
)
