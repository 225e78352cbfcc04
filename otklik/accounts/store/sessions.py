"""All SQL of sign-ins and one-time links."""

from collections.abc import Iterable

from sqlalchemy import Connection, select, update

from otklik.accounts.store.operators import operator_of
from otklik.accounts.tables import operators, sessions, sign_in_links
from otklik.accounts.types import Operator, Session


def insert_session(connection: Connection, session: Session) -> None:
    """Store a new sign-in."""
    connection.execute(
        sessions.insert().values(
            id_hash=session.id_hash,
            account_id=session.account_id,
            operator_id=session.operator_id,
            csrf_token=session.csrf_token,
            by_link=int(session.by_link),
            created_at=session.created_at,
            seen_at=session.seen_at,
            expires_at=session.expires_at,
        )
    )


def session_with_operator(connection: Connection, id_hash: str) -> tuple[Session, Operator] | None:
    """Find a sign-in by its hash, with whose it is."""
    statement = (
        select(
            operators,
            sessions.c.csrf_token,
            sessions.c.by_link,
            sessions.c.created_at.label("opened_at"),
            sessions.c.seen_at.label("last_seen_at"),
            sessions.c.expires_at,
        )
        .join(
            operators,
            (operators.c.id == sessions.c.operator_id)
            & (operators.c.account_id == sessions.c.account_id),
        )
        .where(sessions.c.id_hash == id_hash)
    )
    row = connection.execute(statement).first()
    if row is None:
        return None
    owner = operator_of(row)
    session = Session(
        id_hash=id_hash,
        account_id=owner.account_id,
        operator_id=owner.id,
        csrf_token=row.csrf_token,
        by_link=bool(row.by_link),
        created_at=row.opened_at,
        seen_at=row.last_seen_at,
        expires_at=row.expires_at,
    )
    return session, owner


def touch_session(connection: Connection, account_id: str, session: Session, now: int) -> None:
    """Note that a sign-in and its operator are in use."""
    connection.execute(
        update(sessions)
        .where(sessions.c.account_id == account_id, sessions.c.id_hash == session.id_hash)
        .values(seen_at=now)
    )
    connection.execute(
        update(operators)
        .where(operators.c.account_id == account_id, operators.c.id == session.operator_id)
        .values(seen_at=now)
    )


def delete_session(connection: Connection, account_id: str, id_hash: str) -> None:
    """End one sign-in."""
    connection.execute(
        sessions.delete().where(sessions.c.account_id == account_id, sessions.c.id_hash == id_hash)
    )


def delete_session_by_hash(connection: Connection, id_hash: str) -> None:
    """End the sign-in of a browser that signs in anew: its cookie is the proof."""
    connection.execute(sessions.delete().where(sessions.c.id_hash == id_hash))


def delete_sessions(
    connection: Connection, account_id: str, operator_id: str, *, but: str = ""
) -> list[str]:
    """End all sign-ins of an operator, except one; give the hashes of the ended ones."""
    statement = sessions.delete().where(
        sessions.c.account_id == account_id,
        sessions.c.operator_id == operator_id,
        sessions.c.id_hash != but,
    )
    return list(connection.execute(statement.returning(sessions.c.id_hash)).scalars())


def live_sessions(
    connection: Connection, id_hashes: Iterable[str], now: int, idle_ms: int
) -> set[str]:
    """Give those of the sign-ins that still hold."""
    statement = (
        select(sessions.c.id_hash)
        .join(
            operators,
            (operators.c.id == sessions.c.operator_id)
            & (operators.c.account_id == sessions.c.account_id),
        )
        .where(
            sessions.c.id_hash.in_(list(id_hashes)),
            sessions.c.expires_at > now,
            sessions.c.seen_at > now - idle_ms,
            operators.c.active == 1,
        )
    )
    return set(connection.execute(statement).scalars())


def insert_link(
    connection: Connection, account_id: str, operator_id: str, token_hash: str, expires_at: int
) -> None:
    """Store a one-time link."""
    connection.execute(
        sign_in_links.insert().values(
            token_hash=token_hash,
            account_id=account_id,
            operator_id=operator_id,
            expires_at=expires_at,
        )
    )


def use_link(connection: Connection, token_hash: str, now: int) -> tuple[str, str] | None:
    """Spend a one-time link: of any number of attempts one gets account and operator."""
    statement = (
        update(sign_in_links)
        .where(
            sign_in_links.c.token_hash == token_hash,
            sign_in_links.c.used_at.is_(None),
            sign_in_links.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(sign_in_links.c.account_id, sign_in_links.c.operator_id)
    )
    row = connection.execute(statement).first()
    return None if row is None else (row.account_id, row.operator_id)


def delete_links(connection: Connection, account_id: str, operator_id: str) -> None:
    """Make every link of an operator worthless."""
    connection.execute(
        sign_in_links.delete().where(
            sign_in_links.c.account_id == account_id,
            sign_in_links.c.operator_id == operator_id,
        )
    )
