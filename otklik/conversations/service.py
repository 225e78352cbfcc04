"""What operators do in conversations: answer, note, assign, resolve, label, read."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from otklik.accounts.types import Caller
from otklik.contacts import api as contacts
from otklik.contacts.types import Person
from otklik.conversations import compose, draft_limits, drafting, rules, store, views
from otklik.conversations.read_marks import read_mark
from otklik.conversations.shelf import Shelf
from otklik.conversations.types import (
    ConversationRow,
    ConversationState,
    MessageRow,
    MessageState,
    MessageView,
    NewMessage,
    NewNote,
    QueueRow,
    ReactionRow,
)
from otklik.delivery import api as delivery
from otklik.delivery.types import OrderKind
from otklik.events.api import Ledger, Subject
from otklik.events.types import EventKind
from otklik.kernel.errors import ConflictError, InvalidError, NotFoundError
from otklik.kernel.ids import LabelId, OperatorId, new_id
from otklik.kernel.text import storable
from otklik.ports.channel import Channel, OutgoingDelete, OutgoingEdit, OutgoingReaction
from otklik.ports.message import Entity

_REACTION_LIMIT = 16
_STUCK = frozenset({MessageState.FAILED, MessageState.UNCERTAIN})


class Desk:
    """One operator's transaction: who acts, when, and what they touch."""

    def __init__(self, connection: Connection, ledger: Ledger, caller: Caller, now: int) -> None:
        self.connection = connection
        self.ledger = ledger
        self.caller = caller
        self.now = now

    @property
    def account_id(self) -> str:
        """Give the account everything here belongs to."""
        return self.caller.account_id

    def conversation(self, conversation_id: str) -> ConversationRow:
        """Find a conversation of the account; raises `NotFoundError`."""
        row = store.find(self.connection, self.account_id, conversation_id)
        if row is None:
            raise NotFoundError
        return row

    def message(self, message_id: str) -> MessageRow:
        """Find a message of the account; raises `NotFoundError`."""
        row = store.message(self.connection, self.account_id, message_id)
        if row is None:
            raise NotFoundError
        return row

    def people(self, contact_id: str) -> list[Person]:
        """Give the addresses of a contact, the last used first."""
        return contacts.people_of_contacts(self.connection, self.account_id, [contact_id])

    def shelf(self, people: Iterable[Person]) -> Shelf:
        """Open a shelf for what changes."""
        return Shelf({person.contact_id: person for person in people}, {}, {})

    def save(self, shelf: Shelf) -> None:
        """Store and announce what changed."""
        shelf.save(self.connection, self.ledger, self.now)


def reply(
    desk: Desk, conversation_id: str, draft: NewMessage, channels: drafting.Channels
) -> MessageView:
    """Send an answer: the message and its delivery in one transaction, once per `client_id`."""
    repeated = store.by_client_id(desk.connection, desk.account_id, draft.client_id)
    if repeated is not None:
        return _shown(desk, repeated)
    conversation = _standing(desk, desk.conversation(conversation_id))
    people = desk.people(conversation.contact_id)
    person = drafting.addressee(people, draft.identity_id or conversation.identity_id)
    made = drafting.drafted(desk, conversation, person, draft, channels)
    shelf = desk.shelf(people)
    if conversation.state is ConversationState.RESOLVED:
        conversation = rules.reopened(conversation)
    if conversation.operator_id is None:  # who answers has taken it
        conversation = rules.assigned(conversation, desk.caller.operator_id)
    for row, attachments, order in made:
        shelf.add(row, attachments)
        conversation = rules.with_message(conversation, row, person)
        if order is not None:
            shelf.deliver(compose.delivery(order, OrderKind.MESSAGE, row, desk.now))
    shelf.put(conversation)
    desk.save(shelf)
    return views.message_view(made[0].row, person.contact_name, made[0].attachments)


