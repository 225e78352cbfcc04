"""The door of events: announce inside a transaction, read after it."""

from otklik.events.journal import CHANNEL, Bell, Journal, settle
from otklik.events.ledger import Ledger, Subject
from otklik.events.store import (
    account_ids,
    create_counter,
    delete_before,
    last_seq,
    last_seqs,
    oldest_seq,
    since,
)

__all__ = [
    "CHANNEL",
    "Bell",
    "Journal",
    "Ledger",
    "Subject",
    "account_ids",
    "create_counter",
    "delete_before",
    "last_seq",
    "last_seqs",
    "oldest_seq",
    "settle",
    "since",
]
