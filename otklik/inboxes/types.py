"""What an inbox is."""

from enum import StrEnum

import msgspec

from otklik.kernel.ids import AccountId, InboxId
from otklik.ports.channel import InboxConfig, TemplateVariable


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


class TemplateView(msgspec.Struct, frozen=True):
    """A message the platform approved beforehand, or not yet; `status` in the platform's words.

    Gaps stand in the texts as `{{1}}` or `{{name}}`; `variables` lists them in the order in which
    a draft gives its `parameters`. `header` is the kind of file that goes with it.
    """

    name: str
    language: str
    status: str
    category: str
    reason: str
    body: str
    title: str
    footer: str
    header: str
    buttons: tuple[str, ...]
    variables: tuple[TemplateVariable, ...]
    quality: str
    sendable: bool
    updated_at: int


class InboxNews(msgspec.Struct, frozen=True):
    """What a platform told about an inbox itself; `what` in the platform's words."""

    what: str
    detail: str
    is_trouble: bool
    at: int