def _standing(desk: Desk, conversation: ConversationRow) -> ConversationRow:
    """Give the conversation an answer belongs to.

    What ended goes on in the contact's open one, or is opened again when there is none.
    """
    if conversation.state is ConversationState.OPEN:
        return conversation
    latest = store.latest_of_contact(desk.connection, desk.account_id, conversation.contact_id)
    if latest is not None and latest.state is ConversationState.OPEN:
        return latest
    return rules.reopened(conversation)


def note(desk: Desk, conversation_id: str, draft: NewNote) -> MessageView:
    """Store a private note, once per `client_id`."""
    repeated = store.by_client_id(desk.connection, desk.account_id, draft.client_id)
    if repeated is not None:
        return _shown(desk, repeated)
    conversation = desk.conversation(conversation_id)
    people = desk.people(conversation.contact_id)
    row = drafting.noted(desk, conversation, draft)
    shelf = desk.shelf(people)
    shelf.add(row, ())
    shelf.put(rules.with_message(conversation, row, people[0]))
    desk.save(shelf)
    return views.message_view(row, people[0].contact_name)


def assign(
    desk: Desk, conversation_id: str, operator_id: OperatorId | None, operator_name: str
) -> QueueRow:
    """Give a conversation to an operator, or to nobody."""
    conversation = desk.conversation(conversation_id)
    if conversation.operator_id == operator_id:
        return _row(desk, conversation)
    what = "assigned" if operator_id else "unassigned"
    return _changed(desk, rules.assigned(conversation, operator_id), what, operator_name)


def resolve(desk: Desk, conversation_id: str) -> QueueRow:
    """End a conversation."""
    conversation = desk.conversation(conversation_id)
    if conversation.state is ConversationState.RESOLVED:
        return _row(desk, conversation)
    return _changed(desk, rules.resolved(conversation, desk.now), "resolved")


def reopen(desk: Desk, conversation_id: str) -> QueueRow:
    """Put a conversation back into the queue, unless another one of the contact is open."""
    conversation = desk.conversation(conversation_id)
    if conversation.state is ConversationState.OPEN:
        return _row(desk, conversation)
    latest = store.latest_of_contact(desk.connection, desk.account_id, conversation.contact_id)
    if latest is not None and latest.state is ConversationState.OPEN:
        raise ConflictError(
            "This contact has another open conversation. Answer there.",
            "У этого контакта уже есть открытое обращение. Ответьте в нём.",
        )
    return _changed(desk, rules.reopened(conversation), "reopened")


def read(desk: Desk, conversation_id: str, seq: int, channels: drafting.Channels) -> QueueRow:
    """Note that the timeline was seen up to a number, and let the contact see it."""
    conversation = desk.conversation(conversation_id)
    seen = rules.read_up_to(conversation, seq)
    if seen == conversation:
        return _row(desk, conversation)
    people = desk.people(conversation.contact_id)
    shelf = desk.shelf(people)
    shelf.put(seen)
    mark = read_mark(desk, seen, people, seen.operator_read_seq, channels)
    if mark is not None:
        shelf.deliver(mark)
    desk.save(shelf)
    return views.queue_row(seen, people)


def set_labels(desk: Desk, conversation_id: str, label_ids: Sequence[LabelId]) -> QueueRow:
    """Make these the labels of a conversation."""
    known = {label.id for label in store.labels_of(desk.connection, desk.account_id)}
    conversation = desk.conversation(conversation_id)
    # One that was removed from the account may still hang on the row the operator sees.
    if not known.issuperset(set(label_ids) - set(views.labels_on(conversation))):
        raise InvalidError("There is no such label.", "Такой метки нет.", field="label_ids")
    wanted = msgspec.json.encode([one for one in dict.fromkeys(label_ids) if one in known]).decode()
    people = desk.people(conversation.contact_id)
    shelf = desk.shelf(people)
    changed = replace(conversation, label_ids=wanted)
    shelf.put(changed)
    desk.save(shelf)
    return views.queue_row(changed, people)


def edit(
    desk: Desk,
    message_id: str,
    text: str,
    entities: tuple[Entity, ...],
    channels: drafting.Channels,
) -> MessageView:
    """Change the text of our message or note, here and at the platform."""
    row = desk.message(message_id)
    channel = channels(row.inbox_id)
    if not rules.may_change(row, "operator") or not drafting.can(channel, row, "edit"):
        raise ConflictError("This message cannot be edited.", "Это сообщение нельзя изменить.")
    files = store.attachments_of(desk.connection, desk.account_id, [row.id])
    draft_limits.check_text(channel, row.kind, text, has_files=bool(files))
    changed = replace(
        row,
        text=storable(text),
        content=replace(row.content, entities=entities),
        edited_at=desk.now,
        failure=row.failure if row.state in _STUCK else "",
    )
    order = None
    if row.external_id is not None and channel is not None:
        person = contacts.person_of_identity(desk.connection, desk.account_id, row.identity_id)
        message = drafting.plain(changed, "" if person is None else person.external_id)
        # A platform takes the buttons away from a body that comes without them.
        message = replace(message, buttons=row.content.buttons)
        order = OutgoingEdit(external_id=row.external_id, message=message)
    return _change_message(desk, changed, order, OrderKind.EDIT)


def delete(desk: Desk, message_id: str, channels: drafting.Channels) -> MessageView:
    """Take our message or note back, here and at the platform."""
    row = desk.message(message_id)
    channel = channels(row.inbox_id)
    if not rules.may_change(row, "operator") or not _may_delete(desk, row, channel):
        raise ConflictError("This message cannot be deleted.", "Это сообщение нельзя удалить.")
    changed = replace(row, deleted_at=desk.now)
    order = None
    if row.external_id is not None and channel is not None:
        person = contacts.person_of_identity(desk.connection, desk.account_id, row.identity_id)
        parts = row.content.details.get("external_ids", row.external_id).split(" ")
        order = OutgoingDelete(
            to="" if person is None else person.external_id, external_ids=tuple(parts)
        )
    return _change_message(desk, changed, order, OrderKind.DELETE)


def _may_delete(desk: Desk, row: MessageRow, channel: Channel | None) -> bool:
    """Take a message out of the queue, or tell whether its platform lets it be taken back."""
    if row.state is MessageState.QUEUED:
        if delivery.cancel_waiting(desk.connection, desk.account_id, row.id):
            return True
        raise ConflictError(
            "This message is being sent right now. Try again in a moment.",
            "Это сообщение как раз отправляется. Попробуйте через пару секунд.",
        )
    never_arrived = row.state in _STUCK and row.external_id is None
    return never_arrived or drafting.can(channel, row, "delete")


def retry(desk: Desk, message_id: str) -> MessageView:
    """Send a failed or uncertain message again, because a person says so."""
    row = desk.message(message_id)
    if row.state not in _STUCK or row.deleted_at is not None:
        raise ConflictError(
            "This message is not waiting for you.", "Это сообщение не ждёт решения."
        )
    if not delivery.requeue(desk.connection, desk.account_id, row.id, desk.now):
        raise NotFoundError
    return _change_message(desk, replace(row, state=MessageState.QUEUED, failure=""), None, None)


def settle(desk: Desk, message_id: str) -> MessageView:
    """Say of an uncertain message that it did arrive."""
    row = desk.message(message_id)
    if row.state is not MessageState.UNCERTAIN:
        raise ConflictError("This message is not uncertain.", "С этим сообщением всё ясно.")
    return _change_message(desk, replace(row, state=MessageState.SENT, failure=""), None, None)


