"""Webhook endpoints: made, changed, their secrets rotated, their events sent again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from otklik.events.api import last_seq
from otklik.kernel.clock import Clock
from otklik.kernel.errors import ConflictError, InvalidError, NotFoundError
from otklik.kernel.ids import AccountId, EndpointId, new_id
from otklik.platform.database import Database
from otklik.platform.secret_box import SecretBox
from otklik.webhooks import store
from otklik.webhooks.rules import new_secret, rotated, why_not_url
from otklik.webhooks.types import (
    AttemptView,
    Endpoint,
    EndpointPatch,
    EndpointState,
    EndpointView,
    MadeEndpoint,
    NewEndpoint,
    Secrets,
)

_MOST = 20
_SHOWN_ATTEMPTS = 200


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What webhooks work with; `wake` makes the sending loop look at once."""

    database: Database
    clock: Clock
    box: SecretBox
    wake: Callable[[], None]


async def make_endpoint(webhooks: Webhooks, account_id: str, wish: NewEndpoint) -> MadeEndpoint:
    """Add an endpoint; it gets what happens from now on."""
    _refuse_unfit(wish.url)
    secret, now = new_secret(), webhooks.clock.now_ms()
    endpoint_id = EndpointId(new_id())
    sealed = webhooks.box.seal(Secrets(secret).sealed_form(), _context(account_id, endpoint_id))

    def keep(connection: Connection) -> Endpoint:
        if store.count_endpoints(connection, account_id) >= _MOST:
            raise ConflictError(
                f"An account may have {_MOST} endpoints. Delete one first.",
                f"В аккаунте может быть {_MOST} адресов. Сначала удалите лишний.",
            )
        endpoint = Endpoint(
            id=endpoint_id,
            account_id=AccountId(account_id),
            url=wish.url,
            events=frozenset(wish.events),
            secrets=sealed,
            state=EndpointState.ACTIVE,
            state_reason="",
            cursor=last_seq(connection, account_id),
            failures=0,
            failing_since=None,
            held_until=0,
            created_at=now,
        )
        store.insert_endpoint(connection, account_id, endpoint)
        return endpoint

    endpoint = await webhooks.database.write(keep)
    webhooks.wake()
    return _shown(endpoint, secret)


async def list_endpoints(webhooks: Webhooks, account_id: str) -> list[EndpointView]:
    """List the endpoints of the account."""
    found = await webhooks.database.read(lambda c: store.endpoints_of(c, account_id))
    return [endpoint.view() for endpoint in found]


async def change_endpoint(
    webhooks: Webhooks, account_id: str, endpoint_id: str, patch: EndpointPatch
) -> EndpointView:
    """Change an endpoint; switching it on gives it a clean record and its old place."""
    if patch.url is not None:
        _refuse_unfit(patch.url)
    values = _changes(patch)

    def keep(connection: Connection) -> EndpointView:
        _locked(connection, account_id, endpoint_id)
        if values:
            store.update_endpoint(connection, account_id, endpoint_id, values)
        return _locked(connection, account_id, endpoint_id).view()

    changed = await webhooks.database.write(keep)
    webhooks.wake()
    return changed


async def delete_endpoint(webhooks: Webhooks, account_id: str, endpoint_id: str) -> None:
    """Remove an endpoint for good."""

    def drop(connection: Connection) -> None:
        _locked(connection, account_id, endpoint_id)
        store.delete_endpoint(connection, account_id, endpoint_id)

    await webhooks.database.write(drop)


async def rotate_secret(webhooks: Webhooks, account_id: str, endpoint_id: str) -> MadeEndpoint:
    """Give an endpoint a fresh secret; the old one signs as well for another day."""
    context, now = _context(account_id, endpoint_id), webhooks.clock.now_ms()

    def keep(connection: Connection) -> MadeEndpoint:
        endpoint = _locked(connection, account_id, endpoint_id)
        keys = rotated(opened(webhooks.box, endpoint), now)
        sealed = webhooks.box.seal(keys.sealed_form(), context)
        store.update_endpoint(connection, account_id, endpoint_id, {"secrets": sealed})
        return _shown(endpoint, keys.current)

    return await webhooks.database.write(keep)


async def list_attempts(webhooks: Webhooks, account_id: str, endpoint_id: str) -> list[AttemptView]:
    """List the newest events on their way to an endpoint, or past it."""

    def look(connection: Connection) -> list[AttemptView]:
        if store.endpoint(connection, account_id, endpoint_id) is None:
            raise NotFoundError
        return store.attempts_of(connection, account_id, endpoint_id, _SHOWN_ATTEMPTS)

    return await webhooks.database.read(look)


async def replay_attempt(webhooks: Webhooks, account_id: str, attempt_id: str) -> AttemptView:
    """Send an event again, now, under its old id."""
    now = webhooks.clock.now_ms()

    def keep(connection: Connection) -> AttemptView:
        endpoint = store.endpoint_of_attempt(connection, account_id, attempt_id)
        if endpoint is None:
            raise NotFoundError
        if endpoint.state is not EndpointState.ACTIVE:
            raise ConflictError(
                "The endpoint is switched off. Switch it on first.",
                "Адрес выключен. Сначала включите его.",
            )
        store.update_endpoint(connection, account_id, endpoint.id, {"held_until": 0})
        return store.replay(connection, account_id, attempt_id, now)

    view = await webhooks.database.write(keep)
    webhooks.wake()
    return view


def opened(box: SecretBox, endpoint: Endpoint) -> Secrets:
    """Open the keys of an endpoint."""
    plain = box.unseal(endpoint.secrets, _context(endpoint.account_id, endpoint.id))
    return Secrets(plain["current"], plain["previous"], int(plain["previous_until"]))


def _context(account_id: str, endpoint_id: str) -> str:
    return f"webhook {account_id} {endpoint_id}"


def _locked(connection: Connection, account_id: str, endpoint_id: str) -> Endpoint:
    found = store.endpoint(connection, account_id, endpoint_id, lock=True)
    if found is None:
        raise NotFoundError
    return found


def _changes(patch: EndpointPatch) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if patch.url is not None:
        values["url"] = patch.url
    if patch.events is not None:
        values["events"] = " ".join(sorted(set(patch.events)))
    if patch.state is not None:
        values |= {"state": patch.state, "state_reason": ""}
        values |= {"failures": 0, "failing_since": None, "held_until": 0}
    return values


def _refuse_unfit(url: str) -> None:
    fault = why_not_url(url)
    if fault is not None:
        raise InvalidError(*fault, field="url")


def _shown(endpoint: Endpoint, secret: str) -> MadeEndpoint:
    view = endpoint.view()
    return MadeEndpoint(
        **{name: getattr(view, name) for name in view.__struct_fields__}, secret=secret
    )
