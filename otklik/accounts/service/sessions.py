"""Signing in and out, and proving who a request comes from."""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection

from otklik.accounts.rules import (
    LINK_MS,
    LINK_PER_ADDRESS,
    SIGN_IN_PER_ADDRESS,
    SIGN_IN_PER_EMAIL,
    TOUCH_MS,
    is_key_valid,
    is_session_valid,
    key_scopes,
    scopes_of,
    tidy_email,
)
from otklik.accounts.service.context import (
    Accounts,
    Counting,
    count,
    of_key,
    of_session,
    uncount,
)
from otklik.accounts.store import keys, operators, record
from otklik.accounts.store import sessions as store
from otklik.accounts.types import (
    Action,
    Caller,
    Deed,
    LinkSpentError,
    Me,
    Operator,
    Session,
    StoredKey,
    WrongCredentialsError,
)
from otklik.kernel.errors import NotFoundError, NotSignedInError, UnavailableError
from otklik.kernel.ids import new_secret

KEY_PREFIX = "otk_"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in: `token` is the cookie's value, never stored and never shown again."""

    token: str
    session: Session
    me: Me


def hash_of(secret: str) -> str:
    """Give the form in which a 256-bit secret is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def sign_in(
    accounts: Accounts, email: str, password: str, *, address: str, instead_of: str = ""
) -> SignedIn:
    """Open a session for the right e-mail and password; `instead_of` is the browser's old one."""
    tidy = tidy_email(email) or ""
    counting: Counting = [
        (f"sign-in address {address}", SIGN_IN_PER_ADDRESS),
        (f"sign-in email {hash_of(tidy)}", SIGN_IN_PER_EMAIL),
    ]
    await count(accounts, counting)
    found = await accounts.database.read(lambda c: operators.operator_by_email(c, tidy))
    verdict = await accounts.passwords.check(found.password_hash if found else "", password)
    if found is None or not found.active or not verdict.fits:
        await _note_failure(accounts, found, address)
        raise WrongCredentialsError
    signed_in = await _open(accounts, found, address=address, by_link=False)
    if verdict.outdated:
        await _rehash(accounts, found, password)
    await uncount(accounts, counting)
    await _end(accounts, instead_of)
    return signed_in


async def sign_in_by_link(
    accounts: Accounts, token: str, *, address: str, instead_of: str = ""
) -> SignedIn:
    """Open a session for a one-time link; of parallel attempts one succeeds."""
    counting: Counting = [(f"link address {address}", LINK_PER_ADDRESS)]
    await count(accounts, counting)
    now = accounts.clock.now_ms()

    def spend(connection: Connection) -> Operator | None:
        spent = store.use_link(connection, hash_of(token), now)
        found = operators.operator(connection, *spent) if spent else None
        return found if found and found.active else None

    found = await accounts.database.write(spend)
    if found is None:
        await _note_failure(accounts, None, address)
        raise LinkSpentError
    signed_in = await _open(accounts, found, address=address, by_link=True)
    await uncount(accounts, counting)
    await _end(accounts, instead_of)
    return signed_in


async def issue_link(
    accounts: Accounts, account_id: str, operator_id: str, *, life_ms: int = LINK_MS
) -> str:
    """Give the address of a one-time link for an operator; only a path without a public address."""
    token = new_secret()
    expires_at = accounts.clock.now_ms() + life_ms
    deed = Deed(account_id=account_id, action=Action.LINK_ISSUED, subject=operator_id)

    def keep(connection: Connection) -> None:
        if operators.operator(connection, account_id, operator_id) is None:
            raise NotFoundError
        store.insert_link(connection, account_id, operator_id, hash_of(token), expires_at)
        record.note(connection, deed, accounts.clock.now_ms())

    await accounts.database.write(keep)
    return f"{accounts.public_url.rstrip('/')}/welcome#{token}"


async def sign_out(accounts: Accounts, session: Session, *, address: str) -> None:
    """End a sign-in."""
    deed = Deed(
        account_id=session.account_id,
        operator_id=session.operator_id,
        action=Action.SIGN_OUT,
        address=address,
    )

    def end(connection: Connection) -> None:
        store.delete_session(connection, session.account_id, session.id_hash)
        record.note(connection, deed, accounts.clock.now_ms())

    await accounts.database.write(end)
    accounts.tell_ended([of_session(session.id_hash)])


async def by_cookie(accounts: Accounts, token: str) -> tuple[Caller, Session]:
    """Prove a browser's request; raises `NotSignedInError`."""
    return await _by_session(accounts, hash_of(token), touches=True)


async def by_key(accounts: Accounts, key: str) -> Caller:
    """Prove a program's request; raises `NotSignedInError`."""
    if not key.startswith(KEY_PREFIX):
        raise NotSignedInError
    found = await accounts.database.read(lambda c: keys.key_by_hash(c, hash_of(key)))
    now = accounts.clock.now_ms()
    if found is None or not is_key_valid(found, now):
        raise NotSignedInError
    if now - (found.view.last_used_at or 0) >= TOUCH_MS:
        account_id, key_id = found.account_id, found.view.id
        await _touch(accounts, lambda c: keys.touch_key(c, account_id, key_id, now))
    return _key_caller(found)


