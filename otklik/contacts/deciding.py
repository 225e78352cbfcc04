"""What operators decide: two contacts are one person, a link is wrong, a proposal is."""

from collections.abc import Iterable, Sequence
from itertools import product

import msgspec
from sqlalchemy import Connection

from otklik.contacts import service, store, wording
from otklik.contacts.evidence import Evidence
from otklik.contacts.regrouping import Circle, Follow, circle_of, key_of, regroup
from otklik.contacts.resolve import Edge, Hint, Verdict, resolve, sides
from otklik.contacts.types import ContactView, ProposalView
from otklik.events.api import Ledger
from otklik.kernel.errors import ConflictError, InvalidError, NotFoundError
from otklik.kernel.ids import ContactId


class Decision(msgspec.Struct, frozen=True):
    """One operator's transaction about who is who. `by` is their id, or that of their key."""

    connection: Connection
    ledger: Ledger
    account_id: str
    by: str
    now: int
    follow: Follow

    def merge(self, contact_id: str, other_id: str) -> ContactView:
        """Make one person of two contacts; raises when logins of one site forbid it."""
        mine, theirs = self._addresses(contact_id), self._addresses(other_id)
        if set(mine) == set(theirs):
            raise InvalidError(
                "That is the same contact.", "Это тот же самый контакт.", field="contact_id"
            )
        store.forget_verdicts(self.connection, self.account_id, mine, theirs)
        self._say([(mine[0], theirs[0])], is_same=True)
        circle = self._circle([*mine, *theirs])
        changed = self._regroup(circle)
        if not any(set(mine) | set(theirs) <= part for part in resolve(circle.known).parts):
            raise ConflictError(
                "Both have signed in on the site under different accounts: they stay two.",
                "Под ними входили на сайт с разными учётными записями: это два человека.",
            )
        return changed[0] if changed else self._shown(contact_id)

    def split(self, contact_id: str, link_id: str) -> ContactView:
        """Take one link away: what hangs on its two sides are different people from now on."""
        circle = self._circle(self._addresses(contact_id))
        link = next((one for one in circle.links if one.id == link_id), None)
        edges = resolve(circle.known).edges
        cut = next((one for one in edges if link is not None and key_of(one) == link.key), None)
        if cut is None:
            raise NotFoundError
        if cut.since:
            self._say([(cut.one_id, cut.other_id)], is_same=False)
        else:
            one, other = sides(edges, cut)
            self._say(product(sorted(one), sorted(other)), is_same=False)
            self._hold(one, edges)
            self._hold(other, edges)
        self._regroup(self._circle(self._addresses(contact_id)))
        return self._shown(contact_id)

    def refuse(self, contact_id: str, other_id: str) -> list[ProposalView]:
        """Say that two contacts are different people; they are not proposed again."""
        mine, theirs = self._addresses(contact_id), self._addresses(other_id)
        if set(mine) == set(theirs):
            raise ConflictError(
                "They are one contact by now. Split it instead.",
                "Это уже один контакт. Его можно разделить.",
            )
        self._say(product(mine, theirs), is_same=False)
        self._regroup(self._circle(mine))
        return proposals(self.connection, self.account_id, contact_id)

    def look_again(self, identity_ids: Iterable[str]) -> None:
        """Let addresses belong to whom they belong by what is known now."""
        circle = self._circle(sorted(identity_ids))
        regroup(self.connection, self.ledger, circle, self.follow, self.now)

    def _hold(self, side: Iterable[str], edges: Sequence[Edge]) -> None:
        """Keep one side together when what held it also held the other one."""
        side = frozenset(side)
        known = self._circle(sorted(side)).known
        if any(side <= part for part in resolve(known).parts):
            return
        inside = (edge for edge in edges if {edge.one_id, edge.other_id} <= side)
        self._say([(edge.one_id, edge.other_id) for edge in inside], is_same=True)

    def _say(self, pairs: Iterable[tuple[str, str]], *, is_same: bool) -> None:
        said = [Verdict(one, other, is_same, self.now, self.by) for one, other in pairs]
        store.save_verdicts(self.connection, self.account_id, said)

    def _circle(self, identity_ids: Sequence[str]) -> Circle:
        return circle_of(self.connection, self.account_id, identity_ids)

    def _regroup(self, circle: Circle) -> list[ContactView]:
        return regroup(self.connection, self.ledger, circle, self.follow, self.now, self.by)

    def _addresses(self, contact_id: str) -> list[str]:
        return addresses_of(self.connection, self.account_id, contact_id)

    def _shown(self, contact_id: str) -> ContactView:
        return service.view(self.connection, self.account_id, contact_id)


