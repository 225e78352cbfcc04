"""The state of one Telegram: bots, people, chats and files, all in memory."""

import base64
import hashlib
import time
from collections import deque
from dataclasses import dataclass, field

import msgspec

from sandbox.blobs import Blob
from sandbox.faults import Plan
from sandbox.telegram.limits import Flood
from sandbox.telegram.markup import Markup
from sandbox.telegram.updates import Updates
from sandbox.telegram.wire import Chat, Message, User
from sandbox.world import People
from sandbox.world import Person as Everybody

_JOURNAL = 200_000


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A file as one bot knows it."""

    file_id: str
    kind: str
    blob: Blob
    path: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One call a bot made, as the journal keeps it; `at` in seconds since the epoch."""

    seq: int
    at: float
    method: str
    chat_id: int | None
    message_id: int | None
    text: str | None
    status: int
    fault: str | None


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What the bot answered to a pressed button."""

    query_id: str
    text: str | None
    alert: bool


@dataclass(slots=True)
class Person:
    """Someone with a telephone."""

    user: User
    phone: str
    deactivated: bool = False


@dataclass(slots=True)
class Query:
    """A press of a button that waits for its answer."""

    id: str
    chat_id: int
    at: float
    answered: bool = False


@dataclass(slots=True)
class Thread:
    """A chat of a bot, as both sides see it."""

    chat: Chat
    person: Person | None
    last_id: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: Markup | None = None
    reactions: dict[int, dict[int, list[str]]] = field(default_factory=dict)
    delivered: set[int] = field(default_factory=set)
    started: bool = False
    blocked: bool = False
    migrated_to: int | None = None
    action: str | None = None
    action_until: float = 0.0
    answers: list[Answered] = field(default_factory=list)

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id


@dataclass(slots=True)
class Bot:
    """One bot and everything only it knows."""

    token: str
    user: User
    updates: Updates
    faults: Plan
    threads: dict[int, Thread] = field(default_factory=dict)
    files: dict[str, Stored] = field(default_factory=dict)
    paths: dict[str, Stored] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    commands: list[dict[str, object]] = field(default_factory=list)
    journal: deque[Entry] = field(default_factory=lambda: deque(maxlen=_JOURNAL))
    journal_seq: int = 0
    query_seq: int = 0
    flood: Flood | None = None
    lively: bool = False

    def keep(self, blob: Blob, kind: str) -> Stored:
        """Keep a file and give it the id under which this bot may send it again."""
        own = hashlib.sha1(self.token.encode(), usedforsecurity=False).digest()[:6]
        digest = hashlib.sha1(blob.content + kind.encode(), usedforsecurity=False).digest()
        tail = base64.urlsafe_b64encode(own + digest[:18]).decode()
        file_id = _PREFIX.get(kind, "BQACAgIAAxkB") + tail
        if file_id in self.files:
            return self.files[file_id]
        suffix = blob.name.rsplit(".", 1)[-1] if "." in blob.name else "bin"
        path = f"{_FOLDER.get(kind, 'documents')}/file_{len(self.files)}.{suffix}"
        stored = Stored(file_id=file_id, kind=kind, blob=blob, path=path)
        self.files[file_id] = self.paths[path] = stored
        return stored


_PREFIX = {
    "photo": "AgACAgIAAxkB",
    "voice": "AwACAgIAAxkB",
    "video": "BAACAgIAAxkB",
    "document": "BQACAgIAAxkB",
    "sticker": "CAACAgIAAxkB",
    "audio": "CQACAgIAAxkB",
    "animation": "CgACAgIAAxkB",
    "video_note": "DQACAgIAAxkB",
}
_FOLDER = {
    "photo": "photos",
    "voice": "voice",
    "video": "videos",
    "sticker": "stickers",
    "audio": "music",
    "animation": "animations",
    "video_note": "video_notes",
}


class World:
    """Every bot and every person of the sandbox's Telegram."""

    def __init__(
        self, people: People, *, seed: int = 0, open_to_all: bool = False, first_id: int = 0
    ) -> None:
        self.everybody = people
        self.first_id = first_id
        self.feed = people.feed
        self.open_to_all = open_to_all
        self.seed = seed
        self.bots: dict[str, Bot] = {}
        self.people: dict[int, Person] = {}

    def add_bot(self, token: str, *, name: str, username: str) -> Bot:
        """Create a bot; its id is the number before the colon of its token."""
        bot_id = int(token.partition(":")[0])
        user = User(id=bot_id, is_bot=True, first_name=name, username=username)
        bot = Bot(
            token, user, Updates(first_id=bot_id % 900_000_000 + 1 + self.first_id), Plan(self.seed)
        )
        bot.updates.on_delivered = lambda chat_id, message_id: self._mark_delivered(
            bot, chat_id, message_id
        )
        self.bots[token] = bot
        self.feed.publish("bot", bot_id=bot_id)
        return bot

    def add_person(
        self,
        *,
        first_name: str,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "ru",
        phone: str | None = None,
        person_id: int | None = None,
    ) -> Person:
        """Create a person; the id is the next free one when not given."""
        known = self.everybody.add(
            person_id,
            first_name=first_name,
            last_name=last_name or "",
            username=username or "",
            language=language_code or "",
            phone=phone or "",
        )
        person = self._adopt(known)
        if language_code is None:
            person.user = msgspec.structs.replace(person.user, language_code=None)
        return person

    def person(self, person_id: int) -> Person | None:
        """Somebody with a telephone; who was made for another messenger has Telegram too."""
        found = self.people.get(person_id)
        known = self.everybody.by_id.get(person_id)
        return found or (self._adopt(known) if known else None)

    def _adopt(self, known: Everybody) -> Person:
        user = User(
            id=known.id,
            is_bot=False,
            first_name=known.first_name,
            last_name=known.last_name or None,
            username=known.username or None,
            language_code=known.language,
        )
        person = self.people[known.id] = Person(user, known.phone)
        return person

    def thread(self, bot: Bot, person: Person) -> Thread:
        """The private chat of a person with a bot, opened when there is none yet."""
        found = bot.threads.get(person.user.id)
        if found is None:
            user = person.user
            chat = Chat(
                id=user.id,
                type="private",
                first_name=user.first_name,
                last_name=user.last_name,
                username=user.username,
            )
            found = bot.threads[user.id] = Thread(chat, person, last_id=self.first_id)
            self.feed.publish("person", bot_id=bot.user.id, chat_id=user.id)
        return found

    def show(self, bot: Bot, thread: Thread, message: Message, kind: str = "message") -> None:
        """Let the watchers of a chat see a new or changed message."""
        self.feed.publish(kind, bot_id=bot.user.id, chat_id=thread.chat.id, message=message)

    def _mark_delivered(self, bot: Bot, chat_id: int, message_id: int) -> None:
        thread = bot.threads.get(chat_id)
        if thread is not None:
            thread.delivered.add(message_id)
            self.feed.publish(
                "delivered", bot_id=bot.user.id, chat_id=chat_id, message_id=message_id
            )


def now() -> int:
    """Whole seconds since the epoch, as Telegram dates things."""
    return int(time.time())
