"""Letters: what joins them into a thread, and what keeps two programs from answering for ever."""

from msgspec.structs import replace
from sqlalchemy import Connection

from otklik.contacts.types import Person
from otklik.conversations import store
from otklik.ports.channel import ChannelEvent, MessageReceived, Outgoing

SILENT_MS = 4 * 3_600_000
"""One automatic letter to one address in so long: the other side may hide that it is a program."""

_THREAD = 20
_REPORTS = frozenset({"bounce", "delay", "complaint", "read_receipt"})


def is_report(event: ChannelEvent) -> bool:
    """Tell what a server writes about a letter of ours.

    Anybody can invent one, so it makes no contact and is shown only beside the letter it names.
    """
    return isinstance(event, MessageReceived) and event.automatic in _REPORTS


def threaded(connection: Connection, order: Outgoing, person: Person) -> Outgoing:
    """Give an order the subject and the letters it answers: the last ones with its address."""
    rows = store.latest_of_identity(connection, person.account_id, person.identity_id, _THREAD)
    subjects = [row.content.subject for row in rows if row.content.subject]
    thread = [row.external_id for row in rows if row.external_id]
    return replace(order, subject=order.subject or "".join(subjects[-1:]), thread=tuple(thread))


def answering(order: Outgoing, event: ChannelEvent) -> Outgoing:
    """Give an automatic answer the subject and the id of the letter it answers."""
    if not isinstance(event, MessageReceived):
        return order
    return replace(order, subject=event.content.subject, thread=(event.external_id,))


def answered_lately(connection: Connection, person: Person, now: int) -> bool:
    """Tell whether an automatic letter went to this address a short while ago."""
    rows = store.latest_of_identity(connection, person.account_id, person.identity_id, _THREAD)
    return any(row.author_kind == "bot" and row.created_at > now - SILENT_MS for row in rows)
