"""Tickets to a socket: taken over HTTP, valid for half a minute, used once."""

import base64
import binascii
import hmac
import secrets

import msgspec

from otklik.kernel.clock import Clock

LIFE_MS = 30_000


class _Ticket(msgspec.Struct, frozen=True, array_like=True):
    purpose: str
    subject: str
    expires_at: int
    nonce: str


_decode = msgspec.json.Decoder(_Ticket).decode


class Tickets:
    """Issues and redeems tickets; what was redeemed is remembered in this process.

    The first key signs, every key verifies. `purpose` keeps kinds of tickets apart, `subject`
    is whatever the redeemer needs to know.
    """

    def __init__(self, keys: tuple[bytes, ...], clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._used: dict[str, int] = {}

    def issue(self, purpose: str, subject: str) -> str:
        """Give a ticket that is good for 30 seconds."""
        expires_at = self._clock.now_ms() + LIFE_MS
        body = msgspec.json.encode(_Ticket(purpose, subject, expires_at, secrets.token_hex(16)))
        return f"{_text(body)}.{_text(_mac(self._keys[0], body))}"

    def redeem(self, purpose: str, ticket: str) -> str | None:
        """Give the subject of a ticket, once; None for anything but a good ticket."""
        body = self._signed(ticket)
        if body is None:
            return None
        found = _decode(body)
        now = self._clock.now_ms()
        self._forget(now)
        if found.purpose != purpose or found.expires_at <= now or found.nonce in self._used:
            return None
        self._used[found.nonce] = found.expires_at
        return found.subject

    def _signed(self, ticket: str) -> bytes | None:
        head, _, tail = ticket.partition(".")
        try:
            body, mac = _bytes(head), _bytes(tail)
        except (binascii.Error, ValueError):
            return None
        fits = [hmac.compare_digest(_mac(key, body), mac) for key in self._keys]
        return body if any(fits) else None

    def _forget(self, now: int) -> None:
        while self._used:
            nonce = next(iter(self._used))  # all live equally long: the oldest comes first
            if self._used[nonce] > now:
                return
            del self._used[nonce]


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, "sha256")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    padded = text + "=" * (-len(text) % 4)
    return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
