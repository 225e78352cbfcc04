"""The database: one writer thread on SQLite, a pool on PostgreSQL, the same functions on both.

Work is a plain function of a SQLAlchemy `Connection`. On SQLite it runs in a thread of its own
(one for writing, a few for reading); on PostgreSQL it runs over asyncpg through `run_sync`. A
write is one transaction: it commits when the function returns and rolls back when it raises.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from otklik.kernel.errors import InvalidError, UnavailableError

T = TypeVar("T")

_DATA_FAULT = "22"
"""The class of PostgreSQL's codes for values it cannot keep: NUL in a text, a number too large."""

# Connection, resources, operator's hand, system; read-only, serialization, deadlock.
_STORE_FAULTS = ("08", "53", "57", "58", "25006", "40001", "40P01")

_READERS = 3
_POOL = 10


class Database(Protocol):
    """Where the truth is kept."""

    dialect: Literal["sqlite", "postgresql"]

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run a function that only reads."""
        ...

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run a function in one transaction, durable when this returns."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...


def open_database(url: str) -> Database:
    """Open `sqlite:///path` or `postgresql://…`; raises nothing until first used."""
    if url.startswith("sqlite:///"):
        return SqliteDatabase(Path(url.removeprefix("sqlite:///")))
    return PostgresDatabase(url)


class SqliteDatabase:
    """SQLite in WAL mode, fully durable, with exactly one writer."""

    dialect: Literal["sqlite", "postgresql"] = "sqlite"

    def __init__(self, path: Path) -> None:
        self._writer = ThreadPoolExecutor(1, "otklik-write")
        self._readers = ThreadPoolExecutor(_READERS, "otklik-read")
        self.engine = sqlite_engine(path)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run a function that only reads."""
        return await self._run(self._readers, self._read, work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run a function in one transaction, durable when this returns."""
        return await self._run(self._writer, self._write, work)

    async def close(self) -> None:
        """Let go of every connection."""
        self._writer.shutdown()
        self._readers.shutdown()
        self.engine.dispose()

    async def _run(
        self,
        pool: ThreadPoolExecutor,
        way: Callable[[Callable[[Connection], T]], T],
        work: Callable[[Connection], T],
    ) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, way, work)
        except OperationalError as error:
            raise unavailable(error) from error
        except OverflowError as error:  # a number beyond 64 bits
            raise _unfit() from error

    def _read(self, work: Callable[[Connection], T]) -> T:
        with self.engine.connect() as connection:
            return work(connection)

    def _write(self, work: Callable[[Connection], T]) -> T:
        with self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                result = work(connection)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
            return result


class PostgresDatabase:
    """PostgreSQL 15 or newer over asyncpg."""

    dialect: Literal["sqlite", "postgresql"] = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = postgres_engine(url)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run a function that only reads."""
        try:
            async with self.engine.connect() as connection:
                return await connection.run_sync(work)
        except (OSError, PoolTimeoutError, DBAPIError) as error:
            raise _refusal(error) from error

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run a function in one transaction, durable when this returns."""
        try:
            async with self.engine.begin() as connection:
                return await connection.run_sync(work)
        except (OSError, PoolTimeoutError, DBAPIError) as error:
            raise _refusal(error) from error

    async def close(self) -> None:
        """Let go of every connection."""
        await self.engine.dispose()


def sqlite_engine(path: Path) -> Engine:
    """Give an engine whose connections are durable (synchronous FULL) and never share a lock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", pool_size=_READERS + 1, max_overflow=0)

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        # SQLite's own knows the letters of ASCII only: «Анна» would not be found as «анна».
        connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=10000",
            "cache_size=-65536",
            "temp_store=MEMORY",
            "mmap_size=268435456",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def postgres_engine(url: str) -> AsyncEngine:
    """Give an asyncpg engine whose dead connections are noticed before use."""
    return create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=_POOL,
        max_overflow=0,
        pool_pre_ping=True,
        pool_timeout=10,
    )


def is_of_the_store(error: Exception) -> bool:
    """Tell whether the store itself fails now: the same work may succeed in a moment."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, OSError | PoolTimeoutError)
    if isinstance(error, InterfaceError | OperationalError) or error.connection_invalidated:
        return True
    # asyncpg's errors come without their class: the state tells (PostgreSQL, appendix A).
    return _sqlstate(error).startswith(_STORE_FAULTS)


def _refusal(error: Exception) -> Exception:
    """Tell apart a store that fails, an input it cannot keep, and a fault of ours."""
    if is_of_the_store(error):
        return unavailable(error)
    if isinstance(error, DBAPIError) and _sqlstate(error).startswith(_DATA_FAULT):
        return _unfit()
    return error


def _sqlstate(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


def _unfit() -> InvalidError:
    return InvalidError(
        "The input holds a character or a number that cannot be stored.",
        "Во входных данных есть знак или число, которые нельзя сохранить.",
    )


def unavailable(error: Exception) -> Exception:
    """Turn "the store cannot take it now" into our error; leave programming errors as they are."""
    words = str(error)
    if "no such" in words or "syntax error" in words or "has no column" in words:
        return error
    if "disk is full" in words or "No space left" in words:
        return UnavailableError(
            "The disk is full: nothing was accepted. Free some space.",
            "Диск заполнен: ничего не принято. Освободите место.",
        )
    return UnavailableError()
