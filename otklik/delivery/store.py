"""All SQL of deliveries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Connection, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.engine import Row

from otklik.delivery.tables import deliveries
from otklik.delivery.types import (
    ORDER_TYPES,
    ORDERED,
    Delivery,
    DeliveryState,
    Finished,
    LastFailure,
    OrderKind,
)
from otklik.kernel.ids import DeliveryId, IdentityId, InboxId, MessageId, first_id_at
from otklik.platform.writes import insert_rows, json_text, upsert_rows
from otklik.ports.channel import Refusal

AnyRow = Row[*tuple[Any, ...]]

_WAITING = (DeliveryState.QUEUED.value, DeliveryState.SENDING.value)

# Written into the statement as they are: a partial index serves only what names its condition,
# and without it every claim reads the whole table for every candidate.
_QUEUED: BindParameter[str] = bindparam("queued", DeliveryState.QUEUED.value, literal_execute=True)
_FAILED: BindParameter[str] = bindparam("failed", DeliveryState.FAILED.value, literal_execute=True)
_ANY_WAITING: BindParameter[Any] = bindparam(
    "waiting", _WAITING, expanding=True, literal_execute=True
)


def insert(connection: Connection, rows: Sequence[Delivery]) -> None:
    """Queue deliveries, one statement for any number."""
    insert_rows(connection, deliveries, [_values(row) for row in rows])


def due(
    connection: Connection, now: int, limit: int, closed_inboxes: Iterable[str]
) -> list[Delivery]:
    """Give due deliveries of all accounts, at most one per chat, locked against other claims.

    A chat's next order waits until the one before it is finished, so order holds by construction.
    """
    earlier = deliveries.alias("earlier")
    blocked = exists().where(
        earlier.c.identity_id == deliveries.c.identity_id,
        earlier.c.state.in_(_ANY_WAITING),
        earlier.c.order_kind.in_([kind.value for kind in ORDERED]),
        or_(
            earlier.c.seq < deliveries.c.seq,
            and_(earlier.c.seq == deliveries.c.seq, earlier.c.id < deliveries.c.id),
        ),
    )
    unordered = deliveries.c.order_kind.not_in([kind.value for kind in ORDERED])
    statement = (
        select(deliveries)
        .where(
            deliveries.c.state == _QUEUED,
            deliveries.c.due_at <= now,
            deliveries.c.inbox_id.not_in(list(closed_inboxes)),
            or_(unordered, ~blocked),
        )
        .order_by(deliveries.c.due_at, deliveries.c.seq)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_delivery(row) for row in connection.execute(statement)]


def is_any_due(connection: Connection, now: int, closed_inboxes: Iterable[str]) -> bool:
    """Tell whether a claim would look at anything: costs no write."""
    statement = select(deliveries.c.id).where(
        deliveries.c.state == _QUEUED,
        deliveries.c.due_at <= now,
        deliveries.c.inbox_id.not_in(list(closed_inboxes)),
    )
    return connection.execute(statement.limit(1)).first() is not None


def take(connection: Connection, taken: Sequence[Delivery], now: int) -> list[Delivery]:
    """Note that these are being sent from now on; give them with the try counted."""
    if taken:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_([one.id for one in taken]))
            .values(
                state=DeliveryState.SENDING.value,
                claimed_at=now,
                tries=deliveries.c.tries + 1,
            )
        )
    return [msgspec.structs.replace(one, tries=one.tries + 1) for one in taken]


def postpone(connection: Connection, later: Mapping[str, int]) -> None:
    """Make queued deliveries due at another moment; keys are their ids."""
    if later:
        statement = update(deliveries).where(deliveries.c.id == bindparam("delivery"))
        connection.execute(
            statement.values(due_at=bindparam("moment")),
            [{"delivery": one, "moment": moment} for one, moment in later.items()],
        )


def renew(connection: Connection, delivery_ids: Iterable[str], now: int) -> None:
    """Note that this process still sends these."""
    connection.execute(
        update(deliveries).where(deliveries.c.id.in_(list(delivery_ids))).values(claimed_at=now)
    )


def waiting_of(connection: Connection, account_id: str, message_ids: Iterable[str]) -> set[str]:
    """Give those of the messages that are still to be handed to their platform."""
    statement = select(deliveries.c.message_id).where(
        deliveries.c.account_id == account_id,
        deliveries.c.message_id.in_(list(message_ids)),
        deliveries.c.state == _QUEUED,
    )
    return set(connection.scalars(statement))


def finish(connection: Connection, finished: Sequence[Finished], now: int) -> None:
    """Store how deliveries ended, one statement for any number."""
    rows = []
    for item in finished:
        refusal = item.outcome if isinstance(item.outcome, Refusal) else None
        values = _values(item.delivery)
        done = item.state is not DeliveryState.QUEUED
        rows.append(
            values
            | {
                "state": item.state.value,
                "failure": "" if refusal is None else refusal.kind.value,
                "detail": "" if refusal is None else refusal.detail[:500],
                "tries": item.delivery.tries,
                "due_at": item.due_at or values["due_at"],
                "finished_at": now if done else None,
            }
        )
    upsert_rows(connection, deliveries, rows)


def orphaned(connection: Connection, claimed_before: int, limit: int) -> list[Delivery]:
    """Give deliveries of all accounts that were being sent when their process died."""
    statement = (
        select(deliveries)
        .where(
            deliveries.c.state == DeliveryState.SENDING.value,
            deliveries.c.claimed_at < claimed_before,
        )
        .limit(limit)
    )
    return [_delivery(row) for row in connection.execute(statement)]


def depth(connection: Connection) -> tuple[int, int | None]:
    """Count waiting deliveries of all accounts and give when the oldest was made."""
    statement = select(func.count(), func.min(deliveries.c.created_at)).where(
        deliveries.c.state.in_(_WAITING)
    )
    row = connection.execute(statement).one()
    return row[0], row[1]


def cancel_waiting(connection: Connection, account_id: str, message_id: str) -> bool:
    """Take a message out of the queue before it was tried; false when it is too late."""
    statement = deliveries.delete().where(
        deliveries.c.account_id == account_id,
        deliveries.c.message_id == message_id,
        deliveries.c.order_kind == OrderKind.MESSAGE.value,
        deliveries.c.state == DeliveryState.QUEUED.value,
    )
    return connection.execute(statement).rowcount == 1


def requeue(connection: Connection, account_id: str, message_id: str, now: int) -> bool:
    """Queue a failed or uncertain message again with a fresh time to live."""
    statement = (
        update(deliveries)
        .where(
            deliveries.c.account_id == account_id,
            deliveries.c.message_id == message_id,
            deliveries.c.order_kind == OrderKind.MESSAGE.value,
            deliveries.c.state.in_([DeliveryState.FAILED.value, DeliveryState.UNCERTAIN.value]),
        )
        .values(state=DeliveryState.QUEUED.value, due_at=now, created_at=now, tries=0, failure="")
    )
    return connection.execute(statement).rowcount == 1


def last_failure(connection: Connection, account_id: str, inbox_id: str) -> LastFailure | None:
    """Give the newest delivery of an inbox that did not go out."""
    statement = (
        select(deliveries.c.failure, deliveries.c.detail, deliveries.c.finished_at)
        .where(
            deliveries.c.account_id == account_id,
            deliveries.c.inbox_id == inbox_id,
            deliveries.c.state == _FAILED,
            deliveries.c.finished_at.is_not(None),
        )
        .order_by(deliveries.c.finished_at.desc())
    )
    row = connection.execute(statement.limit(1)).first()
    return None if row is None else LastFailure(row.failure, row.detail, row.finished_at)


def forget_finished(connection: Connection, moment: int, limit: int) -> int:
    """Drop up to `limit` deliveries of all accounts that ended before a moment; give how many."""
    # What ended before was made before: ids sort by their birth, so the younger are not read.
    doomed = (
        select(deliveries.c.id)
        .where(
            deliveries.c.id < first_id_at(moment),
            deliveries.c.finished_at < moment,
            deliveries.c.state.not_in(_WAITING),
        )
        .order_by(deliveries.c.id)
        .limit(limit)
    )
    ids = list(connection.execute(doomed).scalars())
    connection.execute(deliveries.delete().where(deliveries.c.id.in_(ids)))
    return len(ids)


def _values(row: Delivery) -> dict[str, Any]:
    return {
        "id": row.id,
        "account_id": row.account_id,
        "inbox_id": row.inbox_id,
        "identity_id": row.identity_id,
        "message_id": row.message_id,
        "seq": row.seq,
        "order_kind": row.kind.value,
        "order_body": json_text(row.order),
        "state": DeliveryState.QUEUED.value,
        "tries": row.tries,
        "due_at": row.created_at,
        "created_at": row.created_at,
    }


def _delivery(row: AnyRow) -> Delivery:
    kind = OrderKind(row.order_kind)
    return Delivery(
        id=DeliveryId(row.id),
        account_id=row.account_id,
        inbox_id=InboxId(row.inbox_id),
        identity_id=IdentityId(row.identity_id),
        message_id=None if row.message_id is None else MessageId(row.message_id),
        seq=row.seq,
        kind=kind,
        order=msgspec.json.decode(row.order_body, type=ORDER_TYPES[kind]),
        tries=row.tries,
        created_at=row.created_at,
    )
