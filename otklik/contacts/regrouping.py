"""Applies who is one person: addresses, contacts, touchpoints, links; and tells what changed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection
from sqlalchemy.engine import Row

from otklik.contacts import lending, store, wording
from otklik.contacts.evidence import Claim, is_nobodys
from otklik.contacts.resolve import Address, Edge, Known, Login, Verdict, resolve, root_of
from otklik.contacts.service import announce_by_id
from otklik.contacts.types import ContactView, Move, Regrouped
from otklik.events.api import Ledger, Subject
from otklik.events.types import EventKind
from otklik.kernel.ids import ContactId, IdentityId, new_id

Follow = Callable[[Connection, Ledger, str, Sequence[Move], int], None]
"""Lets conversations follow: account, moves, now."""


class Circle(msgspec.Struct, frozen=True):
    """Everything that hangs together with some addresses, and how it is now."""

    account_id: str
    known: Known
    owners: dict[str, str]
    """Whose each address is now."""
    links: list[store.LinkRow]


def circle_of(connection: Connection, account_id: str, identity_ids: Iterable[str]) -> Circle:
    """Gather what hangs together with some addresses by proof, login or an operator's word."""
    blocked = store.rules_of(connection, account_id).blocked
    found: dict[str, tuple[Address, str]] = {}
    claims: list[Claim] = []
    logins: set[tuple[str, str, str, int]] = set()
    verdicts: dict[tuple[str, str], Verdict] = {}
    waiting = set(identity_ids)
    while waiting:
        fresh = store.addresses_of_people(connection, account_id, waiting)
        fresh = {key: value for key, value in fresh.items() if key not in found}
        if not fresh:
            break
        found |= fresh
        new_claims, near = _sharing(connection, account_id, fresh, blocked)
        claims += new_claims
        new_logins, visited = _visits(connection, account_id, fresh)
        logins |= new_logins
        said = store.verdicts_of(connection, account_id, fresh)
        verdicts |= {(one.one_id, one.other_id): one for one in said}
        friends = {i for one in said if one.is_same for i in (one.one_id, one.other_id)}
        waiting = (near | visited | friends) - found.keys()
    known = Known(
        addresses=tuple(address for address, _ in found.values()),
        claims=tuple(claims),
        logins=tuple(_logins(logins, found)),
        verdicts=tuple(
            one for one in verdicts.values() if one.one_id in found and one.other_id in found
        ),
    )
    owners = {identity_id: owner for identity_id, (_, owner) in found.items()}
    links = store.active_links(connection, account_id, found) if found else []
    return Circle(account_id, known, owners, links)


def _sharing(
    connection: Connection, account_id: str, fresh: Mapping[str, object], blocked: Sequence[str]
) -> tuple[list[Claim], set[str]]:
    """Give what addresses have, and who else has it by proof."""
    claims = [
        claim
        for claim in store.claims_of(connection, account_id, fresh)
        if not is_nobodys(claim.kind, claim.value, blocked)
    ]
    strong = {(one.kind, one.value) for one in claims if one.level in store.STRONG}
    holders, crowded = store.holders_of(connection, account_id, strong, strong=True)
    kept = [
        one
        for one in claims
        if one.level not in store.STRONG or (one.kind, one.value) not in crowded
    ]
    return kept, set().union(*holders.values())


def _visits(
    connection: Connection, account_id: str, fresh: Mapping[str, tuple[Address, str]]
) -> tuple[set[tuple[str, str, str, int]], set[str]]:
    """Give the logins of visitors, and the addresses on their other side."""
    keys = [
        (address.inbox_id, address.external_id)
        for address, _ in fresh.values()
        if address.is_weak or address.is_signed
    ]
    logins = store.logins_of(connection, account_id, keys)
    ends = {(one[0], name) for one in logins for name in (one[1], one[2])}
    return set(logins), set(store.identity_ids_of(connection, account_id, ends).values())


def _logins(
    logins: Iterable[tuple[str, str, str, int]], found: Mapping[str, tuple[Address, str]]
) -> Iterable[Login]:
    by_key = {(one.inbox_id, one.external_id): one.identity_id for one, _ in found.values()}
    for inbox_id, visitor, signed, at in sorted(logins):
        visitor_id, signed_id = by_key.get((inbox_id, visitor)), by_key.get((inbox_id, signed))
        if visitor_id is not None and signed_id is not None:
            yield Login(visitor_id, signed_id, at)


def regroup(
    connection: Connection,
    ledger: Ledger,
    circle: Circle,
    follow: Follow,
    now: int,
    by: str = "",
) -> list[ContactView]:
    """Make the store say what is known now; give the contacts that changed, if any did."""
    step = _Step(connection, circle, now, by)
    moves = [*step.moves(), *step.visit_moves()]
    step.relink()
    if not moves:
        return []
    step.give()
    step.lend()
    store.move_touchpoints(connection, circle.account_id, moves)
    step.tell(ledger, moves)
    follow(connection, ledger, circle.account_id, moves, now)
    standing = {one for move in moves for one in (move.from_id, move.to_id)}
    return [
        announce_by_id(connection, ledger, circle.account_id, contact_id, now)
        for contact_id in sorted(standing.intersection(step.roots.values()))
    ]


