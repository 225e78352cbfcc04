"""WhatsApp, through Meta's Cloud API."""

from otklik.channels.whatsapp import connect, inbound, outbound, templates
from otklik.channels.whatsapp.wire import MANIFEST
from otklik.families import meta
from otklik.ports.channel import Channel, Connect, Outbound

CHANNEL = Channel(
    manifest=MANIFEST,
    authentic=meta.authentic,
    greet=meta.greet,
    envelope=inbound.envelope,
    parse=inbound.parse,
    ours=inbound.ours,
    outbound=Outbound(send=outbound.send, locate=outbound.locate),
    connect=Connect(
        check=connect.check,
        subscribe=connect.subscribe,
        verify=connect.verify,
        unsubscribe=connect.unsubscribe,
        templates=templates.listed,
    ),
)
