"""What a webhook endpoint is, and one attempt history of one event to it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from otklik.events.types import EventKind
from otklik.kernel.ids import AccountId, EndpointId

Url = Annotated[str, Meta(min_length=1, max_length=2_000)]
Kinds = Annotated[list[EventKind], Meta(max_length=64)]


class EndpointState(StrEnum):
    """Whether events are sent."""

    ACTIVE = "active"
    PAUSED = "paused"
    """By a person: the place in the events is kept."""
    DISABLED = "disabled"
    """By us, after days of failures; `state_reason` says which."""


class AttemptState(StrEnum):
    """How far one event came on its way to one endpoint."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    GIVEN_UP = "given_up"


class NewEndpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /api/v1/webhooks`; no `events` means all of them."""

    url: Url
    events: Kinds = []


class EndpointPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `PATCH /api/v1/webhooks/{id}`; absent fields stay."""

    url: Url | None = None
    events: Kinds | None = None
    state: Literal["active", "paused"] | None = None


class EndpointView(msgspec.Struct, frozen=True):
    """An endpoint as admins see it; empty `events` means all of them."""

    id: EndpointId
    url: str
    events: list[EventKind]
    state: EndpointState
    state_reason: str
    failing_since: int | None
    created_at: int


class MadeEndpoint(EndpointView, frozen=True):
    """An endpoint with a fresh secret: the only time `secret` is shown."""

    secret: str


class AttemptView(msgspec.Struct, frozen=True):
    """One event on its way to one endpoint. `status` is the last HTTP status, 0 without one."""

    id: str
    seq: int
    event: EventKind
    state: AttemptState
    tries: int
    status: int
    error: str
    due_at: int
    created_at: int
    finished_at: int | None


class Endpoint(msgspec.Struct, frozen=True):
    """An endpoint as stored; stays inside the process. Times in Unix milliseconds."""

    id: EndpointId
    account_id: AccountId
    url: str
    events: frozenset[EventKind]
    secrets: bytes
    state: EndpointState
    state_reason: str
    cursor: int
    failures: int
    failing_since: int | None
    held_until: int
    created_at: int

    def view(self) -> EndpointView:
        """Give what admins see."""
        return EndpointView(
            id=self.id,
            url=self.url,
            events=sorted(self.events),
            state=self.state,
            state_reason=self.state_reason,
            failing_since=self.failing_since,
            created_at=self.created_at,
        )


class Attempt(msgspec.Struct, frozen=True):
    """One claimed event; `body` is what is signed and sent."""

    id: str
    account_id: AccountId
    endpoint_id: EndpointId
    seq: int
    body: str
    tries: int


class Delivered(msgspec.Struct, frozen=True):
    """The endpoint took it."""

    status: int


class Failed(msgspec.Struct, frozen=True):
    """The endpoint did not take it; `gone` when it asks never to be called again."""

    reason: str
    status: int = 0
    retry_after_s: float = 0.0
    gone: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What came of one sending."""

    attempt: Attempt
    result: Delivered | Failed


class Payload(msgspec.Struct, frozen=True):
    """What is sent: the Standard Webhooks form, and the numbers to order and join events by.

    `timestamp` is ISO 8601; `data` is the body of the event, see `EventKind`.
    """

    type: EventKind
    timestamp: str
    seq: int
    conversation_id: str
    contact_id: str
    data: msgspec.Raw


class Secrets(msgspec.Struct, frozen=True):
    """The keys of an endpoint: during a rotation the previous one signs as well."""

    current: str
    previous: str = ""
    previous_until: int = 0

    def sealed_form(self) -> Mapping[str, str]:
        """Give the texts that are sealed."""
        return {
            "current": self.current,
            "previous": self.previous,
            "previous_until": str(self.previous_until),
        }
