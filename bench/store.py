"""What the store holds, asked past the application: counts for the proof, rows for the limit."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import asyncpg

from bench.shop import Shop
from otklik.platform.backup import DATABASE_FILE

Row = tuple[Any, ...]  # a row as its driver gives it

TABLES = ("inbound_log", "messages", "events", "deliveries")
"""What one message with its answer is made of."""

_COUNTS = {
    "bodies": "SELECT count(*) FROM inbound_log",
    "received": "SELECT count(*) FROM messages WHERE author_kind = 'contact'",
    "answers": "SELECT count(*) FROM messages WHERE author_kind = 'bot'",
    "sent": "SELECT count(*) FROM deliveries WHERE state = 'sent' AND order_kind = 'message'",
    "events": "SELECT count(*) FROM events",
}


@dataclass(frozen=True)
class Counts:
    """Rows of the whole store."""

    bodies: int
    received: int
    answers: int
    sent: int
    events: int


@dataclass(frozen=True)
class Rows:
    """Rows of one table, in the order of its columns."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[Row]


def data_file(shop: Shop) -> Path:
    """Give the embedded store's file."""
    return shop.folder / "data" / DATABASE_FILE


async def ask(shop: Shop, statement: str) -> tuple[tuple[str, ...], list[Row]]:
    """Run a reading statement; give column names and rows."""
    if not shop.database_url:
        with closing(sqlite3.connect(f"file:{data_file(shop)}?mode=ro", uri=True)) as connection:
            cursor = connection.execute(statement)
            return tuple(column[0] for column in cursor.description), cursor.fetchall()
    connection = await asyncpg.connect(shop.database_url)
    try:
        prepared = await connection.prepare(statement)
        columns = tuple(attribute.name for attribute in prepared.get_attributes())
        return columns, [tuple(record) for record in await prepared.fetch()]
    finally:
        await connection.close()


async def counts(shop: Shop) -> Counts:
    """Count what is stored."""
    found = {name: (await ask(shop, sql))[1][0][0] for name, sql in _COUNTS.items()}
    return Counts(**cast("dict[str, int]", found))


async def all_rows(shop: Shop) -> list[Rows]:
    """Read every row that messages and their answers left, oldest first."""
    found = []
    for table in TABLES:
        columns, rows = await ask(shop, f"SELECT * FROM {table}")  # noqa: S608 - our own names
        found.append(Rows(table, columns, rows))
    return found
