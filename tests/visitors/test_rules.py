import pytest
from msgspec.structs import replace

from otklik.inboxes.types import Inbox
from otklik.ingress.visitor_limits import Buckets, Rate
from otklik.ingress.visitor_origins import frame_ancestors, is_allowed
from otklik.kernel.errors import TooManyError
from tests.visitors.test_identity import Clock, inbox

OWN = "chat.example.org"


def allowing(origins: str) -> Inbox:
    made = inbox()
    return replace(made, config=replace(made.config, settings={"allowed_origins": origins}))


@pytest.mark.parametrize(
    ("origins", "origin", "allowed"),
    [
        ("", "https://anything.example", True),
        ("https://shop.example", "https://shop.example", True),
        ("https://shop.example", "http://shop.example", False),
        ("https://shop.example", "https://shop.example:8443", False),
        ("https://shop.example", "https://shop.example.evil.example", False),
        ("https://shop.example", "https://evil-shop.example", False),
        ("https://a.example, https://b.example", "https://b.example", True),
        ("https://*.shop.example", "https://www.shop.example", True),
        ("https://*.shop.example", "https://shop.example", False),
        ("https://*.shop.example", "https://evilshop.example", False),
        ("https://shop.example", "null", False),
        ("https://shop.example", "https://[", False),
        ("https://shop.example", "", True),
        ("https://shop.example", f"https://{OWN}", True),
    ],
)
def test_a_site_may_show_the_chat_when_its_owner_says_so(
    origins: str, origin: str, allowed: bool
) -> None:
    assert is_allowed(allowing(origins), origin, OWN) is allowed


@pytest.mark.parametrize(
    ("origins", "policy"),
    [
        ("", "*"),
        ("https://shop.example", "'self' https://shop.example"),
        ("https://*.shop.example http://localhost:3000",
         "'self' https://*.shop.example http://localhost:3000"),
        ("https://shop.example/path", "'self'"),
        ("https://a.example;script-src *", "'self'"),
        ("javascript:alert(1)", "'self'"),
        ("https://ы.example", "'self'"),
    ],
)  # fmt: skip
def test_the_frame_is_for_the_allowed_sites_and_nothing_else_gets_into_the_header(
    origins: str, policy: str
) -> None:
    assert frame_ancestors(allowing(origins)) == policy


def test_a_bucket_gives_its_burst_at_once_and_then_its_rate() -> None:
    clock = Clock()
    buckets = Buckets(Rate(burst=20, per_second=1), clock)
    for _ in range(20):
        buckets.take("visitor")
    with pytest.raises(TooManyError) as caught:
        buckets.take("visitor")
    assert caught.value.retry_after_s == 1 + 1
    buckets.take("another visitor")
    clock.ms += 10_000
    for _ in range(10):
        buckets.take("visitor")
    with pytest.raises(TooManyError):
        buckets.take("visitor")


def test_a_refused_attempt_costs_nothing() -> None:
    clock = Clock()
    buckets = Buckets(Rate(burst=1, per_second=1), clock)
    buckets.take("visitor")
    for _ in range(50):
        with pytest.raises(TooManyError):
            buckets.take("visitor")
    clock.ms += 1_000
    buckets.take("visitor")
