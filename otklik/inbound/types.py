"""What the inbound log holds."""

from enum import StrEnum

import msgspec

from otklik.inboxes.types import Inbox
from otklik.kernel.ids import InboxId


class Outcome(StrEnum):
    """What became of a logged body, when it was not simply processed."""

    UNKNOWN = "unknown"
    """Stored under a name; nothing to do for it."""
    DEAD = "dead"
    """It could not be processed; waits for a replay."""
    REPLAYED = "replayed"
    """It was dead, and a replay processed it."""


class Accepted(msgspec.Struct, frozen=True):
    """An authentic body on its way into the log."""

    inbox: Inbox
    dedupe_key: str
    body: bytes
    received_at: int


class Entry(msgspec.Struct, frozen=True):
    """A body in the log, waiting to be applied."""

    position: int
    inbox: Inbox
    body: bytes
    received_at: int


class OutcomeRow(msgspec.Struct, frozen=True):
    """An outcome to store."""

    position: int
    account_id: str
    inbox_id: str
    outcome: Outcome
    name: str
    error: str
    tries: int
    at: int


class DeadLetter(msgspec.Struct, frozen=True):
    """A body that could not be processed, as admins see it."""

    position: int
    inbox_id: InboxId
    received_at: int
    error: str
    tries: int
    body_preview: str
