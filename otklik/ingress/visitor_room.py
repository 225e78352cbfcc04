"""What the server does for a visitor: proves them, takes what they send, shows their timeline."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection

from otklik.accounts.api import Tickets
from otklik.channels import CHANNELS
from otklik.contacts import api as contacts
from otklik.contacts.types import Person
from otklik.conversations import api as conversations
from otklik.conversations.types import FileRow
from otklik.events import api as events
from otklik.events.api import Journal, Ledger
from otklik.families.visitor import key, wire
from otklik.inboxes.api import InboxRegistry
from otklik.inboxes.types import Inbox, InboxState
from otklik.ingress.append import Appender
from otklik.ingress.visitor_identity import Identities
from otklik.ingress.visitor_limits import VisitorLimits
from otklik.ingress.visitor_origins import is_allowed
from otklik.ingress.visitor_people import addresses_of, arrival_of
from otklik.ingress.visitor_types import (
    Accepted,
    Page,
    Session,
    SessionAsk,
    Visitor,
    VisitorContact,
    VisitorMessage,
    VisitorSend,
    logged_send,
)
from otklik.ingress.visitor_views import Link, visible
from otklik.kernel.clock import Clock
from otklik.kernel.errors import (
    ForbiddenError,
    InvalidError,
    NotFoundError,
    NotSignedInError,
    TooLargeError,
)
from otklik.platform.file_links import FileLinks
from otklik.platform.files import FileStore
from otklik.platform.web import Connection as Caller
from otklik.platform.web import Networks, client_address

CHANNELS_HERE = frozenset(
    name for name, channel in CHANNELS.items() if channel.manifest.transport == "live"
)
"""The channels whose people speak the visitor protocol; each has its address, `/{channel}/v1/`."""

TICKET_PURPOSE = "visitor"

_SESSION_MESSAGES = 50
_PAGE = 200
_ROUNDS = 5
_DAY_MS = 86_400_000
_DAILY_BYTES = 100 * 1_048_576


class SocketPass(msgspec.Struct, frozen=True):
    """What a visitor's socket ticket stands for."""

    inbox_id: str
    visitor: Visitor


_pass = msgspec.json.Decoder(SocketPass).decode


class Guest(msgspec.Struct, frozen=True):
    """A proven visitor in their inbox."""

    inbox: Inbox
    visitor: Visitor

    @property
    def key(self) -> tuple[str, str]:
        """Give the address contacts are found by."""
        return (self.inbox.id, self.visitor.external_id)


