"""A chat gets a new address, even one that somebody has already."""

from functools import partial

import pytest
from sqlalchemy import Connection

from otklik.contacts import api as contacts
from otklik.contacts.types import Arrival
from otklik.conversations.api import apply_results, record
from otklik.conversations.types import Happening
from otklik.delivery.types import Delivery, DeliveryState, Finished, OrderKind
from otklik.events.api import Bell, Journal, Ledger, create_counter
from otklik.inboxes.types import Inbox, InboxState
from otklik.kernel.ids import AccountId, DeliveryId, InboxId
from otklik.platform.database import Database
from otklik.ports.channel import ChatMoved, InboxConfig, Outgoing, Refusal, RefusalKind, Sender
from otklik.ports.message import MessageKind

INBOX = Inbox(
    InboxId("inbox"), AccountId("account"), "telegram", "Лавка", "key",
    InboxConfig("inbox", {}, {}), InboxState.ACTIVE,
)  # fmt: skip


@pytest.fixture
async def journal(store: Database) -> Journal:
    def meet(connection: Connection) -> None:
        create_counter(connection, "account")
        arrivals = [
            Arrival("account", INBOX.id, "telegram", Sender(number, name=number), 5)
            for number in ("7", "9")
        ]
        contacts.arrive(connection, arrivals)

    await store.write(meet)
    return Journal(store, Bell())


def address_of(connection: Connection, external_id: str) -> str | None:
    """The name of whoever has an address."""
    people = contacts.find_people(connection, ["account"], [(INBOX.id, external_id)])
    return next((person.name for person in people.values()), None)


@pytest.mark.parametrize(("new", "owners"), [
    ("8", {"7": None, "8": "7", "9": "9"}),
    ("9", {"7": "7", "8": None, "9": "9"}),
])  # fmt: skip
@pytest.mark.parametrize("by", ["the platform's word", "a refused delivery"])
async def test_a_move(journal: Journal, by: str, new: str, owners: dict[str, str | None]) -> None:
    def move(connection: Connection, ledger: Ledger) -> None:
        if by == "the platform's word":
            record(connection, ledger, [Happening(INBOX, ChatMoved("7", new))], 6)
            return
        (person,) = contacts.find_people(connection, ["account"], [(INBOX.id, "7")]).values()
        order = Outgoing("m", "7", MessageKind.TEXT, "Да")
        delivery = Delivery(
            DeliveryId("d"), "account", INBOX.id, person.identity_id, None, 1, OrderKind.MESSAGE,
            order, 1, 5,
        )  # fmt: skip
        refusal = Refusal(RefusalKind.MOVED, moved_to=new)
        finished = Finished(delivery, refusal, DeliveryState.QUEUED, 6)
        apply_results(connection, ledger, [finished], 6)

    await journal.write(["account"], move)
    for external_id, owner in owners.items():
        found = await journal.database.read(partial(address_of, external_id=external_id))
        assert found == owner, external_id
