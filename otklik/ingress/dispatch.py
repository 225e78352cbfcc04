"""Dispatch: bodies from the inbound log become events, and events are applied in one transaction.

A body that breaks the batch is found by applying the bodies one by one, each behind a savepoint;
it becomes a dead letter and the others go on, so one poisonous body stays one.
"""

import re
from collections.abc import Mapping, Sequence

import msgspec
import structlog
from sqlalchemy import Connection

from otklik.conversations import api as conversations
from otklik.conversations.types import Happening
from otklik.events.api import Ledger
from otklik.inbound import api as inbound
from otklik.inbound.types import Entry, Outcome, OutcomeRow
from otklik.inboxes import api as inboxes
from otklik.platform import metrics
from otklik.platform.database import is_of_the_store
from otklik.ports.channel import Channel, InboxReported, TemplateReported, Unknown

_log = structlog.get_logger("otklik.dispatch")

_ERROR_LIMIT = 500
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


class Read(msgspec.Struct, frozen=True):
    """One body after reading: what to apply, or what became of it."""

    entry: Entry
    happenings: tuple[Happening, ...] = ()
    outcome: Outcome | None = None
    name: str = ""
    error: str = ""


def read(entry: Entry, channels: Mapping[str, Channel]) -> Read:
    """Read one body with its channel's adapter. Pure, and never raises for a bad body."""
    channel = channels[entry.inbox.channel]
    live = channel.manifest.transport == "live"
    tells = "profile" in channel.manifest.features
    letters = "subject" in channel.manifest.features
    try:
        body = _storable(entry.body)
        if channel.ours is not None:
            body = channel.ours(body, entry.inbox.config)
        events = channel.parse(body)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return Read(entry, outcome=Outcome.DEAD, name="unreadable", error=str(error)[:_ERROR_LIMIT])
    except Exception as error:  # noqa: BLE001 - a parser that breaks must not stop everybody's log
        _log.warning("dispatch.parser_broke", position=entry.position, error=repr(error))
        broke = repr(error)[:_ERROR_LIMIT]
        return Read(entry, outcome=Outcome.DEAD, name="unreadable", error=broke)
    happenings = tuple(
        Happening(entry.inbox, event, live, tells, letters)
        for event in events
        if not isinstance(event, Unknown)
    )
    names = [event.name for event in events if isinstance(event, Unknown)]
    if names and not happenings:
        return Read(entry, outcome=Outcome.UNKNOWN, name=names[0])
    return Read(entry, happenings)


def _storable(body: bytes) -> bytes:
    """Replace escaped NULs, which PostgreSQL keeps in no text, wherever an adapter may meet one."""
    return _NUL.sub(rb"\1\\ufffd", body) if b"\\u0000" in body else body


def apply(connection: Connection, ledger: Ledger, batch: Sequence[Read], now: int) -> list[Read]:
    """Apply a batch in order, in the caller's transaction; give the new dead letters."""
    with metrics.DISPATCH_S.time():
        broken = _applied(connection, ledger, batch, now)
    unknown = [one for one in batch if one.outcome is Outcome.UNKNOWN]
    outcomes = [_outcome(one, now) for one in (*unknown, *broken)]
    _count(len(batch), len(unknown), len(broken))
    if outcomes:
        inbound.store_outcomes(connection, outcomes)
    return broken


def _applied(connection: Connection, ledger: Ledger, batch: Sequence[Read], now: int) -> list[Read]:
    useful = [one for one in batch if one.happenings]
    broken = [one for one in batch if one.outcome is Outcome.DEAD]
    try:
        with connection.begin_nested(), ledger.savepoint():
            _record(connection, ledger, useful, now)
    except Exception as error:
        if is_of_the_store(error):
            raise  # nothing of the batch was accepted
        _log.warning("dispatch.batch_broken", size=len(useful), error=repr(error))
        broken += _one_by_one(connection, ledger, useful, now)
    return broken


def _one_by_one(
    connection: Connection, ledger: Ledger, batch: Sequence[Read], now: int
) -> list[Read]:
    broken = []
    for one in batch:
        try:
            with connection.begin_nested(), ledger.savepoint():
                _record(connection, ledger, [one], now)
        except Exception as error:
            if is_of_the_store(error):
                raise
            _log.warning("dispatch.dead_letter", position=one.entry.position, error=repr(error))
            dead = {"outcome": Outcome.DEAD, "name": "broken", "error": repr(error)[:_ERROR_LIMIT]}
            broken.append(msgspec.structs.replace(one, **dead))
    return broken


def _record(connection: Connection, ledger: Ledger, batch: Sequence[Read], now: int) -> None:
    happenings = [happening for one in batch for happening in one.happenings]
    for happening in happenings:
        if isinstance(happening.event, InboxReported | TemplateReported):
            inboxes.hear(connection, ledger, happening.inbox, happening.event, now)
    if happenings:
        conversations.record(connection, ledger, happenings, now)


def _count(whole: int, unknown: int, broken: int) -> None:
    metrics.DISPATCH_BATCH.observe(whole)
    metrics.DISPATCHED.labels("applied").inc(whole - unknown - broken)
    metrics.DISPATCHED.labels(Outcome.UNKNOWN.value).inc(unknown)
    metrics.DISPATCHED.labels(Outcome.DEAD.value).inc(broken)


def _outcome(one: Read, now: int) -> OutcomeRow:
    return OutcomeRow(
        position=one.entry.position,
        account_id=one.entry.inbox.account_id,
        inbox_id=one.entry.inbox.id,
        outcome=one.outcome or Outcome.DEAD,
        name=one.name,
        error=one.error,
        tries=1,
        at=now,
    )
