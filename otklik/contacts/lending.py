"""What the contact of several addresses shows: its own words first, then those of the others. Pure.

A contact keeps beside each shown field what it had itself, so that nothing borrowed outlives the
link it came by, and nothing an operator wrote meanwhile is lost.
"""

from collections.abc import Mapping, Sequence

import msgspec

FIELDS = ("name", "locale", "phone", "phone_evidence", "email", "email_evidence", "remark")

Card = Mapping[str, str]
"""The fields of a contact by name."""
Borrowed = dict[str, tuple[str, str]]
"""What a contact had itself, and what it shows instead, by field."""

_borrowed = msgspec.json.Decoder(Borrowed).decode


def own(shown: Card, borrowed: str) -> dict[str, str]:
    """Give what a contact has itself; a field changed since it was lent is its own."""
    lent = _borrowed(borrowed)
    fields = {}
    for name in FIELDS:
        before, after = lent.get(name, (shown[name], shown[name]))
        fields[name] = before if shown[name] == after else shown[name]
    return fields


def lent(first: Card, others: Sequence[Card]) -> tuple[dict[str, str], str]:
    """Give what a contact shows with others standing behind it, and what of that is borrowed."""
    shown = dict(first)
    for name in ("name", "locale"):
        shown[name] = next((card[name] for card in (first, *others) if card[name]), "")
    for name in ("phone", "email"):
        lender = next((card for card in (first, *others) if card[name]), first)
        shown[name], shown[f"{name}_evidence"] = lender[name], lender[f"{name}_evidence"]
    remarks = dict.fromkeys(card["remark"] for card in (first, *others) if card["remark"])
    shown["remark"] = "\n".join(remarks)
    borrowed = {name: (first[name], shown[name]) for name in FIELDS if shown[name] != first[name]}
    return shown, msgspec.json.encode(borrowed).decode()
