"""All SQL of API keys."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from otklik.accounts.tables import api_keys, operators
from otklik.accounts.types import ApiKeyView, Role, Scope, StoredKey
from otklik.kernel.ids import AccountId, ApiKeyId, OperatorId

AnyRow = Row[Any]  # SQLAlchemy cannot name the columns of a whole-table select


def insert_key(connection: Connection, account_id: str, key: ApiKeyView, key_hash: str) -> None:
    """Store a new API key."""
    connection.execute(
        api_keys.insert().values(
            id=key.id,
            account_id=account_id,
            title=key.title,
            prefix=key.prefix,
            key_hash=key_hash,
            scopes=" ".join(key.scopes),
            created_by=key.created_by,
            created_at=key.created_at,
            expires_at=key.expires_at,
        )
    )


def keys_of(connection: Connection, account_id: str) -> list[ApiKeyView]:
    """List the keys of the account that were not revoked, newest first."""
    statement = (
        select(api_keys)
        .where(api_keys.c.account_id == account_id, api_keys.c.revoked_at.is_(None))
        .order_by(api_keys.c.id.desc())
    )
    return [_key(row) for row in connection.execute(statement)]


def key_by_hash(connection: Connection, key_hash: str) -> StoredKey | None:
    """Find a key of any account by its hash."""
    return _stored(connection, api_keys.c.key_hash == key_hash)


def key_by_id(connection: Connection, key_id: str) -> StoredKey | None:
    """Find a key of any account by the id a ticket named."""
    return _stored(connection, api_keys.c.id == key_id)


def _stored(connection: Connection, condition: ColumnElement[bool]) -> StoredKey | None:
    statement = select(api_keys, operators.c.role, operators.c.active).join(
        operators,
        (operators.c.id == api_keys.c.created_by)
        & (operators.c.account_id == api_keys.c.account_id),
    )
    row = connection.execute(statement.where(condition)).first()
    if row is None:
        return None
    return StoredKey(
        view=_key(row),
        account_id=AccountId(row.account_id),
        revoked_at=row.revoked_at,
        maker_role=Role(row.role),
        maker_active=bool(row.active),
    )


def touch_key(connection: Connection, account_id: str, key_id: str, now: int) -> None:
    """Note that a key is in use."""
    connection.execute(
        update(api_keys)
        .where(api_keys.c.account_id == account_id, api_keys.c.id == key_id)
        .values(last_used_at=now)
    )


def revoke_key(connection: Connection, account_id: str, key_id: str, now: int) -> bool:
    """Revoke a key; false when the account has no such key."""
    statement = (
        update(api_keys)
        .where(
            api_keys.c.account_id == account_id,
            api_keys.c.id == key_id,
            api_keys.c.revoked_at.is_(None),
        )
        .values(revoked_at=now)
        .returning(api_keys.c.id)
    )
    return connection.execute(statement).first() is not None


def live_keys(connection: Connection, key_ids: Iterable[str], now: int) -> set[str]:
    """Give those of the keys that still open something."""
    statement = (
        select(api_keys.c.id)
        .join(
            operators,
            (operators.c.id == api_keys.c.created_by)
            & (operators.c.account_id == api_keys.c.account_id),
        )
        .where(
            api_keys.c.id.in_(list(key_ids)),
            api_keys.c.revoked_at.is_(None),
            func.coalesce(api_keys.c.expires_at, now + 1) > now,
            operators.c.active == 1,
        )
    )
    return set(connection.execute(statement).scalars())


def _key(row: AnyRow) -> ApiKeyView:
    return ApiKeyView(
        id=ApiKeyId(row.id),
        title=row.title,
        prefix=row.prefix,
        scopes=[Scope(name) for name in row.scopes.split()],
        created_by=OperatorId(row.created_by),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )
