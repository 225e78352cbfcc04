"""A mailbox watched over a real IMAP server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from unittest.mock import patch

import msgspec
import pytest

from otklik.channels.email import CHANNEL
from otklik.channels.email.wire import unmarked
from otklik.inboxes.types import Inbox, InboxState
from otklik.ingress.mailbox import Seen, Watch
from otklik.kernel.clock import SystemClock
from otklik.kernel.ids import AccountId, InboxId
from otklik.platform.addresses import AddressPolicy, parse_vouched
from otklik.platform.mail_imap import Mailbox
from otklik.ports.channel import InboxConfig, Mail, Polled, Refusal, RefusalKind
from sandbox.email.office import HOST, SENT, Office

ADDRESS = "a@shop.example"


class Shop:
    """The residents of a post office that has one mailbox."""

    def password(self, login: str) -> str:
        return "right" if login == ADDRESS else ""

    def why_not(self, _sender: str, _recipient: str) -> str:
        return ""

    async def take(self, _sender: str, _content: bytes) -> str:
        return "250 taken"


class Log:
    """Where letters and cursors go."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.cursor = ""
        self._news = asyncio.Condition()

    async def take(self, polled: Polled) -> None:
        async with self._news:
            self.bodies += polled.bodies
            self.cursor = polled.cursor or self.cursor
            self._news.notify_all()

    async def wait(self, good: Callable[["Log"], bool]) -> None:
        async with self._news, asyncio.timeout(15):
            await self._news.wait_for(lambda: good(self))

    def texts(self) -> list[tuple[str, str]]:
        """Give role and last line of every letter."""
        read = [unmarked(body) for body in self.bodies]
        return [(where.role, raw.decode().strip().split("\n")[-1]) for where, raw in read]

    def places(self) -> dict[str, Seen]:
        return msgspec.json.decode(self.cursor or "{}", type=dict[str, Seen])


def letter(text: str) -> bytes:
    return f"From: b@mail.example\r\nSubject: Tea\r\n\r\n{text}\r\n".encode()


def inbox(office: Office, password: str = "right") -> Inbox:
    settings = {
        "address": ADDRESS,
        "imap_host": HOST,
        "imap_port": str(office.imap_port),
        "imap_security": "none",
        "smtp_host": HOST,
    }
    config = InboxConfig("i1", settings, {"password": password})
    return Inbox(
        InboxId("i1"), AccountId("a1"), "email", "Mail", "key", config, InboxState.ACTIVE, "", "",
        0, None,
    )  # fmt: skip


def mail() -> Mail:
    assert CHANNEL.mail is not None
    return CHANNEL.mail


async def always() -> bool:
    return True


@asynccontextmanager
async def watched(
    office: Office, log: Log, cursor: str = "", round_s: float = 0.2
) -> AsyncIterator[None]:
    """Watch the mailbox for a while."""
    watch = Watch(AddressPolicy(parse_vouched(HOST)), SystemClock())
    with patch("otklik.ingress.mailbox._ROUND_S", round_s):
        task = asyncio.create_task(watch.watch(inbox(office), mail(), cursor, log.take, always))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    made = Office(Shop())
    async with made.open():
        yield made


async def test_new_letters_of_both_folders_come_in_order_and_old_ones_stay(office: Office) -> None:
    log = Log()
    office.deliver(ADDRESS, "INBOX", letter("old"))
    async with watched(office, log):
        await log.wait(lambda seen: "INBOX" in seen.places())
        for text in ("one", "two", "three"):
            office.deliver(ADDRESS, "INBOX", letter(text))
        office.deliver(ADDRESS, SENT, letter("ours"))
        await log.wait(lambda seen: len(seen.bodies) == 4)
    incoming = [text for role, text in log.texts() if role == "inbox"]
    assert incoming == ["one", "two", "three"]
    assert ("sent", "ours") in log.texts()


async def test_a_watch_goes_on_where_the_last_one_ended(office: Office) -> None:
    log = Log()
    async with watched(office, log):
        await log.wait(lambda seen: "INBOX" in seen.places())
    office.deliver(ADDRESS, "INBOX", letter("meanwhile"))
    async with watched(office, log, log.cursor):
        await log.wait(lambda seen: len(seen.bodies) == 1)
    assert log.texts() == [("inbox", "meanwhile")]


async def test_letters_numbered_anew_are_read_again_for_some_days(office: Office) -> None:
    log = Log()
    office.deliver(ADDRESS, "INBOX", letter("today"))
    before = msgspec.json.encode({"INBOX": Seen(validity=1, uid=900)}).decode()
    async with watched(office, log, before):
        await log.wait(lambda seen: len(seen.bodies) == 1)
        await log.wait(lambda seen: seen.places()["INBOX"].validity != 1)
    assert log.places()["INBOX"].uid < 900


async def test_letters_that_come_while_others_are_fetched_wait_for_no_round(office: Office) -> None:
    log, loop, fetch = Log(), asyncio.get_running_loop(), Mailbox.fetch
    left = ["two", "three", "four", "five"]

    def while_more_come(mailbox: Mailbox, uid: int, most: int) -> bytes | None:
        if left:
            loop.call_soon_threadsafe(office.deliver, ADDRESS, "INBOX", letter(left.pop(0)))
        return fetch(mailbox, uid, most)

    with patch.object(Mailbox, "fetch", while_more_come):
        async with watched(office, log, round_s=600):
            await log.wait(lambda seen: "INBOX" in seen.places())
            office.deliver(ADDRESS, "INBOX", letter("one"))
            await log.wait(lambda seen: len(seen.bodies) == 5)
    assert [text for _, text in log.texts()] == ["one", "two", "three", "four", "five"]


async def test_a_broken_line_is_mended_and_nothing_is_missed(office: Office) -> None:
    log = Log()
    with patch("otklik.ingress.mailbox._FIRST_PAUSE_S", 0.01):
        async with watched(office, log):
            await log.wait(lambda seen: "INBOX" in seen.places())
            office.turn_out(ADDRESS)
            office.deliver(ADDRESS, "INBOX", letter("after"))
            await log.wait(lambda seen: len(seen.bodies) == 1)
    assert log.texts() == [("inbox", "after")]


async def test_a_wrong_password_ends_the_watch_with_a_reason(office: Office) -> None:
    watch = Watch(AddressPolicy(parse_vouched(HOST)), SystemClock())
    told = await watch.watch(inbox(office, "wrong"), mail(), "", Log().take, always)
    assert isinstance(told, Refusal)
    assert told.kind is RefusalKind.BAD_TOKEN


async def test_an_address_inside_the_network_is_refused(office: Office) -> None:
    watch = Watch(AddressPolicy(), SystemClock())
    told = await watch.watch(inbox(office), mail(), "", Log().take, always)
    assert isinstance(told, Refusal)
    assert told.detail.startswith("forbidden address")


async def test_a_mailbox_somebody_else_watches_is_left_alone(office: Office) -> None:
    async def never() -> bool:
        return False

    watch = Watch(AddressPolicy(parse_vouched(HOST)), SystemClock())
    assert await watch.watch(inbox(office), mail(), "", Log().take, never) is None
