"""Who may go now: shares of the connections and the pace of each inbox."""

from collections import deque
from collections.abc import Mapping, Sequence

import msgspec

from otklik.delivery.rules import Pace
from otklik.delivery.types import ORDERED, Delivery
from otklik.inboxes.api import InboxRegistry, paced
from otklik.inboxes.types import Inbox, InboxState
from otklik.kernel.clock import Clock
from otklik.platform import metrics
from otklik.ports.channel import Channel

IN_FLIGHT = 192
_PER_INBOX = 128
_RESERVE = 48
"""Places that only inboxes with few requests under way may take: hung ones leave them free."""

_FEW = 4


class Admitted(msgspec.Struct, frozen=True):
    """A decision on due deliveries: those to send, and when to look at the others again."""

    go: list[Delivery]
    later: Mapping[str, int]
    """Delivery ids with the moment they become due: their chat is not free yet."""


class Admission:
    """Counts what is under way and keeps each inbox's pace.

    One claim at a time asks it, from whatever thread the database works in; what ends meanwhile
    is noted by `leave` and counted when the next claim begins.
    """

    def __init__(
        self, inboxes: InboxRegistry, channels: Mapping[str, Channel], clock: Clock
    ) -> None:
        self._inboxes = inboxes
        self._channels = channels
        self._clock = clock
        self._paces: dict[str, Pace] = {}
        self._under_way: dict[str, int] = {}
        self._total = 0
        self._left: deque[str] = deque()
        self._admitted: list[Delivery] = []

    def begin(self) -> int:
        """Begin a claim: count what has ended, give how many more may be under way."""
        self._admitted = []
        while self._left:
            self._leave(self._left.popleft())
        return IN_FLIGHT - self._total

    def undo(self) -> None:
        """Give back the places of a claim that failed."""
        for delivery in self._admitted:
            self._leave(delivery.inbox_id)
        self._admitted = []

    def closed(self, now: int) -> list[str]:
        """Give the inboxes nothing is to be claimed for now."""
        waiting = {i for i, pace in self._paces.items() if pace.whole_wait_ms(now)}
        full = {i for i in self._under_way if not self._has_place(i)}
        idle = {one.id for one in self._inboxes.all() if one.state is not InboxState.ACTIVE}
        return sorted(waiting | full | idle)

    def next_opening_ms(self, now: int) -> int:
        """Give how long until the first inbox held by its pace opens; 0 when none is held."""
        waits = [wait for pace in self._paces.values() if (wait := pace.whole_wait_ms(now))]
        return min(waits, default=0)

    def admit(self, due: Sequence[Delivery], now: int) -> Admitted:
        """Choose what goes; its places and tokens are taken."""
        go: list[Delivery] = []
        later: dict[str, int] = {}
        for delivery in due:
            if not self._has_place(delivery.inbox_id):
                continue
            wait = self._wait_ms(delivery, now)
            if wait:
                later[delivery.id] = now + wait
                continue
            self._enter(delivery.inbox_id)
            go.append(delivery)
        self._admitted = go
        return Admitted(go, later)

    def leave(self, inbox_id: str) -> None:
        """Free the place of a delivery that ended."""
        self._left.append(inbox_id)

    def _leave(self, inbox_id: str) -> None:
        self._under_way[inbox_id] -= 1
        self._total -= 1
        if not self._under_way[inbox_id]:
            del self._under_way[inbox_id]

    def close(self, inbox_id: str, until: int) -> None:
        """Hold an inbox back: its platform said so."""
        pace = self._paces.get(inbox_id)
        if pace is not None:
            pace.close(until)

    def _enter(self, inbox_id: str) -> None:
        self._under_way[inbox_id] = self._under_way.get(inbox_id, 0) + 1
        self._total += 1

    def _has_place(self, inbox_id: str) -> bool:
        mine = self._under_way.get(inbox_id, 0)
        if mine < _FEW:
            return self._total < IN_FLIGHT
        return mine < _PER_INBOX and self._total < IN_FLIGHT - _RESERVE

    def _wait_ms(self, delivery: Delivery, now: int) -> int:
        inbox = self._inboxes.by_id(delivery.inbox_id)
        if inbox is None or delivery.kind not in ORDERED:
            return 0  # nothing will be sent, or it is not a message a limit counts
        wait = self._pace(inbox).wait_ms(delivery.identity_id, now)
        if wait:
            metrics.THROTTLED_S.labels(inbox.channel).inc(wait / 1000)
        return wait

    def _pace(self, inbox: Inbox) -> Pace:
        """Give the buckets of an inbox; new ones when its pace was changed."""
        limits = paced(self._channels[inbox.channel].manifest.limits, inbox.config.settings)
        pace = self._paces.get(inbox.id)
        if pace is None or pace.limits != limits:
            pace = self._paces[inbox.id] = Pace(limits, self._clock.now_ms())
        return pace
