"""Commands about the dead letters."""

import argparse
from datetime import UTC, datetime
from functools import partial

from otklik.inbound import api as inbound
from otklik.kernel.errors import OtklikError
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
    failed = 0
    async with assembled(settings) as parts:
        wanted = [
            (account_id, position)
            for account_id, position, _ in await _dead(parts)
            if words.position in {None, position}
        ]
        for account_id, position in wanted:
            try:
                await parts.replay(account_id, position)
                print(f"{position}\treplayed")
            except OtklikError as error:
                failed += 1
                print(f"{position}\tfailed\t{error.en}")
        if words.position is not None and not wanted:
            print(f"otklik: {words.position} is not a dead letter")
            return 2
    return 1 if failed else 0


async def _dead(parts: Parts) -> list[tuple[str, int, str]]:
    accounts = sorted({inbox.account_id for inbox in parts.registry.all()})
    found: list[tuple[str, int, str]] = []
    for account_id in accounts:
        letters = await parts.database.read(partial(inbound.dead, account_id=account_id))
        for letter in letters:
            at = datetime.fromtimestamp(letter.received_at / 1000, UTC).isoformat()
            found.append((account_id, letter.position, f"{at}\t{letter.inbox_id}\t{letter.error}"))
    return found
