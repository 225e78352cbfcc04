"""Passwords as argon2id hashes, computed off the event loop, a few at a time."""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from otklik.kernel.ids import new_secret

_MEMORY_KIB = 46 * 1024  # OWASP's first choice of argon2id parameters: 46 MiB, one pass, one lane
_AT_ONCE = 2  # bounds the memory that sign-ins can take


class Verdict(NamedTuple):
    """Whether a password fits, and whether its hash should be made anew."""

    fits: bool
    outdated: bool


class Passwords:
    """Makes and checks hashes; each costs tens of milliseconds of a core by design."""

    def __init__(self, *, memory_kib: int = _MEMORY_KIB) -> None:
        self._hasher = PasswordHasher(time_cost=1, memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(_AT_ONCE, "otklik-password")
        self._decoy = self._hasher.hash(new_secret())

    async def hashed(self, password: str) -> str:
        """Give the hash to store."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._hasher.hash, _tidy(password))

    async def check(self, stored: str, password: str) -> Verdict:
        """Compare with a stored hash; without one the same work is done and nothing fits."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._checked, stored, _tidy(password))

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False)

    def _checked(self, stored: str, password: str) -> Verdict:
        try:
            self._hasher.verify(stored or self._decoy, password)
        except (VerificationError, InvalidHashError):
            return Verdict(fits=False, outdated=False)
        return Verdict(fits=bool(stored), outdated=self._hasher.check_needs_rehash(stored))


def _tidy(password: str) -> str:
    return unicodedata.normalize("NFC", password)  # keyboards differ in how they compose letters
