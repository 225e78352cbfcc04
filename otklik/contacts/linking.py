"""Learns who is one person: from what arrives, and from logins."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from otklik.contacts import evidence, store
from otklik.contacts.evidence import Claim, ClaimKind
from otklik.contacts.meeting import Meeting
from otklik.contacts.regrouping import Follow, circle_of, regroup
from otklik.contacts.resolve import VISITED, Verdict
from otklik.contacts.service import announce_by_id
from otklik.contacts.types import Arrival, LinkingRules, Person, PersonKey
from otklik.events.api import Ledger

HEARD_STEP_MS = 86_400_000
"""That somebody still has a phone is stored at this grain, not with every message."""

_KINDS: tuple[ClaimKind, ...] = ("phone", "email")


def meet(
    connection: Connection, ledger: Ledger, arrivals: Sequence[Arrival], follow: Follow, now: int
) -> dict[PersonKey, Person]:
    """Find or make the people behind arrivals, and join those who prove to be one.

    Known people who bring neither phone nor e-mail cost no statement more than finding them.
    """
    if not arrivals:
        return {}
    meeting = Meeting(connection, arrivals)
    meeting.gather()
    people = meeting.people
    touched = _learn_claims(connection, arrivals, people)
    for account_id, pairs in meeting.same.items():
        touched[account_id] |= _take_platforms_word(connection, account_id, pairs, now)
    for account_id, identity_ids in _signed_in(connection, people).items():
        touched[account_id] |= identity_ids
    _show_news(connection, ledger, people, touched, now)
    moved = False
    for account_id, identity_ids in touched.items():
        if identity_ids:
            circle = circle_of(connection, account_id, identity_ids)
            moved |= bool(regroup(connection, ledger, circle, follow, now))
    if not moved:
        return people
    ids = {person.identity_id for person in people.values()}
    fresh = store.find_by_ids(connection, {a.account_id for a in arrivals}, ids)
    return {key: fresh[person.identity_id] for key, person in people.items()}


def _learn_claims(
    connection: Connection,
    arrivals: Sequence[Arrival],
    people: dict[PersonKey, Person],
) -> dict[str, set[str]]:
    """Store what arrivals prove or claim; give the addresses with something new to compare."""
    told: dict[str, list[tuple[Person, Arrival]]] = defaultdict(list)
    for arrival in arrivals:
        person = people.get((arrival.inbox_id, arrival.sender.external_id))
        if person is not None and (arrival.sender.phone or arrival.sender.email):
            told[arrival.account_id].append((person, arrival))
    touched: dict[str, set[str]] = defaultdict(set)
    for account_id, pairs in told.items():
        rules = store.rules_of(connection, account_id)
        heard = _heard(pairs, rules)
        touched[account_id] = keep_claims(connection, account_id, heard)
        _fill(connection, pairs, rules, touched[account_id])
    return touched


def _heard(pairs: Sequence[tuple[Person, Arrival]], rules: LinkingRules) -> list[Claim]:
    heard = []
    for person, arrival in pairs:
        for kind in _KINDS:
            text, word = _told(arrival, kind)
            read = evidence.said(kind, text, word, rules.region, rules.blocked)
            if read is not None:
                heard.append(Claim(person.identity_id, *read, arrival.at, arrival.at))
    return heard


def _told(arrival: Arrival, kind: ClaimKind) -> tuple[str, str]:
    sender = arrival.sender
    if kind == "phone":
        return sender.phone, sender.phone_evidence or sender.evidence
    return sender.email, sender.email_evidence or sender.evidence


def keep_claims(connection: Connection, account_id: str, heard: Sequence[Claim]) -> set[str]:
    """Store claims that are new, or older or younger than known; give whose they are."""
    if not heard:
        return set()
    found = store.claims_of(connection, account_id, {claim.identity_id for claim in heard})
    known = {(c.identity_id, c.kind, c.value, c.level): c for c in found}
    changed = {}
    for claim in heard:
        key = (claim.identity_id, claim.kind, claim.value, claim.level)
        merged = _merged(known.get(key), claim)
        if merged is not None:
            known[key] = changed[key] = merged
    store.save_claims(connection, account_id, list(changed.values()))
    return {claim.identity_id for claim in changed.values()}


def _merged(known: Claim | None, heard: Claim) -> Claim | None:
    """Give the claim with the time it was heard at; None when that adds nothing."""
    if known is None:
        return heard
    if known.first_at <= heard.first_at and heard.last_at - known.last_at < HEARD_STEP_MS:
        return None
    return msgspec.structs.replace(
        known,
        first_at=min(known.first_at, heard.first_at),
        last_at=max(known.last_at, heard.last_at),
    )


def _fill(
    connection: Connection,
    pairs: Sequence[tuple[Person, Arrival]],
    rules: LinkingRules,
    touched: set[str],
) -> None:
    """Show on the contact what it did not have, or had only by a weaker word."""
    for person, arrival in pairs:
        if person.is_new or person.identity_id not in touched:
            continue
        for kind in _KINDS:
            text, word = _told(arrival, kind)
            value = evidence.normal(kind, text, rules.region)
            if value:
                store.fill_contact(
                    connection, person.account_id, person.contact_id, kind, value, word
                )


def _show_news(
    connection: Connection,
    ledger: Ledger,
    people: dict[PersonKey, Person],
    touched: dict[str, set[str]],
    now: int,
) -> None:
    """Tell of known contacts who brought something new: they may be somebody else known, too."""
    news = {
        (person.account_id, person.contact_id)
        for person in people.values()
        if not person.is_new and person.identity_id in touched.get(person.account_id, ())
    }
    for account_id, contact_id in sorted(news):
        announce_by_id(connection, ledger, account_id, contact_id, now)


def _take_platforms_word(
    connection: Connection, account_id: str, pairs: set[tuple[str, str]], now: int
) -> set[str]:
    """Believe a platform that two addresses are one account, unless an operator knows better."""
    ids = {one for pair in pairs for one in pair}
    decided = {
        frozenset({one.one_id, one.other_id})
        for one in store.verdicts_of(connection, account_id, ids)
    }
    said = [
        Verdict(min(pair), max(pair), is_same=True, at=now, by="")
        for pair in sorted(pairs)
        if frozenset(pair) not in decided
    ]
    store.save_verdicts(connection, account_id, said)
    return {one for verdict in said for one in (verdict.one_id, verdict.other_id)}


def _signed_in(connection: Connection, people: dict[PersonKey, Person]) -> dict[str, set[str]]:
    """Give newcomers who signed in where somebody had been anonymous, or the other way round."""
    fresh: dict[str, dict[PersonKey, str]] = defaultdict(dict)
    for key, person in people.items():
        if person.is_new and person.channel in VISITED:
            fresh[person.account_id][key] = person.identity_id
    found = {}
    for account_id, keys in fresh.items():
        logins = store.logins_of(connection, account_id, keys)
        ends = {(one[0], name) for one in logins for name in (one[1], one[2])}
        found[account_id] = {identity_id for key, identity_id in keys.items() if key in ends}
    return found


def log_in(
    connection: Connection, ledger: Ledger, visitor: Arrival, signed: Arrival, follow: Follow
) -> None:
    """Note that somebody signed in where a visitor was; what that visitor wrote becomes theirs.

    Rule 6: at most 30 days back, and never what belongs to another login.
    """
    account_id, now = signed.account_id, signed.at
    names = (visitor.sender.external_id, signed.sender.external_id)
    if not store.save_login(connection, account_id, signed.inbox_id, *names, now):
        return
    keys = [(visitor.inbox_id, name) for name in names]
    known = store.identity_ids_of(connection, account_id, keys)
    if keys[0] not in known:
        return  # they never wrote: their first message finds the login
    meet(connection, ledger, [signed], follow, now)
    circle = circle_of(connection, account_id, [known[keys[0]]])
    regroup(connection, ledger, circle, follow, now)
