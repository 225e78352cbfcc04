"""Commands about the store: migrations, backups, export."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from typing import TextIO

import msgspec
from sqlalchemy import Connection

from otklik.conversations import api as conversations
from otklik.conversations.types import MessageView
from otklik.events import api as events
from otklik.kernel.clock import SystemClock
from otklik.kernel.errors import SetupError
from otklik.parts import Parts, assembled, database_of
from otklik.platform import backup as backups
from otklik.platform import migrate as migrations
from otklik.platform.settings import Settings

_PAGE = 200


async def migrate(settings: Settings, _words: argparse.Namespace) -> int:
    """Bring the tables to this version."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    database = database_of(settings)
    try:
        before, after = await migrations.migrate(database)
    finally:
        await database.close()
    print(f"{before or 'new'} → {after}")
    return 0


async def backup(settings: Settings, words: argparse.Namespace) -> int:
    """Copy the data folder while it is in use."""
    if settings.database_url:
        raise SetupError(
            "The data is in PostgreSQL: back it up with pg_dump, and copy the files folder.",
            "Данные в PostgreSQL: сделайте копию через pg_dump и скопируйте папку files.",
            field="database_url",
        )
    manifest = await asyncio.to_thread(
        backups.backup,
        settings.folder,
        words.target,
        SystemClock(),
        with_secrets=words.with_secrets,
    )
    print(msgspec.json.encode(manifest).decode())
    return 0


async def restore(settings: Settings, words: argparse.Namespace) -> int:
    """Fill an empty data folder; nothing is sent until it is confirmed."""
    manifest = await asyncio.to_thread(
        backups.restore, words.source, settings.folder, SystemClock()
    )
    print(msgspec.json.encode(manifest).decode())
    print(
        "Nothing will be sent until you run: otklik confirm-restore\n"
        "Ничего не будет отправлено, пока вы не выполните: otklik confirm-restore",
        file=sys.stderr,
    )
    return 0


async def confirm(settings: Settings, _words: argparse.Namespace) -> int:
    """Let messages out again after a restore."""
    backups.confirm_restore(settings.folder)
    print(
        "Messages go out once the server starts anew: restart otklik serve.\n"
        "Сообщения пойдут после нового запуска: перезапустите otklik serve.",
        file=sys.stderr,
    )
    return 0


async def export(settings: Settings, words: argparse.Namespace) -> int:
    """Write every message of every contact as one JSON object a line."""
    async with assembled(settings) as parts:
        if str(words.target) == "-":
            return await _export(parts, sys.stdout)
        with words.target.open("w", encoding="utf-8") as target:
            return await _export(parts, target)


async def _export(parts: Parts, target: TextIO) -> int:
    for account_id in sorted(await parts.database.read(events.account_ids)):
        after = 0
        while True:
            page = await parts.database.read(_page(account_id, after))
            target.writelines(msgspec.json.encode(message).decode() + "\n" for message in page)
            if len(page) < _PAGE:
                break
            after = page[-1].seq
    return 0


def _page(account_id: str, after: int) -> Callable[[Connection], list[MessageView]]:
    def read(connection: Connection) -> list[MessageView]:
        return conversations.messages_after(connection, account_id, after, _PAGE)

    return read
