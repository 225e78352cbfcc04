"""All SQL of outgoing webhooks."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from otklik.events.types import Event, EventKind
from otklik.kernel.ids import AccountId, EndpointId, new_id
from otklik.platform.writes import insert_ignoring
from otklik.webhooks.rules import Health, payload_of
from otklik.webhooks.tables import attempts, endpoints
from otklik.webhooks.types import (
    Attempt,
    AttemptState,
    AttemptView,
    Endpoint,
    EndpointState,
)

AnyRow = Row[Any]  # SQLAlchemy cannot name the columns of a whole-table select
Values = Mapping[str, Any]  # column name to a value of its type


# --- endpoints -------------------------------------------------------------------------------


def insert_endpoint(connection: Connection, account_id: str, endpoint: Endpoint) -> None:
    """Store a new endpoint."""
    connection.execute(
        endpoints.insert().values(
            id=endpoint.id,
            account_id=account_id,
            url=endpoint.url,
            events=" ".join(sorted(endpoint.events)),
            secrets=endpoint.secrets,
            state=endpoint.state.value,
            cursor=endpoint.cursor,
            created_at=endpoint.created_at,
        )
    )


def count_endpoints(connection: Connection, account_id: str) -> int:
    """Count the endpoints of the account."""
    statement = select(func.count()).where(endpoints.c.account_id == account_id)
    return connection.execute(statement).scalar_one()


def endpoints_of(connection: Connection, account_id: str) -> list[Endpoint]:
    """List the endpoints of the account, oldest first."""
    statement = (
        select(endpoints).where(endpoints.c.account_id == account_id).order_by(endpoints.c.id)
    )
    return [_endpoint(row) for row in connection.execute(statement)]


def endpoint(
    connection: Connection, account_id: str, endpoint_id: str, *, lock: bool = False
) -> Endpoint | None:
    """Find an endpoint of the account; `lock` keeps others from changing it meanwhile."""
    statement = select(endpoints).where(
        endpoints.c.account_id == account_id, endpoints.c.id == endpoint_id
    )
    if lock:
        statement = statement.with_for_update()
    row = connection.execute(statement).first()
    return None if row is None else _endpoint(row)


def update_endpoint(
    connection: Connection, account_id: str, endpoint_id: str, values: Values
) -> None:
    """Overwrite columns of an endpoint."""
    connection.execute(
        update(endpoints)
        .where(endpoints.c.account_id == account_id, endpoints.c.id == endpoint_id)
        .values(**values)
    )


def delete_endpoint(connection: Connection, account_id: str, endpoint_id: str) -> None:
    """Remove an endpoint and everything on its way to it."""
    connection.execute(
        attempts.delete().where(
            attempts.c.account_id == account_id, attempts.c.endpoint_id == endpoint_id
        )
    )
    connection.execute(
        endpoints.delete().where(
            endpoints.c.account_id == account_id, endpoints.c.id == endpoint_id
        )
    )


def active_endpoints(connection: Connection) -> list[Endpoint]:
    """List every endpoint that events are sent to, of all accounts."""
    statement = select(endpoints).where(endpoints.c.state == EndpointState.ACTIVE.value)
    return [_endpoint(row) for row in connection.execute(statement.order_by(endpoints.c.id))]


def waiting(connection: Connection) -> int:
    """Count the attempts of all accounts that are still to be made."""
    statement = select(func.count()).where(attempts.c.state == AttemptState.WAITING.value)
    return connection.execute(statement).scalar_one()


def has_endpoints(connection: Connection) -> bool:
    """Tell whether any account has an endpoint: then there are sealed secrets."""
    return connection.execute(select(endpoints.c.id).limit(1)).first() is not None


def note_health(
    connection: Connection, account_id: str, endpoint_id: str, health: Health, reason: str
) -> None:
    """Store how an endpoint does after an answer."""
    values: dict[str, Any] = {
        "failures": health.failures,
        "failing_since": health.failing_since,
        "held_until": health.held_until,
    }
    if health.is_disabled:
        values |= {"state": EndpointState.DISABLED.value, "state_reason": reason}
    update_endpoint(connection, account_id, endpoint_id, values)


def _endpoint(row: AnyRow) -> Endpoint:
    return Endpoint(
        id=EndpointId(row.id),
        account_id=AccountId(row.account_id),
        url=row.url,
        events=frozenset(EventKind(kind) for kind in row.events.split()),
        secrets=row.secrets,
        state=EndpointState(row.state),
        state_reason=row.state_reason,
        cursor=row.cursor,
        failures=row.failures,
        failing_since=row.failing_since,
        held_until=row.held_until,
        created_at=row.created_at,
    )


# --- events on their way ---------------------------------------------------------------------


def enqueue(connection: Connection, endpoint: Endpoint, news: Sequence[Event], now: int) -> None:
    """Put events on their way to an endpoint and move its place in the events."""
    wanted = [event for event in news if not endpoint.events or event.kind in endpoint.events]
    rows = [
        {
            "id": new_id(),
            "account_id": endpoint.account_id,
            "endpoint_id": endpoint.id,
            "seq": event.seq,
            "event": event.kind.value,
            "body": payload_of(event),
            "state": AttemptState.WAITING.value,
            "due_at": now,
            "created_at": now,
        }
        for event in wanted
    ]
    insert_ignoring(connection, attempts, rows, unique=("endpoint_id", "seq"), returning=("id",))
    update_endpoint(connection, endpoint.account_id, endpoint.id, {"cursor": news[-1].seq})


def due_endpoints(connection: Connection, now: int) -> set[str]:
    """Give the ids of endpoints, of all accounts, that have something due."""
    statement = (
        select(attempts.c.endpoint_id)
        .where(attempts.c.state == AttemptState.WAITING.value, attempts.c.due_at <= now)
        .distinct()
    )
    return set(connection.execute(statement).scalars())


def claim(connection: Connection, endpoint: Endpoint, limit: int, now: int) -> list[Attempt]:
    """Take up to `limit` due events of an endpoint, the oldest first, for this process alone."""
    due = (
        select(attempts.c.id)
        .where(
            attempts.c.account_id == endpoint.account_id,
            attempts.c.endpoint_id == endpoint.id,
            attempts.c.state == AttemptState.WAITING.value,
            attempts.c.due_at <= now,
        )
        .order_by(attempts.c.due_at, attempts.c.seq)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(attempts)
        .where(attempts.c.id.in_(due))
        .values(state=AttemptState.SENDING.value, claimed_at=now, tries=attempts.c.tries + 1)
        .returning(attempts)
    )
    taken = [_attempt(row) for row in connection.execute(statement)]
    return sorted(taken, key=lambda attempt: attempt.seq)


def note_done(connection: Connection, attempt: Attempt, status: int, now: int) -> None:
    """Store that an endpoint took an event."""
    _note(
        connection,
        attempt,
        {"state": AttemptState.DONE.value, "status": status, "error": "", "finished_at": now},
    )


def note_failed(
    connection: Connection, attempt: Attempt, failure: Values, due_at: int | None, now: int
) -> None:
    """Store that it did not: to be tried again at `due_at`, or never."""
    if due_at is None:
        state: Values = {"state": AttemptState.GIVEN_UP.value, "finished_at": now}
    else:
        state = {"state": AttemptState.WAITING.value, "due_at": due_at}
    _note(connection, attempt, {**failure, **state})


def _note(connection: Connection, attempt: Attempt, values: Values) -> None:
    connection.execute(
        update(attempts)
        .where(
            attempts.c.account_id == attempt.account_id,
            attempts.c.id == attempt.id,
            # A late answer must not undo what a replay or another process did meanwhile.
            attempts.c.state == AttemptState.SENDING.value,
            attempts.c.tries == attempt.tries,
        )
        .values(**values)
    )


def release_orphans(connection: Connection, claimed_before: int) -> None:
    """Give back what a process claimed and never finished."""
    connection.execute(
        update(attempts)
        .where(
            attempts.c.state == AttemptState.SENDING.value,
            attempts.c.claimed_at <= claimed_before,
        )
        .values(state=AttemptState.WAITING.value)
    )


def delete_finished(connection: Connection, before: int) -> None:
    """Forget what ended long ago."""
    connection.execute(attempts.delete().where(attempts.c.finished_at < before))


def attempts_of(
    connection: Connection, account_id: str, endpoint_id: str, limit: int
) -> list[AttemptView]:
    """List what is or was on its way to an endpoint, the newest first."""
    statement = (
        select(attempts)
        .where(attempts.c.account_id == account_id, attempts.c.endpoint_id == endpoint_id)
        .order_by(attempts.c.seq.desc())
        .limit(limit)
    )
    return [_view(row) for row in connection.execute(statement)]


def endpoint_of_attempt(
    connection: Connection, account_id: str, attempt_id: str
) -> Endpoint | None:
    """Find the endpoint of an attempt of the account."""
    statement = select(attempts.c.endpoint_id).where(
        attempts.c.account_id == account_id, attempts.c.id == attempt_id
    )
    found = connection.execute(statement).scalar()
    return None if found is None else endpoint(connection, account_id, found, lock=True)


def replay(connection: Connection, account_id: str, attempt_id: str, now: int) -> AttemptView:
    """Put an event on its way again, as if for the first time."""
    statement = (
        update(attempts)
        .where(attempts.c.account_id == account_id, attempts.c.id == attempt_id)
        .values(
            state=AttemptState.WAITING.value,
            tries=0,
            status=0,
            error="",
            due_at=now,
            finished_at=None,
        )
        .returning(attempts)
    )
    return _view(connection.execute(statement).one())


def _attempt(row: AnyRow) -> Attempt:
    return Attempt(
        id=row.id,
        account_id=AccountId(row.account_id),
        endpoint_id=EndpointId(row.endpoint_id),
        seq=row.seq,
        body=row.body,
        tries=row.tries,
    )


def _view(row: AnyRow) -> AttemptView:
    return AttemptView(
        id=row.id,
        seq=row.seq,
        event=EventKind(row.event),
        state=AttemptState(row.state),
        tries=row.tries,
        status=row.status,
        error=row.error,
        due_at=row.due_at,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
