"""The door of webhooks: the parts the application puts together."""

from otklik.webhooks.service import Webhooks
from otklik.webhooks.store import has_endpoints, waiting

__all__ = ["Webhooks", "has_endpoints", "waiting"]
