"""The live hub: follows the events of accounts and gives each socket what its views show.

The database is the only source: a ring of the bell just says "look". The hub reads what is new
once, encodes each event once, and pushes it to the followers of its topics. A follower keeps the
number up to which everything was considered for it, so a reconnect continues without a gap.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial

import structlog
from sqlalchemy import Connection

from otklik.events import api as events
from otklik.events.types import Event, EventKind
from otklik.kernel.errors import UnavailableError
from otklik.platform.database import Database

COALESCE_S = 0.05
"""News of this long travel in one frame."""

BACKLOG_LIMIT = 1_000
"""A follower further behind than this many events reloads instead of replaying."""

PENDING_LIMIT_BYTES = 1_048_576
WHISPERS_LIMIT = 16

_LOOK_S = 2.0
_PAGE = 1_000

_log = structlog.get_logger("otklik.live")

QUEUE_TOPIC = "queue"

_QUEUE_KINDS = frozenset(
    {EventKind.CONVERSATION_CHANGED, EventKind.LABEL_CHANGED, EventKind.INBOX_CHANGED}
)


def contact_topic(contact_id: str) -> str:
    """Name the topic of everything that happens with one contact."""
    return f"contact:{contact_id}"


def topics_of(event: Event) -> tuple[str, ...]:
    """Give the topics an event belongs to."""
    topics = (QUEUE_TOPIC,) if event.kind in _QUEUE_KINDS else ()
    return (*topics, contact_topic(event.contact_id)) if event.contact_id else topics


Encode = Callable[[Event], bytes | None]
"""Turns an event into what a kind of follower is sent; None hides it."""


class Follower:
    """One socket's place in the stream of an account."""

    def __init__(self, account_id: str, encode: Encode) -> None:
        self.account_id = account_id
        self.encode = encode
        self.topics: frozenset[str] = frozenset()
        self.since = 0
        self.news = asyncio.Event()
        self.overrun = False
        self._pending: list[bytes] = []
        self._bytes = 0
        self._whispers: dict[str, bytes] = {}

    def push(self, encoded: bytes) -> None:
        """Add one event to what waits for the socket."""
        if self._bytes > PENDING_LIMIT_BYTES:
            self.overrun = True
        else:
            self._pending.append(encoded)
            self._bytes += len(encoded)
        self.news.set()

    def drain(self) -> list[bytes]:
        """Take what waits."""
        pending, self._pending, self._bytes = self._pending, [], 0
        if not self._whispers:
            self.news.clear()
        return pending

    def whisper(self, who: str, frame: bytes) -> None:
        """Leave a frame that is only true for a moment; the newest of each one counts."""
        self._whispers.pop(who, None)
        self._whispers[who] = frame
        if len(self._whispers) > WHISPERS_LIMIT:
            del self._whispers[next(iter(self._whispers))]
        self.news.set()

    def overheard(self) -> list[bytes]:
        """Take the frames that are only true for a moment."""
        whispers, self._whispers = list(self._whispers.values()), {}
        if not self._pending:
            self.news.clear()
        return whispers


class _Account:
    def __init__(self, position: int) -> None:
        self.position = position
        self.followers: dict[str, set[Follower]] = {}
        self.count = 0


