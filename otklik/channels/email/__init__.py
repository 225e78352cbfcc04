"""E-mail: a mailbox watched over IMAP, letters sent over SMTP."""

from collections.abc import Mapping

from otklik.channels.email import connect, inbound, outbound
from otklik.channels.email.wire import MANIFEST, marked
from otklik.ports.channel import Channel, Connect, InboxConfig, Mail, Outbound


def _no_webhook(_headers: Mapping[str, str], _body: bytes, _config: InboxConfig) -> bool:
    return False  # letters come from the mailbox we log in to, never over HTTP


CHANNEL = Channel(
    manifest=MANIFEST,
    authentic=_no_webhook,
    envelope=inbound.envelope,
    parse=inbound.parse,
    outbound=Outbound(send=outbound.send, locate=outbound.locate),
    connect=Connect(check=connect.check),
    held=inbound.held,
    mail=Mail(incoming=connect.incoming_server, marked=marked),
)
