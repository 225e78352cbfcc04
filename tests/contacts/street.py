"""A street of inboxes over a real store: people arrive with what their channels tell of them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection, Table, select

from otklik.contacts.deciding import Decision, proposals
from otklik.contacts.tables import contacts, identities, touchpoints
from otklik.contacts.types import ContactView, ProposalView
from otklik.conversations.api import follow, record
from otklik.conversations.tables import conversation_folds, conversations, messages
from otklik.conversations.types import Happening
from otklik.events.api import Bell, Journal, Ledger, create_counter
from otklik.inboxes.types import Inbox, InboxState
from otklik.kernel.ids import AccountId, InboxId, new_id
from otklik.platform.database import Database
from otklik.ports.channel import ChannelEvent, InboxConfig, MessageReceived, Sender, Touch

T = TypeVar("T")
Rows = dict[str, list[tuple[object, ...]]]

_KEPT: Sequence[Table] = (
    contacts, identities, touchpoints, conversations, conversation_folds, messages,
)  # fmt: skip


class Street:
    """One account: an inbox is named by its channel, and made when first spoken of."""

    def __init__(self, journal: Journal, account_id: str) -> None:
        self.journal = journal
        self.account_id = account_id
        self.now = 1_000_000_000_000

    @classmethod
    async def open(cls, store: Database, account_id: str = "account") -> "Street":
        await store.write(lambda connection: create_counter(connection, account_id))
        return cls(Journal(store, Bell()), account_id)

    def inbox(self, name: str) -> Inbox:
        channel = "widget" if name.startswith("site") else name
        inbox_id = f"{self.account_id} {name}"
        return Inbox(
            InboxId(inbox_id), AccountId(self.account_id), channel, name, inbox_id,
            InboxConfig(inbox_id, {}, {}), InboxState.ACTIVE,
        )  # fmt: skip

    async def write(self, work: Callable[[Connection, Ledger], T]) -> T:
        return await self.journal.write([self.account_id], work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self.journal.database.read(work)

    async def happen(self, *what: tuple[str, ChannelEvent]) -> None:
        self.now += 1000
        happenings = [Happening(self.inbox(name), event, live=True) for name, event in what]
        await self.write(lambda c, ledger: record(c, ledger, happenings, self.now))

    async def write_in(self, name: str, text: str = "Здравствуйте", **told: str) -> None:
        """Let `inbox:person` write, having come from a page; `told` is what their channel has."""
        await self.happen((name.partition(":")[0], wrote(name, text, **told)))

    async def decide(self, work: Callable[[Decision], T]) -> T:
        self.now += 1000
        return await self.write(
            lambda c, ledger: work(Decision(c, ledger, self.account_id, "olga", self.now, follow))
        )

    async def contact_of(self, name: str) -> str:
        """Whose an address is now."""
        inbox, _, external_id = name.partition(":")
        statement = select(identities.c.contact_id).where(
            identities.c.inbox_id == self.inbox(inbox).id, identities.c.external_id == external_id
        )
        return str(await self.read(lambda c: c.execute(statement).scalar_one()))

    async def merge(self, one: str, other: str) -> ContactView:
        ids = (await self.contact_of(one), await self.contact_of(other))
        return await self.decide(lambda decision: decision.merge(*ids))

    async def split(self, view: ContactView, reason: str = "operator") -> ContactView:
        link = next(link for link in view.links if link.reason == reason)
        return await self.part(view, link.id)

    async def part(self, view: ContactView, link_id: str) -> ContactView:
        return await self.decide(lambda decision: decision.split(view.id, link_id))

    async def proposals(self, name: str) -> list[ProposalView]:
        contact_id = await self.contact_of(name)
        return await self.read(lambda c: proposals(c, self.account_id, contact_id))

    async def people(self) -> set[frozenset[str]]:
        """Everybody, each as `inbox:person` names."""
        statement = select(
            identities.c.contact_id, identities.c.inbox_id, identities.c.external_id
        ).where(identities.c.account_id == self.account_id)
        rows = await self.read(lambda c: c.execute(statement).all())
        found: dict[str, set[str]] = {}
        for contact_id, inbox_id, external_id in rows:
            name = f"{inbox_id.partition(' ')[2]}:{external_id}"
            found.setdefault(contact_id, set()).add(name)
        return {frozenset(names) for names in found.values()}

    async def everything(self) -> Rows:
        """Every row that a merge may touch, as it is now."""

        def work(connection: Connection) -> Rows:
            return {
                table.name: sorted(
                    (tuple(row) for row in connection.execute(
                        select(table).where(table.c.account_id == self.account_id)
                    )),
                    key=repr,
                )
                for table in _KEPT
            }  # fmt: skip

        return await self.read(work)


def wrote(name: str, text: str = "Здравствуйте", **told: str) -> MessageReceived:
    """A message of somebody, as an adapter reads it."""
    inbox, _, external_id = name.partition(":")
    sender = Sender(external_id, name=told.pop("name", name), **told)  # type: ignore[arg-type]
    touch = Touch("page", f"https://shop.example/{inbox}")
    return MessageReceived(sender, new_id(), 0, text=text, touch=touch)
