"""The shelf: what one transaction holds of conversations and messages until it stores them."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec.structs import replace
from sqlalchemy import Connection

from otklik.contacts import api as contacts
from otklik.contacts.types import Person, TouchpointRow
from otklik.conversations import rules, store, views
from otklik.conversations.types import (
    AttachmentRow,
    ConversationRow,
    EarlyMark,
    MessageRow,
    ReactionRow,
)
from otklik.delivery import api as delivery
from otklik.delivery.types import Delivery
from otklik.events.api import Ledger, Subject
from otklik.events.types import EventKind


class Shelf:
    """Collects changes in memory and stores each table once."""

    def __init__(
        self,
        people: Mapping[str, Person],
        recent: Mapping[str, Iterable[ConversationRow]],
        known: Mapping[tuple[str, str], MessageRow],
    ) -> None:
        self._people = people
        self._conversations: dict[str, ConversationRow] = {}
        self._current: dict[str, ConversationRow] = {}
        for contact_id, rows in recent.items():
            chosen = rules.current(rows)
            if chosen is not None:
                self._current[contact_id] = chosen
        self._known = dict(known)
        self._new: dict[str, MessageRow] = {}
        self._changed: dict[str, MessageRow] = {}
        self._rewritten: dict[str, MessageRow] = {}
        self._attachments: dict[str, Sequence[AttachmentRow]] = {}
        self._reactions: list[tuple[MessageRow, str, Sequence[ReactionRow]]] = []
        self._touchpoints: list[TouchpointRow] = []
        self._deliveries: list[Delivery] = []
        self._early: dict[tuple[str, str, str], EarlyMark] = {}

    def knows(self, inbox_id: str, external_id: str) -> bool:
        """Tell whether a message of the platform is stored or on the shelf."""
        return (inbox_id, external_id) in self._known

    def known(self, inbox_id: str, external_id: str) -> MessageRow | None:
        """Find a message by the platform's id, as it is now."""
        row = self._known.get((inbox_id, external_id)) if external_id else None
        if row is None:
            return None
        return self._new.get(row.id) or self._changed.get(row.id) or row

    def with_new(self, rows: Sequence[MessageRow], identity_id: str) -> list[MessageRow]:
        """Give stored messages to an address as they are now, then those of this batch."""
        ours = (row for row in self._new.values() if row.author_kind in {"operator", "bot"})
        fresh = [row for row in ours if row.identity_id == identity_id]
        return [self._changed.get(row.id, row) for row in rows] + fresh

    def conversation_of(self, person: Person) -> ConversationRow | None:
        """Give the conversation a new message of the person belongs to."""
        return self._current.get(person.contact_id)

    def put(self, conversation: ConversationRow) -> None:
        """Hold a conversation that is new or changed."""
        self._current[conversation.contact_id] = conversation
        self._conversations[conversation.id] = conversation

    def add(self, message: MessageRow, attachments: Sequence[AttachmentRow]) -> None:
        """Hold a new message with its files."""
        self._new[message.id] = message
        self._attachments[message.id] = attachments
        if message.external_id is not None:
            self._known[(message.inbox_id, message.external_id)] = message

    def change(self, message: MessageRow) -> None:
        """Hold a message that changed."""
        if message.id in self._new:
            self._new[message.id] = message
        else:
            self._changed[message.id] = message

    def read_by_contact(self, message: MessageRow) -> None:
        """Hold that the contact has read up to a message, when its conversation is a recent one."""
        held = self._current.get(message.contact_id)
        if held is not None and held.id == message.conversation_id:
            self.put(replace(held, contact_read_seq=max(held.contact_read_seq, message.seq)))

    def rewrite(self, message: MessageRow) -> None:
        """Hold a message whose words changed: it may be the one the queue shows."""
        self.change(message)
        self._rewritten[message.id] = message

    def react(self, message: MessageRow, author_id: str, rows: Sequence[ReactionRow]) -> None:
        """Hold the reactions of one author on a message."""
        self._reactions.append((message, author_id, rows))
        self.change(message)

    def touch(self, row: TouchpointRow) -> None:
        """Hold a touchpoint."""
        self._touchpoints.append(row)

    def mark_early(self, mark: EarlyMark) -> None:
        """Hold a mark of a message we do not know yet."""
        self._early[mark.inbox_id, mark.external_id, mark.state] = mark

    def deliver(self, row: Delivery) -> None:
        """Hold a delivery."""
        self._deliveries.append(row)

    def save(self, connection: Connection, ledger: Ledger, now: int) -> None:
        """Store everything, one statement per table, and announce it."""
        store.insert_messages(connection, list(self._new.values()))
        store.insert_attachments(
            connection, [one for rows in self._attachments.values() for one in rows]
        )
        store.update_messages(connection, list(self._changed.values()))
        self._refresh_previews(connection)
        store.save(connection, self._conversations.values())
        for message, author_id, rows in self._reactions:
            store.replace_reactions(connection, message.account_id, message.id, author_id, rows)
        if self._touchpoints:
            contacts.insert_touchpoints(connection, self._touchpoints)
        if self._early:
            store.keep_early(connection, list(self._early.values()))
        if self._deliveries:
            delivery.enqueue(connection, self._deliveries)
        self._announce_new(ledger, now)
        self._announce_changed(connection, ledger, now)
        self._announce_conversations(ledger, now)

    def _refresh_previews(self, connection: Connection) -> None:
        """Let the queue show the newest messages as they are now; most batches rewrite none."""
        for one in self._rewritten.values():
            newest = store.last_said(
                connection, one.account_id, one.contact_id, one.conversation_id
            )
            if newest is None or newest.id != one.id:
                continue
            held = self._conversations.get(one.conversation_id)
            row = held or store.find(connection, one.account_id, one.conversation_id)
            if row is not None:
                self._conversations[row.id] = rules.with_newest_changed(row, newest)

    def _announce_new(self, ledger: Ledger, now: int) -> None:
        for row in self._new.values():
            view = views.message_view(row, self._name(row), self._attachments[row.id])
            ledger.announce(
                row.account_id,
                EventKind.MESSAGE_CREATED,
                view,
                at=now,
                about=Subject(row.contact_id, row.conversation_id),
                seq=row.seq,
            )

    def _announce_changed(self, connection: Connection, ledger: Ledger, now: int) -> None:
        announce_changed(connection, ledger, list(self._changed.values()), self._name, now)

    def _announce_conversations(self, ledger: Ledger, now: int) -> None:
        for row in self._conversations.values():
            person = self._people.get(row.contact_id)
            view = views.queue_row(row, () if person is None else (person,))
            ledger.announce(
                row.account_id,
                EventKind.CONVERSATION_CHANGED,
                view,
                at=now,
                about=Subject(row.contact_id, row.id),
            )

    def _name(self, row: MessageRow) -> str:
        person = self._people.get(row.contact_id)
        return "" if person is None else person.contact_name


def announce_changed(
    connection: Connection,
    ledger: Ledger,
    rows: Sequence[MessageRow],
    name_of: Callable[[MessageRow], str],
    now: int,
) -> None:
    """Announce messages that changed, whole, with their files and reactions."""
    by_account: dict[str, list[MessageRow]] = {}
    for row in rows:
        by_account.setdefault(row.account_id, []).append(row)
    for account_id, changed in by_account.items():
        ids = [row.id for row in changed]
        attachments = store.attachments_of(connection, account_id, ids)
        reactions = store.reactions_of(connection, account_id, ids)
        for row in changed:
            view = views.message_view(
                row, name_of(row), attachments.get(row.id, ()), reactions.get(row.id, ())
            )
            ledger.announce(
                account_id,
                EventKind.MESSAGE_CHANGED,
                view,
                at=now,
                about=Subject(row.contact_id, row.conversation_id),
            )
