"""What an inbox is."""

from enum import StrEnum

import msgspec

from otklik.kernel.ids import AccountId, InboxId
from otklik.ports.channel import InboxConfig


class InboxState(StrEnum):
    """Whether an inbox works."""

    ACTIVE = "active"
    NEEDS_ATTENTION = "needs_attention"
    PAUSED = "paused"
    REMOVED = "removed"
    """Only in the last announcement of an inbox: it is not stored any more."""


class Inbox(msgspec.Struct, frozen=True):
    """An inbox with its opened secrets; stays inside the process."""

    id: InboxId
    account_id: AccountId
    channel: str
    title: str
    public_key: str
    config: InboxConfig
    state: InboxState
    state_reason: str = ""
    cursor: str = ""
    created_at: int = 0
    last_event_at: int | None = None


class InboxView(msgspec.Struct, frozen=True):
    """An inbox as admins see it; secrets show their last four characters only."""

    id: InboxId
    channel: str
    title: str
    public_key: str
    address: str
    """Where the platform delivers to; empty when polled, for a site chat, and in events."""
    state: InboxState
    state_reason: str
    settings: dict[str, str]
    secrets: dict[str, str]
    created_at: int
    last_event_at: int | None
