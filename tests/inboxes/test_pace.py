import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.channels.telegram.wire import MANIFEST
from otklik.delivery.rules import Pace
from otklik.inboxes.rules import paced, read_rate

LIMITS = MANIFEST.limits


def test_without_a_pace_of_its_own_an_inbox_keeps_the_channels() -> None:
    assert paced(LIMITS, {}) is LIMITS
    assert paced(LIMITS, {"rate_per_second": "", "api_base": "https://here"}) is LIMITS


def test_an_inbox_may_be_faster_than_the_channels_free_pace() -> None:
    found = paced(LIMITS, {"rate_per_second": "1000", "rate_per_chat": "20"})
    assert (found.per_second, found.per_chat_per_second, found.chat_burst) == (1000, 20, 20)
    pace = Pace(found, 0)
    assert [pace.wait_ms("chat", 0) for _ in range(21)] == [*[0] * 20, 50]


def test_a_slower_pace_keeps_the_burst() -> None:
    found = paced(LIMITS, {"rate_per_chat": "0.5"})
    assert (found.per_second, found.per_chat_per_second) == (LIMITS.per_second, 0.5)
    assert found.chat_burst == LIMITS.chat_burst


@pytest.mark.parametrize("text", ["", "fast", "0", "-1", "nan", "inf", "10001", "1,5"])
def test_what_is_no_pace_is_none(text: str) -> None:
    assert read_rate(text) is None


@given(st.floats(min_value=0.001, max_value=10_000))
def test_every_number_above_zero_is_a_pace(rate: float) -> None:
    assert read_rate(str(rate)) == rate