def react(desk: Desk, message_id: str, emoji: str, channels: drafting.Channels) -> MessageView:
    """Set our reaction on a contact's message; an empty emoji takes it away."""
    row = desk.message(message_id)
    channel = channels(row.inbox_id)
    if len(emoji) > _REACTION_LIMIT:
        raise InvalidError("One emoji at a time.", "По одному эмодзи.", field="emoji")
    if channel is None or "reaction" not in channel.manifest.features:
        raise ConflictError("There are no reactions here.", "Здесь нет реакций.")
    people = desk.people(row.contact_id)
    person = drafting.addressee(people, row.identity_id)
    shelf = desk.shelf(people)
    rows = [ReactionRow(new_id(), row.account_id, row.id, "operator", "us", storable(emoji))]
    shelf.react(row, "us", rows if emoji else [])
    if row.external_id is not None and channel.manifest.transport == "http":
        order = OutgoingReaction(to=person.external_id, external_id=row.external_id, emoji=emoji)
        shelf.deliver(compose.delivery(order, OrderKind.REACTION, row, desk.now))
    desk.save(shelf)
    return _shown(desk, row)


def _change_message(
    desk: Desk,
    changed: MessageRow,
    order: OutgoingEdit | OutgoingDelete | None,
    kind: OrderKind | None,
) -> MessageView:
    people = desk.people(changed.contact_id)
    shelf = desk.shelf(people)
    shelf.rewrite(changed)
    if order is not None and kind is not None:
        seq = desk.ledger.next(desk.account_id)
        shelf.deliver(compose.delivery(order, kind, changed, desk.now, seq))
    desk.save(shelf)
    return _shown(desk, changed)


def _changed(desk: Desk, conversation: ConversationRow, what: str, subject: str = "") -> QueueRow:
    """Store a change of a conversation with its system line."""
    people = desk.people(conversation.contact_id)
    line = compose.system_line(
        what,
        conversation,
        seq=desk.ledger.next(desk.account_id),
        now=desk.now,
        author_name=desk.caller.name,
        details={"operator": subject} if subject else {},
    )
    shelf = desk.shelf(people)
    shelf.add(line, ())
    conversation = rules.with_system_line(conversation, line)
    shelf.put(conversation)
    desk.save(shelf)
    return views.queue_row(conversation, people)


def _row(desk: Desk, conversation: ConversationRow) -> QueueRow:
    return views.queue_row(conversation, desk.people(conversation.contact_id))


def _shown(desk: Desk, row: MessageRow) -> MessageView:
    return show(desk.connection, desk.account_id, [row])[0]


def show(connection: Connection, account_id: str, rows: Sequence[MessageRow]) -> list[MessageView]:
    """Show stored messages with their files, reactions and the contacts' names."""
    ids = [row.id for row in rows]
    attachments = store.attachments_of(connection, account_id, ids)
    reactions = store.reactions_of(connection, account_id, ids)
    names = {
        person.contact_id: person.contact_name
        for person in contacts.people_of_contacts(
            connection, account_id, {row.contact_id for row in rows}
        )
    }
    return [
        views.message_view(
            row,
            names.get(row.contact_id, ""),
            attachments.get(row.id, ()),
            reactions.get(row.id, ()),
        )
        for row in rows
    ]


def seen_by_contact(
    connection: Connection, ledger: Ledger, account_id: str, identity_id: str, seq: int, now: int
) -> None:
    """Note that a contact has seen our messages at an address up to a number."""
    rows = store.outgoing_up_to(connection, account_id, identity_id, seq)
    if not rows:
        return
    changed = [replace(row, state=MessageState.READ) for row in rows]
    store.update_messages(connection, changed)
    for row in changed:
        ledger.announce(
            account_id,
            EventKind.MESSAGE_STATE,
            views.state_change(row),
            at=now,
            about=Subject(row.contact_id, row.conversation_id),
        )
    person = contacts.person_of_identity(connection, account_id, identity_id)
    shelf = Shelf({} if person is None else {person.contact_id: person}, {}, {})
    read_up_to = {row.conversation_id: row.seq for row in changed}  # in order: the last one wins
    for conversation in store.of_ids(connection, account_id, read_up_to).values():
        read_seq = max(conversation.contact_read_seq, read_up_to[conversation.id])
        shelf.put(replace(conversation, contact_read_seq=read_seq))
    shelf.save(connection, ledger, now)
