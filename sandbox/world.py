"""One messenger in memory: its accounts, and their chats with the sandbox's people."""

import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import aiohttp
import msgspec

from sandbox.backlog import Backlog
from sandbox.blobs import Blob
from sandbox.courier import Courier, Parcel, Patience
from sandbox.faults import Plan
from sandbox.feed import Feed
from sandbox.message import Button, File, Keyboard, Kind, Message, Notice, Status
from sandbox.throttle import Throttle

_JOURNAL = 200_000
_ACTION_S = 5.0


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Someone with a telephone; the same person in every messenger."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    phone: str = ""
    email: str = ""
    language: str = "ru"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class People:
    """Everybody who has a telephone."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.by_id: dict[int, Person] = {}
        self._next = 700_000_001

    def add(self, person_id: int | None = None, **facts: str) -> Person:
        """A new person; the id, a phone and an e-mail are invented when not told."""
        while self._next in self.by_id:
            self._next += 1
        number = person_id or self._next
        invented = {
            "phone": f"7999{number % 10_000_000:07d}",
            "email": f"{facts.get('username') or f'guest{number % 10_000_000}'}@mail.example",
        }
        told = {name: value for name, value in facts.items() if value}
        person = msgspec.convert({**invented, **told, "id": number}, Person)
        self.by_id[number] = person
        self.feed.publish("somebody", person=person)
        return person


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One API call of the business, as the journal keeps it; `at` in seconds since the epoch."""

    seq: int
    at: float
    method: str
    status: int
    person: int = 0
    message_id: str = ""
    text: str = ""
    code: str = ""
    """The platform's own error code."""
    fault: str = ""


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """What all messengers of one sandbox have in common."""

    feed: Feed
    people: People
    session: aiohttp.ClientSession
    patience: Patience = Patience()
    seed: int = 0
    first_id: int = 0
    """Numbers grow from here, so that a later run continues an earlier one's."""
    open_to_all: bool = False
    """Any well-formed credential is an account at once."""
    origin: Callable[[], str] = lambda: ""
    """The sandbox's own address, without a slash at the end."""


@dataclass
class Account:
    """A business's account at the messenger: a bot, a community, a page, a number.

    A platform may use a subclass with more fields.
    """

    id: str
    token: str
    title: str
    shared: Shared
    platform_id: str
    username: str = ""
    secrets: dict[str, str] = field(default_factory=dict)
    """By name: app_secret, verify_token, confirmation…"""
    settings: dict[str, str] = field(default_factory=dict)
    revoked: bool = False
    """The token is not accepted any more."""
    chats: dict[str, "Chat"] = field(default_factory=dict)
    """By the person's address at this account."""
    files: dict[str, Blob] = field(default_factory=dict)
    couriers: dict[str, Courier] = field(default_factory=dict)
    journal: deque[Entry] = field(default_factory=lambda: deque(maxlen=_JOURNAL))
    calls: int = 0
    throttle: Throttle | None = None
    lively: bool = False
    faults: Plan = field(init=False)
    events: Backlog = field(init=False)
    _numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.faults = Plan(self.shared.seed)
        self.events = Backlog(self.shared.first_id)

    def number(self, series: str = "", first: int = 1) -> int:
        """The next number of a series of this account."""
        start = first + self.shared.first_id
        self._numbers[series] = self._numbers.get(series, start - 1) + 1
        return self._numbers[series]

    def courier(self, name: str = "") -> Courier:
        """The carrier to one webhook of this account; `open` starts it."""
        found = self.couriers.get(name)
        if found is None:
            shared = self.shared
            found = Courier(shared.session, self.faults, shared.patience, self._delivered)
            self.couriers[name] = found
        return found

    def drop_courier(self, name: str = "") -> bool:
        """Forget a webhook and what waits for it; whether there was one."""
        found = self.couriers.pop(name, None)
        if found is not None:
            found.stop()
        return found is not None

    def push(self, parcel: Parcel) -> None:
        """Give a parcel to every webhook of this account, and to those who poll."""
        self.events.add(parcel.kind, parcel.body)
        for courier in list(self.couriers.values()):
            courier.push(parcel)

    def keep(self, blob: Blob, kind: Kind, file_id: str = "") -> File:
        """Keep the bytes of a file, under an id of the platform's making or a random one."""
        file_id = file_id or secrets.token_urlsafe(15)
        self.files[file_id] = blob
        return File(
            id=file_id,
            kind=kind,
            name=blob.name,
            mime=blob.mime,
            size=len(blob.content),
            width=blob.width,
            height=blob.height,
            duration=blob.duration,
            title=blob.title or "",
            performer=blob.performer or "",
            emoji=blob.emoji or "",
        )

    def publish(self, kind: str, **facts: object) -> None:
        """Let the watchers of the feed know."""
        self.shared.feed.publish(kind, platform=self.platform_id, account=self.id, **facts)

    def _delivered(self, parcel: Parcel) -> None:
        chat = self.chats.get(parcel.chat)
        message = chat.messages.get(parcel.message_id) if chat else None
        if chat is not None and message is not None and message.status == "sent":
            chat.mark(message.id, "delivered")


