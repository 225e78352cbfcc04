"""Tables of the inbound log."""

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
)

from otklik.platform.schema import id_column, instant, metadata, number, text

inbound_log = Table(
    "inbound_log",
    metadata,
    Column(
        "position",
        BigInteger().with_variant(Integer, "sqlite"),
        Identity(),
        primary_key=True,
    ),
    text("account_id"),
    text("inbox_id"),
    text("dedupe_key"),
    Column("body", LargeBinary, nullable=False),
    instant("received_at"),
    UniqueConstraint("inbox_id", "dedupe_key"),
    Index("ix_inbound_log_received", "received_at"),
    sqlite_autoincrement=True,  # a position is never used twice
)

inbound_outcomes = Table(
    "inbound_outcomes",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    text("account_id"),
    text("inbox_id"),
    text("outcome"),
    text("name"),
    text("error"),
    number("tries"),
    instant("at"),
    Index("ix_inbound_outcomes_account", "account_id", "outcome", "position"),
)

cursors = Table("cursors", metadata, id_column("name"), number("position"))
