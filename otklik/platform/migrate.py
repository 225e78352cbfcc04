"""Migrations, run by the program itself, and the refusal to open a newer store."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from otklik.kernel.errors import SetupError
from otklik.platform.database import Database

_LOCK = 7_031_003

logging.getLogger("alembic").setLevel(logging.WARNING)  # its steps are no news to an operator

# Its every look at the revision is worth two lines to it, and none to whoever runs a command.
logging.getLogger("alembic").setLevel(logging.WARNING)

SCRIPTS = Path(__file__).parent.parent / "migrations"


def config(connection: Connection | None = None) -> Config:
    """Give Alembic's configuration, on a connection when there is one."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS))
    made.attributes["connection"] = connection
    return made


def newest() -> str:
    """Give the revision this program was made for."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def current(connection: Connection) -> str:
    """Give the revision of the store; empty when it is new."""
    return MigrationContext.configure(connection).get_current_revision() or ""


async def migrate(database: Database) -> tuple[str, str]:
    """Bring the store to this program's revision; give the revisions before and after.

    Raises `SetupError` when the store was written by a newer program.
    """
    before = await database.read(current)
    refuse_newer(before)
    if before != newest():
        await database.write(_upgrade)
    return before, newest()


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Several processes may start at once: the second one finds the work done.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    command.upgrade(config(connection), "head")


def refuse_newer(revision: str) -> None:
    """Refuse a store whose revision this program does not know."""
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    if revision and revision not in known:
        raise SetupError(
            f"The data was written by a newer Otklik (revision {revision}). Update the program.",
            f"Данные записаны более новой версией Отклика (ревизия {revision}). "
            "Обновите программу.",
            field="data_dir",
        )
