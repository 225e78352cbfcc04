"""Accounts and the people who work in them."""

from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from otklik.accounts.rules import (
    Denial,
    why_not_change,
)
from otklik.accounts.service.context import Accounts, of_session
from otklik.accounts.service.refusals import fit_email, refuse_taken, refuse_weak, taken
from otklik.accounts.service.sessions import issue_link
from otklik.accounts.store import operators as store
from otklik.accounts.store import record, sessions
from otklik.accounts.types import (
    AccountView,
    Action,
    Caller,
    Deed,
    Invited,
    NewOperator,
    Operator,
    OperatorPatch,
    OperatorView,
    Role,
)
from otklik.events.api import create_counter
from otklik.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    NotSignedInError,
)
from otklik.kernel.ids import AccountId, OperatorId, new_id
from otklik.kernel.text import storable

_DENIALS = {
    Denial.ABOVE_SELF: (
        "Only an owner may make or change an owner.",
        "Назначать и менять владельцев может только владелец.",
    ),
    Denial.LAST_OWNER: (
        "The account needs at least one owner. Make someone else an owner first.",
        "Аккаунту нужен хотя бы один владелец. Сначала назначьте другого.",
    ),
}


async def create_account(
    accounts: Accounts, title: str, *, locale: str = "ru", time_zone: str = "Europe/Moscow"
) -> Operator:
    """Open an account with an owner who still has no name, e-mail or password."""
    account = AccountView(AccountId(new_id()), title, locale, time_zone)
    owner = Operator(
        id=OperatorId(new_id()),
        account_id=account.id,
        email=None,
        name="",
        password_hash="",
        role=Role.OWNER,
        locale=locale,
        active=True,
    )
    now = accounts.clock.now_ms()

    def keep(connection: Connection) -> None:
        store.insert_account(connection, account.id, account, now)
        create_counter(connection, account.id)
        store.insert_operator(connection, owner, now)

    await accounts.database.write(keep)
    return owner


async def first_owner(accounts: Accounts) -> Operator | None:
    """Find whoever set the installation up; None before that."""
    return await accounts.database.read(store.first_owner)


async def add_operator(
    accounts: Accounts, account_id: str, wish: NewOperator, *, by: str = "", address: str = ""
) -> Operator:
    """Add a colleague who can sign in by a link only, until they choose a password."""
    operator = Operator(
        id=OperatorId(new_id()),
        account_id=AccountId(account_id),
        email=fit_email(wish.email),
        name=storable(wish.name),
        password_hash="",
        role=wish.role,
        locale="ru",
        active=True,
    )
    now = accounts.clock.now_ms()
    deed = Deed(
        account_id=account_id,
        operator_id=by,
        action=Action.OPERATOR_ADDED,
        subject=operator.id,
        address=address,
        details={"role": wish.role},
    )

    def keep(connection: Connection) -> Operator:
        account = store.account(connection, account_id)
        if account is None:
            raise NotFoundError
        _refuse_above(connection, account_id, by, wish.role)
        refuse_taken(connection, operator)
        stored = replace(operator, locale=account.locale)
        store.insert_operator(connection, stored, now)
        record.note(connection, deed, now)
        return stored

    try:
        return await accounts.database.write(keep)
    except IntegrityError as error:  # somebody else took the e-mail in the same moment
        raise taken() from error


async def invite(accounts: Accounts, caller: Caller, wish: NewOperator, address: str) -> Invited:
    """Add a colleague and give the link to hand over."""
    operator = await add_operator(
        accounts, caller.account_id, wish, by=_operator_id(caller), address=address
    )
    return Invited(operator.view(), await issue_link(accounts, caller.account_id, operator.id))


async def invite_again(accounts: Accounts, caller: Caller, operator_id: str) -> Invited:
    """Give a fresh link to a colleague whose link ran out or whose password is forgotten."""

    def check(connection: Connection) -> Operator:
        found = store.operator(connection, caller.account_id, operator_id)
        if found is None:
            raise NotFoundError
        _refuse_above(connection, caller.account_id, _operator_id(caller), found.role)
        return found

    operator = await accounts.database.read(check)
    return Invited(operator.view(), await issue_link(accounts, caller.account_id, operator.id))


