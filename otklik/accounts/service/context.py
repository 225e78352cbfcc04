"""What every use case of accounts works with, and how others learn that somebody is out."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from otklik.accounts.passwords import Passwords
from otklik.accounts.rules import Limit, Terms
from otklik.accounts.store.record import Bucket, count_attempt, forget_attempt
from otklik.kernel.clock import Clock
from otklik.kernel.errors import TooManyError
from otklik.platform.database import Database

Watcher = Callable[[frozenset[str]], None]
Counting = Sequence[tuple[str, Limit]]


@dataclass(frozen=True, slots=True)
class Accounts:
    """The parts that signing in needs. `public_url` is where links point, when there is one."""

    database: Database
    clock: Clock
    passwords: Passwords
    terms: Terms
    public_url: str = ""
    _watchers: list[Watcher] = field(default_factory=list)

    def on_ended(self, watcher: Watcher) -> None:
        """Tell `watcher` the credentials that ended, as soon as they did: close their sockets."""
        self._watchers.append(watcher)

    def tell_ended(self, credentials: Collection[str]) -> None:
        """Pass on that these credentials open nothing any more."""
        if credentials:
            for watcher in self._watchers:
                watcher(frozenset(credentials))


def of_session(id_hash: str) -> str:
    """Name a sign-in as a credential."""
    return f"session:{id_hash}"


def of_key(key_id: str) -> str:
    """Name an API key as a credential."""
    return f"key:{key_id}"


async def count(accounts: Accounts, counting: Counting) -> None:
    """Count an attempt in every bucket, durably, and only then refuse the one too many."""
    now = accounts.clock.now_ms()
    found = await accounts.database.write(
        lambda connection: [
            count_attempt(connection, Bucket(name, limit.window_ms), now)
            for name, limit in sorted(counting)  # one order, so that parallel attempts never wait
        ]
    )
    waits = [
        counted.empties_at - now
        for counted, (_, limit) in zip(found, sorted(counting), strict=True)
        if counted.tries > limit.tries
    ]
    if waits:
        raise TooManyError(retry_after_s=max(1, -(-max(waits) // 1000)))


async def uncount(accounts: Accounts, counting: Counting) -> None:
    """Take a counted attempt back: it was a rightful one."""
    names = sorted(name for name, _ in counting)
    await accounts.database.write(lambda connection: forget_attempt(connection, names))