def addresses_of(connection: Connection, account_id: str, contact_id: str) -> list[str]:
    """Give the addresses of a contact or of who stands for them; raises `NotFoundError`."""
    row = store.contact(connection, account_id, contact_id)
    if row is None:
        raise NotFoundError
    return store.identities_of(connection, account_id, row.merged_into or row.id)


def proposals(connection: Connection, account_id: str, contact_id: str) -> list[ProposalView]:
    """Show who might be the same person as a contact, the best reason first."""
    mine = addresses_of(connection, account_id, contact_id)
    circle = circle_of(connection, account_id, mine)
    hints = {frozenset({h.one_id, h.other_id}): h for h in _typed(connection, circle, mine)}
    hints |= {frozenset({h.one_id, h.other_id}): h for h in resolve(circle.known).hints}
    refused = _refused(connection, account_id, mine)
    found: dict[str, ProposalView] = {}
    others: dict[str, Hint] = {}
    for hint in sorted(hints.values(), key=_hint_key):
        far = [one for one in (hint.one_id, hint.other_id) if one not in mine]
        if len(far) == 1:
            others.setdefault(far[0], hint)
    people = store.find_by_ids(connection, {account_id}, others)
    for other, hint in others.items():
        person = people[other]
        if person.contact_id in found or person.identity_id in mine:
            continue
        if refused.intersection(store.identities_of(connection, account_id, person.contact_id)):
            continue
        found[person.contact_id] = _shown(connection, account_id, person.contact_id, hint)
    return list(found.values())


def _hint_key(hint: Hint) -> tuple[str, str, str, str]:
    return (hint.level.value, hint.reason, hint.value, hint.other_id)


def _typed(connection: Connection, circle: Circle, mine: Sequence[str]) -> list[Hint]:
    """Give who shares something with a contact that one of them only typed."""
    own = [claim for claim in circle.known.claims if claim.identity_id in mine]
    values = {(claim.kind, claim.value): claim for claim in own}
    typed = {key for key, claim in values.items() if claim.level is Evidence.CLAIMED}
    hints = []
    for strong, wanted in ((False, set(values)), (True, typed)):
        holders, _ = store.holders_of(connection, circle.account_id, wanted, strong=strong)
        for key, identity_ids in holders.items():
            claim = values[key]
            hints += [
                Hint(claim.identity_id, one, Evidence.CLAIMED, claim.kind, claim.value, "claimed")
                for one in sorted(identity_ids)
            ]
    return hints


def _refused(connection: Connection, account_id: str, mine: Sequence[str]) -> set[str]:
    said = store.verdicts_of(connection, account_id, mine)
    different = [verdict for verdict in said if not verdict.is_same]
    return {one for v in different for one in (v.one_id, v.other_id)}.difference(mine)


def _shown(
    connection: Connection, account_id: str, contact_id: ContactId, hint: Hint
) -> ProposalView:
    other = service.view(connection, account_id, contact_id)
    why = wording.why_proposed(hint.reason, hint.value, hint.doubt)
    return ProposalView(
        contact_id=contact_id,
        name=other.name,
        channels=sorted({identity.channel for identity in other.identities}),
        evidence=hint.level.value,
        reason=hint.reason,
        value=hint.value,
        doubt=hint.doubt,
        why_en=why[0],
        why_ru=why[1],
    )
