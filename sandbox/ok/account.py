"""A group of Odnoklassniki: its subscriptions, its uploads, and how it names chats and messages."""

import time
from dataclasses import dataclass, field
from zlib import crc32

from sandbox.orders import NewAccount
from sandbox.platform import plain_account
from sandbox.world import Account, Chat, Person, World


@dataclass
class Group(Account):
    """An account with what only Odnoklassniki keeps."""

    subscribed: dict[str, int] = field(default_factory=dict)
    """Addresses of webhooks and since when, in milliseconds."""
    polled: bool = False
    """It was said that events will be polled."""
    uploads: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Places for a file, by key: the kind and the token it will have."""
    stored: dict[str, tuple[str, str, float]] = field(default_factory=dict)
    """By token: the kind, the file and when it may be sent (seconds since the epoch)."""

    @property
    def group_id(self) -> str:
        number = self.id if self.id.isdecimal() else str(crc32(self.id.encode()))
        return f"group:{number}"

    @property
    def processing_s(self) -> float:
        """How long a file is worked on before it may be sent."""
        return float(self.settings.get("processing_s", "0.5"))


def new_account(world: World, ask: NewAccount) -> Group:
    """A group with what the order says and random rest."""
    plain = plain_account(world, ask)
    return Group(
        id=plain.id,
        token=plain.token,
        title=plain.title,
        username=plain.username,
        secrets=plain.secrets,
        settings=plain.settings,
        shared=plain.shared,
        platform_id=plain.platform_id,
    )


def address(account: Account, person: Person) -> str:
    """The id of the chat of a person with a group."""
    return f"chat:C{crc32(account.id.encode()) % 0xFFFF:x}{person.id:08x}"


def message_id(chat: Chat) -> str:
    """A mid: the chat, and the sequence number as hexadecimal digits."""
    number = chat.account.number("seq") & 0xFFFF
    seq = time.time_ns() // 1_000_000 << 16 | number
    return f"mid:{chat.address.removeprefix('chat:')}.{seq:x}"


def seq_of(mid: str) -> int:
    """The sequence number in a mid, above 2**53."""
    return int(mid.rpartition(".")[2], 16)


def user_id(person: Person) -> str:
    """How Odnoklassniki names a person."""
    return f"user:{person.id}"
