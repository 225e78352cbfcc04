"""Events for those who poll, and limits on speed."""

import asyncio
import time

import pytest

from sandbox.backlog import Backlog
from sandbox.throttle import Rate, Throttle


def test_a_reader_gets_what_came_after_the_last_number_it_saw() -> None:
    backlog = Backlog(first=100)
    assert [backlog.add("said", body) for body in (b"1", b"2", b"3")] == [101, 102, 103]
    assert [event.body for event in backlog.after(101)] == [b"2", b"3"]
    assert [event.body for event in backlog.after(100, most=1)] == [b"1"]
    assert backlog.after(103) == []


def test_old_events_are_forgotten_and_the_oldest_is_known() -> None:
    backlog = Backlog(most=2)
    assert backlog.oldest == 1
    for body in (b"1", b"2", b"3"):
        backlog.add("said", body)
    assert (backlog.oldest, backlog.last) == (2, 3)
    assert [event.number for event in backlog.after(0)] == [2, 3]


async def test_a_poll_waits_for_the_first_event_and_no_longer() -> None:
    backlog = Backlog()
    waiting = asyncio.create_task(backlog.wait(0, 10, 20.0))
    await asyncio.sleep(0)
    backlog.add("said", b"1")
    began = time.monotonic()
    assert [event.body for event in await waiting] == [b"1"]
    assert time.monotonic() - began < 5
    assert await backlog.wait(1, 10, 0.01) == []
    assert [event.number for event in await backlog.wait(0, 10, 20.0)] == [1]


async def test_a_woken_poll_comes_back_with_nothing() -> None:
    backlog = Backlog()
    waiting = asyncio.create_task(backlog.wait(0, 10, 20.0))
    await asyncio.sleep(0)
    backlog.wake()
    assert await waiting == []


def test_a_burst_passes_and_then_the_rate_holds() -> None:
    throttle = Throttle({"chat": Rate(2.0, 3)})
    assert [throttle.wait_s(("chat", "1")) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert throttle.wait_s(("chat", "1")) == pytest.approx(0.5, abs=0.1)
    assert throttle.wait_s(("chat", "2")) == 0.0


def test_a_call_that_must_wait_takes_from_no_bucket() -> None:
    throttle = Throttle({"chat": Rate(1.0, 1), "overall": Rate(1.0, 2)})
    assert throttle.wait_s(("chat", "1"), ("overall", "")) == 0.0
    assert throttle.wait_s(("chat", "1"), ("overall", "")) > 0.5
    assert throttle.wait_s(("chat", "2"), ("overall", "")) == 0.0


def test_what_has_no_rate_is_not_limited() -> None:
    throttle = Throttle({})
    assert all(throttle.wait_s(("chat", "1")) == 0.0 for _ in range(100))
