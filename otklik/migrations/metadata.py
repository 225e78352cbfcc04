"""Every table of the product, gathered for migrations and tests."""

import otklik.accounts.tables
import otklik.contacts.tables
import otklik.conversations.tables
import otklik.delivery.tables
import otklik.events.tables
import otklik.inbound.tables
import otklik.inboxes.tables
import otklik.search.tables
import otklik.webhooks.tables  # noqa: F401
from otklik.platform.schema import metadata

__all__ = ["metadata"]
