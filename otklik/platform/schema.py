"""Column kinds and the one metadata every capability's tables belong to."""

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Text
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column(name: str = "id") -> Column[str]:
    """Give a primary key holding one of `kernel.ids`."""
    return Column(name, Text, primary_key=True)


def text(name: str, *, default: str = "") -> Column[str]:
    """Give a text column that is never null; empty means absent."""
    return Column(name, Text, nullable=False, server_default=default)


def optional_text(name: str) -> Column[str]:
    """Give a text column where null means absent: for keys and references."""
    return Column(name, Text)


def number(name: str, *, default: int = 0) -> Column[int]:
    """Give a 64-bit integer column that is never null."""
    return Column(name, BigInteger, nullable=False, server_default=str(default))


def instant(name: str) -> Column[int]:
    """Give a moment in Unix milliseconds, UTC, that is always known."""
    return Column(name, BigInteger, nullable=False)


def optional_instant(name: str) -> Column[int]:
    """Give a moment in Unix milliseconds, UTC, or null for "not yet"."""
    return Column(name, BigInteger)


def blob(name: str) -> Column[bytes]:
    """Give a column of raw bytes."""
    kind: TypeEngine[bytes] = LargeBinary()
    return Column(name, kind, nullable=False)
