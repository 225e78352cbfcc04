"""Web push: the visitor's browser as an address, through any push service."""

from otklik.channels.webpush import connect, inbound, outbound, site
from otklik.channels.webpush.wire import MANIFEST
from otklik.ports.channel import Channel, Connect, Outbound

CHANNEL = Channel(
    manifest=MANIFEST,
    authentic=inbound.authentic,
    envelope=inbound.envelope,
    parse=inbound.parse,
    outbound=Outbound(send=outbound.send, locate=outbound.locate),
    connect=Connect(check=connect.check),
    greet=site.greet,
)
