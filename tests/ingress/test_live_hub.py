"""The hub by itself: what a follower is pushed, and what it is not."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from otklik.events.types import Event, EventKind
from otklik.ingress.live import (
    PENDING_LIMIT_BYTES,
    QUEUE_TOPIC,
    Follower,
    contact_topic,
    frame,
    topics_of,
)

KINDS = st.sampled_from(list(EventKind))


def event(kind: EventKind, contact: str) -> Event:
    return Event(1, kind, "talk", contact, 5, Raw(b"{}"))


@given(KINDS, st.sampled_from(["", "anna"]))
def test_an_event_is_in_the_queue_and_with_its_contact(kind: EventKind, contact: str) -> None:
    topics = topics_of(event(kind, contact))
    assert (contact_topic("anna") in topics) == (contact == "anna")
    queued = {"conversation.changed", "label.changed", "inbox.changed"}
    assert (QUEUE_TOPIC in topics) == (kind.value in queued)


def test_a_contact_cannot_be_named_like_the_queue() -> None:
    assert contact_topic("queue") != QUEUE_TOPIC


@given(st.lists(st.binary(min_size=1, max_size=200), max_size=40))
def test_what_waits_is_given_once_and_in_order(chunks: list[bytes]) -> None:
    follower = Follower("account", lambda _: b"")
    for chunk in chunks:
        follower.push(chunk)
    assert follower.news.is_set() == bool(chunks)
    assert follower.drain() == chunks
    assert follower.drain() == []
    assert not follower.news.is_set()


def test_what_waits_has_a_limit() -> None:
    follower = Follower("account", lambda _: b"")
    chunk = b"x" * 100_000
    for _ in range(PENDING_LIMIT_BYTES // len(chunk) + 3):
        follower.push(chunk)
    assert follower.overrun
    assert sum(map(len, follower.drain())) <= PENDING_LIMIT_BYTES + len(chunk)


def test_a_frame_is_json() -> None:
    assert frame([], 7) == b'{"kind":"events","seq":7,"events":[]}'
    assert frame([b"1", b"2"], 8) == b'{"kind":"events","seq":8,"events":[1,2]}'
