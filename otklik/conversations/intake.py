"""Intake: a batch of channel events becomes messages, conversations, answers and announcements.

One `Intake` lives for one batch in one transaction: it loads what the batch touches, applies the
events in order to what it holds in memory, and stores everything at the end with one statement
per table, however many events there were.
"""

from collections.abc import Sequence
from functools import singledispatchmethod

from msgspec.structs import replace
from sqlalchemy import Connection

from otklik.contacts import api as contacts
from otklik.contacts.types import Person
from otklik.conversations import compose, letters, marks, reading, regroup, rules, store
from otklik.conversations.shelf import Shelf
from otklik.conversations.types import (
    ConversationRow,
    ConversationState,
    Happening,
    MessageState,
    ReactionRow,
)
from otklik.events.api import Ledger
from otklik.kernel.ids import MessageId, new_id
from otklik.kernel.text import storable
from otklik.ports.channel import (
    ButtonPressed,
    ChannelEvent,
    ChatMoved,
    ConsentReported,
    DeliveryReported,
    EchoReceived,
    MessageEdited,
    MessageReceived,
    MessagesDeleted,
    Opened,
    Outgoing,
    ReachabilityChanged,
    ReactionChanged,
    ReadReported,
    Refusal,
    StatusReported,
)


def record(
    connection: Connection, ledger: Ledger, happenings: Sequence[Happening], now: int
) -> None:
    """Apply a batch of events, in order."""
    intake = Intake(connection, ledger, happenings, now)
    for happening in happenings:
        intake.apply(happening)
    intake.shelf.save(connection, ledger, now)


