"""Connections: keeps inboxes subscribed at their platforms, polls them, watches their mail.

Trouble is noticed and named.

With a public address the platform delivers to us; without one the inbox is polled. A credential
the platform refuses turns the inbox to "needs attention" with the reason in words; it is checked
again once a minute and comes back by itself.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from hashlib import sha256

import structlog
from sqlalchemy import Connection

from otklik.delivery.api import Sender
from otklik.events.api import Ledger
from otklik.inbound import api as inbound
from otklik.inboxes import api as inboxes
from otklik.inboxes.api import Ground
from otklik.inboxes.types import Inbox, InboxState
from otklik.ingress.append import Appender
from otklik.ingress.mailbox import Watch
from otklik.ingress.webhook import PATH
from otklik.kernel.errors import UnavailableError
from otklik.platform.secret_box import SecretBox
from otklik.ports.channel import (
    Answers,
    Connect,
    Connected,
    Errand,
    InboxConfig,
    Mail,
    Malformed,
    Polled,
    Refusal,
    RefusalKind,
    Subscribed,
)
from otklik.ports.steps import converse

_LOOK_S = 1.0
_RECHECK_S = 60.0
_RESUBSCRIBE_S = 900.0
_VERIFY_S = 20.0
_CATCH_UP_MS = 3_600_000
_FAULT_S = 3.0
_LOOK_AGAIN_S = 5.0
_LEASE_MS = 60_000

Subscribe = Callable[[InboxConfig, str, Answers], Errand | Subscribed | Refusal]
Poll = Callable[[InboxConfig, str, Answers], Errand | Polled | Refusal]

_ENDS = frozenset({RefusalKind.BAD_TOKEN, RefusalKind.UNSUBSCRIBED})
"""Refusals after which nothing is delivered any more."""

_log = structlog.get_logger("otklik.connections")


class Connections:
    """One task per inbox that has a platform."""

    def __init__(
        self,
        ground: Ground,
        sender: Sender,
        appender: Appender,
        box: SecretBox,
        watch: Watch,
        public_url: str,
    ) -> None:
        self._journal = ground.journal
        self._registry = ground.inboxes
        self._channels = ground.channels
        self._clock = ground.clock
        self._sender = sender
        self._appender = appender
        self._box = box
        self._mailboxes = watch
        self._public_url = public_url.rstrip("/")
        self._tasks: dict[str, tuple[str, asyncio.Task[None]]] = {}
        self._cursors: dict[str, str] = {}
        self._leases: dict[str, int] = {}
        self._subscribed: set[str] = set()
        self._caught_up: dict[str, int] = {}

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
            except Exception as error:  # noqa: BLE001 - one inbox that breaks must not spin
                _log.warning("inbox.broke", inbox=inbox_id, error=repr(error))
                pause_s = _RECHECK_S
            await asyncio.sleep(pause_s)

    async def _tend(self, inbox: Inbox, connect: Connect) -> float:
        """Do the next thing an inbox needs; give how long to wait after it."""
        if inbox.state is InboxState.NEEDS_ATTENTION:
            return await self._recheck(inbox, connect)
        mail = self._channels[inbox.channel].mail
        if mail is not None:
            return await self._watch(inbox, mail)
        if self._public_url and connect.subscribe is not None:
            return await self._stay_subscribed(inbox, connect, connect.subscribe)
        if connect.poll is not None:
            return await self._poll(inbox, connect, connect.poll)
        return await self._stay_known(inbox, connect)

    async def _watch(self, inbox: Inbox, mail: Mail) -> float:
        """Follow a mailbox until its login is refused or another process follows it."""
        cursor = self._cursors.get(inbox.id, inbox.cursor)
        refusal = await self._mailboxes.watch(
            inbox,
            mail,
            cursor,
            lambda letters: self._take(inbox, letters),
            lambda: self._may_poll(inbox),
        )
        if refusal is not None:
            return await self._trouble(inbox, refusal)
        self._cursors.pop(inbox.id, None)
        return _LOOK_AGAIN_S

    async def _recheck(self, inbox: Inbox, connect: Connect) -> float:
        if isinstance(await self._check(inbox, connect), Refusal):
            return _RECHECK_S
        self._subscribed.discard(inbox.id)
        if self._public_url and connect.subscribe is not None:
            ended = await self._subscribe(inbox, connect.subscribe)
            if isinstance(ended, Refusal):
                return _RECHECK_S
        await self.mark(inbox, InboxState.ACTIVE, "")
        return 0.0

    async def _check(self, inbox: Inbox, connect: Connect) -> Connected | Refusal:
        return await converse(
            self._sender.ask, lambda answers: connect.check(inbox.config, answers)
        )

    async def _subscribe(self, inbox: Inbox, step: Subscribe) -> Subscribed | Refusal:
        address = f"{self._public_url}{PATH}{inbox.public_key}"
        return await converse(
            self._sender.ask, lambda answers: step(inbox.config, address, answers)
        )

    async def _stay_known(self, inbox: Inbox, connect: Connect) -> float:
        """Look after a credential that neither subscribes nor polls."""
        ended = await self._check(inbox, connect)
        return await self._trouble(inbox, ended) if isinstance(ended, Refusal) else _VERIFY_S

    async def _stay_subscribed(self, inbox: Inbox, connect: Connect, subscribe: Subscribe) -> float:
        """Subscribe, then look again and again whether the platform still delivers to us."""
        verify = connect.verify
        step = subscribe if verify is None or inbox.id not in self._subscribed else verify
        ended = await self._subscribe(inbox, step)
        if isinstance(ended, Refusal):
            was_subscribed = inbox.id in self._subscribed
            if ended.kind in _ENDS:  # a passing fault of a look changes nothing
                self._subscribed.discard(inbox.id)
                self._caught_up.pop(inbox.id, None)
            if ended.kind is RefusalKind.UNSUBSCRIBED and was_subscribed:
                _log.info("inbox.subscribes_again", inbox=inbox.id, detail=ended.detail)
                return 0.0
            return await self._trouble(inbox, ended)
        if await self._learn(inbox, ended):
            return 0.0  # what was learned decides how it subscribes
        self._subscribed.add(inbox.id)
        await self._catch_up(inbox, connect.poll)
        return _VERIFY_S if verify is not None else _RESUBSCRIBE_S

    async def _catch_up(self, inbox: Inbox, poll: Poll | None) -> None:
        """Fetch what was said while nothing was delivered, where the platform keeps it.

        Also once an hour, because deliveries get lost, and because what is erased here must not
        be fetched again after months.
        """
        now = self._clock.now_ms()
        if poll is None or "catch_up" not in self._channels[inbox.channel].manifest.features:
            return
        if now - self._caught_up.get(inbox.id, 0) < _CATCH_UP_MS:
            return
        cursor = self._cursors.get(inbox.id, inbox.cursor)
        polled = await converse(
            self._sender.ask, lambda answers: poll(inbox.config, cursor, answers)
        )
        if isinstance(polled, Refusal):  # asked again with the next look at the subscription
            _log.info("inbox.not_caught_up", inbox=inbox.id, detail=polled.detail)
            return
        await self._take(inbox, polled)
        self._caught_up[inbox.id] = now

    async def _learn(self, inbox: Inbox, told: Subscribed) -> bool:
        """Store what a platform told while subscribing; tell whether it was news."""
        settings = _news(told.settings, inbox.config.settings)
        secrets = _news(told.secrets, inbox.config.secrets)
        if not settings and not secrets:
            return False
        await self._change(inbox, inboxes.InboxChange(settings=settings, secrets=secrets))
        return True

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

    async def _poll(self, inbox: Inbox, connect: Connect, poll: Poll) -> float:
        if not await self._may_poll(inbox):
            self._cursors.pop(inbox.id, None)  # whoever polls now moves it
            return _LOOK_AGAIN_S
        cursor = self._cursors.get(inbox.id, inbox.cursor)
        polled = await converse(
            self._sender.ask, lambda answers: poll(inbox.config, cursor, answers)
        )
        if isinstance(polled, Refusal):
            if await self._webhook_is_set(inbox, connect, polled):
                return 0.0
            return await self._trouble(inbox, polled)
        if polled.cursor:
            await self._take(inbox, polled)
        return 0.0

    async def _webhook_is_set(self, inbox: Inbox, connect: Connect, refusal: Refusal) -> bool:
        """Take away a webhook left from before, which stops the poll."""
        if refusal.kind is not RefusalKind.TEMPORARY or "webhook" not in refusal.detail.lower():
            return False
        unsubscribe = connect.unsubscribe
        if unsubscribe is None:
            return False
        ended = await converse(
            self._sender.ask, lambda answers: unsubscribe(inbox.config, "", answers)
        )
        return not isinstance(ended, Refusal)

    async def _take(self, inbox: Inbox, polled: Polled) -> None:
        """Store polled bodies, then the cursor that confirms them to the platform."""
        channel = self._channels[inbox.channel]
        waiting = []
        for body in polled.bodies:
            envelope = channel.envelope(body)
            if isinstance(envelope, Malformed):
                # The platform will not tell it again: it waits among the dead letters.
                _log.warning("poll.malformed", inbox=inbox.id, reason=envelope.reason)
                key = f"malformed:{sha256(body).hexdigest()}"
            else:
                key = envelope.dedupe_key
            waiting.append(self._appender.append(inbox, body, key))
        await asyncio.gather(*waiting)
        now = self._clock.now_ms()
        await self._journal.database.write(
            lambda connection: inboxes.set_cursor(connection, inbox, polled.cursor, now)
        )
        self._cursors[inbox.id] = polled.cursor

    async def _trouble(self, inbox: Inbox, refusal: Refusal) -> float:
        if refusal.kind in _ENDS:
            await self.mark(inbox, InboxState.NEEDS_ATTENTION, refusal.kind.value)
            return _RECHECK_S
        _log.info("inbox.waits", inbox=inbox.id, kind=refusal.kind.value, detail=refusal.detail)
        # Whoever asks too often and is not told for how long to be silent is silent for a minute.
        untold_s = _RECHECK_S if refusal.kind is RefusalKind.THROTTLED else _FAULT_S
        return max(_FAULT_S, refusal.retry_after_s or untold_s)

    async def refused(self, inbox_id: str) -> None:
        """Hear from a sender that the platform refuses an inbox's credential."""
        inbox = self._registry.by_id(inbox_id)
        if inbox is not None:
            await self.mark(inbox, InboxState.NEEDS_ATTENTION, "bad_token")

    async def mark(self, inbox: Inbox, state: InboxState, reason: str) -> None:
        """Store that an inbox works again, or why it does not."""
        if inbox.state is state:
            return
        await self._change(inbox, inboxes.InboxChange(state=state, state_reason=reason))
        _log.info("inbox.state", inbox=inbox.id, state=state.value, reason=reason)

    async def _change(self, inbox: Inbox, change: inboxes.InboxChange) -> None:
        now = self._clock.now_ms()

        def work(connection: Connection, ledger: Ledger) -> None:
            current = inboxes.find(connection, self._box, inbox.account_id, inbox.id)
            hands = inboxes.Hands(connection, ledger, self._box, now)
            inboxes.change(hands, current, change)

        await self._journal.write([inbox.account_id], work)
        await self._registry.reload()


def _news(told: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in told.items() if known.get(name) != value}


def _version(inbox: Inbox) -> str:
    """Tell apart what a running task must be restarted for: not the cursor.

    A sender may be the first to meet a refused credential, while the task rests for a quarter of
    an hour: it must begin to check again now.
    """
    is_refused = inbox.state is InboxState.NEEDS_ATTENTION
    return repr((inbox.config.settings, sorted(inbox.config.secrets.items()), is_refused))
