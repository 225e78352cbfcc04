"""Conversations follow their people when those turn out to be one, or two again.

A message keeps the address it was said at, so whose it is can always be told anew. A conversation
belongs to who began it; what somebody else said in it goes to a conversation of theirs.
"""

from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import Connection

from otklik.contacts import api as contacts
from otklik.contacts.types import Move, Person
from otklik.conversations import folding, store, views
from otklik.conversations.folding import Share
from otklik.conversations.types import ConversationRow, ConversationState
from otklik.events.api import Ledger, Subject
from otklik.events.types import EventKind
from otklik.kernel.ids import ContactId, ConversationId, new_id


def follow(
    connection: Connection, ledger: Ledger, account_id: str, moves: Sequence[Move], now: int
) -> None:
    """Let messages and conversations belong to whom their addresses belong to now."""
    touched = {one for move in moves for one in (move.from_id, move.to_id)}
    rows = store.of_contacts(connection, account_id, touched)
    store.move_messages(connection, account_id, moves)
    if rows:
        _Regrouping(connection, account_id, rows, touched, now).run(ledger)


class _Regrouping:
    """The conversations of the people concerned, while they change hands."""

    def __init__(
        self,
        connection: Connection,
        account_id: str,
        rows: dict[str, ConversationRow],
        touched: set[str],
        now: int,
    ) -> None:
        self._connection = connection
        self._account_id = account_id
        self._before = rows
        self._touched = touched
        self._rows = dict(rows)
        self._now = now
        self._folds = store.folds_of(connection, account_id, rows)
        self._changed_inside: set[str] = set()
        self._strangers: list[Share] = []

    def run(self, ledger: Ledger) -> None:
        """Give each conversation to its owner, part what is mixed, join what is open twice."""
        self._give()
        parted = self._unfold()
        self._part(parted)
        for conversation_id in self._changed_inside:
            row = self._rows[conversation_id]
            said = store.said_in(self._connection, self._account_id, row)
            self._rows[conversation_id] = folding.rebuilt(row, said)
        self._fold()
        self._save(ledger)

    def _give(self) -> None:
        seen: set[str] = set()
        for share in store.shares(self._connection, self._account_id, self._touched):
            if share.conversation_id not in self._rows:
                continue
            if share.conversation_id in seen:
                self._strangers.append(share)
                continue
            seen.add(share.conversation_id)
            row = self._rows[share.conversation_id]
            self._put(replace(row, contact_id=ContactId(share.contact_id)))

    def _unfold(self) -> dict[tuple[str, str], str]:
        """Part what was joined; give which conversation takes what from which, for whom."""
        targets: dict[tuple[str, str], str] = {}
        ended = []
        for fold in self._folds:
            keeper = self._rows[fold.keeper_before.id]
            other = self._rows[fold.other_before.id]
            if keeper.contact_id == other.contact_id:
                continue
            ended.append(other.id)
            targets[(keeper.id, str(other.contact_id))] = str(other.id)
            standing = self._standing_for(keeper, set(ended))
            keeper, other, exactly = folding.unfolded(fold, keeper, other, standing)
            self._put(keeper)
            self._put(other)
            if not exactly:
                self._changed_inside |= {keeper.id, other.id}
        store.forget_folds(self._connection, self._account_id, ended)
        return targets

    def _standing_for(self, row: ConversationRow, ended: set[str]) -> ConversationRow:
        """Give the conversation that went on for one that rests."""
        keepers = {
            fold.other_before.id: fold.keeper_before.id
            for fold in self._folds
            if fold.other_before.id not in ended
        }
        while row.id in keepers:
            row = self._rows[keepers[row.id]]
        return row

    def _part(self, targets: dict[tuple[str, str], str]) -> None:
        """Take out of each conversation what was said by others than its owner."""
        for share in self._strangers:
            row = self._rows[share.conversation_id]
            key = (share.conversation_id, share.contact_id)
            if key not in targets:
                fresh = folding.split_off(
                    row, ConversationId(new_id()), ContactId(share.contact_id)
                )
                self._put(fresh)
                targets[key] = fresh.id
            target = targets[key]
            for carry in (store.carry_messages, contacts.rejoin_touchpoints):
                carry(self._connection, self._account_id, row.id, target, share.contact_id)
            self._changed_inside |= {row.id, target}

    def _fold(self) -> None:
        """Keep one open conversation for each person: the one that moved last goes on."""
        open_by_contact: dict[str, list[ConversationRow]] = {}
        for row in self._rows.values():
            if row.state is ConversationState.OPEN:
                open_by_contact.setdefault(row.contact_id, []).append(row)
        folds = []
        for rows in open_by_contact.values():
            keeper, *others = sorted(rows, key=lambda row: row.last_seq, reverse=True)
            for other in others:
                fold = folding.folded(keeper, other, self._now)
                folds.append(fold)
                keeper = fold.keeper_after
                self._put(fold.other_after)
            self._put(keeper)
        store.save_folds(self._connection, self._account_id, folds)

    def _put(self, row: ConversationRow) -> None:
        self._rows[row.id] = row

    def _save(self, ledger: Ledger) -> None:
        changed = [row for row in self._rows.values() if self._before.get(row.id) != row]
        if not changed:
            return
        owners = {row.contact_id for row in changed}
        people = contacts.people_of_contacts(self._connection, self._account_id, owners)
        changed = [_answerable(row, people) for row in changed]
        # One open conversation per contact holds at every moment, also while they change hands.
        store.close_all(self._connection, self._account_id, [row.id for row in changed])
        store.save(self._connection, changed)
        for row in changed:
            ledger.announce(
                self._account_id,
                EventKind.CONVERSATION_CHANGED,
                views.queue_row(row, people),
                at=self._now,
                about=Subject(row.contact_id, row.id),
            )


def _answerable(row: ConversationRow, people: Sequence[Person]) -> ConversationRow:
    """Let a conversation be answered at an address of its owner: the one used last stands in."""
    mine = [person for person in people if person.contact_id == row.contact_id]
    if not mine or any(person.identity_id == row.identity_id for person in mine):
        return row
    stands = mine[0]
    return replace(
        row, inbox_id=stands.inbox_id, identity_id=stands.identity_id, channel=stands.channel
    )
