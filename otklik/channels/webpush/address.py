"""A browser's subscription as an address: one text that holds all it takes to push to it."""

import base64
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from otklik.channels.webpush.wire import Subscription

PUSH_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
"""The push services of the browsers; known July 2025."""

_LONGEST = 1000
_PLAIN = re.compile(r"[!-~]+")
_ENCODED = re.compile(r"[A-Za-z0-9_-]+")


class Address(NamedTuple):
    """`p256dh` and `auth` are base64url without padding; `key` marks which key of ours it knows."""

    endpoint: str
    p256dh: str
    auth: str
    key: str

    def __str__(self) -> str:
        """Give the external id of the identity."""
        return f"{self.endpoint}#{self.p256dh}.{self.auth}.{self.key}"


def mark(public_key: str) -> str:
    """Shorten a public key to what tells ours apart."""
    return public_key[1:11]


def address_of(told: Subscription) -> Address | None:
    """Give the address of a subscription, or None when it cannot be one."""
    return _sound(Address(told.endpoint, _bare(told.p256dh), _bare(told.auth), mark(told.key)))


def read(external_id: str) -> Address | None:
    """Read an address back."""
    endpoint, _, keys = external_id.partition("#")
    parts = keys.split(".")
    return _sound(Address(endpoint, *parts)) if len(parts) == 3 else None


def is_allowed(endpoint: str, settings: Mapping[str, str]) -> bool:
    """Tell whether an endpoint is of a push service: anybody can name any address to us."""
    private = settings.get("api_base", "").rstrip("/")
    if private and endpoint.startswith(f"{private}/"):
        return True
    try:
        place = urlsplit(endpoint)
        port = place.port
    except ValueError:
        return False
    if place.scheme != "https" or "@" in place.netloc or port not in {None, 443}:
        return False
    hosts = (*PUSH_HOSTS, *settings.get("push_hosts", "").lower().split())
    return any(is_host(place.hostname or "", host) for host in hosts)


def is_host(host: str, wanted: str) -> bool:
    """Tell whether a host is the wanted one; `*.` stands for one below it or more."""
    return host.endswith(wanted[1:]) if wanted.startswith("*.") else host == wanted


def decoded(text: str) -> bytes:
    """Read base64url without padding; raises `ValueError`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encoded(content: bytes) -> str:
    """Write base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bare(text: str) -> str:
    return text.rstrip("=").replace("+", "-").replace("/", "_")


def _sound(address: Address) -> Address | None:
    endpoint, *keys = address
    if len(endpoint) > _LONGEST or not _PLAIN.fullmatch(endpoint) or set(endpoint) & set("#\\"):
        return None
    if not all(_ENCODED.fullmatch(part) for part in keys):
        return None
    try:
        sizes = len(decoded(address.p256dh)), len(decoded(address.auth))
    except ValueError:
        return None
    return address if sizes == (65, 16) and len(address.key) == 10 else None
