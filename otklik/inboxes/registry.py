"""Every inbox of the installation, opened and in memory, for the hot path and the senders."""

import asyncio
from collections.abc import Iterable
from functools import partial

import msgspec
from sqlalchemy import Connection

from otklik.inboxes import store
from otklik.inboxes.types import Inbox, InboxState
from otklik.kernel.ids import AccountId, InboxId
from otklik.platform.database import Database
from otklik.platform.secret_box import SecretBox
from otklik.ports.channel import InboxConfig

_settings = msgspec.json.Decoder(dict[str, str]).decode


def seal_context(account_id: str, inbox_id: str) -> str:
    """Give the context an inbox's secrets are sealed with."""
    return f"inbox:{account_id}:{inbox_id}"


def opened(row: store.InboxRow, box: SecretBox) -> Inbox:
    """Open a stored inbox."""
    return Inbox(
        id=InboxId(row.id),
        account_id=AccountId(row.account_id),
        channel=row.channel,
        title=row.title,
        public_key=row.public_key,
        config=InboxConfig(
            inbox_id=row.id,
            settings=_settings(row.settings),
            secrets=box.unseal(row.secrets, seal_context(row.account_id, row.id)),
        ),
        state=InboxState(row.state),
        state_reason=row.state_reason,
        cursor=row.cursor,
        created_at=row.created_at,
        last_event_at=row.last_event_at,
    )


class InboxRegistry:
    """The inboxes as last loaded.

    `reload` after a change; what other processes and the command line change is seen at the next
    round of `follow`.
    """

    def __init__(self, database: Database, box: SecretBox) -> None:
        self._database = database
        self._box = box
        self._by_key: dict[str, Inbox] = {}
        self._by_id: dict[str, Inbox] = {}
        self._heard: dict[tuple[str, str], int] = {}

    async def reload(self) -> None:
        """Load every inbox."""

        def load(connection: Connection) -> list[Inbox]:
            return [opened(row, self._box) for row in store.every(connection)]

        inboxes = await self._database.read(load)
        by_id: dict[str, Inbox] = {inbox.id: inbox for inbox in inboxes}
        if by_id != self._by_id:
            self._by_id = by_id
            self._by_key = {inbox.public_key: inbox for inbox in inboxes}

    def hear(self, inbox: Inbox, at: int) -> None:
        """Note that an inbox delivered something; stored with the next `follow` round."""
        self._heard[(inbox.account_id, inbox.id)] = at

    async def follow(self, every_s: float) -> None:
        """Store what was heard and reload, for ever, at intervals."""
        while True:
            await asyncio.sleep(every_s)
            heard, self._heard = self._heard, {}
            if heard:
                await self._database.write(partial(store.note_heard, heard=heard))
            await self.reload()

    def by_key(self, public_key: str) -> Inbox | None:
        """Find the inbox an address names."""
        return self._by_key.get(public_key)

    def by_id(self, inbox_id: str) -> Inbox | None:
        """Find an inbox of any account."""
        return self._by_id.get(inbox_id)

    def all(self) -> Iterable[Inbox]:
        """Give every inbox."""
        return list(self._by_id.values())

    def titles(self, account_id: str) -> dict[str, str]:
        """Give the titles of an account's inboxes."""
        return {one.id: one.title for one in self._by_id.values() if one.account_id == account_id}
