"""Messenger's deliveries, read into our events."""

from collections.abc import Sequence

from otklik.families.meta.messaging import events
from otklik.families.meta.messaging_events import WINDOW_S, Dialect
from otklik.ports.channel import ChannelEvent

_DIALECT = Dialect(object="page", reaction_s=WINDOW_S, records=False)


def parse(body: bytes) -> Sequence[ChannelEvent]:
    """Read one delivery; raises `msgspec.DecodeError` for what is none of Meta's."""
    return events(body, _DIALECT)
