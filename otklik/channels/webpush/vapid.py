"""Who we are to a push service: the key pair of an inbox, and the token of RFC 8292."""

from functools import lru_cache
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from otklik.channels.webpush.address import decoded, encoded, mark
from otklik.channels.webpush.encryption import public_point
from otklik.kernel.clock import SystemClock
from otklik.ports.channel import InboxConfig

_LASTS_S = 43_200  # push services take at most a day


@lru_cache(maxsize=256)
def key_of(secret: str) -> tuple[ec.EllipticCurvePrivateKey, str] | None:
    """Read a private key, 32 bytes as base64url; give it with its public half."""
    try:
        content = decoded(secret.strip())
        key = ec.derive_private_key(int.from_bytes(content, "big"), ec.SECP256R1())
    except ValueError:
        return None
    return (key, encoded(public_point(key))) if len(content) == 32 else None


def public_keys(config: InboxConfig) -> tuple[str, ...]:
    """Give the public keys of an inbox, the present one first, then those still kept."""
    return tuple(public for _, public in _keys(config))


def authorization(config: InboxConfig, endpoint: str, marked: str) -> str | None:
    """Give the header for one endpoint under the key its subscription knows; None: it is gone."""
    found = next((pair for pair in _keys(config) if mark(pair[1]) == marked), None)
    if found is None:
        return None
    key, public = found
    place = urlsplit(endpoint)
    claims = {
        "aud": f"{place.scheme}://{place.netloc}",
        "exp": SystemClock().now_ms() // 1000 + _LASTS_S,
        "sub": subject(config),
    }
    return f"vapid t={jwt.encode(claims, key, algorithm='ES256')}, k={public}"


def subject(config: InboxConfig) -> str:
    """Give the contact a push service may complain to; a bare mailbox gets its scheme."""
    text = config.settings.get("subject", "").strip()
    return f"mailto:{text}" if "@" in text and ":" not in text else text


def _keys(config: InboxConfig) -> tuple[tuple[ec.EllipticCurvePrivateKey, str], ...]:
    kept = config.secrets.get("vapid_key_previous", "").split()
    found = (key_of(secret) for secret in (config.secrets.get("vapid_key", ""), *kept))
    return tuple(pair for pair in found if pair is not None)
