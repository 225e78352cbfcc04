"""Viber, through its REST Bot API."""

from otklik.channels.viber import connect, inbound, outbound, welcome
from otklik.channels.viber.wire import MANIFEST
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
    ),
    answer=welcome.answer,
)
