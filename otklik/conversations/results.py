"""What became of deliveries, written into their messages."""

from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import Connection

from otklik.contacts import api as contacts
from otklik.contacts.types import Arrival
from otklik.conversations import regroup, rules, store, views
from otklik.conversations.types import EarlyMark, MessageRow, MessageState
from otklik.delivery.types import Delivery, DeliveryState, Finished, OrderKind
from otklik.events.api import Ledger, Subject
from otklik.events.types import EventKind
from otklik.ports.channel import Profile, Refusal, RefusalKind, Sender, Sent

_STATES = {
    DeliveryState.SENT: MessageState.SENT,
    DeliveryState.FAILED: MessageState.FAILED,
    DeliveryState.UNCERTAIN: MessageState.UNCERTAIN,
    DeliveryState.QUEUED: MessageState.QUEUED,
    DeliveryState.SENDING: MessageState.SENDING,
}


def apply_results(
    connection: Connection, ledger: Ledger, finished: Sequence[Finished], now: int
) -> None:
    """Note in messages how their deliveries ended, and in contacts what was learnt on the way."""
    for account_id in {one.delivery.account_id for one in finished}:
        mine = [one for one in finished if one.delivery.account_id == account_id]
        _learn(connection, ledger, account_id, mine, now)
        _settle(connection, ledger, account_id, mine, now)


def _settle(
    connection: Connection,
    ledger: Ledger,
    account_id: str,
    finished: Sequence[Finished],
    now: int,
) -> None:
    ended = [
        (one.delivery.message_id, one)
        for one in finished
        if one.delivery.message_id is not None and one.state is not DeliveryState.QUEUED
    ]
    if not ended:
        return
    rows = store.messages_of_ids(connection, account_id, {message_id for message_id, _ in ended})
    changed: dict[str, MessageRow] = {}
    for message_id, one in ended:
        row = rows.get(message_id)
        after = None if row is None else _after(row, one)
        if after is not None and after != row:
            rows[message_id] = changed[message_id] = after
    changed = _with_early_marks(connection, account_id, changed)
    for row in changed.values():
        _announce(ledger, row, now)
    store.update_messages(connection, list(changed.values()))


def _with_early_marks(
    connection: Connection, account_id: str, changed: dict[str, MessageRow]
) -> dict[str, MessageRow]:
    """Apply what platforms told of these messages before they had answered us."""
    numbers = [row.external_id for row in changed.values() if row.external_id is not None]
    early = store.early_of(connection, account_id, numbers)
    if not early:
        return changed
    mine = {(row.inbox_id, row.external_id or "") for row in changed.values()}
    store.forget_early(connection, account_id, mine & early.keys())
    marked = {}
    for message_id, row in changed.items():
        after = row
        for mark in early.get((row.inbox_id, row.external_id or ""), ()):
            after = _marked(after, mark)
        marked[message_id] = after
    return marked


def _marked(row: MessageRow, mark: EarlyMark) -> MessageRow:
    if mark.failure:  # the platform took it and then told that it did not arrive
        refusal = Refusal(RefusalKind(mark.failure), mark.detail, code=mark.code)
        return replace(views.with_failure(row, refusal), state=MessageState.FAILED)
    return replace(row, state=rules.next_state(row.state, MessageState(mark.state)))


def _after(row: MessageRow, one: Finished) -> MessageRow:
    if one.delivery.kind is not OrderKind.MESSAGE:
        return _after_change(row, one)
    state = rules.next_state(row.state, _STATES[one.state])
    if isinstance(one.outcome, Refusal):
        return replace(views.with_failure(row, one.outcome), state=state)
    if row.state is MessageState.FAILED and row.external_id in one.outcome.external_ids:
        return row  # the platform told first that it did not arrive after all
    row, ids = views.with_failure(row, None), one.outcome.external_ids
    if not ids:
        return replace(row, state=state)
    content = row.content
    if len(ids) > 1:
        details = {**content.details, "external_ids": " ".join(ids)}
        content = replace(content, details=details)
    return replace(row, state=state, external_id=ids[0], content=content)


def _after_change(row: MessageRow, one: Finished) -> MessageRow:
    """Note that an edit, a deletion or a reaction did not reach the contact, or that one did."""
    if row.state in {MessageState.FAILED, MessageState.UNCERTAIN}:
        return row  # why the message itself did not arrive matters more
    return views.with_failure(row, one.outcome if isinstance(one.outcome, Refusal) else None)


def _announce(ledger: Ledger, row: MessageRow, now: int) -> None:
    ledger.announce(
        row.account_id,
        EventKind.MESSAGE_STATE,
        views.state_change(row),
        at=now,
        about=Subject(row.contact_id, row.conversation_id),
    )


def _learn(
    connection: Connection,
    ledger: Ledger,
    account_id: str,
    finished: Sequence[Finished],
    now: int,
) -> None:
    """Learn that an address blocks us, is no more, or has a new id."""
    for one in finished:
        delivery = one.delivery
        if isinstance(one.outcome, Sent):
            if one.outcome.profile is not None:
                _meet(connection, ledger, delivery, one.outcome.profile, now)
            continue
        if one.outcome.kind is RefusalKind.MOVED and one.outcome.moved_to:
            contacts.move_identity_by_id(
                connection, account_id, delivery.identity_id, one.outcome.moved_to
            )
        elif one.outcome.kind in {RefusalKind.BLOCKED, RefusalKind.GONE}:
            person = contacts.person_of_identity(connection, account_id, delivery.identity_id)
            if person is not None and person.reachable:
                contacts.set_reachable(connection, ledger, person, reachable=False, now=now)


def _meet(
    connection: Connection, ledger: Ledger, delivery: Delivery, profile: Profile, now: int
) -> None:
    """Learn who a person is, as if they had arrived and told it."""
    person = contacts.person_of_identity(connection, delivery.account_id, delivery.identity_id)
    if person is None:
        return
    sender = Sender(
        person.external_id,
        profile.name,
        profile.username,
        profile.locale,
        phone=profile.phone,
        phone_evidence="given" if profile.phone else "",
    )
    arrival = Arrival(
        person.account_id, person.inbox_id, person.channel, sender, now, introduces=False
    )
    before = contacts.view(connection, person.account_id, person.contact_id)
    contacts.meet(connection, ledger, [arrival], regroup.follow, now)
    if contacts.view(connection, person.account_id, person.contact_id) != before:
        contacts.announce_by_id(connection, ledger, person.account_id, person.contact_id, now)