async def by_credential(accounts: Accounts, credential: str) -> Caller:
    """Prove the holder of a socket ticket anew, by what the ticket named."""
    kind, _, name = credential.partition(":")
    if kind == "session":
        caller, _session = await _by_session(accounts, name, touches=False)
        return caller
    found = await accounts.database.read(lambda c: keys.key_by_id(c, name))
    if found is None or not is_key_valid(found, accounts.clock.now_ms()):
        raise NotSignedInError
    return _key_caller(found)


async def still_valid(accounts: Accounts, credentials: Iterable[str]) -> frozenset[str]:
    """Give those of the credentials that still hold: two queries for any number of them."""
    asked = list(credentials)
    hashes = [name.removeprefix("session:") for name in asked if name.startswith("session:")]
    key_ids = [name.removeprefix("key:") for name in asked if name.startswith("key:")]
    now, idle_ms = accounts.clock.now_ms(), accounts.terms.idle_ms

    def look(connection: Connection) -> frozenset[str]:
        sessions = store.live_sessions(connection, hashes, now, idle_ms) if hashes else set()
        valid = keys.live_keys(connection, key_ids, now) if key_ids else set()
        return frozenset([*map(of_session, sessions), *map(of_key, valid)])

    return await accounts.database.read(look)


def me_of(connection: Connection, session: Session, operator: Operator) -> Me:
    """Describe to a browser who is signed in."""
    account = operators.account(connection, operator.account_id)
    if account is None:
        raise NotSignedInError
    return Me(
        operator=operator.view(),
        account=account,
        locale=operator.locale,
        scopes=sorted(scopes_of(operator.role)),
        csrf_token=session.csrf_token,
        password_set=bool(operator.password_hash),
    )


async def _by_session(accounts: Accounts, id_hash: str, *, touches: bool) -> tuple[Caller, Session]:
    found = await accounts.database.read(lambda c: store.session_with_operator(c, id_hash))
    now = accounts.clock.now_ms()
    if found is None or not found[1].active:
        raise NotSignedInError
    session, operator = found
    if not is_session_valid(session, now, accounts.terms):
        raise NotSignedInError
    if touches and now - session.seen_at >= TOUCH_MS:
        account_id = operator.account_id
        await _touch(accounts, lambda c: store.touch_session(c, account_id, session, now))
    return _operator_caller(session, operator), session


async def _touch(accounts: Accounts, work: Callable[[Connection], object]) -> None:
    """Note that a proof was used; a full disk must not lock out those who only want to read."""
    with suppress(UnavailableError):
        await accounts.database.write(work)


def _operator_caller(session: Session, operator: Operator) -> Caller:
    return Caller(
        account_id=operator.account_id,
        kind="operator",
        operator_id=operator.id,
        api_key_id=None,
        name=operator.name,
        scopes=scopes_of(operator.role),
        locale=operator.locale,
        credential=of_session(session.id_hash),
    )


def _key_caller(key: StoredKey) -> Caller:
    return Caller(
        account_id=key.account_id,
        kind="api_key",
        operator_id=None,
        api_key_id=key.view.id,
        name=key.view.title,
        scopes=key_scopes(key),
        credential=of_key(key.view.id),
    )


async def _open(accounts: Accounts, operator: Operator, *, address: str, by_link: bool) -> SignedIn:
    token, now = new_secret(), accounts.clock.now_ms()
    session = Session(
        id_hash=hash_of(token),
        account_id=operator.account_id,
        operator_id=operator.id,
        csrf_token=new_secret(),
        by_link=by_link,
        created_at=now,
        seen_at=now,
        expires_at=now + accounts.terms.whole_ms,
    )
    deed = Deed(
        account_id=operator.account_id,
        operator_id=operator.id,
        action=Action.LINK_USED if by_link else Action.SIGN_IN,
        address=address,
    )

    def keep(connection: Connection) -> Me:
        current = operators.operator(connection, operator.account_id, operator.id, lock=True)
        if current != operator:  # changed while the password was checked: prove it again
            raise WrongCredentialsError
        store.insert_session(connection, session)
        record.note(connection, deed, now)
        return me_of(connection, session, operator)

    return SignedIn(token, session, await accounts.database.write(keep))


async def _end(accounts: Accounts, token: str) -> None:
    if token:
        id_hash = hash_of(token)
        await accounts.database.write(lambda c: store.delete_session_by_hash(c, id_hash))
        accounts.tell_ended([of_session(id_hash)])


async def _rehash(accounts: Accounts, operator: Operator, password: str) -> None:
    fresh = await accounts.passwords.hashed(password)
    await accounts.database.write(
        lambda c: operators.replace_hash(c, operator.account_id, operator, fresh)
    )


async def _note_failure(accounts: Accounts, operator: Operator | None, address: str) -> None:
    deed = Deed(
        account_id=operator.account_id if operator else "",
        operator_id=operator.id if operator else "",
        action=Action.SIGN_IN_FAILED,
        address=address,
    )
    await accounts.database.write(lambda c: record.note(c, deed, accounts.clock.now_ms()))
