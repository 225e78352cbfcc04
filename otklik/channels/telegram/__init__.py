"""Telegram, through its Bot API."""

from otklik.channels.telegram import connect, inbound, outbound
from otklik.channels.telegram.wire import MANIFEST
from otklik.ports.channel import Channel, Connect, Outbound

CHANNEL = Channel(
    manifest=MANIFEST,
    authentic=inbound.authentic,
    envelope=inbound.envelope,
    parse=inbound.parse,
    outbound=Outbound(
        build=outbound.build,
        read=outbound.read,
        locate=outbound.locate,
        located=outbound.located,
    ),
    connect=Connect(
        check=connect.check,
        checked=connect.checked,
        subscribe=connect.subscribe,
        unsubscribe=connect.unsubscribe,
        acknowledged=connect.acknowledged,
        poll=connect.poll,
        polled=connect.polled,
    ),
)
