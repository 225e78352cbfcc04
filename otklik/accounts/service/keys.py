"""API keys: made once, shown once, revoked for good."""

from sqlalchemy import Connection

from otklik.accounts.rules import KEY_SCOPES
from otklik.accounts.service.context import Accounts, of_key
from otklik.accounts.service.sessions import KEY_PREFIX, hash_of
from otklik.accounts.store import keys, record
from otklik.accounts.types import Action, ApiKeyView, Caller, Deed, MadeApiKey, NewApiKey
from otklik.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from otklik.kernel.ids import ApiKeyId, new_id, new_secret

_SHOWN = len(KEY_PREFIX) + 6


async def make_key(accounts: Accounts, caller: Caller, wish: NewApiKey, address: str) -> MadeApiKey:
    """Make a key that can do at most what its maker can."""
    if caller.operator_id is None:
        raise ForbiddenError
    now = accounts.clock.now_ms()
    _refuse_unfit(wish, now)
    key = KEY_PREFIX + new_secret()
    made = MadeApiKey(
        id=ApiKeyId(new_id()),
        title=wish.title,
        prefix=key[:_SHOWN],
        scopes=sorted(set(wish.scopes)),
        created_by=caller.operator_id,
        created_at=now,
        expires_at=wish.expires_at,
        last_used_at=None,
        key=key,
    )
    deed = _deed(caller, Action.KEY_MADE, made.id, address)

    def keep(connection: Connection) -> None:
        keys.insert_key(connection, caller.account_id, made, hash_of(key))
        record.note(connection, deed, now)

    await accounts.database.write(keep)
    return made


async def list_keys(accounts: Accounts, account_id: str) -> list[ApiKeyView]:
    """List the keys of the account that were not revoked."""
    return await accounts.database.read(lambda c: keys.keys_of(c, account_id))


async def revoke_key(accounts: Accounts, caller: Caller, key_id: str, address: str) -> None:
    """Revoke a key: from the next request on it opens nothing."""
    now = accounts.clock.now_ms()
    deed = _deed(caller, Action.KEY_REVOKED, key_id, address)

    def keep(connection: Connection) -> None:
        if not keys.revoke_key(connection, caller.account_id, key_id, now):
            raise NotFoundError
        record.note(connection, deed, now)

    await accounts.database.write(keep)
    accounts.tell_ended([of_key(key_id)])


def _refuse_unfit(wish: NewApiKey, now: int) -> None:
    if not KEY_SCOPES.issuperset(wish.scopes):
        raise InvalidError(
            "An API key cannot manage the account itself.",
            "Ключу API нельзя управлять самим аккаунтом.",
            field="scopes",
        )
    if wish.expires_at is not None and wish.expires_at <= now:
        raise InvalidError(
            "The key would expire in the past. Choose a later time.",
            "Срок ключа уже прошёл. Выберите более позднее время.",
            field="expires_at",
        )


def _deed(caller: Caller, action: Action, subject: str, address: str) -> Deed:
    return Deed(
        account_id=caller.account_id,
        operator_id=caller.operator_id or "",
        action=action,
        subject=subject,
        address=address,
    )
