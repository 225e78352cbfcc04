"""Decisions about signing in and about who may change whom. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from otklik.accounts.common_passwords import COMMON
from otklik.accounts.types import OperatorPatch, Role, Scope, Session, StoredKey

_MINUTE_MS = 60_000
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f.]+(\.[^@\s\x00-\x1f\x7f.]+)*")
_SHORTEST, _LONGEST = 8, 128
TOUCH_MS = _MINUTE_MS
"""How stale `seen_at` and `last_used_at` may be: one write a minute, not one per request."""
LINK_MS = 30 * _MINUTE_MS

_READ = frozenset(
    {
        Scope.CONVERSATIONS_READ,
        Scope.CONVERSATIONS_WRITE,
        Scope.CONTACTS_READ,
        Scope.CONTACTS_WRITE,
        Scope.INBOXES_READ,
        Scope.OPERATORS_READ,
    }
)
_SCOPES: Mapping[Role, frozenset[Scope]] = {
    Role.OPERATOR: _READ,
    Role.ADMIN: frozenset(Scope),
    Role.OWNER: frozenset(Scope),
}
KEY_SCOPES = frozenset(Scope) - {Scope.ACCOUNT}


class Limit(NamedTuple):
    """At most `tries` in `window_ms`, counted per bucket."""

    tries: int
    window_ms: int


SIGN_IN_PER_ADDRESS = Limit(5, 5 * _MINUTE_MS)
SIGN_IN_PER_EMAIL = Limit(10, 15 * _MINUTE_MS)
LINK_PER_ADDRESS = Limit(5, 30 * _MINUTE_MS)
PASSWORD_PER_OPERATOR = Limit(5, 5 * _MINUTE_MS)


class Terms(NamedTuple):
    """How long a sign-in lives, in milliseconds: unused, and at most."""

    idle_ms: int
    whole_ms: int


class Weakness(StrEnum):
    """Why a password is not taken."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    OWN_EMAIL = "own_email"


class Denial(StrEnum):
    """Why an operator may not be changed in this way."""

    ABOVE_SELF = "above_self"
    LAST_OWNER = "last_owner"


def scopes_of(role: Role) -> frozenset[Scope]:
    """Give what a role may do."""
    return _SCOPES[role]


def key_scopes(key: StoredKey) -> frozenset[Scope]:
    """Give what a key may do now: never more than its maker may."""
    return frozenset(key.view.scopes) & KEY_SCOPES & scopes_of(key.maker_role)


def is_key_valid(key: StoredKey, now: int) -> bool:
    """Tell whether a key still opens anything; keys leave together with their maker."""
    expires = key.view.expires_at
    return key.revoked_at is None and key.maker_active and (expires is None or now < expires)


def is_session_valid(session: Session, now: int, terms: Terms) -> bool:
    """Tell whether a sign-in still holds."""
    return now < session.expires_at and now - session.seen_at < terms.idle_ms


def may_set_password_freely(session: Session, now: int, *, has_password: bool) -> bool:
    """Tell whether the present password need not be repeated: a fresh link proves enough."""
    return not has_password or (session.by_link and now - session.created_at < LINK_MS)


def tidy_email(text: str) -> str | None:
    """Give the one form an e-mail address is stored in, or None when it is none."""
    tidy = unicodedata.normalize("NFC", text).strip().lower()
    return tidy if _EMAIL.fullmatch(tidy) else None


def weakness_of(password: str, email: str) -> Weakness | None:
    """Give the reason not to take a password; its composition is nobody's business."""
    if len(password) < _SHORTEST:
        return Weakness.SHORT
    if len(password) > _LONGEST:
        return Weakness.LONG
    plain = password.casefold()
    if email and plain in {email, email.partition("@")[0]}:
        return Weakness.OWN_EMAIL
    if plain in COMMON or _is_monotonous(plain):
        return Weakness.COMMON
    return None


def _is_monotonous(text: str) -> bool:
    steps = {ord(right) - ord(left) for left, right in pairwise(text)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


def why_not_change(
    actor: Role, target: Role, patch: OperatorPatch, *, is_last_owner: bool
) -> Denial | None:
    """Give the reason an operator may not be changed: nobody lifts above themselves."""
    if actor is not Role.OWNER and Role.OWNER in {target, patch.role}:
        return Denial.ABOVE_SELF
    leaves = patch.active is False or patch.role not in {None, Role.OWNER}
    if target is Role.OWNER and is_last_owner and leaves:
        return Denial.LAST_OWNER
    return None
