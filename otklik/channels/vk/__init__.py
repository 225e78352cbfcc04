"""VK, through the messages of a community."""

from otklik.channels.vk import connect, inbound, outbound
from otklik.channels.vk.wire import MANIFEST
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
    greet=inbound.greet,
    accepted=b"ok",
    kept=inbound.kept,
)