@dataclass(eq=False)
class Chat:
    """A person's chat with an account, as both sides see it."""

    account: Account
    person: Person
    address: str
    """How this account names the person: a user id, a wa_id, a PSID."""
    messages: dict[str, Message] = field(default_factory=dict)
    keyboard: Keyboard | None = None
    notices: list[Notice] = field(default_factory=list)
    presses: dict[str, Button] = field(default_factory=dict)
    """Presses that wait for their answer, by press id."""
    started: bool = False
    """The business may write: the person has written, started or allowed."""
    blocked: bool = False
    inbound_at: float = 0.0
    """When the person last wrote or pressed, for reply windows; seconds since the epoch."""
    read_up_to: str = ""
    """The last message of the business the person has seen."""
    last_number: int = 0
    facts: dict[str, str] = field(default_factory=dict)
    """The platform's own notes about this chat."""
    _action: str = ""
    _action_until: float = 0.0

    @property
    def action(self) -> str:
        return self._action if self._action_until > time.time() else ""

    def number(self) -> int:
        """The next number in this chat, for platforms that count messages per chat."""
        self.last_number = max(self.last_number, self.account.shared.first_id) + 1
        return self.last_number

    def silence_s(self) -> float:
        """Seconds since the person last wrote."""
        return time.time() - self.inbound_at

    def leave(self, message: Message, keyboard: Keyboard | None = None) -> Message:
        """Put a message of either side into the chat and show it; a keyboard replaces the old."""
        self.messages[message.id] = message
        self.publish("message", message=message)
        if keyboard is not None:
            self.set_keyboard(keyboard if keyboard.rows else None)
        if not message.own:
            self._action_until = 0.0
        return message

    def change(self, message: Message) -> None:
        """Show a message of either side in its new form."""
        self.messages[message.id] = message
        self.publish("edit", message=message)

    def remove(self, message_id: str) -> Message | None:
        """Take a message out of the chat."""
        gone = self.messages.pop(message_id, None)
        if gone is not None:
            self.publish("delete", message_id=message_id)
        return gone

    def mark(self, message_id: str, status: Status) -> None:
        """Set the ticks of one message of either side."""
        message = self.messages.get(message_id)
        if message is not None and message.status != status:
            self.change(msgspec.structs.replace(message, status=status))

    def mark_up_to(self, status: Status, *, own: bool, message_id: str = "") -> None:
        """Set the ticks of all messages of one side, or of all up to one."""
        for message in list(self.messages.values()):
            if message.own is own:
                self.mark(message.id, status)
            if message.id == message_id:
                return

    def set_keyboard(self, keyboard: Keyboard | None) -> None:
        self.keyboard = keyboard
        self.publish("keyboard", keyboard=keyboard)

    def act(self, action: str, seconds: float = _ACTION_S) -> None:
        """The business is typing, recording…; "" ends it."""
        self._action, self._action_until = action, time.time() + seconds if action else 0.0
        self.publish("action", action=action)

    def notice(self, press_id: str, text: str, *, alert: bool = False) -> None:
        """What the business answered to a press."""
        self.presses.pop(press_id, None)
        shown = Notice(press_id=press_id, text=text, alert=alert)
        self.notices.append(shown)
        self.publish("notice", notice=shown)

    def set_blocked(self, *, blocked: bool) -> None:
        self.blocked = blocked
        self.publish("blocked", blocked=blocked)

    def last(self, *, own: bool) -> Message | None:
        """The newest message of one side."""
        return next((m for m in reversed(self.messages.values()) if m.own is own), None)

    def publish(self, kind: str, **facts: object) -> None:
        self.account.publish(kind, person=self.person.id, **facts)


class World:
    """One messenger: its accounts."""

    def __init__(self, shared: Shared, platform_id: str) -> None:
        self.shared = shared
        self.platform_id = platform_id
        self.accounts: dict[str, Account] = {}
        """By id."""

    def add(self, account: Account) -> Account:
        self.accounts[account.id] = account
        account.publish("account")
        return account

    def by_token(self, token: str) -> Account | None:
        """The account whose token this is, revoked or not."""
        return next((a for a in self.accounts.values() if token and a.token == token), None)

    def by_secret(self, values: Mapping[str, str]) -> Account | None:
        """The first account that has all these secrets."""
        return next(
            (a for a in self.accounts.values() if values.items() <= a.secrets.items()), None
        )

    def stop(self) -> None:
        """End every delivery."""
        for account in self.accounts.values():
            for courier in account.couriers.values():
                courier.stop()
            account.events.wake()

    def clear(self) -> None:
        self.stop()
        self.accounts.clear()