class _Step:
    """From how it is to how it should be."""

    def __init__(self, connection: Connection, circle: Circle, now: int, by: str) -> None:
        self._connection = connection
        self._circle = circle
        self._now = now
        self._by = by
        self._people = resolve(circle.known)
        self._addresses = {address.identity_id: address for address in circle.known.addresses}
        self.roots = {
            identity_id: root_of(part, self._addresses).home_id
            for part in self._people.parts
            for identity_id in part
        }

    def moves(self) -> list[Move]:
        """Give who belongs to another contact from now on."""
        owners = self._circle.owners
        return [
            Move(identity_id, owners[identity_id], root)
            for identity_id, root in sorted(self.roots.items())
            if owners[identity_id] != root
        ]

    def visit_moves(self) -> list[Move]:
        """Give the moves of what visitors said shortly before they signed in."""
        owners, edges = self._circle.owners, self._people.edges
        before = {
            link.identity_id: owners[link.other_id] for link in self._circle.links if link.since
        }
        after = {edge.other_id: edge for edge in edges if edge.since}
        moves = []
        for visitor_id in sorted(before.keys() | after.keys()):
            edge = after.get(visitor_id)
            source = before.get(visitor_id, self.roots[visitor_id])
            target = self.roots[visitor_id if edge is None else edge.one_id]
            if source != target:
                moves.append(Move(visitor_id, source, target, 0 if edge is None else edge.since))
        return moves

    def relink(self) -> None:
        """Store the links that hold now, and end those that do not."""
        wanted = {key_of(edge): edge for edge in self._people.edges}
        held = {link.key: link for link in self._circle.links}
        account_id = self._circle.account_id
        ended = [link.id for key, link in held.items() if key not in wanted]
        store.revoke_links(self._connection, account_id, ended, self._now, self._by)
        fresh = [self._link(edge) for key, edge in wanted.items() if key not in held]
        store.insert_links(self._connection, fresh)

    def _link(self, edge: Edge) -> store.LinkRow:
        return store.LinkRow(
            id=new_id(),
            account_id=self._circle.account_id,
            identity_id=edge.other_id,
            other_id=edge.one_id,
            contact_id=self.roots[edge.one_id],
            evidence=edge.level.value,
            reason=edge.reason,
            value=edge.value,
            by=edge.by,
            since=edge.since,
            at=self._now,
        )

    def give(self) -> None:
        """Let addresses belong to the contacts that stand for them."""
        given = defaultdict(list)
        for move in self.moves():
            given[move.to_id].append(move.identity_id)
        for contact_id, identity_ids in given.items():
            store.give_identities(
                self._connection, self._circle.account_id, contact_id, identity_ids
            )

    def lend(self) -> None:
        """Let one contact of each person show what the others have, and those stand behind it."""
        account_id = self._circle.account_id
        homes = {address.home_id for address in self._addresses.values()}
        rows = store.cards(self._connection, account_id, homes)
        for part in self._people.parts:
            for home, values in self._cards(part, rows).items():
                if any(getattr(rows[home], name) != value for name, value in values.items()):
                    store.save_card(self._connection, account_id, home, values)

    def _cards(
        self, part: Iterable[str], rows: Mapping[str, Row[Any]]
    ) -> dict[str, dict[str, Any]]:
        """Give what each contact of one person has to be stored with."""
        ordered = sorted((self._addresses[one] for one in part), key=lambda one: one.key)
        own = {one.home_id: _own(rows[one.home_id]) for one in ordered}
        root = ordered[0].home_id
        shown, borrowed = lending.lent(
            own[root], [card for home, card in own.items() if home != root]
        )
        cards: dict[str, dict[str, Any]] = {
            home: {**card, "borrowed": "{}", "merged_into": root} for home, card in own.items()
        }
        cards[root] = {**shown, "borrowed": borrowed, "merged_into": None}
        return cards

    def tell(self, ledger: Ledger, moves: Sequence[Move]) -> None:
        """Announce who became one, and who became two again, with the reason."""
        pairs: dict[tuple[str, str], list[IdentityId]] = defaultdict(list)
        for move in moves:
            pairs[(move.from_id, move.to_id)].append(IdentityId(move.identity_id))
        for (source, target), identity_ids in pairs.items():
            edge = self._edge_to(target, set(identity_ids))
            split = edge is None and source in self.roots.values()
            why = wording.why_apart(asked=bool(self._by)) if edge is None else _why(edge)
            body = Regrouped(
                contact_id=ContactId(source if split else target),
                other_id=ContactId(target if split else source),
                identity_ids=identity_ids,
                by=self._by,
                why_en=why[0],
                why_ru=why[1],
            )
            kind = EventKind.CONTACT_SPLIT if split else EventKind.CONTACT_MERGED
            about = Subject(source)
            ledger.announce(self._circle.account_id, kind, body, at=self._now, about=about)

    def _edge_to(self, target: str, moved: set[IdentityId]) -> Edge | None:
        """Find what links those who moved to somebody who was at their new contact already."""
        for edge in self._people.edges:
            crosses = (edge.one_id in moved) != (edge.other_id in moved)
            if crosses and self.roots[edge.one_id] == target:
                return edge
        return None


def key_of(edge: Edge) -> store.LinkKey:
    """Give what a link and the reason it stands for have in common."""
    return (edge.other_id, edge.one_id, edge.reason, edge.value, edge.by, edge.since)


def _own(row: Row[Any]) -> dict[str, str]:
    return lending.own({name: getattr(row, name) for name in lending.FIELDS}, row.borrowed)


def _why(edge: Edge) -> wording.Words:
    return wording.why_linked(edge.reason, edge.value, partly=bool(edge.since))
