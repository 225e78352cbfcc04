"""The chat on a site and in a business's own app, through the documented visitor protocol."""

from otklik.channels.widget import inbound
from otklik.channels.widget.wire import MANIFEST
from otklik.ports.channel import Channel

CHANNEL = Channel(
    manifest=MANIFEST,
    authentic=inbound.authentic,
    envelope=inbound.envelope,
    parse=inbound.parse,
)
