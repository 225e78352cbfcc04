"""Commands about the dead letters."""

import argparse
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from otklik.events import api as events
from otklik.inbound import api as inbound
from otklik.kernel.errors import ConflictError, NotFoundError
from otklik.parts import Parts, assembled
from otklik.platform.settings import Settings


async def list_dead(settings: Settings, _words: argparse.Namespace) -> int:
    """Print what could not be processed: position, time, inbox, reason."""
    async with assembled(settings) as parts:
        for account_id, position, line in await _dead(parts):
            print(f"{position}\t{line}\t{account_id}")
    return 0


async def replay(settings: Settings, words: argparse.Namespace) -> int:
    """Process one dead letter, or all of them, again; 1 when something failed again."""
    async with assembled(settings) as parts:
        if words.position is not None:
            return 0 if await _replay_one(parts, words.position) else 1
        letters = await _dead(parts)
        done = [await _replayed(parts, account, position) for account, position, _ in letters]
    return 0 if all(done) else 1


async def _replay_one(parts: Parts, position: int) -> bool:
    """Process the dead letter at a position, whosever it is; raises `NotFoundError`."""
    for account_id in await _accounts(parts):
        with suppress(NotFoundError):
            return await _replayed(parts, account_id, position)
    raise NotFoundError(
        f"{position} is not a dead letter. To see them: otklik log dead",
        f"Среди непринятых записей нет номера {position}. Список: otklik log dead",
        field="position",
    )


async def _replayed(parts: Parts, account_id: str, position: int) -> bool:
    try:
        await parts.replay(account_id, position)
    except ConflictError as error:
        print(f"{position}\tfailed\t{error.en}")
        return False
    print(f"{position}\treplayed")
    return True


async def _accounts(parts: Parts) -> list[str]:
    return sorted(await parts.database.read(events.account_ids))


async def _dead(parts: Parts) -> list[tuple[str, int, str]]:
    found: list[tuple[str, int, str]] = []
    for account_id in await _accounts(parts):
        letters = await parts.database.read(partial(inbound.dead, account_id=account_id))
        for letter in letters:
            at = datetime.fromtimestamp(letter.received_at / 1000, UTC).isoformat()
            found.append((account_id, letter.position, f"{at}\t{letter.inbox_id}\t{letter.error}"))
    return found
