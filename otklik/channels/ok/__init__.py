"""Odnoklassniki, through the Bot API of its groups."""

from otklik.channels.ok import connect, inbound, outbound
from otklik.channels.ok.wire import MANIFEST
from otklik.ports.channel import Channel, Connect, Outbound

CHANNEL = Channel(
    manifest=MANIFEST,
    authentic=inbound.authentic,
    envelope=inbound.envelope,
    parse=inbound.parse,
    outbound=Outbound(send=outbound.send, locate=outbound.locate),
    connect=Connect(
        check=connect.check,
        subscribe=connect.subscribe,
        verify=connect.verify,
        unsubscribe=connect.unsubscribe,
        poll=connect.poll,
    ),
)
