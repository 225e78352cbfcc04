"""What an address is known to have, by whose word, in a form that can be compared. Pure."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Literal

import msgspec
import phonenumbers

from otklik.kernel.text import storable


class Evidence(StrEnum):
    """How sure a fact about a person is; the letters are the order."""

    OWNED = "A"
    """Proven by the person: a signed login, a number a platform attests, a confirmed code."""
    GIVEN = "B"
    """Told by the platform: the number of a messenger account, the sender of a proven e-mail."""
    CLAIMED = "C"
    """Typed by the person or by an operator."""
    INFERRED = "D"
    """Guessed from likeness. Nothing is ever done with it."""


ClaimKind = Literal["phone", "email"]


class Claim(msgspec.Struct, frozen=True):
    """One address has a phone or an e-mail, in its comparable form.

    `first_at` and `last_at` (Unix ms): when that was heard first and last, at this level.
    """

    identity_id: str
    kind: ClaimKind
    value: str
    level: Evidence
    first_at: int
    last_at: int
    by: str = ""
    """The operator who typed it; empty for anybody else's word."""


LEVELS = {
    "attested": Evidence.OWNED,
    "signed": Evidence.OWNED,
    "given": Evidence.GIVEN,
    "channel": Evidence.GIVEN,
    "claimed": Evidence.CLAIMED,
    "operator": Evidence.CLAIMED,
}
"""The words channels and contacts have for evidence, as levels."""

ANY_COUNTRY = "ZZ"
"""A region for `normal_phone` that lets only numbers with their country pass."""

_LEAST_DIGITS = 10
_EMAIL = re.compile(r"[^@\s<>()\[\],;:\\\"]{1,64}@(?:[^@\s<>.]{1,63}\.)+[^@\s<>.\d]{2,63}")
_EMAIL_LIMIT = 254
_SHARED_BOXES = frozenset(
    [
        "admin",
        "admins",
        "contact",
        "hello",
        "hi",
        "info",
        "inbox",
        "mail",
        "noreply",
        "no-reply",
        "office",
        "order",
        "orders",
        "postmaster",
        "root",
        "sale",
        "sales",
        "shop",
        "support",
        "test",
        "tests",
        "user",
        "webmaster",
        "zakaz",
    ]
)
_ROWS_OF_DIGITS = "01234567890123456789", "98765432109876543210"


def normal_phone(text: str, region: str) -> str:
    """Give a phone number as E.164, or an empty text for what is no full number.

    A number without a country is one of `region` (ISO 3166, two letters).
    """
    digits = "".join(letter for letter in text if letter.isdecimal())
    if len(digits) < _LEAST_DIGITS:
        return ""
    readings = [(text, region)]
    if not text.lstrip().startswith("+"):
        readings.append((f"+{digits}", region))  # messengers write foreign numbers without the plus
    found = [number for number in (_parsed(*one) for one in readings) if number is not None]
    for fits in (phonenumbers.is_valid_number, phonenumbers.is_possible_number):
        for number in found:
            if fits(number):
                written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
                return written if len(written) > _LEAST_DIGITS else ""
    return ""


def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def normal_email(text: str) -> str:
    """Give an e-mail address in lower case, or an empty text for what is none.

    Dots and plus signs stay: whether they mean anything only its provider knows.
    """
    written = text.strip().lower()
    return written if len(written) <= _EMAIL_LIMIT and _EMAIL.fullmatch(written) else ""


def normal(kind: ClaimKind, text: str, region: str) -> str:
    """Give the comparable form of a phone or an e-mail; empty when it has none."""
    text = storable(text)
    return normal_phone(text, region) if kind == "phone" else normal_email(text)


def is_nobodys(kind: ClaimKind, value: str, blocked: Iterable[str]) -> bool:
    """Tell whether a value says nothing about who somebody is.

    Those are made-up numbers, shared mailboxes, and what the account blocked. An entry of
    `blocked` is a normalised value, `name@` for a mailbox at any domain, or `@domain`.
    """
    if value in blocked:
        return True
    if kind == "email":
        name, _, domain = value.partition("@")
        return name in _SHARED_BOXES or bool({f"{name}@", f"@{domain}"}.intersection(blocked))
    return len(set(value[-7:])) == 1 or any(value[-10:] in row for row in _ROWS_OF_DIGITS)


def said(
    kind: ClaimKind, text: str, word: str, region: str, blocked: Sequence[str]
) -> tuple[ClaimKind, str, Evidence] | None:
    """Read what a sender has as a claim; None when nothing can be compared by it."""
    level = LEVELS.get(word)
    value = normal(kind, text, region) if text and level is not None else ""
    if level is None or not value or is_nobodys(kind, value, blocked):
        return None
    return kind, value, level


def is_region(region: str) -> bool:
    """Tell whether two letters name a country that has phone numbers."""
    return region in phonenumbers.SUPPORTED_REGIONS
