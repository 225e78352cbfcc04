"""The manifest, and what we write on letters: where one was fetched, and our own Message-IDs."""

import hashlib
import hmac
import re
from importlib.resources import files
from typing import Literal

import msgspec

from otklik.ports.channel import InboxConfig, Manifest
from otklik.ports.errors import ErrorTable

MANIFEST = msgspec.toml.decode(
    files(__package__).joinpath("manifest.toml").read_bytes(), type=Manifest
)
ERRORS = ErrorTable.load(__package__)

_MARK = b"X-Otklik-Fetched: "
_MARKED = re.compile(
    rb"X-Otklik-Fetched: role=(inbox|sent); receiver=([\w.\-]*); mailbox=(\S*)\r\n"
)
_OWN_ID = re.compile(r"otklik\.([0-9a-z]{1,64})\.([0-9a-f]{32})@[^@\s]+")
_RECEIVERS = (  # who writes Authentication-Results behind an IMAP server, November 2026
    ("gmail.com", "mx.google.com"),
    ("googlemail.com", "mx.google.com"),
    ("yandex.ru", "yandex.net"),
    ("yandex.com", "yandex.net"),
    ("mail.ru", "mail.ru"),
    ("office365.com", "protection.outlook.com"),
    ("outlook.com", "protection.outlook.com"),
    ("mail.me.com", "icloud.com"),
    ("fastmail.com", "messagingengine.com"),
)


class Fetched(msgspec.Struct, frozen=True):
    """Where a letter was found: in what arrives or in what our side sent from a mail program."""

    role: str = "inbox"
    receiver: str = ""
    """The server whose Authentication-Results are to be believed; empty: nobody's."""
    mailbox: str = ""


def marked(letter: bytes, role: Literal["inbox", "sent"], config: InboxConfig) -> bytes:
    """Put a line before a fetched letter that says where it was found.

    A letter may hold such a line itself; only the very first one counts, and it is always ours.
    """
    mailbox = re.sub(r"[^\x21-\x7e]", "", config.settings.get("address", "")).lower()
    line = f"role={role}; receiver={receiver_of(config)}; mailbox={mailbox}\r\n"
    return _MARK + line.encode() + letter


def unmarked(body: bytes) -> tuple[Fetched, bytes]:
    """Take the line off again."""
    found = _MARKED.match(body)
    if found is None:
        return Fetched(), body
    role, receiver, mailbox = (value.decode("ascii", "replace") for value in found.groups())
    return Fetched(role, receiver, mailbox), body[found.end() :]


def receiver_of(config: InboxConfig) -> str:
    """Give the server that judges incoming letters of an inbox."""
    told = config.settings.get("receiver", "").strip().lower()
    if told:
        return re.sub(r"[^\w.\-]", "", told, flags=re.ASCII)
    host = config.settings.get("imap_host", "").strip().lower()
    return next((name for end, name in _RECEIVERS if host.endswith(end)), "")


def own_id(message_id: str, config: InboxConfig) -> str:
    """Make the Message-ID of a letter of ours: it names the message, signed."""
    domain = config.settings.get("address", "").rpartition("@")[2].lower() or "localhost"
    return f"otklik.{message_id}.{_signature(message_id, config)}@{ascii_domain(domain)}"


def message_of(external_id: str) -> str:
    """Give the message an own Message-ID names, or nothing."""
    found = _OWN_ID.fullmatch(external_id)
    return found[1] if found else ""


def is_own(external_id: str, config: InboxConfig) -> bool:
    """Tell whether we wrote a Message-ID ourselves."""
    found = _OWN_ID.fullmatch(external_id)
    return found is not None and hmac.compare_digest(found[2], _signature(found[1], config))


def ascii_domain(domain: str) -> str:
    """Write a domain in the letters of DNS; one that cannot be stays as it is."""
    try:
        return domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        return domain


def _signature(message_id: str, config: InboxConfig) -> str:
    secret = config.secrets.get("signing_secret") or config.secrets.get("password", "")
    signed = hmac.new(secret.encode(), f"{config.inbox_id}:{message_id}".encode(), hashlib.sha256)
    return signed.hexdigest()[:32]
