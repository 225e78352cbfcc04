"""The door of webhooks: the parts the application puts together."""

from otklik.webhooks.service import Webhooks

__all__ = ["Webhooks"]
