"""Many-row writes as single statements, the same on SQLite and PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

Values = Mapping[str, Any]  # one row as SQLAlchemy takes it: column name to a value of its type

_to_json = msgspec.json.Encoder().encode


def insert_rows(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert any number of rows with one statement."""
    if rows:
        connection.execute(_plain_insert(table), list(rows))


def insert_ignoring(
    connection: Connection,
    table: Table,
    rows: Sequence[Values],
    *,
    unique: Sequence[str],
    returning: Sequence[str],
) -> list[tuple[Any, ...]]:
    """Insert the rows whose `unique` columns are not there yet; give columns of the new ones."""
    if not rows:
        return []
    statement = _ignoring(connection.dialect.name, table, tuple(unique), tuple(returning))
    return [tuple(row) for row in connection.execute(statement, list(rows))]


def upsert_rows(
    connection: Connection,
    table: Table,
    rows: Sequence[Values],
    key: Iterable[str] = ("id",),
    keep: Iterable[str] = (),
) -> None:
    """Insert the rows, or overwrite the given columns where the key exists: one statement.

    Columns in `keep` are written by the insert only.
    """
    if not rows:
        return
    keys = tuple(key)
    changed = tuple(name for name in rows[0] if name not in {*keys, *keep})
    statement = _upsert(connection.dialect.name, table, keys, changed)
    connection.execute(statement, list(rows))


# Building these statements costs as much as running them: each form is built once.


@cache
def _plain_insert(table: Table) -> Insert:
    # RETURNING makes SQLAlchemy send one many-row INSERT instead of one per row.
    return table.insert().returning(_first_key(table))


@cache
def _ignoring(
    dialect: str, table: Table, unique: tuple[str, ...], returning: tuple[str, ...]
) -> Insert:
    keys = [table.c[name] for name in unique]
    statement = _insert(dialect, table).on_conflict_do_nothing(index_elements=keys)
    return statement.returning(*(table.c[name] for name in returning))


@cache
def _upsert(dialect: str, table: Table, keys: tuple[str, ...], changed: tuple[str, ...]) -> Insert:
    statement = _insert(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=[table.c[name] for name in keys],
        set_={name: statement.excluded[name] for name in changed},
    ).returning(_first_key(table))


def _insert(dialect: str, table: Table) -> sqlite.Insert:
    if dialect == "sqlite":
        return sqlite.insert(table)
    # Both dialects' inserts have the same on_conflict methods, but no common type.
    return postgresql.insert(table)  # type: ignore[return-value]


def _first_key(table: Table) -> Column[Any]:
    return next(iter(table.primary_key.columns))


def json_text(value: object) -> str:
    """Encode a struct for a JSON text column."""
    return _to_json(value).decode()
