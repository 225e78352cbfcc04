"""Which addresses are one person: a pure function of everything known, in any order.

Nothing here remembers how it came to be. Given the same addresses, claims, logins and verdicts the
answer is the same, whatever happened first; so a link can be taken away by taking its reason away.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import msgspec

from otklik.contacts.evidence import Claim, ClaimKind, Evidence
from otklik.contacts.types import LinkReason

MOST_OF_A_KIND: Mapping[ClaimKind, int] = {"phone": 5, "email": 5}
"""More different phones or e-mails than this, and it is hardly one person."""
MOST_ACCOUNTS = 3
"""More accounts in one inbox than this, and it is hardly one person."""
MOST_HOLDERS = 16
"""A phone or e-mail that more addresses have belongs to a household or a firm: it says nothing."""
FRESH_MS = 60 * 86_400_000
"""Operators give a number to somebody else after 60 days of rest at the earliest (Russia, 2026):
two addresses that had it further apart in time may be two people."""
LOGIN_REACH_MS = 30 * 86_400_000
"""How far back a login claims what its browser wrote before."""

VISITED = frozenset({"widget", "app"})
"""Channels where people come as a browser or device first, and may sign in later."""


class Address(msgspec.Struct, frozen=True):
    """One identity with the contact it founded: what people are put together from."""

    identity_id: str
    home_id: str
    inbox_id: str
    channel: str
    external_id: str
    is_signed: bool
    created_at: int

    @property
    def is_weak(self) -> bool:
        """Tell whether it is only a browser: many may use it, and nobody is proven to."""
        return self.channel in VISITED and not self.is_signed

    @property
    def key(self) -> tuple[bool, str, str]:
        """Give what decides which contact of a person stays: never the time somebody came."""
        return (self.is_weak, self.inbox_id, self.external_id)


class Login(msgspec.Struct, frozen=True):
    """In the browser `visitor_id` the person `signed_id` signed in."""

    visitor_id: str
    signed_id: str
    at: int


class Verdict(msgspec.Struct, frozen=True):
    """An operator, or without `by` the platform, said whether two addresses are one person."""

    one_id: str
    other_id: str
    is_same: bool
    at: int
    by: str


class Known(msgspec.Struct, frozen=True):
    """Everything known of some addresses."""

    addresses: tuple[Address, ...]
    claims: tuple[Claim, ...] = ()
    logins: tuple[Login, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


class Edge(msgspec.Struct, frozen=True):
    """Why two addresses are one person. `since`: only what happened from then on (0: all)."""

    one_id: str
    other_id: str
    level: Evidence
    reason: LinkReason
    value: str = ""
    by: str = ""
    since: int = 0


class Hint(msgspec.Struct, frozen=True):
    """Why two addresses might be one person, for an operator to decide."""

    one_id: str
    other_id: str
    level: Evidence
    reason: LinkReason
    value: str
    doubt: str
    """Why it was not done: claimed, given, stale, same_inbox, limit, conflict, refused."""


class People(msgspec.Struct, frozen=True):
    """The answer: who is one person, why, and who might be."""

    parts: tuple[frozenset[str], ...]
    edges: tuple[Edge, ...]
    hints: tuple[Hint, ...]


def resolve(known: Known) -> People:
    """Put addresses together into people."""
    forest = _Forest(known)
    for verdict in sorted(known.verdicts, key=lambda one: (one.one_id, one.other_id)):
        if verdict.is_same:
            forest.join([_said(verdict)], asked=True)
    visits = _log_in(forest, known)
    hints = [hint for group in _groups(known) for hint in _decide(forest, *group)]
    parts = forest.parts()
    part_of = {identity_id: part for part in parts for identity_id in part}
    open_hints = [
        hint
        for hint in hints
        if part_of[hint.one_id] is not part_of[hint.other_id]
        and not forest.is_refused(part_of[hint.one_id], part_of[hint.other_id])
    ]
    return People(parts, (*forest.edges, *visits), tuple(_one_per_pair(open_hints, part_of)))


def root_of(part: Iterable[str], addresses: Mapping[str, Address]) -> Address:
    """Choose the address whose contact stands for the whole person."""
    return min((addresses[one] for one in part), key=lambda address: address.key)


def sides(edges: Sequence[Edge], cut: Edge) -> tuple[frozenset[str], frozenset[str]]:
    """Give who hangs on each side of a link."""
    near: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        if edge != cut and not edge.since:
            near[edge.one_id].add(edge.other_id)
            near[edge.other_id].add(edge.one_id)
    return _reached(cut.one_id, near), _reached(cut.other_id, near)


def _reached(start: str, near: Mapping[str, set[str]]) -> frozenset[str]:
    found, waiting = {start}, [start]
    while waiting:
        fresh = near.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return frozenset(found)


def _said(verdict: Verdict) -> Edge:
    reason: LinkReason = "operator" if verdict.by else "alias"
    return Edge(verdict.one_id, verdict.other_id, Evidence.OWNED, reason, by=verdict.by)


def _log_in(forest: "_Forest", known: Known) -> list[Edge]:
    """Give each browser's words to the first person who signed in there; nobody else gets them."""
    first: dict[str, Login] = {}
    for login in sorted(
        known.logins, key=lambda one: (one.at, forest.addresses[one.signed_id].key)
    ):
        first.setdefault(login.visitor_id, login)
    visits = []
    for login in sorted(first.values(), key=lambda one: forest.addresses[one.visitor_id].key):
        reach = login.at - LOGIN_REACH_MS
        is_old = forest.addresses[login.visitor_id].created_at < reach
        edge = Edge(
            login.signed_id,
            login.visitor_id,
            Evidence.OWNED,
            "login",
            since=reach if is_old else 0,
        )
        if not is_old:
            forest.join([edge])
        elif not forest.is_refused({login.signed_id}, {login.visitor_id}):
            visits.append(edge)
    return visits