class Hub:
    """All followers of this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._accounts: dict[str, _Account] = {}
        self._dirty: set[str] = set()
        self._some = asyncio.Event()

    def ring(self, account_ids: Iterable[str]) -> None:
        """Hear that accounts have news; from the event loop's own thread."""
        self._dirty.update(account_ids)
        self._some.set()

    async def run(self) -> None:
        """Push news for ever; look unasked every two seconds, in case a ring was lost."""
        loop = asyncio.get_running_loop()
        due = loop.time() + _LOOK_S
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self._some.wait()
                    await asyncio.sleep(COALESCE_S)
            self._some.clear()
            dirty, self._dirty = self._dirty & self._accounts.keys(), set()
            if loop.time() >= due:  # however busy some accounts are
                dirty = set(self._accounts)
                due = loop.time() + _LOOK_S
            for account_id in dirty:
                await self._advance(account_id)

    def position(self, account_id: str) -> int:
        """Give the number up to which followers of an account were served."""
        return self._accounts[account_id].position

    def seq_of(self, follower: Follower) -> int:
        """Give the number up to which everything was considered for a follower."""
        return max(self.position(follower.account_id), follower.since)

    async def join(self, follower: Follower) -> None:
        """Let a follower in, without topics yet."""
        known = self._accounts.get(follower.account_id)
        if known is None:
            last = await self._database.read(
                lambda connection: events.last_seq(connection, follower.account_id)
            )
            known = self._accounts.setdefault(follower.account_id, _Account(last))
        known.count += 1

    def leave(self, follower: Follower) -> None:
        """Let a follower go."""
        account = self._accounts[follower.account_id]
        self._drop(account, follower)
        account.count -= 1
        if account.count == 0:
            del self._accounts[follower.account_id]

    async def follow(
        self, follower: Follower, topics: frozenset[str], since: int
    ) -> Sequence[bytes] | None:
        """Subscribe to topics and give the encoded events missed since a number (0: none).

        None means the follower is too far behind, or ahead of the store, and must reload.
        """
        account = self._accounts[follower.account_id]
        self._drop(account, follower)
        follower.topics = topics
        follower.since = since
        for topic in topics:
            account.followers.setdefault(topic, set()).add(follower)
        until = account.position  # from here on the hub pushes; before it, we read
        if since <= 0:
            return []
        follower.drain()  # what waits is at most `until`: it is either seen or read again
        if since < until:
            return await self._missed(follower, since, until)
        if since > until and not await self._is_announced(follower.account_id, since):
            follower.since = 0  # the store is older than what was seen: it came from a backup
            return None
        return []

    async def _is_announced(self, account_id: str, seq: int) -> bool:
        return seq <= await self._database.read(partial(events.last_seq, account_id=account_id))

    async def _missed(self, follower: Follower, since: int, until: int) -> list[bytes] | None:
        def read(connection: Connection) -> list[Event] | None:
            oldest = events.oldest_seq(connection, follower.account_id)
            forgotten = oldest == 0 or oldest > since + 1
            if until - since > BACKLOG_LIMIT or forgotten:
                return None
            return events.since(connection, follower.account_id, since, until - since)

        missed = await self._database.read(read)
        if missed is None:
            return None
        wanted = (
            e for e in missed if e.seq <= until and follower.topics.intersection(topics_of(e))
        )
        encoded = (follower.encode(event) for event in wanted)
        return [one for one in encoded if one is not None]

    def _drop(self, account: _Account, follower: Follower) -> None:
        for topic in follower.topics:
            followers = account.followers.get(topic, set())
            followers.discard(follower)
            if not followers:
                account.followers.pop(topic, None)

    async def _advance(self, account_id: str) -> None:
        while (account := self._accounts.get(account_id)) is not None:
            read = partial(events.since, account_id=account_id, seq=account.position, limit=_PAGE)
            try:
                news = await self._database.read(read)
            except UnavailableError:
                _log.warning("live.waits", reason="the store is not available")
                return
            for event in news:
                self._push(account, event)
                account.position = event.seq
            if len(news) < _PAGE:
                return

    def _push(self, account: _Account, event: Event) -> None:
        followers: set[Follower] = set()
        for topic in topics_of(event):
            followers |= account.followers.get(topic, set())
        encoded: dict[Encode, bytes | None] = {}
        for follower in followers:
            if event.seq <= follower.since:
                continue  # it was in the list its client read a moment ago
            if follower.encode not in encoded:
                encoded[follower.encode] = follower.encode(event)
            one = encoded[follower.encode]
            if one is not None:
                follower.push(one)


def frame(encoded: Sequence[bytes], seq: int) -> bytes:
    """Join encoded events into one frame; everything up to `seq` was considered."""
    return b'{"kind":"events","seq":%d,"events":[%b]}' % (seq, b",".join(encoded))
