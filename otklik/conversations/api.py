"""The door of conversations."""

from otklik.conversations.intake import record

__all__ = ["record"]
