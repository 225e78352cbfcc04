"""The signed-in operator's own name, e-mail, password and language."""

from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from otklik.accounts.rules import PASSWORD_PER_OPERATOR, may_set_password_freely
from otklik.accounts.service.context import Accounts, count, of_session, uncount
from otklik.accounts.service.refusals import fit_email, refuse_taken, refuse_weak, taken
from otklik.accounts.service.sessions import me_of
from otklik.accounts.store import operators as store
from otklik.accounts.store import record, sessions
from otklik.accounts.types import Action, Deed, Me, Operator, ProfilePatch, Session
from otklik.kernel.errors import ConflictError, InvalidError, NotSignedInError
from otklik.kernel.text import storable


async def change_profile(
    accounts: Accounts, session: Session, patch: ProfilePatch, address: str
) -> Me:
    """Change the signed-in operator; a new password or e-mail ends all other sign-ins."""
    found = await accounts.database.read(
        lambda c: store.operator(c, session.account_id, session.operator_id)
    )
    if found is None:
        raise NotSignedInError
    changed = _profiled(found, patch)
    if changed.email != found.email or patch.password is not None:
        await _prove(accounts, session, found, patch.current_password)
    if patch.password is not None:
        refuse_weak(patch.password, changed.email or "")
        changed = replace(changed, password_hash=await accounts.passwords.hashed(patch.password))
    now = accounts.clock.now_ms()
    try:
        me, ended = await accounts.database.write(
            lambda c: _keep_profile(c, session, (found, changed), now, address)
        )
    except IntegrityError as error:
        raise taken() from error
    accounts.tell_ended([of_session(id_hash) for id_hash in ended])
    return me


async def me(accounts: Accounts, session: Session) -> Me:
    """Describe who is signed in."""

    def look(connection: Connection) -> Me:
        found = store.operator(connection, session.account_id, session.operator_id)
        if found is None:
            raise NotSignedInError
        return me_of(connection, session, found)

    return await accounts.database.read(look)


def _keep_profile(
    connection: Connection,
    session: Session,
    change: tuple[Operator, Operator],
    now: int,
    address: str,
) -> tuple[Me, list[str]]:
    before, after = change
    if store.operator(connection, before.account_id, before.id, lock=True) != before:
        raise ConflictError
    if after.email != before.email:
        refuse_taken(connection, after)
    store.save_operator(connection, after)
    deed = Deed(
        account_id=after.account_id,
        operator_id=after.id,
        action=Action.PROFILE_CHANGED,
        subject=after.id,
        address=address,
        details={"password": "changed"} if after.password_hash != before.password_hash else {},
    )
    record.note(connection, deed, now)
    ended: list[str] = []
    if (after.email, after.password_hash) != (before.email, before.password_hash):
        sessions.delete_links(connection, after.account_id, after.id)
        ended = sessions.delete_sessions(
            connection, after.account_id, after.id, but=session.id_hash
        )
    return me_of(connection, session, after), ended


async def _prove(
    accounts: Accounts, session: Session, operator: Operator, password: str | None
) -> None:
    now = accounts.clock.now_ms()
    if may_set_password_freely(session, now, has_password=bool(operator.password_hash)):
        return
    counting = [(f"password {operator.id}", PASSWORD_PER_OPERATOR)]
    await count(accounts, counting)
    verdict = await accounts.passwords.check(operator.password_hash, password or "")
    if not verdict.fits:
        raise InvalidError(
            "The current password is wrong.",
            "Текущий пароль неверен.",
            field="current_password",
        )
    await uncount(accounts, counting)


def _profiled(operator: Operator, patch: ProfilePatch) -> Operator:
    return replace(
        operator,
        name=operator.name if patch.name is None else storable(patch.name),
        email=operator.email if patch.email is None else fit_email(patch.email),
        locale=patch.locale or operator.locale,
    )
