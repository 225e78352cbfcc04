"""Faces of contacts: fetched when a platform tells where they are, kept with the address."""

from sqlalchemy import Connection

from otklik.contacts import api as contacts
from otklik.conversations import store
from otklik.conversations.files import Downloads
from otklik.delivery.types import Delivery
from otklik.events.api import Journal, Ledger
from otklik.inboxes.types import Inbox
from otklik.kernel.clock import Clock


class Avatars:
    """Keeps the pictures of contacts."""

    def __init__(self, journal: Journal, downloads: Downloads, clock: Clock) -> None:
        self._journal = journal
        self._downloads = downloads
        self._clock = clock

    async def keep(self, delivery: Delivery, inbox: Inbox, ref: str) -> None:
        """Fetch the picture a profile names and show it with the contact."""
        file = await self._downloads.picture(delivery.account_id, inbox, ref)
        if file is None:
            return
        now = self._clock.now_ms()

        def work(connection: Connection, ledger: Ledger) -> None:
            store.insert_file(connection, file)
            contacts.set_picture(
                connection, ledger, delivery.account_id, delivery.identity_id, file.id, now
            )

        await self._journal.write([delivery.account_id], work)