class Intake:
    """The state of one batch."""

    def __init__(
        self, connection: Connection, ledger: Ledger, happenings: Sequence[Happening], now: int
    ) -> None:
        self._connection = connection
        self._ledger = ledger
        self._now = now
        self._people = contacts.meet(
            connection, ledger, reading.arrivals(happenings, now), regroup.follow, now
        )
        accounts = {happening.inbox.account_id for happening in happenings}
        self.shelf = Shelf(
            people={person.contact_id: person for person in self._people.values()},
            recent=store.recent_of_contacts(
                connection,
                accounts,
                {person.contact_id for person in self._people.values()},
                now - rules.REOPEN_WITHIN_MS,
            ),
            known=store.by_external_ids(connection, accounts, reading.mentioned(happenings)),
        )

    def apply(self, happening: Happening) -> None:
        """Apply one event."""
        self._apply(happening.event, happening)

    @singledispatchmethod
    def _apply(self, event: ChannelEvent, happening: Happening) -> None:
        """Leave alone what changes nothing: unknown kinds and typing."""

    @_apply.register
    def _(self, event: MessageReceived, happening: Happening) -> None:
        if self.shelf.knows(happening.inbox.id, event.external_id):
            return
        if letters.is_report(event) and not self._is_ours(happening, event):
            return
        person = self._person(happening, event.sender.external_id)
        is_new = self._receive(happening, event, person)
        card = event.content.card
        if card is not None and card.own and card.phone:
            contacts.attest_phone(self._connection, self._ledger, person, card.phone, self._now)
            self._system_line(person, "phone_shared")
        if not event.automatic:  # a program is not answered by a program
            self._answer(happening, person, is_new=is_new)

    @_apply.register
    def _(self, event: MessageEdited, happening: Happening) -> None:
        row = self.shelf.known(happening.inbox.id, event.message.external_id)
        if row is None and event.ours:
            return
        if row is None:
            person = self._person(happening, event.message.sender.external_id)
            self._receive(happening, event.message, person)
            row = self.shelf.known(happening.inbox.id, event.message.external_id)
        if row is None or (row.edited_at or 0) > event.edited_at:
            return
        self.shelf.rewrite(
            replace(
                row,
                text=storable(event.message.text),
                content=event.message.content,
                edited_at=event.edited_at,
            )
        )

    @_apply.register
    def _(self, event: MessagesDeleted, happening: Happening) -> None:
        for external_id in event.external_ids:
            row = self.shelf.known(happening.inbox.id, external_id)
            if row is not None and row.deleted_at is None:
                self.shelf.rewrite(replace(row, deleted_at=event.at))

    @_apply.register
    def _(self, event: ReactionChanged, happening: Happening) -> None:
        row = self.shelf.known(happening.inbox.id, event.external_id)
        if row is None:
            return
        author = f"contact:{event.sender.external_id}"
        self.shelf.react(
            row,
            author,
            [
                ReactionRow(new_id(), row.account_id, row.id, "contact", author, storable(emoji))
                for emoji in event.emojis
            ],
        )

    @_apply.register
    def _(self, event: ButtonPressed, happening: Happening) -> None:
        if self.shelf.knows(happening.inbox.id, event.external_id):
            return
        person = self._person(happening, event.sender.external_id)
        pressed = self.shelf.known(happening.inbox.id, event.of_message)
        message = compose.pressed(event, pressed)
        is_new = self._receive(happening, message, person)
        if event.press_id and not happening.live:
            self.shelf.deliver(compose.press_answer(person, event.press_id, self._now))
        self._answer(happening, person, is_new=is_new)

    @_apply.register
    def _(self, event: ReachabilityChanged, happening: Happening) -> None:
        key = (happening.inbox.id, event.sender.external_id)
        person = self._people.get(key)
        if person is None or person.reachable == event.reachable:
            return
        self._reached(person, reachable=event.reachable)
        self._system_line(person, "unblocked" if event.reachable else "blocked")

    @_apply.register
    def _(self, event: StatusReported, happening: Happening) -> None:
        row = self.shelf.known(happening.inbox.id, event.external_id)
        if row is None and event.own_id:
            inbox = happening.inbox
            row = marks.named_by_us(self._connection, self.shelf, inbox.id, inbox.account_id, event)
        if row is None:
            marks.keep_early(self.shelf, happening.inbox, event, self._now)
            return
        rows = [row]
        if event.up_to:
            rows = marks.up_to(self._connection, self.shelf, row)
        refusal = None
        if event.state == "failed":
            refusal = Refusal(event.kind, event.reason, code=event.code)
        marks.progress(self.shelf, rows, MessageState(event.state), refusal)

    @_apply.register
    def _(self, event: ReadReported, happening: Happening) -> None:
        person = self._people.get((happening.inbox.id, event.sender.external_id))
        if person is None:
            return
        named = self.shelf.known(happening.inbox.id, event.external_id)
        rows = (
            marks.until(self._connection, self.shelf, person, event.at)
            if named is None
            else marks.up_to(self._connection, self.shelf, named)
        )
        marks.progress(self.shelf, rows, MessageState.READ)

    @_apply.register
    def _(self, event: DeliveryReported, happening: Happening) -> None:
        person = self._people.get((happening.inbox.id, event.sender.external_id))
        if person is not None:
            rows = marks.until(self._connection, self.shelf, person, event.at)
            marks.progress(self.shelf, rows, MessageState.DELIVERED)

    @_apply.register
    def _(self, event: EchoReceived, happening: Happening) -> None:
        message = event.message
        if self.shelf.knows(happening.inbox.id, message.external_id):
            return
        person = self._person(happening, message.sender.external_id)
        sent = marks.repeated_by(self._connection, person, event)
        if sent is not None:
            state = rules.next_state(sent.state, MessageState.SENT)
            external_id = sent.external_id or message.external_id
            self.shelf.change(replace(sent, state=state, failure="", external_id=external_id))
            return
        self._receive(happening, message, person, echo_of=event)

    @_apply.register
    def _(self, event: Opened, happening: Happening) -> None:
        person = self._person(happening, event.sender.external_id)
        if not person.reachable:
            self._reached(person, reachable=True)
            self._system_line(person, "unblocked")
        if event.touch is not None:
            conversation = self.shelf.conversation_of(person)
            place = None if conversation is None else conversation.id
            self.shelf.touch(reading.touchpoint(event.touch, person, place, self._now))

    @_apply.register
    def _(self, event: ConsentReported, happening: Happening) -> None:
        person = self._people.get((happening.inbox.id, event.sender.external_id))
        if person is not None:
            contacts.record_consent(self._connection, self._ledger, person, event, self._now)

    @_apply.register
    def _(self, event: ChatMoved, happening: Happening) -> None:
        contacts.move_identity(
            self._connection,
            happening.inbox.account_id,
            happening.inbox.id,
            event.old_external_id,
            event.new_external_id,
        )

    def _is_ours(self, happening: Happening, event: MessageReceived) -> bool:
        """Tell whether a report is about a letter we sent, to somebody we know."""
        known = self.shelf.knows(happening.inbox.id, event.reply_to)
        return known and (happening.inbox.id, event.sender.external_id) in self._people

    def _person(self, happening: Happening, external_id: str) -> Person:
        return self._people[(happening.inbox.id, external_id)]

    def _reached(self, person: Person, *, reachable: bool) -> Person:
        contacts.set_reachable(
            self._connection, self._ledger, person, reachable=reachable, now=self._now
        )
        person = replace(person, reachable=reachable)
        self._people[(person.inbox_id, person.external_id)] = person
        return person

    def _receive(
        self,
        happening: Happening,
        event: MessageReceived,
        person: Person,
        echo_of: EchoReceived | None = None,
    ) -> bool:
        """Put a message into its contact's conversation; tell whether it opened one."""
        if not person.reachable and echo_of is None:  # who writes to us has not blocked us
            person = self._reached(person, reachable=True)
        conversation = self.shelf.conversation_of(person)
        is_new = conversation is None
        if conversation is None:
            conversation = rules.started(person, new_id(), self._now)
            if happening.tells_profiles:
                self.shelf.deliver(compose.profile_asked(person, self._now))
        elif conversation.state is ConversationState.RESOLVED and _is_personal(event, echo_of):
            conversation = rules.reopened(conversation)
            self.shelf.put(conversation)
            conversation = self._system_line(person, "reopened") or conversation
        reply_to = self.shelf.known(happening.inbox.id, event.reply_to)
        row = compose.received(
            event,
            person,
            conversation.id,
            seq=self._ledger.next(person.account_id),
            reply_to=None if reply_to is None else reply_to.id,
            now=self._now,
        )
        if echo_of is not None:
            row = compose.echoed(row, echo_of)
        if happening.live:
            # Our own protocol: a device finds its message again by the id it chose itself, and
            # names the message it answers by the id it got from us.
            row = replace(
                row, client_id=row.external_id, reply_to_id=MessageId(event.reply_to) or None
            )
        self.shelf.add(row, compose.attachments_of(event, row, self._now))
        self.shelf.put(rules.with_message(conversation, row, person))
        if event.touch is not None:
            self.shelf.touch(
                reading.touchpoint(event.touch, person, row.conversation_id, self._now)
            )
        return is_new

    def _answer(self, happening: Happening, person: Person, *, is_new: bool) -> None:
        text = rules.automatic_answer(happening.inbox.config.settings, is_new=is_new)
        conversation = self.shelf.conversation_of(person)
        if not text or conversation is None:
            return
        if happening.letters and letters.answered_lately(self._connection, person, self._now):
            return
        row = compose.automatic(
            text,
            person,
            conversation.id,
            happening,
            seq=self._ledger.next(person.account_id),
            now=self._now,
        )
        self.shelf.add(row, ())
        self.shelf.put(rules.with_message(conversation, row, person))
        if not happening.live:
            delivery = compose.delivery_of(row, person, self._now)
            if isinstance(delivery.order, Outgoing) and happening.letters:
                order = letters.answering(delivery.order, happening.event)
                delivery = replace(delivery, order=order)
            self.shelf.deliver(delivery)

    def _system_line(self, person: Person, what: str) -> ConversationRow | None:
        conversation = self.shelf.conversation_of(person)
        if conversation is None:
            return None
        row = compose.system_line(
            what, conversation, seq=self._ledger.next(person.account_id), now=self._now
        )
        self.shelf.add(row, ())
        conversation = rules.with_system_line(conversation, row)
        self.shelf.put(conversation)
        return conversation


def _is_personal(event: MessageReceived, echo_of: EchoReceived | None) -> bool:
    """Tell whether a contact wrote it themselves: only that brings an ended conversation back."""
    return echo_of is None and not event.automatic
