"""When webhooks are tried again, what answers mean, which addresses are taken."""

import base64
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from standardwebhooks import Webhook, WebhookVerificationError

from otklik.kernel.ids import AccountId, EndpointId
from otklik.webhooks.rules import (
    DISABLE_AFTER_MS,
    SCHEDULE_S,
    after_failure,
    headers_of,
    new_secret,
    next_try,
    result_of,
    retry_after_s,
    room_of,
    rotated,
    why_not_url,
)
from otklik.webhooks.types import Delivered, Endpoint, EndpointState, Failed, Secrets

NOW = 1_790_000_000_000
HOUR_MS = 3_600_000
ENDPOINT = Endpoint(
    id=EndpointId("e"),
    account_id=AccountId("a"),
    url="https://x.example/hook",
    events=frozenset(),
    secrets=b"",
    state=EndpointState.ACTIVE,
    state_reason="",
    cursor=0,
    failures=0,
    failing_since=None,
    held_until=0,
    created_at=NOW,
)


def test_tries_go_on_for_more_than_a_day_even_with_the_least_luck() -> None:
    moment, tries = NOW, 1
    while (due := next_try(tries, Failed("HTTP 500"), moment, 0.0)) is not None:
        moment, tries = due, tries + 1
    assert moment - NOW > 24 * HOUR_MS
    assert tries == len(SCHEDULE_S) + 1


@given(st.integers(1, len(SCHEDULE_S)), st.floats(0, 1, exclude_max=True))
def test_jitter_stays_within_a_fifth(tries: int, chance: float) -> None:
    due = next_try(tries, Failed("HTTP 500"), NOW, chance)
    assert due is not None
    assert 0.8 <= (due - NOW) / 1000 / SCHEDULE_S[tries - 1] <= 1.2


def test_the_endpoint_may_ask_for_a_longer_wait_but_not_for_a_shorter_one() -> None:
    assert next_try(1, Failed("HTTP 429", retry_after_s=60), NOW, 0.5) == NOW + 60_000
    assert next_try(2, Failed("HTTP 429", retry_after_s=60), NOW, 0.5) == NOW + 300_000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("999999999999", 86_400.0),
        ("", 0.0),
        ("-5", 0.0),
        ("soon", 0.0),
        ("٣", 0.0),
        (format_datetime(datetime.fromtimestamp(NOW / 1000 + 90, UTC), usegmt=True), 90.0),
        (format_datetime(datetime.fromtimestamp(NOW / 1000 - 90, UTC), usegmt=True), 0.0),
    ],
)
def test_retry_after_is_read_in_both_forms(text: str, seconds: float) -> None:
    assert retry_after_s(text, NOW) == seconds


@given(st.text(max_size=50))
def test_retry_after_is_never_an_error(text: str) -> None:
    assert 0 <= retry_after_s(text, NOW) <= 86_400


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, Delivered(200)),
        (204, Delivered(204)),
        (301, Failed("HTTP 301", 301)),
        (410, Failed("HTTP 410", 410, gone=True)),
        (429, Failed("HTTP 429", 429, 30.0)),
        (500, Failed("HTTP 500", 500)),
    ],
)
def test_what_an_answer_means(status: int, result: Delivered | Failed) -> None:
    assert result_of(status, {"retry-after": "30"}, NOW) == result


def test_a_failing_endpoint_is_probed_ever_less_often_and_then_left_alone() -> None:
    endpoint, now, holds = ENDPOINT, NOW, []
    while True:
        health = after_failure(endpoint, Failed("HTTP 500"), now)
        holds.append(health.held_until - now)
        if health.is_disabled:
            break
        endpoint = replace(
            endpoint,
            failures=health.failures,
            failing_since=health.failing_since,
            held_until=health.held_until,
        )
        now += HOUR_MS
    assert [max(hold, 0) for hold in holds[:6]] == [0, 0, 0, 10_000, 20_000, 40_000]
    assert max(holds) == 300_000
    assert now - NOW == DISABLE_AFTER_MS


def test_one_success_is_forgiven_at_once() -> None:
    failing = replace(ENDPOINT, failures=3)
    assert room_of(ENDPOINT, 0, NOW) == 2
    assert room_of(ENDPOINT, 2, NOW) == 0
    assert room_of(failing, 0, NOW) == 1
    assert room_of(replace(failing, held_until=NOW + 1), 0, NOW) == 0


def test_both_keys_sign_during_a_rotation_and_only_the_new_one_after_it() -> None:
    now = datetime.now(UTC)
    now_ms = int(now.timestamp() * 1000)
    old = Secrets(new_secret())
    keys = rotated(old, now_ms)
    during = dict(headers_of("a-1", "{}", keys, now_ms))
    Webhook(old.current).verify("{}", during)
    Webhook(keys.current).verify("{}", during)
    after = dict(headers_of("a-1", "{}", replace(keys, previous_until=now_ms), now_ms))
    Webhook(keys.current).verify("{}", after)
    with pytest.raises(WebhookVerificationError):
        Webhook(old.current).verify("{}", after)


def test_secrets_hold_256_bits() -> None:
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50
    assert all(len(base64.b64decode(text.removeprefix("whsec_"))) == 32 for text in made)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hook",
        "ftp://x.example/",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://name:word@x.example/",
        "https://x.example:0/",
        "https://x.example:99999/",
        "https://[::1/",
        "https://x.example/a b",
        "https://x.example/\r\nHost: y",
        "https://x.example\\@y.example/",
    ],
)
def test_addresses_that_are_not_taken(url: str) -> None:
    assert why_not_url(url) is not None


@pytest.mark.parametrize("url", ["https://x.example/hook?k=v", "http://x.example:8080/пример"])
def test_addresses_that_are_taken(url: str) -> None:
    assert why_not_url(url) is None
