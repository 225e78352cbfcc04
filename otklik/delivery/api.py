"""The door of delivery: queue an order inside a transaction."""

from otklik.delivery.store import cancel_waiting, depth, requeue
from otklik.delivery.store import insert as enqueue

__all__ = ["cancel_waiting", "depth", "enqueue", "requeue"]
