"""The post office: an SMTP server that takes letters of businesses, an IMAP server with theirs."""

import asyncio
import contextlib
import logging
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Protocol
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet
from pymap.exceptions import InvalidAuth
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.creds.server import ServerCredentials
from pysasl.identity import ClearIdentity

logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd tells every word of a talk

HOST = "127.0.0.1"
SENT = "Sent"
_LARGEST = 30 * 1024 * 1024


class Residents(Protocol):
    """Who has a mailbox here, and what becomes of the letters they send."""

    def password(self, login: str) -> str:
        """The password of a login; nothing when it may not come in."""
        ...

    def why_not(self, sender: str, recipient: str) -> str:
        """The refusal of a recipient as the server says it, or nothing."""
        ...

    async def take(self, sender: str, content: bytes) -> str:
        """Take a letter; the server's answer. `""` breaks the line without one."""
        ...


class Office:
    """Both servers, on free ports while `open`."""

    def __init__(self, residents: Residents) -> None:
        self._residents = residents
        self._doors: dict[str, set[asyncio.StreamWriter]] = {}
        self._talks: WeakSet[SMTP] = WeakSet()
        self._open: set[asyncio.StreamWriter] = set()
        self._counter: asyncio.Queue[tuple[str, str, bytes]] = asyncio.Queue()
        self.smtp_port = 0
        self.imap_port = 0

    def deliver(self, login: str, folder: str, content: bytes) -> None:
        """Put a letter into a folder of a mailbox."""
        self._counter.put_nowait((login, folder, content))

    def turn_out(self, login: str) -> None:
        """Break the IMAP connections of a mailbox: its password is no longer good."""
        for writer in self._doors.pop(login, set()):
            writer.close()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Serve until the end."""
        loop = asyncio.get_running_loop()
        login = _Doorman(_imap_config(), self._residents, self._doors)
        config = login.config
        server = IMAPServer(login, config)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            login.here.set(writer)
            self._open.add(writer)
            try:
                with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                    await server(reader, writer, SocketInfo.get(writer, None))
            finally:
                self._open.discard(writer)
                writer.close()

        imap = await asyncio.start_server(serve, HOST, 0)
        smtp = await loop.create_server(self._smtp, HOST, 0)
        self.imap_port = imap.sockets[0].getsockname()[1]
        self.smtp_port = smtp.sockets[0].getsockname()[1]
        sorting = asyncio.create_task(self._sort(login))
        try:
            yield
        finally:
            sorting.cancel()
            imap.close()
            smtp.close()
            for writer in list(self._open):
                writer.transport.abort()
            for talk in list(self._talks):
                _hang_up(talk)
            await asyncio.sleep(0)  # the transports close in the next turn of the loop

    async def _sort(self, login: "_Doorman") -> None:
        while True:
            name, folder, content = await self._counter.get()
            mailboxes = await login.mailboxes(name)
            mailbox = await mailboxes.get_mailbox(folder)
            await mailbox.append(AppendMessage(content, None, frozenset()))

    def _smtp(self) -> SMTP:
        talk = SMTP(
            _Counter(self._residents),
            hostname="mail.sandbox.example",
            authenticator=self._authenticate,
            auth_require_tls=False,  # the counter itself asks who is there
            data_size_limit=_LARGEST,
        )
        self._talks.add(talk)
        return talk

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object
    ) -> AuthResult:
        if not isinstance(given, LoginPassword):
            return AuthResult(success=False)
        login, password = given.login.decode(), given.password.decode()
        return AuthResult(
            success=bool(password) and self._residents.password(login) == password,
            handled=False,
            auth_data=login,
        )


class _Counter:
    """What happens to a letter at the SMTP counter; the names are aiosmtpd's."""

    def __init__(self, residents: Residents) -> None:
        self._residents = residents

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        refusal = self._residents.why_not(str(envelope.mail_from), address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        answer = await self._residents.take(str(envelope.mail_from), content)
        if not answer:
            _hang_up(server)
        return answer or "451 4.3.0 broken"


def _hang_up(talk: SMTP) -> None:
    if talk.transport is not None:
        talk.transport.abort()  # type: ignore[attr-defined] # every stream's transport has it


class _Doorman(Login):
    """Lets in whom the residents' list names, and remembers by which door."""

    def __init__(
        self, config: Config, residents: Residents, doors: dict[str, set[asyncio.StreamWriter]]
    ) -> None:
        super().__init__(config)
        self._residents = residents
        self._doors = doors
        self.here: ContextVar[asyncio.StreamWriter | None] = ContextVar("door", default=None)

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        """Compare the password; a stranger learns nothing more than that it is wrong."""
        name = credentials.authcid
        password = self._residents.password(name)
        if not password or not credentials.verify(ClearIdentity(name, password)):
            raise InvalidAuth
        writer = self.here.get()
        if writer is not None:
            self._doors.setdefault(name, set()).add(writer)
        await self.mailboxes(name)
        return Identity(name, self, None, frozenset())

    async def mailboxes(self, name: str) -> MailboxSet:
        """Give the folders of a mailbox, made when they are first asked for."""
        known = self.config.set_cache.get(name)
        if known is not None:
            return known[0]
        folders = MailboxSet()
        self.config.set_cache[name] = (folders, FilterSet())
        self.users_dict[name] = UserMetadata(self.config, name)
        await folders.add_mailbox(SENT)
        return folders


class _Config(Config):
    @property
    def greeting(self) -> bytes:
        """Greet without asking the network for our own name."""
        return b"the sandbox is ready"


def _imap_config() -> Config:
    args = Namespace(passlib_cfg=None, proxy_protocol=None)
    return _Config(
        args,
        host=HOST,
        port=0,
        demo_data=False,
        demo_user="",
        demo_password="",
        tls_enabled=False,
        secure_auth=False,
        reject_dnsbl=False,
        invalid_user_sleep=0.0,
    )
