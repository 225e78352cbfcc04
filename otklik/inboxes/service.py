"""Inboxes: connected, changed, shown, and marked when they need a person."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection

from otklik.events.api import Ledger
from otklik.events.types import EventKind
from otklik.inboxes import store
from otklik.inboxes.registry import opened, seal_context
from otklik.inboxes.types import Inbox, InboxState, InboxView
from otklik.kernel.errors import NotFoundError
from otklik.kernel.ids import new_id, new_secret
from otklik.platform.secret_box import SecretBox
from otklik.platform.writes import json_text


class Hands(NamedTuple):
    """What a change of an inbox needs: the transaction, its ledger, the key ring, the time."""

    connection: Connection
    ledger: Ledger
    box: SecretBox
    now: int


class InboxChange(NamedTuple):
    """What to change of an inbox; what is not given stays, maps are merged by name."""

    title: str | None = None
    settings: Mapping[str, str] | None = None
    secrets: Mapping[str, str] | None = None
    state: InboxState | None = None
    state_reason: str = ""


class InboxWish(NamedTuple):
    """An inbox to store."""

    channel: str
    title: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    state: InboxState = InboxState.ACTIVE
    """Paused: not yet looked after, though its handshake is answered."""


def create(hands: Hands, account_id: str, wish: InboxWish) -> Inbox:
    """Store a new inbox and tell."""
    inbox_id = new_id()
    store.insert(
        hands.connection,
        {
            "id": inbox_id,
            "account_id": account_id,
            "channel": wish.channel,
            "title": wish.title,
            "public_key": new_secret()[:22],
            "settings": json_text(dict(wish.settings)),
            "secrets": hands.box.seal(wish.secrets, seal_context(account_id, inbox_id)),
            "state": wish.state.value,
            "created_at": hands.now,
        },
    )
    inbox = find(hands.connection, hands.box, account_id, inbox_id)
    announce(hands.ledger, inbox, hands.now)
    return inbox


def find(connection: Connection, box: SecretBox, account_id: str, inbox_id: str) -> Inbox:
    """Open one inbox of the account; raises `NotFoundError`."""
    row = store.one(connection, account_id, inbox_id)
    if row is None:
        raise NotFoundError
    return opened(row, box)


def change(hands: Hands, inbox: Inbox, wish: InboxChange) -> Inbox:
    """Change an inbox and tell."""
    values: dict[str, Any] = {}
    if wish.title is not None:
        values["title"] = wish.title
    if wish.settings is not None:
        values["settings"] = json_text({**inbox.config.settings, **wish.settings})
    if wish.secrets is not None:
        merged = {**inbox.config.secrets, **wish.secrets}
        values["secrets"] = hands.box.seal(merged, seal_context(inbox.account_id, inbox.id))
    if wish.state is not None:
        values |= {"state": wish.state.value, "state_reason": wish.state_reason}
    if values and not store.change(hands.connection, inbox.account_id, inbox.id, values):
        raise NotFoundError
    changed = find(hands.connection, hands.box, inbox.account_id, inbox.id)
    announce(hands.ledger, changed, hands.now)
    return changed


def set_cursor(connection: Connection, inbox: Inbox, cursor: str, now: int) -> None:
    """Store how far the polling of an inbox came."""
    store.change(connection, inbox.account_id, inbox.id, {"cursor": cursor, "last_event_at": now})


def announce(ledger: Ledger, inbox: Inbox, now: int) -> None:
    """Tell that an inbox changed."""
    ledger.announce(inbox.account_id, EventKind.INBOX_CHANGED, view(inbox), at=now)


def remove(hands: Hands, account_id: str, inbox_id: str) -> Inbox:
    """Forget an inbox and tell; its conversations stay. Raises `NotFoundError`."""
    inbox = find(hands.connection, hands.box, account_id, inbox_id)
    store.delete(hands.connection, account_id, inbox_id)
    announce(hands.ledger, replace(inbox, state=InboxState.REMOVED, state_reason=""), hands.now)
    return inbox


def view(inbox: Inbox, *, address: str = "") -> InboxView:
    """Show an inbox; of a secret only the last four characters."""
    return InboxView(
        id=inbox.id,
        channel=inbox.channel,
        title=inbox.title,
        public_key=inbox.public_key,
        address=address,
        state=inbox.state,
        state_reason=inbox.state_reason,
        settings=dict(inbox.config.settings),
        secrets={name: masked(value) for name, value in inbox.config.secrets.items()},
        created_at=inbox.created_at,
        last_event_at=inbox.last_event_at,
    )


def masked(secret: str) -> str:
    """Give what may be shown of a secret."""
    return f"…{secret[-4:]}" if len(secret) >= 12 else "…"
