"""Invented addresses and what is known of them, for tests of who is one person."""

from collections.abc import Iterable

from otklik.contacts.evidence import Claim, ClaimKind, Evidence
from otklik.contacts.resolve import Address, Known, Login, People, Verdict, resolve

DAY_MS = 86_400_000
A, B, C = Evidence.OWNED, Evidence.GIVEN, Evidence.CLAIMED
PHONE, OTHER_PHONE = "+79161112233", "+79164445566"
EMAIL = "vera@tea.example"


def address(name: str, *, signed: bool = False, created_at: int = 0) -> Address:
    """An address named `inbox:external`; inboxes that start with `site` are of the site chat."""
    inbox_id, _, external_id = name.partition(":")
    channel = "widget" if inbox_id.startswith("site") else inbox_id
    return Address(name, f"home of {name}", inbox_id, channel, external_id, signed, created_at)


def has(
    name: str, value: str, level: Evidence, *, first: int = 0, last: int | None = None
) -> Claim:
    """One address has a phone or an e-mail; days count from the beginning."""
    kind: ClaimKind = "email" if "@" in value else "phone"
    last = first if last is None else last
    return Claim(name, kind, value, level, first * DAY_MS, last * DAY_MS)


def known(
    *claims: Claim,
    others: Iterable[Address] = (),
    logins: Iterable[Login] = (),
    verdicts: Iterable[Verdict] = (),
) -> Known:
    """Everything known; addresses that are only claimed about are ordinary ones."""
    found = {one.identity_id: one for one in others}
    for claim in claims:
        found.setdefault(claim.identity_id, address(claim.identity_id))
    return Known(tuple(found.values()), claims, tuple(logins), tuple(verdicts))


def said(one: str, other: str, *, same: bool) -> Verdict:
    """An operator's word on two addresses."""
    return Verdict(min(one, other), max(one, other), same, at=1, by="operator")


def together(people: People) -> set[frozenset[str]]:
    """Those who are one person; who is alone is left out."""
    return {part for part in people.parts if len(part) > 1}


def doubts(known_now: Known) -> set[tuple[frozenset[str], str]]:
    """Who is proposed, and why nothing was done."""
    hints = resolve(known_now).hints
    return {(frozenset({hint.one_id, hint.other_id}), hint.doubt) for hint in hints}
