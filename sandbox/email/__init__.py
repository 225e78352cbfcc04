"""E-mail in the sandbox: a post office with a mailbox for every business and a letter for all."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email.utils import make_msgid
from weakref import WeakKeyDictionary

import msgspec

from sandbox import blobs
from sandbox.courier import Parcel
from sandbox.email.letters import Received, echoed, read, returned, written
from sandbox.email.office import HOST, SENT, Office
from sandbox.faults import CallRule
from sandbox.happenings import Echoed, Failed, Happening, Said
from sandbox.message import File, Kind, Message
from sandbox.orders import ActError, Ask, NewAccount
from sandbox.platform import Call, Platform, chat_of
from sandbox.world import Account, Chat, Entry, Person, World

_LOOK_S = 0.1
_KINDS: dict[str, Kind] = {"image": "picture", "video": "video", "audio": "audio"}
_OFFICES: "WeakKeyDictionary[World, Office]" = WeakKeyDictionary()


@dataclass
class Mailbox(Account):
    """A business's mailbox; what is told to the business is a letter in one of its folders."""

    office: Office | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return self.settings["address"]

    def push(self, parcel: Parcel) -> None:
        """Put a letter into the folder it belongs to."""
        if self.office is None:
            return
        self.events.add(parcel.kind, parcel.body)
        folder = SENT if parcel.kind == "sent" else "INBOX"
        self.office.deliver(self.address, folder, parcel.body)
        self._delivered(parcel)


@dataclass(frozen=True, slots=True)
class _Residents:
    """The mailboxes of a world, as the servers see them."""

    world: World

    def of(self, address: str) -> Mailbox | None:
        found = (one for one in self.world.accounts.values() if isinstance(one, Mailbox))
        return next((one for one in found if one.address == address), None)

    def password(self, login: str) -> str:
        mailbox = self.of(login)
        return "" if mailbox is None or mailbox.revoked else mailbox.token

    def why_not(self, sender: str, recipient: str) -> str:
        mailbox = self.of(sender)
        person = self._person(recipient)
        if mailbox is None:
            return "553 5.7.1 sender address rejected: not owned by user"
        if person is None:
            return f"550 5.1.1 <{recipient}>: user unknown"
        if chat_of(PLATFORM, mailbox, person).blocked:
            return "550 5.7.1 refused due to recipient preferences"
        return ""

    async def take(self, sender: str, content: bytes) -> str:
        """Take a letter for one person, with whatever fault was ordered."""
        mailbox = self.of(sender)
        if mailbox is None:
            return "553 5.7.1 sender address rejected"
        rule = mailbox.faults.draw("letter")
        answer = "" if rule is None else await _struck(rule)
        letter = read(content)
        person = self._person(letter.to)
        if not answer and person is not None and (rule is None or rule.kind != "reset_before"):
            _show(chat_of(PLATFORM, mailbox, person), letter, content)
        mailbox.calls += 1
        mailbox.journal.append(
            Entry(
                seq=mailbox.calls,
                at=time.time(),
                method="letter",
                status=int(answer[:3]) if answer else 250,
                person=person.id if person else 0,
                message_id=letter.message_id,
                text=letter.text,
                fault=rule.kind if rule else "",
            )
        )
        if rule is not None and rule.kind.startswith(("reset", "hang")):
            return ""
        return answer or "250 2.0.0 taken"

    def _person(self, address: str) -> Person | None:
        people = self.world.shared.people.by_id.values()
        return next((one for one in people if one.email.lower() == address.lower()), None)


async def _struck(rule: CallRule) -> str:
    if rule.kind == "slow":
        await asyncio.sleep(rule.delay_s or 1.0)
        return ""
    if rule.kind == "too_many":
        return "450 4.7.1 You are sending too fast, try again later"
    if rule.kind in {"server_error", "html"}:
        return "550 5.7.1 Message rejected as spam" if rule.status == 550 else "451 4.3.0 Try later"
    return ""


