"""Typing of operators, shown at the contact's platform where it can be."""

from collections.abc import Mapping

from sqlalchemy import Connection

from otklik.contacts import api as contacts
from otklik.contacts.types import Person
from otklik.conversations.api import last_heard
from otklik.delivery.api import Sender
from otklik.inboxes.api import InboxRegistry
from otklik.platform.database import Database
from otklik.ports.channel import Channel, TypingShown


class TypingToPlatform:
    """Shows typing at the address the contact used last. A lost one is no loss."""

    def __init__(
        self,
        database: Database,
        registry: InboxRegistry,
        channels: Mapping[str, Channel],
        sender: Sender,
    ) -> None:
        self._database = database
        self._registry = registry
        self._channels = channels
        self._sender = sender

    async def __call__(self, account_id: str, contact_id: str) -> None:
        """Show that an operator types to a contact."""

        def look(connection: Connection) -> tuple[Person | None, str]:
            people = contacts.people_of_contacts(connection, account_id, [contact_id])
            if not people:
                return None, ""
            latest = people[0]
            heard = last_heard(connection, account_id, contact_id, latest.identity_id)
            return latest, heard

        person, heard = await self._database.read(look)
        inbox = None if person is None else self._registry.by_id(person.inbox_id)
        if person is None or inbox is None or not person.reachable:
            return
        if "typing_out" in self._channels[inbox.channel].manifest.features:
            await self._sender.send(TypingShown(person.external_id, heard), inbox)
