"""Connections: keeps every inbox subscribed at its platform, or polls it, and notices trouble.

With a public address the platform delivers to us; without one the inbox is polled. A credential
the platform refuses turns the inbox to "needs attention" with the reason in words; it is checked
again once a minute and comes back by itself.
"""

import asyncio
import random

import structlog
from sqlalchemy import Connection

from otklik.delivery.api import Sender
from otklik.events.api import Ledger
from otklik.inbound import api as inbound
from otklik.inboxes import api as inboxes
from otklik.inboxes.api import Ground
from otklik.inboxes.types import Inbox, InboxState
from otklik.ingress.append import Appender
from otklik.ingress.webhook import PATH
from otklik.kernel.errors import UnavailableError
from otklik.platform.secret_box import SecretBox
from otklik.ports.channel import Connect, Malformed, Polled, Refusal, RefusalKind

_LOOK_S = 1.0
_RECHECK_S = 60.0
_RESUBSCRIBE_S = 900.0
_FAULT_S = 3.0
_LOOK_AGAIN_S = 5.0
_LEASE_MS = 60_000

_log = structlog.get_logger("otklik.connections")


class Connections:
    """One task per inbox that has a platform."""

    def __init__(
        self,
        ground: Ground,
        sender: Sender,
        appender: Appender,
        box: SecretBox,
        public_url: str,
    ) -> None:
        self._journal = ground.journal
        self._registry = ground.inboxes
        self._channels = ground.channels
        self._clock = ground.clock
        self._sender = sender
        self._appender = appender
        self._box = box
        self._public_url = public_url.rstrip("/")
        self._tasks: dict[str, tuple[str, asyncio.Task[None]]] = {}
        self._cursors: dict[str, str] = {}
        self._leases: dict[str, int] = {}

    async def run(self) -> None:
        """Keep one task for every inbox, as inboxes come, change and go."""
        while True:
            self._adjust()
            await asyncio.sleep(_LOOK_S)

    def _adjust(self) -> None:
        wanted: dict[str, Inbox] = {
            inbox.id: inbox
            for inbox in self._registry.all()
            if self._channels[inbox.channel].connect is not None
            and inbox.state is not InboxState.PAUSED
        }
        for inbox_id, (version, task) in list(self._tasks.items()):
            inbox = wanted.get(inbox_id)
            if inbox is None or _version(inbox) != version or task.done():
                task.cancel()
                del self._tasks[inbox_id]
        for inbox_id, inbox in wanted.items():
            if inbox_id not in self._tasks:
                task = asyncio.create_task(self._keep(inbox_id), name=f"inbox {inbox_id}")
                self._tasks[inbox_id] = (_version(inbox), task)

    async def _keep(self, inbox_id: str) -> None:
        while True:
            inbox = self._registry.by_id(inbox_id)
            if inbox is None:
                return
            connect = self._channels[inbox.channel].connect
            if connect is None:
                return
            try:
                pause_s = await self._tend(inbox, connect)
            except UnavailableError:
                pause_s = _FAULT_S
            await asyncio.sleep(pause_s)

    async def _tend(self, inbox: Inbox, connect: Connect) -> float:
        """Do the next thing an inbox needs; give how long to wait after it."""
        if inbox.state is InboxState.NEEDS_ATTENTION:
            return await self._recheck(inbox, connect)
        if self._public_url:
            return await self._subscribe(inbox, connect)
        return await self._poll(inbox, connect)

    async def _recheck(self, inbox: Inbox, connect: Connect) -> float:
        answer = await self._sender.ask(connect.check(inbox.config))
        if isinstance(answer, Refusal):
            return _RECHECK_S
        if isinstance(connect.checked(answer.status, answer.body), Refusal):
            return _RECHECK_S
        await self.mark(inbox, InboxState.ACTIVE, "")
        return 0.0

    async def _subscribe(self, inbox: Inbox, connect: Connect) -> float:
        address = f"{self._public_url}{PATH}{inbox.public_key}"
        answer = await self._sender.ask(connect.subscribe(inbox.config, address))
        if not isinstance(answer, Refusal):
            refusal = connect.acknowledged(answer.status, answer.body)
            if refusal is None:
                return _RESUBSCRIBE_S
            answer = refusal
        return await self._trouble(inbox, answer)

    async def _may_poll(self, inbox: Inbox) -> bool:
        """Take or renew the sole right to poll: a platform refuses two pollers of one bot."""
        if self._journal.database.dialect == "sqlite":
            return True  # an embedded store has one process
        now = self._clock.now_ms()
        mine = self._leases.get(inbox.id, 0)
        until = now + _LEASE_MS + random.randrange(1_000)  # noqa: S311 - a mark, not a secret
        taken = await self._journal.database.write(
            lambda connection: inbound.take_lease(connection, f"poll:{inbox.id}", mine, now, until)
        )
        if taken:
            self._leases[inbox.id] = until
        return taken

    async def _poll(self, inbox: Inbox, connect: Connect) -> float:
        if not await self._may_poll(inbox):
            self._cursors.pop(inbox.id, None)  # whoever polls now moves it
            return _LOOK_AGAIN_S
        cursor = self._cursors.get(inbox.id, inbox.cursor)
        answer = await self._sender.ask(connect.poll(inbox.config, cursor))
        if isinstance(answer, Refusal):
            return await self._trouble(inbox, answer)
        polled = connect.polled(answer.status, answer.body)
        if isinstance(polled, Refusal):
            if await self._webhook_is_set(inbox, connect, polled):
                return 0.0
            return await self._trouble(inbox, polled)
        if polled.bodies and polled.cursor:
            await self._take(inbox, polled)
        return 0.0

    async def _webhook_is_set(self, inbox: Inbox, connect: Connect, refusal: Refusal) -> bool:
        """Take away a webhook left from before, which stops the poll."""
        if refusal.kind is not RefusalKind.TEMPORARY or "webhook" not in refusal.detail.lower():
            return False
        answer = await self._sender.ask(connect.unsubscribe(inbox.config))
        return not isinstance(answer, Refusal)

    async def _take(self, inbox: Inbox, polled: Polled) -> None:
        """Store polled bodies, then the cursor that confirms them to the platform."""
        channel = self._channels[inbox.channel]
        waiting = []
        for body in polled.bodies:
            envelope = channel.envelope(body)
            if isinstance(envelope, Malformed):
                _log.warning("poll.malformed", inbox=inbox.id, reason=envelope.reason)
                continue
            waiting.append(self._appender.append(inbox, body, envelope.dedupe_key))
        await asyncio.gather(*waiting)
        now = self._clock.now_ms()
        await self._journal.database.write(
            lambda connection: inboxes.set_cursor(connection, inbox, polled.cursor, now)
        )
        self._cursors[inbox.id] = polled.cursor

    async def _trouble(self, inbox: Inbox, refusal: Refusal) -> float:
        if refusal.kind is RefusalKind.BAD_TOKEN:
            await self.mark(inbox, InboxState.NEEDS_ATTENTION, "bad_token")
            return _RECHECK_S
        _log.info("inbox.waits", inbox=inbox.id, kind=refusal.kind.value, detail=refusal.detail)
        return max(_FAULT_S, refusal.retry_after_s)

    async def refused(self, inbox_id: str) -> None:
        """Hear from a sender that the platform refuses an inbox's credential."""
        inbox = self._registry.by_id(inbox_id)
        if inbox is not None:
            await self.mark(inbox, InboxState.NEEDS_ATTENTION, "bad_token")

    async def mark(self, inbox: Inbox, state: InboxState, reason: str) -> None:
        """Store that an inbox works again, or why it does not."""
        if inbox.state is state:
            return
        now = self._clock.now_ms()

        def work(connection: Connection, ledger: Ledger) -> None:
            current = inboxes.find(connection, self._box, inbox.account_id, inbox.id)
            hands = inboxes.Hands(connection, ledger, self._box, now)
            inboxes.change(hands, current, inboxes.InboxChange(state=state, state_reason=reason))

        await self._journal.write([inbox.account_id], work)
        await self._registry.reload()
        _log.info("inbox.state", inbox=inbox.id, state=state.value, reason=reason)


def _version(inbox: Inbox) -> str:
    """Tell apart what a running task must be restarted for: not the cursor.

    A sender may be the first to meet a refused credential, while the task rests for a quarter of
    an hour: it must begin to check again now.
    """
    is_refused = inbox.state is InboxState.NEEDS_ATTENTION
    return repr((inbox.config.settings, sorted(inbox.config.secrets.items()), is_refused))