def _show(chat: Chat, letter: Received, content: bytes) -> None:
    """Lay a letter of the business before the person; a copy goes to the sent ones."""
    mailbox = chat.account
    assert isinstance(mailbox, Mailbox)
    files: list[File] = []
    for name, mime, stored in letter.files:
        kind = _KINDS.get(mime.partition("/")[0], "file")
        files.append(mailbox.keep(blobs.blob(stored, name, mime, 0), kind))
    chat.leave(
        Message(
            id=letter.message_id,
            own=False,
            at=time.time(),
            kind=files[0].kind if files and not letter.text else "text",
            title=letter.subject,
            text=letter.text,
            html=letter.html,
            address=mailbox.address,
            files=tuple(files),
            reply_to=letter.answers if letter.answers in chat.messages else "",
            details={"auto": "yes"} if letter.is_automatic else {},
        )
    )
    if mailbox.office is not None:
        mailbox.office.deliver(mailbox.address, SENT, content)
    if chat.facts.get("away"):
        # A careless answering machine: it answers everything, programs too.
        _write(chat, Ask(text=chat.facts["away"], title="Автоответ: нет на месте"), auto=True)


def _write(chat: Chat, ask: Ask, *, auto: bool = False) -> Message:
    """Write a letter of the person."""
    if not ask.text.strip() and not ask.content:
        raise ActError("A letter must not be empty.")
    chat.inbound_at = time.time()
    chat.started = True
    message = Message(
        id=_message_id(chat),
        own=True,
        at=time.time(),
        title=ask.title,
        text=ask.text,
        html=ask.details.get("html", ""),
        address=str(chat.account.settings["address"]),
        reply_to=ask.reply_to,
        status="sent",
        details={"auto": "yes"} if auto else {},
    )
    chat.leave(message)
    for parcel in _tell(chat, Said(message)):
        chat.account.push(msgspec.structs.replace(parcel, chat=chat.address, message_id=message.id))
    return chat.messages[message.id]


def _text(chat: Chat, ask: Ask) -> object:
    return _write(chat, ask)


def _away(chat: Chat, ask: Ask) -> object:
    """Switch the person's answering machine on, or off with an empty text."""
    chat.facts["away"] = ask.text
    return {"away": ask.text}


def _tell(chat: Chat, happening: Happening) -> Iterator[Parcel]:
    mailbox = chat.account
    assert isinstance(mailbox, Mailbox)
    match happening:
        case Said(message):
            yield Parcel(body=written(chat, message, mailbox.address), kind="letter")
        case Echoed(message):
            body = echoed(chat, message, mailbox.address, mailbox.title)
            yield Parcel(body=body, kind="sent")
        case Failed(message, code):
            yield Parcel(body=returned(chat, message, mailbox.address, code), kind="letter")
        case _:
            return


def _new_mailbox(world: World, ask: NewAccount) -> Mailbox:
    office = _OFFICES.get(world)
    number = 1 + len(world.accounts)
    address = ask.settings.get("address") or ask.id or f"shop{number}@lavka.example"
    ports = (office.imap_port, office.smtp_port) if office else (143, 25)
    settings = {
        "address": address,
        "imap_host": HOST,
        "imap_port": str(ports[0]),
        "imap_security": "none",
        "smtp_host": HOST,
        "smtp_port": str(ports[1]),
        "smtp_security": "none",
    }
    token = ask.token or secrets.token_urlsafe(12)
    return Mailbox(
        id=address,
        token=token,
        title=ask.title,
        username=ask.username or address,
        secrets={"password": token, **ask.secrets},
        settings={**settings, **ask.settings},
        shared=world.shared,
        platform_id=world.platform_id,
        office=office,
    )


@asynccontextmanager
async def _alongside(world: World) -> AsyncIterator[None]:
    """Keep the post office open, and turn out whose password was revoked."""
    office = _OFFICES[world] = Office(_Residents(world))
    async with office.open():
        watching = asyncio.create_task(_turn_out(world, office))
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching


async def _turn_out(world: World, office: Office) -> None:
    while True:
        for mailbox in list(world.accounts.values()):
            if mailbox.revoked:
                office.turn_out(mailbox.settings["address"])
        await asyncio.sleep(_LOOK_S)


def _address(_account: Account, person: Person) -> str:
    return person.email.lower()


def _message_id(chat: Chat) -> str:
    return make_msgid(domain=chat.address.rpartition("@")[2]).strip("<>")


def _nobody(_call: Call) -> Account | None:
    return None  # mail has no HTTP half


PLATFORM = Platform(
    id="email",
    title="E-mail",
    routes=(),
    find=_nobody,
    tell=_tell,
    titled=True,
    acts=("picture", "video", "audio", "file", "album", "block", "unblock", "echo", "fail"),
    own_acts={"text": _text, "away": _away},
    new_account=_new_mailbox,
    address=_address,
    message_id=_message_id,
    longest_text=1_000_000,
    reactions=(),
    alongside=_alongside,
)