@dataclass(frozen=True, slots=True)
class VisitorRoom:
    """Everything the visitor's handlers and sockets work with."""

    registry: InboxRegistry
    appender: Appender
    journal: Journal
    files: FileStore
    links: FileLinks
    tickets: Tickets
    identities: Identities
    limits: VisitorLimits
    clock: Clock
    trusted: Networks
    upload_limit: int
    sandbox: bool = False
    on_accepted: list[Callable[[Guest], None]] = field(default_factory=list)
    """Told who has just become, or is, a contact."""

    def inbox(self, public_key: str, connection: Caller) -> Inbox:
        """Find the inbox an address names, for a site that may show it."""
        inbox = self.registry.by_key(public_key)
        if inbox is None or inbox.channel not in CHANNELS_HERE:
            raise NotFoundError
        if inbox.state is InboxState.PAUSED:
            raise NotFoundError
        headers = connection.headers
        if not is_allowed(inbox, headers.get("origin", ""), headers.get("host", "")):
            raise ForbiddenError(
                "This site may not show this chat. Its owner can add it to the allowed sites.",
                "Этому сайту нельзя показывать чат. Владелец может добавить его в список сайтов.",
            )
        return inbox

    def guest(self, public_key: str, connection: Caller) -> Guest:
        """Prove a request by its bearer token."""
        inbox = self.inbox(public_key, connection)
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise NotSignedInError
        return Guest(inbox, self.identities.recognise(inbox, token.strip()))

    def address(self, connection: Caller) -> str:
        """Give the address limits go by."""
        return client_address(connection.scope, self.trusted)

    def link(self, guest: Guest, contact_id: str) -> Link:
        """Give the maker of file addresses for one contact's eyes."""
        reader = f"visitor:{guest.inbox.id}:{contact_id}"
        address = f"/{guest.inbox.channel}/v1/{guest.inbox.public_key}"
        now = self.clock.now_ms()

        def link(file_id: str) -> str:
            path = self.links.link(file_id, reader, now)
            return f"{address}{path}&for={contact_id}"

        return link

    # --- sessions ----------------------------------------------------------------------------

    async def session(self, inbox: Inbox, ask: SessionAsk, address: str) -> Session:
        """Let a visitor in: known by token, proven by their site, or new."""
        self.limits.sessions.take(address)
        if ask.identity:
            token, visitor = self.identities.prove(inbox, ask.identity, ask.locale)
            await self._sign_in(Guest(inbox, visitor), ask.token)
        elif ask.token:
            token = ask.token
            visitor = self.identities.recognise(inbox, token, ask.locale)
            if await self._has_signed_in(Guest(inbox, visitor)):
                token, visitor = self.identities.stranger(ask.locale)
        else:
            token, visitor = self.identities.stranger(ask.locale)
        guest = Guest(inbox, visitor)
        opened = await self.journal.database.read(lambda c: self._opened(c, guest))
        subject = msgspec.json.encode(SocketPass(inbox.id, visitor)).decode()
        socket_pass = self.tickets.issue(TICKET_PURPOSE, subject)
        return msgspec.structs.replace(opened, token=token, socket_pass=socket_pass)

    async def _sign_in(self, guest: Guest, token: str) -> None:
        """Let what this browser wrote as a stranger be theirs, when it brings such a token."""
        try:
            before = Guest(guest.inbox, self.identities.recognise(guest.inbox, token))
        except NotSignedInError:
            return
        if before.visitor.evidence == "signed":
            return
        now = self.clock.now_ms()
        arrivals = [arrival_of(one.inbox, one.visitor, now) for one in (before, guest)]
        await self.journal.write(
            [guest.inbox.account_id],
            lambda connection, ledger: contacts.log_in(
                connection, ledger, arrivals[0], arrivals[1], conversations.follow
            ),
        )

    async def _has_signed_in(self, guest: Guest) -> bool:
        """Tell whether somebody signed in where this stranger was: who comes now may be another."""
        if guest.visitor.evidence == "signed":
            return False
        return await self.journal.database.read(
            lambda c: bool(contacts.logins_of(c, guest.inbox.account_id, [guest.key]))
        )

    def redeem(self, inbox: Inbox, socket_pass: str) -> Guest | None:
        """Tell whose socket a ticket opens; None for anything but a good ticket."""
        subject = self.tickets.redeem(TICKET_PURPOSE, socket_pass)
        if subject is None:
            return None
        found = _pass(subject.encode())
        return Guest(inbox, found.visitor) if found.inbox_id == inbox.id else None

    def _opened(self, connection: Connection, guest: Guest) -> Session:
        account_id = guest.inbox.account_id
        seq = events.last_seq(connection, account_id)  # before the messages: nothing falls between
        person = self.person(connection, guest)
        if person is None:
            return Session("", "", [], False, seq, VisitorContact(guest.visitor.name), 0, 0)
        page = self._page(connection, guest, person, None, _SESSION_MESSAGES)
        latest = conversations.latest_of_contact(connection, account_id, person.contact_id)
        return Session(
            token="",
            socket_pass="",
            messages=page.messages,
            more=page.more,
            seq=seq,
            contact=VisitorContact(person.name),
            read_by_operator_seq=latest.operator_read_seq if latest else 0,
            read_by_contact_seq=latest.contact_read_seq if latest else 0,
        )

    def person(self, connection: Connection, guest: Guest) -> Person | None:
        """Find the contact a visitor already is."""
        found = contacts.find_people(connection, [guest.inbox.account_id], [guest.key])
        return found.get(guest.key)

    # --- reading -----------------------------------------------------------------------------

    async def page(self, guest: Guest, before: int | None, limit: int) -> Page:
        """Show earlier messages."""

        def read(connection: Connection) -> Page:
            person = self.person(connection, guest)
            if person is None:
                return Page([], more=False)
            return self._page(connection, guest, person, before, limit)

        return await self.journal.database.read(read)

    def _page(
        self, connection: Connection, guest: Guest, person: Person, before: int | None, limit: int
    ) -> Page:
        """Gather messages of this chat; what was said elsewhere is passed over."""
        link = self.link(guest, person.contact_id)
        mine = addresses_of(connection, guest.inbox, guest.visitor, person)
        found: list[VisitorMessage] = []
        more = True
        for _ in range(_ROUNDS):
            part = conversations.timeline_of_contact(
                connection, guest.inbox.account_id, person.contact_id, before, _PAGE
            )
            found = visible(part.items, mine, link) + found
            more = part.more
            if not more or len(found) > limit:
                break
            before = part.items[0].seq
        return Page(found[-limit:], more=more or len(found) > limit)

    async def file(self, inbox: Inbox, file_id: str, query: tuple[str, str, str]) -> FileRow:
        """Find a file by a signed address; `query` is expires, sig and for whom."""
        expires, sig, contact_id = query
        reader = f"visitor:{inbox.id}:{contact_id}"
        if not self.links.opens(file_id, reader, expires, sig, self.clock.now_ms()):
            raise NotFoundError(
                "This address has expired. Reload the conversation.",
                "Срок этой ссылки истёк. Обновите переписку.",
            )
        return await self.journal.database.read(
            lambda c: conversations.find(c, inbox.account_id, file_id)
        )

    # --- writing -----------------------------------------------------------------------------

    async def accept(self, guest: Guest, send: VisitorSend, address: str) -> Accepted:
        """Take one message; durable when this returns. A repetition is taken again, harmlessly."""
        self.limits.messages.take(f"{guest.inbox.id}:{guest.visitor.external_id}")
        self.limits.address_messages.take(address)
        _check(send)
        files = await self.journal.database.read(lambda c: self._checked(c, guest, send))
        visitor = guest.visitor
        body = msgspec.json.encode(
            wire.Body(
                visitor=visitor.external_id,
                send=logged_send(send),
                received_at=self.clock.now_ms(),
                evidence=visitor.evidence,
                name=visitor.name,
                email=visitor.email,
                phone=visitor.phone,
                locale=visitor.locale,
                files=tuple(_described(row) for row in files),
            )
        )
        await self.appender.append(guest.inbox, body, key(visitor.external_id, send.client_id))
        for listener in self.on_accepted:
            listener(guest)
        return Accepted(send.client_id)

    def _refuse_foreign_answer(
        self, connection: Connection, guest: Guest, send: VisitorSend
    ) -> None:
        """Refuse an answer to a message that is not of this visitor's chat."""
        if not send.reply_to_id:
            return
        person = self.person(connection, guest)
        found = conversations.messages_by_id(connection, guest.inbox.account_id, [send.reply_to_id])
        if person is None or not any(one.contact_id == person.contact_id for one in found):
            raise InvalidError(
                "There is no such message to answer.",
                "Сообщения, на которое вы отвечаете, нет.",
                field="reply_to_id",
            )

    def _checked(self, connection: Connection, guest: Guest, send: VisitorSend) -> list[FileRow]:
        """Find the visitor's own files; somebody else's are as good as absent."""
        account_id = guest.inbox.account_id
        self._refuse_foreign_answer(connection, guest, send)
        rows = [conversations.find(connection, account_id, one) for one in send.file_ids]
        if any(row.contact_id != guest.visitor.external_id for row in rows):
            raise NotFoundError
        return rows

    async def upload(
        self, guest: Guest, chunks: AsyncIterator[bytes], name: str, declared: str, size: int
    ) -> FileRow:
        """Store a file the visitor may send afterwards."""
        account_id, owner = guest.inbox.account_id, guest.visitor.external_id
        since = self.clock.now_ms() - _DAY_MS
        used = await self.journal.database.read(
            lambda c: conversations.uploaded_since(c, account_id, owner, since)
        )
        if used + size > _DAILY_BYTES:
            raise TooLargeError(
                "You have sent many files today. Come back tomorrow, or write to us.",
                "Сегодня вы прислали уже много файлов. Продолжите завтра или напишите нам.",
            )
        return await conversations.take_in(
            self.files,
            self.journal,
            self.clock,
            chunks,
            conversations.Upload(
                account_id=account_id,
                contact_id=owner,
                name=name,
                declared=declared,
                limit=self.upload_limit,
            ),
        )

    async def seen(self, guest: Guest, person: Person, seq: int) -> None:
        """Note how far the visitor has read."""
        account_id, now = guest.inbox.account_id, self.clock.now_ms()

        def work(connection: Connection, ledger: Ledger) -> None:
            conversations.seen_by_contact(
                connection, ledger, account_id, person.identity_id, seq, now
            )

        await self.journal.write([account_id], work)


def _check(send: VisitorSend) -> None:
    """Refuse a message that says nothing, naming what is missing."""
    missing = {
        "text": ("text", not send.text.strip()),
        "file": ("file_ids", not send.file_ids),
        "sticker": ("file_ids", len(send.file_ids) != 1),
        "location": ("location", send.location is None),
        "press": ("press", send.press is None),
    }
    name, is_missing = missing[send.kind]
    if is_missing:
        raise InvalidError(
            f"A message of the kind {send.kind} needs “{name}”.",
            f"Сообщению вида {send.kind} нужно поле «{name}».",
            field=name,
        )


def _described(row: FileRow) -> wire.File:
    return wire.File(
        file_id=row.id,
        kind=row.kind,
        name=row.name,
        mime=row.mime,
        size=row.size,
        width=row.width,
        height=row.height,
    )
