"""The door of delivery: queue an order inside a transaction; the sender."""

from otklik.delivery.sender import Sender
from otklik.delivery.store import (
    cancel_waiting,
    depth,
    forget_finished,
    requeue,
    waiting_of,
)
from otklik.delivery.store import insert as enqueue

__all__ = [
    "Sender",
    "cancel_waiting",
    "depth",
    "enqueue",
    "forget_finished",
    "requeue",
    "waiting_of",
]
