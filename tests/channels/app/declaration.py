"""The chat in a business's own app, declared to the conformance kit: the site chat's bodies."""

from msgspec.structs import replace

from otklik.ports.channel import InboxConfig
from tests.channels.widget.declaration import DECLARATION as SITE

DECLARATION = replace(
    SITE, config=InboxConfig("inbox-a", {"locale": "ru"}, {"identity_secret": "s" * 32})
)
