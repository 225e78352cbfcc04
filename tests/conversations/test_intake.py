"""What each kind of event does to a conversation, on both stores."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, select

from otklik.contacts.tables import identities, touchpoints
from otklik.conversations.api import apply_results, record
from otklik.conversations.tables import conversations, early_marks, messages
from otklik.conversations.types import Happening
from otklik.delivery.store import due, finish
from otklik.delivery.tables import deliveries
from otklik.delivery.types import Delivery, DeliveryState, Finished
from otklik.events.api import Bell, Journal, Ledger, create_counter
from otklik.inboxes.types import Inbox, InboxState
from otklik.kernel.ids import AccountId, InboxId
from otklik.platform.database import Database
from otklik.ports.channel import (
    ChannelEvent,
    DeliveryReported,
    EchoReceived,
    InboxConfig,
    MessageReceived,
    Opened,
    ReadReported,
    Refusal,
    RefusalKind,
    Sender,
    Sent,
    StatusReported,
    Touch,
)

VERA = Sender("7", "Вера")
ANSWER = {"auto_answer": "Сейчас ответим"}


class Log:
    """An inbox whose events are applied one batch at a time."""

    def __init__(self, store: Database, settings: dict[str, str] | None = None) -> None:
        self.store, self.journal = store, Journal(store, Bell())
        config = InboxConfig("inbox", settings or {}, {})
        self.inbox = Inbox(
            InboxId("inbox"), AccountId("account"), "telegram", "Лавка", "key", config,
            InboxState.ACTIVE,
        )  # fmt: skip

    async def apply(self, *events: ChannelEvent, now: int = 1_000, profiles: bool = False) -> None:
        happenings = [Happening(self.inbox, one, tells_profiles=profiles) for one in events]

        def work(connection: Connection, ledger: Ledger) -> None:
            record(connection, ledger, happenings, now)

        await self.journal.write(["account"], work)

    async def said(self) -> Sequence[tuple[str, str, str]]:
        statement = select(messages.c.author_kind, messages.c.text, messages.c.state)
        return await self._rows(statement.order_by(messages.c.seq))

    async def delivery(self) -> Delivery:
        """Give what waits to be sent."""

        def look(connection: Connection) -> Delivery:
            return due(connection, 10**15, 1, ())[0]

        return await self.store.read(look)

    async def ended(self, finished: Finished) -> None:
        """Let a delivery end."""

        def work(connection: Connection, ledger: Ledger) -> None:
            finish(connection, [finished], 5_000)
            apply_results(connection, ledger, [finished], 5_000)

        await self.journal.write(["account"], work)

    async def marks(self) -> int:
        return len(await self._rows(select(early_marks.c.state)))

    async def one(self, statement: object) -> object:
        (row,) = await self._rows(statement)
        return row[0]

    async def _rows(self, statement: object) -> Sequence[tuple[str, str, str]]:
        def look(connection: Connection) -> Sequence[tuple[str, str, str]]:
            return [tuple(row) for row in connection.execute(statement)]  # type: ignore[call-overload]

        return await self.store.read(look)


@pytest.fixture
async def log(store: Database) -> Log:
    await store.write(lambda connection: create_counter(connection, "account"))
    return Log(store)


@pytest.fixture
async def answering(store: Database) -> Log:
    await store.write(lambda connection: create_counter(connection, "account"))
    return Log(store, ANSWER)


def wrote(number: int, text: str = "Есть улун?", **parts: object) -> MessageReceived:
    return MessageReceived(VERA, f"7:{number}", 5, text=text, **parts)  # type: ignore[arg-type]


def echo(number: int, text: str, own_id: str = "") -> EchoReceived:
    return EchoReceived(MessageReceived(VERA, f"7:{number}", 5, text=text), "Анна", own_id)


async def test_an_answer_in_the_platforms_own_app_stands_in_the_timeline(log: Log) -> None:
    await log.apply(wrote(1))
    await log.apply(echo(2, "Есть, сто граммов"))
    await log.apply(echo(2, "Есть, сто граммов"))
    assert await log.said() == [
        ("contact", "Есть улун?", "received"), ("operator", "Есть, сто граммов", "sent"),
    ]  # fmt: skip
    waiting = select(conversations.c.waiting_since)
    assert await log.one(waiting) is None
    content = select(messages.c.content).where(messages.c.author_kind == "operator")
    assert '"in_app":"yes"' in str(await log.one(content))


async def test_an_echo_of_ours_settles_a_message_whose_answer_was_lost(answering: Log) -> None:
    await answering.apply(wrote(1))
    assert (await answering.said())[1] == ("bot", "Сейчас ответим", "queued")
    waiting = await answering.delivery()
    lost = Refusal(RefusalKind.UNCERTAIN, "the answer was lost")
    await answering.ended(Finished(waiting, lost, DeliveryState.UNCERTAIN))
    await answering.apply(echo(2, "Сейчас ответим"))
    assert await answering.said() == [
        ("contact", "Есть улун?", "received"), ("bot", "Сейчас ответим", "sent"),
    ]  # fmt: skip


async def test_an_echo_of_words_that_still_wait_is_another_message(answering: Log) -> None:
    await answering.apply(wrote(1))
    await answering.apply(echo(2, "Сейчас ответим"))
    assert [state for _, _, state in await answering.said()] == ["received", "queued", "sent"]


async def test_an_echo_that_names_our_message_adds_none(answering: Log) -> None:
    await answering.apply(wrote(1))
    own = select(messages.c.id).where(messages.c.author_kind == "bot")
    await answering.apply(echo(2, "Сейчас  ответим", own_id=str(await answering.one(own))))
    assert len(await answering.said()) == 2
    found = select(messages.c.external_id).where(messages.c.author_kind == "bot")
    assert await answering.one(found) == "7:2"


async def test_a_status_that_names_our_message_tells_its_number(answering: Log) -> None:
    await answering.apply(wrote(1))
    own = str(await answering.one(select(messages.c.id).where(messages.c.author_kind == "bot")))
    await answering.apply(StatusReported(VERA, "7:9", "delivered", 9, own_id=own))
    assert (await answering.said())[1][2] == "delivered"
    found = select(messages.c.external_id).where(messages.c.author_kind == "bot")
    assert await answering.one(found) == "7:9"


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (ReadReported(VERA, 2_000), "read"),
        (ReadReported(VERA, 0, "7:2"), "read"),
        (DeliveryReported(VERA, 2_000), "delivered"),
        (ReadReported(VERA, 4), "sent"),
    ],
)
async def test_marks_reach_everything_before_them(
    log: Log, event: ChannelEvent, state: str
) -> None:
    await log.apply(wrote(1), echo(2, "Есть"))
    await log.apply(event)
    assert (await log.said())[1][2] == state
    read = select(conversations.c.contact_read_seq)
    assert bool(await log.one(read)) is (state == "read")


async def test_a_read_mark_is_not_taken_back_by_a_late_delivery(log: Log) -> None:
    await log.apply(wrote(1), echo(2, "Есть"))
    await log.apply(ReadReported(VERA, 2_000), DeliveryReported(VERA, 3_000))
    assert (await log.said())[1][2] == "read"


async def test_a_mark_reaches_an_echo_of_the_same_batch(log: Log) -> None:
    await log.apply(wrote(1), echo(2, "Есть"), ReadReported(VERA, 2_000))
    assert (await log.said())[1][2] == "read"


async def test_who_opens_the_chat_is_met_with_where_they_came_from(log: Log) -> None:
    await log.apply(Opened(VERA, 5, Touch("deep_link", "spring")))
    assert await log.said() == []
    assert await log.one(select(touchpoints.c.source)) == "spring"
    await log.apply(wrote(1))
    assert await log.one(select(touchpoints.c.contact_id)) == await log.one(
        select(messages.c.contact_id)
    )


async def test_the_reply_window_is_the_longest_that_was_opened(log: Log) -> None:
    until = select(identities.c.window_until)
    await log.apply(wrote(1), now=1_000)
    assert await log.one(until) == 0
    await log.apply(wrote(2, window_s=86_400), now=100_000)
    assert await log.one(until) == 100_000 + 86_400_000
    await log.apply(wrote(3, window_s=259_200), now=200_000)
    await log.apply(wrote(4, window_s=86_400), now=300_000)
    assert await log.one(until) == 200_000 + 259_200_000


async def test_a_program_is_answered_by_no_program_and_brings_nothing_back(answering: Log) -> None:
    await answering.apply(wrote(1, automatic="auto_reply"))
    assert [author for author, _, _ in await answering.said()] == ["contact"]


async def test_a_newcomers_profile_is_asked_for_once_a_conversation(log: Log) -> None:
    await log.apply(wrote(1), profiles=True)
    await log.apply(wrote(2), profiles=True)
    assert await log.one(select(deliveries.c.order_kind)) == "profile"


async def test_a_mark_that_comes_before_the_answer_to_our_message_is_not_lost(
    answering: Log,
) -> None:
    await answering.apply(wrote(1))
    await answering.apply(StatusReported(VERA, "7:9", "read", 9))
    await answering.apply(StatusReported(VERA, "7:9", "delivered", 9))
    waiting = await answering.delivery()
    await answering.ended(Finished(waiting, Sent(("7:9",)), DeliveryState.SENT))
    assert (await answering.said())[1][2] == "read"
    assert await answering.marks() == 0


async def test_a_mark_of_the_same_number_in_another_inbox_waits_for_its_own_message(
    answering: Log,
) -> None:
    await answering.apply(wrote(1))
    await answering.apply(StatusReported(VERA, "7:9", "read", 9))
    first = answering.inbox
    answering.inbox = replace(first, id=InboxId("another"))
    await answering.apply(StatusReported(VERA, "7:9", "delivered", 9))
    answering.inbox = first
    waiting = await answering.delivery()
    await answering.ended(Finished(waiting, Sent(("7:9",)), DeliveryState.SENT))
    assert await answering.marks() == 1


async def test_a_failure_told_before_the_answer_is_not_lost(answering: Log) -> None:
    await answering.apply(wrote(1))
    await answering.apply(StatusReported(VERA, "7:9", "failed", 9, reason="no such device"))
    waiting = await answering.delivery()
    await answering.ended(Finished(waiting, Sent(("7:9",)), DeliveryState.SENT))
    assert (await answering.said())[1][2] == "failed"
