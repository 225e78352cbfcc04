"""What every background loop stands on."""

from collections.abc import Mapping
from typing import NamedTuple

from otklik.events.api import Journal
from otklik.inboxes.registry import InboxRegistry
from otklik.kernel.clock import Clock
from otklik.platform.database import Database
from otklik.ports.channel import Channel


class Ground(NamedTuple):
    """The journal to write through, the inboxes to serve, their channels, and the time."""

    journal: Journal
    inboxes: InboxRegistry
    channels: Mapping[str, Channel]
    clock: Clock

    @property
    def database(self) -> Database:
        """Give the store."""
        return self.journal.database
