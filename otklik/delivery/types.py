"""What a delivery is."""

from enum import StrEnum

import msgspec

from otklik.kernel.ids import DeliveryId, IdentityId, InboxId, MessageId
from otklik.ports.channel import (
    Order,
    Outgoing,
    OutgoingDelete,
    OutgoingEdit,
    OutgoingReaction,
    PressAnswer,
    ProfileAsked,
    ReadShown,
    Refusal,
    Sent,
)


class OrderKind(StrEnum):
    """What is asked of the platform."""

    MESSAGE = "message"
    EDIT = "edit"
    DELETE = "delete"
    REACTION = "reaction"
    PRESS = "press"
    READ = "read"
    PROFILE = "profile"


ORDER_TYPES: dict[OrderKind, type[Order]] = {
    OrderKind.MESSAGE: Outgoing,
    OrderKind.EDIT: OutgoingEdit,
    OrderKind.DELETE: OutgoingDelete,
    OrderKind.REACTION: OutgoingReaction,
    OrderKind.PRESS: PressAnswer,
    OrderKind.READ: ReadShown,
    OrderKind.PROFILE: ProfileAsked,
}

ORDERED = (OrderKind.MESSAGE, OrderKind.EDIT, OrderKind.DELETE)
"""Kinds that wait for the one before them in the same chat; the others go at once."""


class DeliveryState(StrEnum):
    """How far a delivery came."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class Delivery(msgspec.Struct, frozen=True):
    """One order with its history. `seq` orders the deliveries of one identity."""

    id: DeliveryId
    account_id: str
    inbox_id: InboxId
    identity_id: IdentityId
    message_id: MessageId | None
    seq: int
    kind: OrderKind
    order: Order
    tries: int
    created_at: int


class LastFailure(msgspec.Struct, frozen=True):
    """A delivery that did not go out: a `RefusalKind`, the platform's words, and when (Unix ms)."""

    failure: str
    detail: str
    at: int


class Finished(msgspec.Struct, frozen=True):
    """How a delivery ended, or that it was put back (`outcome` a retryable refusal)."""

    delivery: Delivery
    outcome: Sent | Refusal
    state: DeliveryState
    due_at: int = 0
