"""What the site's script and its worker tell, as structs: only what is read."""

from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from otklik.ports.channel import Manifest

MANIFEST = msgspec.toml.decode(
    files(__package__).joinpath("manifest.toml").read_bytes(), type=Manifest
)

Moment = Annotated[int, Meta(ge=0, le=2**53)]
"""Unix ms, of the visitor's clock."""


class Subscription(Struct, frozen=True):
    """A browser's `PushSubscription`; `key` is the public key of ours it was made with."""

    endpoint: str
    p256dh: str
    auth: str
    key: str


class Told(Struct, frozen=True):
    """Every event at once: they differ only in which fields they have."""

    event: str
    subscription: Subscription
    at: Moment = 0
    old: Subscription | None = None
    wording: str = ""
    marketing: bool = False
    page: str = ""
    language: str = ""
    identity: str = ""
    message: str = ""
    proof: str = ""
    payload: str = ""
    label: str = ""


class Claims(Struct, frozen=True):
    """What the site's backend signs of a visitor."""

    name: str = ""
    email: str = ""
    phone: str = ""
