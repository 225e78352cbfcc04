"""The history of a group's chats: names that events leave out, and what was missed."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from otklik.channels.ok import wire
from otklik.kernel.lenient import read
from otklik.ports.channel import Answer

_AT_ONCE = 50
"""Chats looked into by one poll: each is a request."""


class Place(Struct, frozen=True):
    """How far the history is known, Unix ms: all `since` then, and on the way chats `until`."""

    since: int
    until: int = 0

    @classmethod
    def of(cls, cursor: str) -> "Place":
        """Read a cursor; one of somebody else begins anew."""
        since, _, until = cursor.partition(":")
        if not since.isdecimal() or (until and not until.isdecimal()):
            return cls(0)
        return cls(int(since), int(until or 0))

    @property
    def cursor(self) -> str:
        """Write it down."""
        return f"{self.since}:{self.until}" if self.until else str(self.since)


def chats_in(body: bytes) -> list[wire.Chat] | None:
    """List the chats of an answer, the one that rested longest first; None when it has no list."""
    try:
        chats = read(body, wire.Page).chats
    except msgspec.DecodeError:
        return None
    return None if chats is None else sorted(chats, key=lambda chat: chat.last_event_time)


def messages_in(body: bytes) -> list[tuple[bytes, wire.Update]]:
    """List the messages of an answer as they are and as they are read, the newest first."""
    try:
        raws = read(body, wire.Page).messages or []
        return [(bytes(raw), read(bytes(raw), wire.Update)) for raw in raws]
    except msgspec.DecodeError:
        return []


def name_in(history: Sequence[wire.Update]) -> str:
    """Find the name of the person in a history: the group's own messages are passed over."""
    sides = (update.sender for update in history if _by_a_person(update))
    return next((side.name for side in sides if side is not None and side.name), "")


def moved_since(place: Place, chats: Sequence[wire.Chat]) -> tuple[list[wire.Chat], Place]:
    """Choose the chats to look into now, and give the place where that leads."""
    known = max(place.since, place.until)
    news = [chat for chat in chats if chat.last_event_time > known]
    now = news[:_AT_ONCE]
    if len(now) < len(news):
        return now, Place(place.since, now[-1].last_event_time)
    return now, Place(max([known, *(chat.last_event_time for chat in now)]))


def bodies_since(place: Place, answers: Sequence[Answer]) -> tuple[bytes, ...]:
    """Give what people wrote after the place, in the order they wrote it, as deliveries are."""
    listed = [pair for answer in answers for pair in messages_in(answer.body)]
    news = [
        (update.timestamp or 0, raw)
        for raw, update in listed
        if (update.timestamp or 0) > place.since and _by_a_person(update)
    ]
    return tuple(raw for _, raw in sorted(news, key=lambda pair: pair[0]))


def _by_a_person(update: wire.Update) -> bool:
    return not str(update.sender.user_id if update.sender else "").startswith("group:")
