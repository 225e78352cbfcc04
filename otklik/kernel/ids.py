"""Typed identifiers: random, sortable by time, safe in any URL."""

import secrets
import time
from typing import NewType

AccountId = NewType("AccountId", str)
ApiKeyId = NewType("ApiKeyId", str)
AttachmentId = NewType("AttachmentId", str)
ContactId = NewType("ContactId", str)
ConversationId = NewType("ConversationId", str)
DeliveryId = NewType("DeliveryId", str)
EndpointId = NewType("EndpointId", str)
FileId = NewType("FileId", str)
IdentityId = NewType("IdentityId", str)
InboxId = NewType("InboxId", str)
LabelId = NewType("LabelId", str)
MessageId = NewType("MessageId", str)
OperatorId = NewType("OperatorId", str)
TouchpointId = NewType("TouchpointId", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32: no i, l, o, u
_LENGTH = 26
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = range(120, -1, -10)


def new_id() -> str:
    """Give a fresh identifier: 48 bits of Unix milliseconds and 80 random bits as 26 characters.

    Ids made later sort later (to the millisecond), so index pages fill from one side.
    """
    return _written(((time.time_ns() // 1_000_000) << 80) | secrets.randbits(80))


def first_id_at(moment: int) -> str:
    """Give the id before which everything made before a moment (Unix ms) sorts."""
    return _written(max(0, moment) << 80)


def _written(value: int) -> str:
    return "".join([_PAIRS[(value >> shift) & 1023] for shift in _SHIFTS])


def made_at(text: str) -> int:
    """Give the moment an id was made, Unix ms; 0 for what is no id."""
    if not is_id(text):
        return 0
    value = 0
    for letter in text:
        value = value << 5 | _ALPHABET.index(letter)
    return value >> 80


def is_id(text: str) -> bool:
    """Tell whether a text has the shape of an identifier."""
    return len(text) == _LENGTH and all(letter in _ALPHABET for letter in text)


def new_secret() -> str:
    """Give 256 random bits as 43 URL-safe characters: for anything that opens something."""
    return secrets.token_urlsafe(32)
