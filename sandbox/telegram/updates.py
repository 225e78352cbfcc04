"""The updates of one bot: numbered, filtered, kept until taken by a poll or handed to a webhook."""

import asyncio
import time
from collections.abc import Callable

import msgspec

LIFE_S = {
    "callback_query": 150.0,
    "shipping_query": 150.0,
    "pre_checkout_query": 150.0,
    "inline_query": 30.0,
    "chosen_inline_result": 600.0,
}
DAY_S = 86_400.0
# Families that share the queue of their chat; every other kind has a queue of its own.
_MESSAGES = frozenset({"message", "edited_message", "channel_post", "edited_channel_post"})
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Queued(msgspec.Struct):
    """One update on its way; times in seconds of the monotonic clock."""

    update_id: int
    kind: str
    body: bytes
    key: tuple[int, str]
    born: float
    expires: float
    chat_id: int = 0
    message_id: int = 0
    attempt: int = 0


def family(kind: str) -> str:
    """The queue a kind of update travels in."""
    return "message" if kind in _MESSAGES else kind


class Updates:
    """The log of one bot."""

    def __init__(self, first_id: int) -> None:
        self.next_id = first_id
        self.pending: dict[int, Queued] = {}
        self.allowed: list[str] | None = None
        self.total = 0
        self.filtered = 0
        self.expired = 0
        self.on_queued: Callable[[Queued], None] | None = None
        self.on_delivered: Callable[[int, int], None] | None = None
        self._arrived = asyncio.Event()
        self._poll = 0

    def add(
        self, kind: str, payload: object, *, queue: int, chat_id: int = 0, message_id: int = 0
    ) -> int | None:
        """Number and keep an update; None when the bot did not ask for its kind."""
        if not self.wants(kind):
            self.filtered += 1
            return None
        update_id = self.next_id
        body = msgspec.json.encode({"update_id": update_id, kind: payload})
        self.keep(
            kind, body, queue=queue, update_id=update_id, chat_id=chat_id, message_id=message_id
        )
        return update_id

    def keep(
        self,
        kind: str,
        body: bytes,
        *,
        queue: int,
        update_id: int,
        chat_id: int = 0,
        message_id: int = 0,
    ) -> None:
        """Keep a ready body under its number."""
        self.next_id = max(self.next_id, update_id + 1)
        born = time.monotonic()
        life = LIFE_S.get(kind, DAY_S)
        queued = Queued(
            update_id, kind, body, (queue, family(kind)), born, born + life, chat_id, message_id
        )
        self.pending[update_id] = queued
        self.total += 1
        if self.on_queued is not None:
            self.on_queued(queued)
        else:
            self._arrived.set()

    def wants(self, kind: str) -> bool:
        if not self.allowed:
            return kind not in _ON_REQUEST
        return kind in self.allowed

    def done(self, queued: Queued) -> None:
        """Forget an update that reached the bot."""
        if (
            self.pending.pop(queued.update_id, None) is not None
            and self.on_delivered
            and queued.message_id
        ):
            self.on_delivered(queued.chat_id, queued.message_id)

    def drop(self) -> None:
        self.pending.clear()

    def wake(self) -> None:
        """End every waiting poll now."""
        self._poll += 1
        self._arrived.set()

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[Queued] | None:
        """Confirm what is below the offset and wait for more; None when another poll took over."""
        self.wake()
        mine = self._poll
        self._confirm(offset)
        deadline = time.monotonic() + timeout_s
        while not (batch := self._take(limit)):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), left)
            except TimeoutError:
                break
            if self._poll != mine:
                return None
        return batch

    def _confirm(self, offset: int) -> None:
        if offset < 0:  # a negative offset keeps only that many of the newest
            for update_id in sorted(self.pending)[:offset]:
                del self.pending[update_id]
            return
        for update_id in [known for known in self.pending if known < offset]:
            self.done(self.pending[update_id])

    def _take(self, limit: int) -> list[Queued]:
        moment = time.monotonic()
        batch: list[Queued] = []
        for queued in (
            list(self.pending.values()) if len(self.pending) < limit else list(self._head(limit))
        ):
            if queued.expires < moment:
                del self.pending[queued.update_id]
                self.expired += 1
            else:
                batch.append(queued)
        return batch

    def _head(self, limit: int) -> list[Queued]:
        head: list[Queued] = []
        for queued in self.pending.values():
            head.append(queued)
            if len(head) == limit:
                break
        return head
