"""What the site's script and its worker tell us, read into our events."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

import jwt
import msgspec

from otklik.channels.webpush import wire
from otklik.channels.webpush.address import Address, address_of, encoded, is_allowed
from otklik.channels.webpush.vapid import public_keys
from otklik.kernel.lenient import read
from otklik.ports import channel as port
from otklik.ports.channel import ChannelEvent, InboxConfig, Sender

OPEN = "open"
"""The payload of a tap on the notification itself."""

_BEACONS = frozenset({"shown", "clicked", "closed"})


def proof(config: InboxConfig, message: str, address: str, payload: str = "") -> str:
    """Sign that we sent a message to an address: its beacon gives the signature back."""
    secret = config.secrets.get("webhook_secret", "").encode()
    said = f"{message}\n{address}\n{payload}".encode("utf-8", "surrogatepass")
    return encoded(hmac.new(secret, said, hashlib.sha256).digest()[:16])


def authentic(_headers: Mapping[str, str], body: bytes, config: InboxConfig) -> bool:
    """Believe a beacon for its signature, the rest for a subscription made with our key.

    Whoever knows the keys of a subscription is its browser: they are random and told to us alone.
    """
    try:
        told = read(body, wire.Told)
    except (msgspec.DecodeError, ValueError):
        return False
    known = public_keys(config)
    named = (told.subscription,) if told.old is None else (told.subscription, told.old)
    for subscription in named:
        address = address_of(subscription)
        if address is None or subscription.key not in known:
            return False
        if not is_allowed(address.endpoint, config.settings):
            return False
    if not config.secrets.get("webhook_secret"):
        return False
    if told.event in _BEACONS:
        expected = proof(config, told.message, str(address_of(told.subscription)), told.payload)
        shown = told.proof.encode("utf-8", "surrogatepass")
        return hmac.compare_digest(expected.encode(), shown)
    return not told.identity or _is_signed(told.identity, config)


def envelope(body: bytes) -> port.Envelope | port.Malformed:
    """Give the key of an event: a browser may tell it twice."""
    try:
        told = read(body, wire.Told)
    except (msgspec.DecodeError, ValueError) as error:
        return port.Malformed(reason=f"not told by the site's script: {error}")
    if not told.event or address_of(told.subscription) is None:
        return port.Malformed(reason="neither an event nor a subscription")
    facts = (str(address_of(told.subscription)), told.message, told.payload, str(told.at))
    digest = hashlib.sha256("\n".join(facts).encode("utf-8", "surrogatepass")).hexdigest()
    return port.Envelope(f"{told.event[:20]}:{digest[:40]}")


def parse(body: bytes) -> Sequence[ChannelEvent]:
    """Read one event; raises `msgspec.DecodeError` for what is none."""
    told = read(body, wire.Told)
    address = address_of(told.subscription)
    if address is None:
        raise ValueError("not a subscription")
    match told.event:
        case "subscribed":
            return _subscribed(told, address)
        case "unsubscribed":
            sender = Sender(str(address))
            return (
                port.ConsentReported(sender, "notifications", granted=False, at=told.at),
                port.ConsentReported(sender, "marketing", granted=False, at=told.at),
                port.ReachabilityChanged(sender, reachable=False, at=told.at),
            )
        case "moved" if told.old is not None:
            old = address_of(told.old)
            return (port.ChatMoved(str(old or address), str(address)),)
        case "shown" | "clicked" if told.message:
            return _seen(told, Sender(str(address)))
        case name:
            return (port.Unknown(name[:64] or "empty"),)


def _subscribed(told: wire.Told, address: Address) -> Sequence[ChannelEvent]:
    sender = _sender(told, address)
    touch = port.Touch("page", told.page[:2000]) if told.page else None
    events: list[ChannelEvent] = [port.Opened(sender, told.at, touch)]
    if told.wording:  # asked just now; later visits only tell that the subscription still is
        wording = told.wording[:2000]
        events.append(port.ConsentReported(sender, "notifications", True, told.at, wording))
        if told.marketing:
            events.append(port.ConsentReported(sender, "marketing", True, told.at, wording))
    return events


def _seen(told: wire.Told, sender: Sender) -> Sequence[ChannelEvent]:
    if told.event == "shown":
        return (port.StatusReported(sender, told.message, "delivered", told.at),)
    press = port.ButtonPressed(
        sender=sender,
        external_id=f"{told.message}:{told.at}",
        press_id="",
        payload=told.payload or OPEN,
        at=told.at,
        of_message=told.message,
        label=told.label[:100],
    )
    return (port.StatusReported(sender, told.message, "read", told.at), press)


def _sender(told: wire.Told, address: Address) -> Sender:
    sender = Sender(str(address), locale=told.language[:2].lower())
    if not told.identity:
        return sender
    try:
        claims = msgspec.convert(
            jwt.decode(told.identity, options={"verify_signature": False}), wire.Claims
        )
    except (jwt.PyJWTError, msgspec.ValidationError, ValueError):
        return sender
    return msgspec.structs.replace(
        sender, name=claims.name, email=claims.email, phone=claims.phone, evidence="signed"
    )


def _is_signed(identity: str, config: InboxConfig) -> bool:
    for name in ("identity_secret", "identity_secret_previous"):
        secret = config.secrets.get(name, "")
        try:
            if secret and jwt.decode(
                identity, secret, algorithms=["HS256"], options={"require": ["sub", "exp"]}
            ):
                return True
        except (jwt.PyJWTError, ValueError):
            continue
    return False
