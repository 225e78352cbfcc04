"""When to try again, when to stop, and what an answer means. Pure."""

import base64
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
from standardwebhooks import Webhook

from otklik.events.types import Event
from otklik.webhooks.types import Delivered, Endpoint, Failed, Payload, Secrets

_HOUR_S = 3_600
SCHEDULE_S = (5, 300, 1_800, 2 * _HOUR_S, 5 * _HOUR_S, 10 * _HOUR_S, 14 * _HOUR_S, 20 * _HOUR_S)
"""Waits between tries, before jitter: about 52 hours in all."""
_JITTER = 0.2
_LONGEST_WAIT_S = 24 * _HOUR_S
DISABLE_AFTER_MS = 5 * 24 * _HOUR_S * 1000
PREVIOUS_KEY_MS = 24 * _HOUR_S * 1000
_PATIENCE = 3
"""Failures in a row before an endpoint is only probed."""
_FIRST_HOLD_MS, _LONGEST_HOLD_MS = 5_000, 300_000
_SECRET_PREFIX = "whsec_"  # noqa: S105 - the form the standard gives secrets
_to_json = msgspec.json.Encoder().encode


class Health(NamedTuple):
    """How an endpoint does: failures in a row, since when, and until when it is left alone."""

    failures: int
    failing_since: int | None
    held_until: int
    is_disabled: bool = False


def why_not_url(url: str) -> tuple[str, str] | None:
    """Give the fault of an address in English and Russian; where it may lead is checked later."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "This is not an address.", "Это не адрес."
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return (
            "The address should look like https://example.com/hook.",
            "Адрес должен выглядеть как https://example.com/hook.",
        )
    if parts.username is not None or parts.password is not None:
        return (
            "Leave the name and the password out of the address: requests are signed.",
            "Уберите из адреса имя и пароль: запросы подписаны.",
        )
    if any(letter.isspace() or not letter.isprintable() or letter == "\\" for letter in url):
        return "The address holds a stray character.", "В адресе посторонний знак."
    return None


def new_secret() -> str:
    """Give a fresh signing secret: 256 bits in the standard's form."""
    return _SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def rotated(keys: Secrets, now: int) -> Secrets:
    """Give keys with a fresh one in front; the old one signs for another day."""
    return Secrets(new_secret(), keys.current, now + PREVIOUS_KEY_MS)


def payload_of(event: Event) -> str:
    """Give the text that is signed and sent for an event."""
    moment = datetime.fromtimestamp(event.at / 1000, UTC)
    return _to_json(
        Payload(
            type=event.kind,
            timestamp=moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            seq=event.seq,
            conversation_id=event.conversation_id,
            contact_id=event.contact_id,
            data=event.body,
        )
    ).decode()


def headers_of(event_id: str, body: str, keys: Secrets, now: int) -> Mapping[str, str]:
    """Sign a body in the Standard Webhooks form with every key that is active."""
    moment = datetime.fromtimestamp(now // 1000, UTC)
    active = [keys.current, *([keys.previous] if now < keys.previous_until else [])]
    signatures = [Webhook(key).sign(event_id, moment, body) for key in active]
    return {
        "content-type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(now // 1000),
        "webhook-signature": " ".join(signatures),
    }


def event_id(account_id: str, seq: int) -> str:
    """Name an event: the same in every repetition and for every endpoint."""
    return f"{account_id}-{seq}"


def result_of(status: int, headers: Mapping[str, str], now: int) -> Delivered | Failed:
    """Read an endpoint's answer: any 2xx is a yes, 410 asks never to call again."""
    if 200 <= status < 300:
        return Delivered(status)
    wait_s = retry_after_s(headers.get("retry-after", ""), now) if status in {429, 503} else 0.0
    return Failed(f"HTTP {status}", status, wait_s, gone=status == 410)


def retry_after_s(text: str, now: int) -> float:
    """Read `Retry-After`, seconds or a date; 0 when it says nothing usable."""
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), _LONGEST_WAIT_S))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        return 0.0
    return min(max(0.0, moment.timestamp() - now / 1000), float(_LONGEST_WAIT_S))


def next_try(tries: int, failed: Failed, now: int, chance: float) -> int | None:
    """Give when to try again after so many tries, or None to give up; `chance` is in [0, 1)."""
    if failed.gone or tries > len(SCHEDULE_S):
        return None
    wait_s = SCHEDULE_S[tries - 1] * (1 + _JITTER * (2 * chance - 1))
    return now + int(max(wait_s, failed.retry_after_s) * 1000)


def health_of(endpoint: Endpoint) -> Health:
    """Give how an endpoint does as far as is stored."""
    return Health(endpoint.failures, endpoint.failing_since, endpoint.held_until)


def after_success() -> Health:
    """Give the health of an endpoint that answered yes."""
    return Health(0, None, 0)


def after_failure(endpoint: Endpoint, failed: Failed, now: int) -> Health:
    """Give the health after a no: it is probed ever less often, and at last left alone."""
    failures = endpoint.failures + 1
    since = now if endpoint.failing_since is None else endpoint.failing_since
    over = max(0, failures - _PATIENCE)
    hold_ms = min(_FIRST_HOLD_MS << min(over, 10), _LONGEST_HOLD_MS) if over else 0
    hold_ms = max(hold_ms, int(failed.retry_after_s * 1000))
    is_disabled = failed.gone or now - since >= DISABLE_AFTER_MS
    return Health(failures, since, max(endpoint.held_until, now + hold_ms), is_disabled)


def room_of(endpoint: Endpoint, in_flight: int, now: int) -> int:
    """Tell how many more events may be on their way to an endpoint."""
    if now < endpoint.held_until:
        return 0
    return max(0, (1 if endpoint.failures >= _PATIENCE else 2) - in_flight)
