"""The batch: a bounded number of statements for any number of messages of known contacts."""

import msgspec
import pytest
from sqlalchemy import Connection, event

from otklik.channels import CHANNELS
from otklik.conversations.api import record
from otklik.conversations.types import Happening
from otklik.events.api import Bell, Journal, Ledger, create_counter
from otklik.inboxes.types import Inbox, InboxState
from otklik.kernel.ids import AccountId, InboxId
from otklik.platform.database import Database
from otklik.ports.channel import InboxConfig

INBOX = Inbox(
    InboxId("inbox"), AccountId("account"), "telegram", "Лавка", "key",
    InboxConfig("inbox", {"auto_answer": "Сейчас ответим", "auto_answer_when": "every"}, {}),
    InboxState.ACTIVE,
)  # fmt: skip


def happening(number: int, person: int) -> Happening:
    chat = {"id": person, "type": "private", "first_name": f"Гость {person}"}
    body = {"message_id": number, "date": 5, "chat": chat, "from": chat, "text": f"Слово {number}"}
    (read,) = CHANNELS["telegram"].parse(msgspec.json.encode({"update_id": 1, "message": body}))
    return Happening(INBOX, read)


@pytest.mark.parametrize("size", [1, 100, 500])
async def test_a_batch_costs_at_most_a_dozen_statements(store: Database, size: int) -> None:
    journal = Journal(store, Bell())
    await store.write(lambda connection: create_counter(connection, "account"))

    async def batch(start: int, now: int) -> list[str]:
        happenings = [happening(start + n, n % 250) for n in range(size)]
        seen: list[str] = []

        def work(connection: Connection, ledger: Ledger) -> None:
            def note(_c: object, _cur: object, statement: str, *_more: object) -> None:
                seen.append(statement)

            event.listen(connection, "before_cursor_execute", note)
            record(connection, ledger, happenings, now)
            event.remove(connection, "before_cursor_execute", note)

        await journal.write(["account"], work)
        return seen

    await batch(1, 1_000)
    statements = await batch(10_001, 500_000)  # a later minute: `seen_at` is written as well
    ledger = 3  # the journal locks the counter, saves it and stores the events
    assert len(statements) + ledger <= 12, [one[:60] for one in statements]
