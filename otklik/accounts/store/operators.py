"""All SQL of accounts and their operators."""

from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from otklik.accounts.tables import accounts, operators
from otklik.accounts.types import AccountView, Operator, Role
from otklik.kernel.ids import AccountId, OperatorId

AnyRow = Row[Any]  # SQLAlchemy cannot name the columns of a whole-table select


def insert_account(connection: Connection, account_id: str, account: AccountView, now: int) -> None:
    """Store a new account."""
    row = {"locale": account.locale, "time_zone": account.time_zone, "created_at": now}
    connection.execute(accounts.insert().values(id=account_id, title=account.title, **row))


def account(connection: Connection, account_id: str) -> AccountView | None:
    """Find an account."""
    row = connection.execute(select(accounts).where(accounts.c.id == account_id)).first()
    if row is None:
        return None
    return AccountView(AccountId(row.id), row.title, row.locale, row.time_zone)


def lock_account(connection: Connection, account_id: str) -> None:
    """Make changes of one account's operators wait for one another."""
    statement = select(accounts.c.id).where(accounts.c.id == account_id).with_for_update()
    connection.execute(statement)


def first_owner(connection: Connection) -> Operator | None:
    """Find the oldest owner of the oldest account: whoever set the installation up."""
    statement = (
        select(operators)
        .join(accounts, accounts.c.id == operators.c.account_id)
        .where(operators.c.role == Role.OWNER, operators.c.active == 1)
        .order_by(accounts.c.created_at, operators.c.created_at, operators.c.id)
        .limit(1)
    )
    row = connection.execute(statement).first()
    return None if row is None else operator_of(row)


def insert_operator(connection: Connection, operator: Operator, now: int) -> None:
    """Store a new operator."""
    connection.execute(
        operators.insert().values(
            id=operator.id,
            account_id=operator.account_id,
            email=operator.email,
            name=operator.name,
            password_hash=operator.password_hash,
            role=operator.role.value,
            locale=operator.locale,
            active=int(operator.active),
            created_at=now,
        )
    )


def save_operator(connection: Connection, operator: Operator) -> None:
    """Overwrite what may change of an operator."""
    statement = update(operators).where(
        operators.c.account_id == operator.account_id, operators.c.id == operator.id
    )
    connection.execute(
        statement.values(
            email=operator.email,
            name=operator.name,
            password_hash=operator.password_hash,
            role=operator.role.value,
            locale=operator.locale,
            active=int(operator.active),
        )
    )


def operator(
    connection: Connection, account_id: str, operator_id: str, *, lock: bool = False
) -> Operator | None:
    """Find an operator of the account; `lock` keeps others from changing it meanwhile."""
    statement = select(operators).where(
        operators.c.account_id == account_id, operators.c.id == operator_id
    )
    if lock:
        statement = statement.with_for_update()
    row = connection.execute(statement).first()
    return None if row is None else operator_of(row)


def replace_hash(connection: Connection, account_id: str, operator: Operator, fresh: str) -> None:
    """Store a better hash of the same password, unless the password changed meanwhile."""
    connection.execute(
        update(operators)
        .where(
            operators.c.account_id == account_id,
            operators.c.id == operator.id,
            operators.c.password_hash == operator.password_hash,
        )
        .values(password_hash=fresh)
    )


def operator_by_email(connection: Connection, email: str) -> Operator | None:
    """Find an operator of any account: an e-mail signs in to one account only."""
    row = connection.execute(select(operators).where(operators.c.email == email)).first()
    return None if row is None else operator_of(row)


def operators_of(connection: Connection, account_id: str) -> list[Operator]:
    """List the operators of the account in the order they joined."""
    statement = (
        select(operators)
        .where(operators.c.account_id == account_id)
        .order_by(operators.c.created_at, operators.c.id)
    )
    return [operator_of(row) for row in connection.execute(statement)]


def count_owners(connection: Connection, account_id: str) -> int:
    """Count the active owners of the account."""
    statement = select(func.count()).where(
        operators.c.account_id == account_id,
        operators.c.role == Role.OWNER.value,
        operators.c.active == 1,
    )
    return connection.execute(statement).scalar_one()


def operator_of(row: AnyRow) -> Operator:
    """Read an operator from a row that has its columns."""
    return Operator(
        id=OperatorId(row.id),
        account_id=AccountId(row.account_id),
        email=row.email,
        name=row.name,
        password_hash=row.password_hash,
        role=Role(row.role),
        locale=row.locale,
        active=bool(row.active),
    )
