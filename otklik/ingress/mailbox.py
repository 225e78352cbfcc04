"""Mailboxes: watches the letters of an inbox over IMAP and gives every new one to the log.

The server reports news by itself (IDLE); since connections die silently it is also asked, soon
after news and then once a minute, and then the folder of sent letters is looked at: somebody may
have answered from a mail program. Where we are is the number of the last letter of each folder.
When a server numbers its letters anew, those of the last days are read again; the log knows what
it has.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
import structlog

from otklik.inboxes.types import Inbox
from otklik.kernel.clock import Clock
from otklik.platform.addresses import AddressPolicy
from otklik.platform.http_outcomes import ForbiddenAddressError
from otklik.platform.mail_imap import LoginRefusedError, Mailbox, MailboxError
from otklik.platform.mail_sockets import failure_of
from otklik.ports.channel import FORBIDDEN_ADDRESS, Mail, Polled, Refusal, RefusalKind

LETTER_BYTES = 50 * 1024 * 1024
"""Of a larger letter only the beginning is fetched."""

_ROUND_S = 50.0
_SOON_S = 1.0
"""After news one asks again so soon, then twice as late each time: what came between an answer and
the wait is told by some servers only when the wait ends (pymap, November 2026)."""
_WITHOUT_IDLE_S = 30.0
_TOGETHER = 20
_AGAIN_DAYS = 3
_LASTED_MS = 60_000
"""A connection that held for so long was a good one."""

_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 60.0

Role = Literal["inbox", "sent"]
Take = Callable[[Polled], Awaitable[None]]
"""Stores letters, then the cursor behind them."""

MayGoOn = Callable[[], Awaitable[bool]]
"""Tells whether the mailbox is still ours to watch: one process does."""

_log = structlog.get_logger("otklik.mailbox")


class Seen(msgspec.Struct, frozen=True):
    """How far a folder was read."""

    validity: int
    uid: int


class Watch:
    """One mailbox, watched until its login is refused or it is somebody else's to watch."""

    def __init__(self, policy: AddressPolicy, clock: Clock) -> None:
        self._policy = policy
        self._clock = clock

    async def watch(
        self, inbox: Inbox, mail: Mail, cursor: str, take: Take, may_go_on: MayGoOn
    ) -> Refusal | None:
        """Watch; give why it ended, or None when another process has taken over."""
        pause_s = _FIRST_PAUSE_S
        places = _places(cursor)
        while await may_go_on():
            session = _Session(inbox, mail, take, places, self._clock)
            began = self._clock.now_ms()
            try:
                await self._one_connection(session, may_go_on)
            except LoginRefusedError as error:
                return Refusal(RefusalKind.BAD_TOKEN, f"IMAP: {error}", code="login")
            except ForbiddenAddressError as error:
                return Refusal(RefusalKind.OTHER, FORBIDDEN_ADDRESS + error.reason, 60.0)
            except (MailboxError, OSError) as error:
                _log.info("mailbox.waits", inbox=inbox.id, reason=_reason(error))
            if self._clock.now_ms() - began > _LASTED_MS:
                pause_s = _FIRST_PAUSE_S  # what broke at once, again and again, is asked less often
            await asyncio.sleep(pause_s * (0.5 + random.random()))  # noqa: S311 - only spreads
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
        return None

    async def _one_connection(self, session: "_Session", may_go_on: MayGoOn) -> None:
        mailbox = Mailbox(self._policy, session.mail.incoming(session.inbox.config))
        try:
            await asyncio.to_thread(mailbox.open)
            sent = session.inbox.config.settings.get("sent_folder", "")
            sent = await asyncio.to_thread(mailbox.sent_folder, sent)
            round_s = _SOON_S
            while await may_go_on():
                read_before = session.letters
                if sent:
                    await session.read(mailbox, sent, "sent")
                await session.read(mailbox, "INBOX", "inbox")
                await self._wait(mailbox, session, min(round_s, _ROUND_S))
                has_news = session.letters > read_before
                round_s = _SOON_S if has_news else round_s * 2
        finally:
            mailbox.close()

    async def _wait(self, mailbox: Mailbox, session: "_Session", round_s: float) -> None:
        """Wait for news of the selected folder, reading them at once."""
        if not mailbox.can_wait:
            await asyncio.sleep(min(_WITHOUT_IDLE_S, _ROUND_S))
            return
        await asyncio.to_thread(mailbox.begin_wait)
        await mailbox.wait(round_s)
        await asyncio.to_thread(mailbox.end_wait)
        await session.read_selected(mailbox, "INBOX", "inbox")


class _Session:
    """What one connection needs to know while it reads."""

    def __init__(
        self, inbox: Inbox, mail: Mail, take: Take, places: dict[str, Seen], clock: Clock
    ) -> None:
        self.inbox = inbox
        self.mail = mail
        self.has_read = False
        self.letters = 0
        """How many were read."""
        self._take = take
        self._places = places
        self._clock = clock

    async def read(self, mailbox: Mailbox, folder: str, role: Role) -> None:
        """Read what is new in a folder."""
        place = await asyncio.to_thread(mailbox.select, folder)
        self.has_read = True
        seen = self._places.get(folder)
        if seen is None:  # letters from before the inbox was connected stay where they are
            self._places[folder] = Seen(place.uid_validity, place.uid_next - 1)
            await self._store((), role)
            return
        if seen.validity != place.uid_validity:
            _log.info("mailbox.numbered_anew", inbox=self.inbox.id, folder=folder)
            today = datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC).date()
            again = today - timedelta(days=_AGAIN_DAYS)
            uids = await asyncio.to_thread(mailbox.since, again)
            # Should the line break now, the next one begins here and not at the first letter.
            first = min(uids, default=place.uid_next)
            self._places[folder] = Seen(place.uid_validity, first - 1)
            await self._fetch(mailbox, folder, role, list(uids))
            self._reach(folder, place.uid_next - 1)
            await self._store((), role)
            return
        await self.read_selected(mailbox, folder, role)

    async def read_selected(self, mailbox: Mailbox, folder: str, role: Role) -> None:
        """Read what came after the last letter read, of the folder that is open.

        Asked until there is nothing: what comes while letters are fetched is told with them, and
        a wait that begins afterwards would not hear of it.
        """
        while uids := await asyncio.to_thread(mailbox.after, self._places[folder].uid):
            await self._fetch(mailbox, folder, role, list(uids))

    async def _fetch(self, mailbox: Mailbox, folder: str, role: Role, uids: list[int]) -> None:
        for start in range(0, len(uids), _TOGETHER):
            group = uids[start : start + _TOGETHER]
            letters = [await asyncio.to_thread(mailbox.fetch, uid, LETTER_BYTES) for uid in group]
            self._reach(folder, group[-1])
            self.letters += len(group)
            await self._store(tuple(letter for letter in letters if letter is not None), role)

    def _reach(self, folder: str, uid: int) -> None:
        seen = self._places[folder]
        self._places[folder] = Seen(seen.validity, max(seen.uid, uid))

    async def _store(self, letters: tuple[bytes, ...], role: Role) -> None:
        config = self.inbox.config
        bodies = tuple(self.mail.marked(letter, role, config) for letter in letters)
        await self._take(Polled(bodies, msgspec.json.encode(self._places).decode()))


def _places(cursor: str) -> dict[str, Seen]:
    try:
        return msgspec.json.decode(cursor or "{}", type=dict[str, Seen])
    except msgspec.DecodeError:
        return {}


def _reason(error: MailboxError | OSError) -> str:
    return str(error) if isinstance(error, MailboxError) else repr(failure_of(error))
