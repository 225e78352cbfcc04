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


class InboxView(msgspec.Struct, frozen=True):
    """An inbox as admins see it; secrets show their last four characters only."""

    id: InboxId
    channel: str
    title: str
    public_key: str
    address: str
    """Where the platform delivers to, or the snippet's address; empty when polled."""
    state: InboxState
    state_reason: str
    settings: dict[str, str]
    secrets: dict[str, str]
    created_at: int
    last_event_at: int | None
