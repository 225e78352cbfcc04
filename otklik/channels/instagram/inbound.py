"""Instagram's deliveries, read into our events."""

from collections.abc import Sequence

from otklik.families.meta.messaging import events
from otklik.families.meta.messaging_events import Dialect
from otklik.ports.channel import ChannelEvent

# People record sound and cannot attach music. That a reaction opens the window is told of
# Messenger only (pages of 2026).
_DIALECT = Dialect(object="instagram", reaction_s=0, records=True)


def parse(body: bytes) -> Sequence[ChannelEvent]:
    """Read one delivery; raises `msgspec.DecodeError` for what is none of Meta's."""
    return events(body, _DIALECT)
