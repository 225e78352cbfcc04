"""What is past its time is forgotten, and nothing else, on both stores."""

import pytest
from sqlalchemy import Connection, Table, select

from otklik.delivery.tables import deliveries
from otklik.delivery.types import DeliveryState
from otklik.events.tables import counters, events
from otklik.inbound.tables import cursors, inbound_log, inbound_outcomes
from otklik.kernel.ids import first_id_at, new_id
from otklik.platform.database import Database
from otklik.platform.settings import Settings
from otklik.retention import Retention

DAY_MS = 86_400_000
NOW = 1_900_000_000_000
OLD, FRESH = NOW - 31 * DAY_MS, NOW - 29 * DAY_MS


class Still:
    """A clock that stands."""

    def now_ms(self) -> int:
        return NOW


@pytest.fixture
def retention(store: Database) -> Retention:
    return Retention(store, Settings(keep_raw_days=30, keep_events_days=30), Still())


async def kept(store: Database, table: Table, column: str) -> list[object]:
    statement = select(table.c[column]).order_by(table.c[column])
    return list(await store.read(lambda c: c.execute(statement).scalars().all()))


async def test_bodies_go_with_what_became_of_them_and_dead_letters_stay(
    store: Database, retention: Retention
) -> None:
    def fill(connection: Connection) -> None:
        connection.execute(cursors.insert().values(name="dispatch", position=100))
        for position, at, outcome in (
            (1, OLD, "unknown"), (2, OLD, "dead"), (3, OLD, "replayed"), (4, OLD, ""),
            (5, FRESH, "unknown"), (101, OLD, ""),
        ):  # fmt: skip
            body = {"account_id": "a", "inbox_id": "i", "dedupe_key": str(position), "body": b"{}"}
            row = body | {"position": position, "received_at": at}
            connection.execute(inbound_log.insert().values(row))
            if outcome:
                known = {"account_id": "a", "inbox_id": "i", "position": position, "at": at}
                connection.execute(inbound_outcomes.insert().values(known | {"outcome": outcome}))

    await store.write(fill)
    await retention.sweep()
    waiting = [101] if store.dialect == "postgresql" else []  # accepted, and not applied yet
    assert await kept(store, inbound_log, "position") == [2, 5, *waiting]
    assert await kept(store, inbound_outcomes, "position") == [2, 5]


async def test_deliveries_go_when_they_ended_long_ago(
    store: Database, retention: Retention
) -> None:
    def row(name: str, born: int, state: DeliveryState, finished: int | None) -> None:
        rows.append(
            {
                "id": first_id_at(born)[:-6] + name.ljust(6, "0"),
                "account_id": "a", "inbox_id": "i", "identity_id": name, "order_kind": "message",
                "order_body": "{}", "state": state.value, "created_at": born, "due_at": born,
                "finished_at": finished,
            }
        )  # fmt: skip

    rows: list[dict[str, object]] = []
    row("sent", OLD, DeliveryState.SENT, OLD + 5)
    row("failed", OLD, DeliveryState.FAILED, OLD + 5)
    row("late", OLD, DeliveryState.SENT, FRESH)
    row("waits", OLD, DeliveryState.QUEUED, None)
    row("again", OLD, DeliveryState.QUEUED, OLD + 5)
    row("new", FRESH, DeliveryState.SENT, FRESH)
    await store.write(lambda c: c.execute(deliveries.insert(), rows))
    await retention.sweep()
    assert await kept(store, deliveries, "identity_id") == ["again", "late", "new", "waits"]


async def test_events_go_from_the_oldest_on(store: Database, retention: Retention) -> None:
    def fill(connection: Connection) -> None:
        connection.execute(counters.insert().values(account_id="a", last_seq=6))
        for seq, at in enumerate((OLD, OLD, OLD, FRESH, OLD, FRESH), 1):
            row = {"account_id": "a", "seq": seq, "kind": "label.changed", "at": at, "body": "{}"}
            connection.execute(events.insert().values(row))

    await store.write(fill)
    await retention.sweep()
    # What is behind one still kept stays with it: a reader must find no hole.
    assert await kept(store, events, "seq") == [4, 5, 6]


def test_the_first_id_of_a_moment_stands_before_the_others() -> None:
    one = new_id()
    assert first_id_at(0) == "0" * 26
    assert first_id_at(1_000) < first_id_at(1_001) < one < first_id_at(1 << 47)
