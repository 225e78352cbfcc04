"""Telegram, through its Bot API."""

from otklik.channels.telegram import connect, inbound, outbound
from otklik.channels.telegram.wire import MANIFEST
from otklik.ports.channel import Channel, Connect, Outbound

CHANNEL = Channel(
    manifest=MANIFEST,
    authentic=inbound.authentic,
    envelope=inbound.envelope,
    parse=inbound.parse,
    outbound=Outbound(send=outbound.send, locate=outbound.find),
    connect=Connect(
        check=connect.whose,
        subscribe=connect.subscribed,
        verify=connect.verified,
        unsubscribe=connect.unsubscribed,
        poll=connect.fetched,
    ),
)