Group = tuple[ClaimKind, str, list[Claim]]


def _groups(known: Known) -> list[Group]:
    """Give the claims that several addresses share, in an order of their own."""
    by_value: dict[tuple[ClaimKind, str], dict[tuple[str, Evidence], Claim]] = defaultdict(dict)
    for claim in known.claims:
        by_value[(claim.kind, claim.value)][(claim.identity_id, claim.level)] = claim
    shared = []
    for (kind, value), claims in sorted(by_value.items()):
        holders = {claim.identity_id for claim in claims.values()}
        if 1 < len(holders) <= MOST_HOLDERS:
            shared.append((kind, value, sorted(claims.values(), key=_claim_key)))
    return shared


def _claim_key(claim: Claim) -> tuple[int, str, str]:
    return (claim.first_at, claim.level.value, claim.identity_id)


def _decide(forest: "_Forest", kind: ClaimKind, value: str, claims: list[Claim]) -> list[Hint]:
    """Join who shares a phone or e-mail where that proves enough; give the rest as hints."""
    strong = [claim for claim in claims if claim.level in {Evidence.OWNED, Evidence.GIVEN}]
    doubts: dict[str, str] = {}
    for cluster in _clusters(strong) if kind == "phone" else [strong]:
        best = _best(cluster)
        doubt = forest.doubt(best) if len(best) > 1 else ""
        if len(best) > 1 and not doubt:
            forest.join(_star(forest, best, kind, value))
        doubts |= dict.fromkeys(best, doubt)
    levels = _best(claims)
    hints = []
    for one_id, other_id in combinations(sorted(levels), 2):
        level = max(levels[one_id], levels[other_id])
        doubt = doubts.get(one_id) or doubts.get(other_id) or ""
        if level is Evidence.CLAIMED:
            doubt = "claimed"
        hints.append(Hint(one_id, other_id, level, kind, value, doubt or "stale"))
    return hints


def _best(claims: Iterable[Claim]) -> dict[str, Evidence]:
    """Give each address's strongest level."""
    best: dict[str, Evidence] = {}
    for claim in claims:
        best[claim.identity_id] = min(claim.level, best.get(claim.identity_id, claim.level))
    return best