async def set_up_operator(
    accounts: Accounts, operator: Operator, *, name: str, email: str, password: str = ""
) -> Operator:
    """Give an operator a name, an e-mail and a password from the command line."""
    tidy = fit_email(email)
    if password:
        refuse_weak(password, tidy)
    fresh = await accounts.passwords.hashed(password) if password else operator.password_hash
    changed = replace(operator, name=storable(name), email=tidy, password_hash=fresh)

    def keep(connection: Connection) -> None:
        refuse_taken(connection, changed)
        store.save_operator(connection, changed)

    await accounts.database.write(keep)
    return changed


async def list_operators(accounts: Accounts, account_id: str) -> list[OperatorView]:
    """List everybody who works or worked in the account."""
    found = await accounts.database.read(lambda c: store.operators_of(c, account_id))
    return [operator.view() for operator in found]


def operator_name(connection: Connection, account_id: str, operator_id: str) -> str:
    """Give the name of an active operator of the account; raises `InvalidError`."""
    found = store.operator(connection, account_id, operator_id)
    if found is None or not found.active:
        raise InvalidError(
            "There is no such operator.", "Такого оператора нет.", field="operator_id"
        )
    return found.name


async def change_operator(
    accounts: Accounts, caller: Caller, operator_id: str, patch: OperatorPatch, address: str
) -> OperatorView:
    """Change a colleague; a new role or a deactivation signs them out everywhere."""
    now = accounts.clock.now_ms()
    deed = Deed(
        account_id=caller.account_id,
        operator_id=_operator_id(caller),
        action=Action.OPERATOR_CHANGED,
        subject=operator_id,
        address=address,
        details=_named(patch),
    )

    def keep(connection: Connection) -> tuple[Operator, list[str]]:
        store.lock_account(connection, caller.account_id)
        target = store.operator(connection, caller.account_id, operator_id, lock=True)
        if target is None:
            raise NotFoundError
        _refuse_change(connection, caller, target, patch)
        changed = _patched(target, patch)
        store.save_operator(connection, changed)
        record.note(connection, deed, now)
        if changed.role == target.role and changed.active:
            return changed, []
        sessions.delete_links(connection, caller.account_id, operator_id)
        return changed, sessions.delete_sessions(connection, caller.account_id, operator_id)

    changed, ended = await accounts.database.write(keep)
    accounts.tell_ended([of_session(id_hash) for id_hash in ended])
    return changed.view()


def _patched(operator: Operator, patch: OperatorPatch) -> Operator:
    return replace(
        operator,
        name=operator.name if patch.name is None else storable(patch.name),
        role=patch.role or operator.role,
        active=operator.active if patch.active is None else patch.active,
    )


def _refuse_above(connection: Connection, account_id: str, actor_id: str, role: Role) -> None:
    if not actor_id:  # the command line: whoever has the machine
        return
    actor = store.operator(connection, account_id, actor_id)
    if actor is None:
        raise NotSignedInError
    if role is Role.OWNER and actor.role is not Role.OWNER:
        raise ForbiddenError(*_DENIALS[Denial.ABOVE_SELF], field="role")


def _refuse_change(
    connection: Connection, caller: Caller, target: Operator, patch: OperatorPatch
) -> None:
    actor = store.operator(connection, caller.account_id, _operator_id(caller))
    if actor is None:
        raise NotSignedInError
    last = target.active and store.count_owners(connection, caller.account_id) == 1
    denial = why_not_change(actor.role, target.role, patch, is_last_owner=last)
    if denial is Denial.ABOVE_SELF:
        raise ForbiddenError(*_DENIALS[denial])
    if denial is Denial.LAST_OWNER:
        raise ConflictError(*_DENIALS[denial])


def _operator_id(caller: Caller) -> str:
    if caller.operator_id is None:
        raise ForbiddenError
    return caller.operator_id


def _named(patch: OperatorPatch) -> dict[str, str]:
    given = {"name": patch.name, "role": patch.role, "active": patch.active}
    return {name: str(value) for name, value in given.items() if value is not None}
