"""Facebook Messenger: the chats of a page, through the Graph API."""

from otklik.channels.messenger import connect, inbound, outbound
from otklik.channels.messenger.wire import MANIFEST
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