def _clusters(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Part claims where nobody was heard to have the number for so long that it may have moved."""
    clusters: list[list[Claim]] = []
    heard_until = 0
    for claim in sorted(claims, key=_claim_key):
        if not clusters or claim.first_at - heard_until > FRESH_MS:
            clusters.append([])
            heard_until = claim.last_at
        clusters[-1].append(claim)
        heard_until = max(heard_until, claim.last_at)
    return clusters


def _star(
    forest: "_Forest", best: Mapping[str, Evidence], kind: ClaimKind, value: str
) -> list[Edge]:
    """Link everybody to one who has proven to own it."""
    by_key = sorted(best, key=lambda one: forest.addresses[one].key)
    middle = next(one for one in by_key if best[one] is Evidence.OWNED)
    return [Edge(middle, one, best[one], kind, value) for one in by_key if one != middle]


def _one_per_pair(hints: list[Hint], part_of: Mapping[str, frozenset[str]]) -> list[Hint]:
    """Keep the strongest hint between two people."""
    kept: dict[frozenset[frozenset[str]], Hint] = {}
    for hint in sorted(hints, key=lambda one: (one.level, one.reason, one.value, one.one_id)):
        kept.setdefault(frozenset({part_of[hint.one_id], part_of[hint.other_id]}), hint)
    return list(kept.values())


class _Forest:
    """People while they are put together."""

    def __init__(self, known: Known) -> None:
        self.addresses = {address.identity_id: address for address in known.addresses}
        self.edges: list[Edge] = []
        self._parts: dict[str, frozenset[str]] = {
            identity_id: frozenset({identity_id}) for identity_id in self.addresses
        }
        self._refused = {
            frozenset({verdict.one_id, verdict.other_id})
            for verdict in known.verdicts
            if not verdict.is_same
        }
        self._values: dict[str, set[tuple[ClaimKind, str]]] = defaultdict(set)
        for claim in known.claims:
            if claim.level in {Evidence.OWNED, Evidence.GIVEN}:
                self._values[claim.identity_id].add((claim.kind, claim.value))

    def parts(self) -> tuple[frozenset[str], ...]:
        """Give the people, each as their addresses."""
        return tuple(sorted(set(self._parts.values()), key=min))

    def join(self, edges: Sequence[Edge], *, asked: bool = False) -> None:
        """Make one person of everybody the links name, or of nobody; limits stop all but people."""
        union = self._union({one for edge in edges for one in (edge.one_id, edge.other_id)})
        if self._is_blocked(union) or (not asked and self._is_over(union)):
            return
        for edge in edges:
            one, other = self._parts[edge.one_id], self._parts[edge.other_id]
            if one is other:
                continue
            self.edges.append(edge)
            both = one | other
            self._parts.update(dict.fromkeys(both, both))

    def doubt(self, best: Mapping[str, Evidence]) -> str:
        """Tell why those who share something cannot be joined for it; empty when they can."""
        if Evidence.OWNED not in best.values():
            return "given"
        inboxes = Counter(self.addresses[one].inbox_id for one in best)
        if max(inboxes.values()) > 1:
            return "same_inbox"  # one messenger gives a number to one account: it changed hands
        union = self._union(best)
        if self._is_refused_within(union):
            return "refused"
        if self._is_blocked(union):
            return "conflict"
        return "limit" if self._is_over(union) else ""

    def is_refused(self, one: Iterable[str], other: Iterable[str]) -> bool:
        """Tell whether an operator said that two people are different."""
        others = set(other)
        return any(frozenset({a, b}) in self._refused for a in one for b in others)

    def _union(self, identity_ids: Iterable[str]) -> frozenset[str]:
        return frozenset().union(*(self._parts[one] for one in identity_ids))

    def _is_refused_within(self, union: frozenset[str]) -> bool:
        return any(pair <= union for pair in self._refused)

    def _is_blocked(self, union: frozenset[str]) -> bool:
        """Tell whether two different logins of one site, or a person's word, forbid it."""
        signed = [self.addresses[one] for one in union if self.addresses[one].is_signed]
        sites = Counter(address.inbox_id for address in signed)
        return any(count > 1 for count in sites.values()) or self._is_refused_within(union)

    def _is_over(self, union: frozenset[str]) -> bool:
        values = set().union(*(self._values.get(one, set()) for one in union))
        kinds = Counter(kind for kind, _ in values)
        strong = [self.addresses[one] for one in union if not self.addresses[one].is_weak]
        accounts = Counter(address.inbox_id for address in strong)
        too_many = any(kinds[kind] > most for kind, most in MOST_OF_A_KIND.items())
        return too_many or any(count > MOST_ACCOUNTS for count in accounts.values())
