"""Instagram: the direct messages of a professional account, by either of Meta's two logins."""

from otklik.channels.instagram import connect, inbound, outbound
from otklik.channels.instagram.wire import MANIFEST
from otklik.families import meta
from otklik.families.meta import messaging, sending
from otklik.ports.channel import Channel, Connect, Outbound

CHANNEL = Channel(
    manifest=MANIFEST,
    authentic=meta.authentic,
    envelope=messaging.envelope,
    parse=inbound.parse,
    outbound=Outbound(send=outbound.send, locate=sending.locate),
    connect=Connect(
        check=connect.check,
        subscribe=connect.subscribe,
        verify=connect.verify,
        unsubscribe=connect.unsubscribe,
        poll=connect.poll,
    ),
    greet=meta.greet,
    ours=connect.ours,
)
