"""A bot of MAX: its ids, its subscriptions, its uploads, and how it names chats and messages."""

import time
from dataclasses import dataclass, field
from zlib import crc32

from sandbox.orders import NewAccount
from sandbox.platform import plain_account
from sandbox.world import Account, Chat, Person, World


@dataclass
class Upload:
    """A place for one file: of a film or a sound the token is known beforehand."""

    kind: str
    token: str
    content: bytes = b""


@dataclass
class Bot(Account):
    """An account with what only MAX keeps."""

    subscribed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Addresses of webhooks and the kinds of updates each wants; none: all."""
    since: dict[str, int] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    stored: dict[str, tuple[str, str, float]] = field(default_factory=dict)
    """By token: the kind, the file and when it may be attached (seconds since the epoch)."""
    taken: int = 0
    """The last update that a poll has confirmed."""

    @property
    def user_id(self) -> int:
        return int(self.id) if self.id.isdecimal() else crc32(self.id.encode())

    @property
    def processing_s(self) -> float:
        """How long MAX works on a film before it may be attached."""
        return float(self.settings.get("processing_s", "0.3"))


def new_account(world: World, ask: NewAccount) -> Bot:
    """A bot with what the order says and random rest."""
    plain = plain_account(world, ask)
    return Bot(
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
    """The id of the private chat of a person with a bot."""
    return str(crc32(account.id.encode()) % 90_000 * 10**10 + person.id)


def message_id(chat: Chat) -> str:
    """A mid: the chat and the sequence number, both as 16 hexadecimal digits."""
    number = chat.account.number("seq") & 0xFFFF
    seq = time.time_ns() // 1_000_000 << 16 | number
    return f"mid.{int(chat.address):016x}{seq:016x}"


def seq_of(mid: str) -> int:
    """The sequence number in a mid, above 2**53."""
    return int(mid[-16:], 16)
