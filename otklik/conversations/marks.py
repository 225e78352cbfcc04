"""Marks: how far our messages came, one by one or up to a moment, and whose they were."""

from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import Connection

from otklik.contacts.types import Person
from otklik.conversations import rules, store
from otklik.conversations.shelf import Shelf
from otklik.conversations.types import EarlyMark, MessageRow, MessageState
from otklik.conversations.views import with_failure
from otklik.delivery import api as delivery
from otklik.inboxes.types import Inbox
from otklik.kernel.text import storable
from otklik.ports.channel import EchoReceived, Refusal, StatusReported


def until(connection: Connection, shelf: Shelf, person: Person, moment: int) -> list[MessageRow]:
    """Give our messages to an address made up to a moment (Unix ms), those of this batch too."""
    rows = store.outgoing_until(connection, person.account_id, person.identity_id, moment)
    known = shelf.with_new(rows, person.identity_id)
    return [row for row in known if row.sent_at <= moment]


def up_to(connection: Connection, shelf: Shelf, last: MessageRow) -> list[MessageRow]:
    """Give our messages to an address up to one of them, those of this batch too."""
    rows = store.outgoing_up_to(connection, last.account_id, last.identity_id, last.seq)
    known = shelf.with_new(rows, last.identity_id)
    return [row for row in known if row.seq <= last.seq]


def progress(
    shelf: Shelf, rows: Sequence[MessageRow], state: MessageState, refusal: Refusal | None = None
) -> None:
    """Note how far messages came, or why not, and how far the contact has read."""
    for one in rows:
        reached = rules.next_state(one.state, state)
        if reached is one.state:
            continue
        shelf.change(with_failure(replace(one, state=reached), refusal))
        if reached is MessageState.READ:
            shelf.read_by_contact(one)


def keep_early(shelf: Shelf, inbox: Inbox, event: StatusReported, now: int) -> None:
    """Hold what is told of a message before the answer that gives us its number."""
    if event.external_id:
        failure = event.kind.value if event.state == "failed" else ""
        shelf.mark_early(
            EarlyMark(
                inbox.account_id, inbox.id, event.external_id, event.state, failure, event.code,
                event.reason[:300], now,
            )
        )  # fmt: skip


def named_by_us(
    connection: Connection, shelf: Shelf, inbox_id: str, account_id: str, event: StatusReported
) -> MessageRow | None:
    """Find the message whose answer was lost by our own id: now its number is known."""
    row = store.message(connection, account_id, event.own_id)
    if row is None or row.inbox_id != inbox_id or row.external_id is not None:
        return None
    row = replace(row, external_id=event.external_id or None)
    shelf.change(row)
    return row


def repeated_by(connection: Connection, person: Person, event: EchoReceived) -> MessageRow | None:
    """Find the message an echo repeats: by our own id or, its answer lost, by its words."""
    if event.own_id:
        found = store.message(connection, person.account_id, event.own_id)
        return found if found is not None and found.contact_id == person.contact_id else None
    text = storable(event.message.text)
    rows = store.unconfirmed(connection, person.account_id, person.contact_id, person.identity_id)
    same = [row for row in rows if row.text == text and row.kind is event.message.kind]
    if not same:
        return None
    # What still waits has not been said: whoever wrote the same words elsewhere said them first.
    waiting = delivery.waiting_of(connection, person.account_id, [row.id for row in same])
    return next((row for row in same if row.id not in waiting), None)
