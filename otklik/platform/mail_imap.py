"""One mailbox over IMAP: blocking calls for a thread, and a wait for news that blocks nobody."""

import asyncio
import contextlib
import imaplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import imapclient
from imapclient.exceptions import IMAPClientError, LoginError

from otklik.platform.addresses import AddressPolicy
from otklik.platform.mail_sockets import CONNECT_S, connected, secured
from otklik.ports.channel import MailServer

READ_S = 60.0
_SENT_NAMES = ("Sent", "Отправленные", "Sent Items", "Sent Messages", "[Gmail]/Sent Mail")


class MailboxError(Exception):
    """The server said something unexpected, or nothing: the connection is of no more use."""


class LoginRefusedError(Exception):
    """The server does not accept the login or the password."""


class Place(NamedTuple):
    """A folder as selected: `uid_next` is the number the next letter will have."""

    uid_validity: int
    uid_next: int


class _Connection(imaplib.IMAP4):
    """An IMAP connection over a socket that passed the guard."""

    def __init__(self, policy: AddressPolicy, server: MailServer) -> None:
        self._policy = policy
        self._server = server
        super().__init__(server.host, server.port, CONNECT_S)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return secured(connected(self._policy, self._server, timeout or CONNECT_S), self._server)


class _Client(imapclient.IMAPClient):  # type: ignore[misc] # the library carries no types
    """The library's client over our connection."""

    def __init__(self, policy: AddressPolicy, server: MailServer) -> None:
        self._policy = policy
        self._server = server
        timeout = imapclient.SocketTimeout(CONNECT_S, READ_S)
        super().__init__(server.host, server.port, ssl=server.security == "tls", timeout=timeout)

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - the library's name
        return _Connection(self._policy, self._server)


class Mailbox:
    """A logged-in mailbox. All methods but `wait` and `close` block: call them in a thread.

    They raise `MailboxError` when the connection is lost or the server refuses.
    """

    def __init__(self, policy: AddressPolicy, server: MailServer) -> None:
        self._policy = policy
        self._server = server
        self._client: _Client | None = None
        self._is_closed = False
        self._has_heard = False
        self.can_wait = False
        """Whether the server reports news by itself (IDLE); known once open."""

    def open(self) -> None:
        """Connect and log in; raises `LoginRefusedError`, and `OSError` when nothing answers."""
        try:
            client = self._client = _Client(self._policy, self._server)
            if self._is_closed:  # whoever asked has stopped waiting
                self.close()
                raise MailboxError("closed meanwhile")
            if self._server.security == "starttls":
                client.starttls(ssl.create_default_context())
            client.login(self._server.username, self._server.password)
            self.can_wait = bool(client.has_capability("IDLE"))
        except LoginError as error:
            if isinstance(error.__context__, imaplib.IMAP4.abort):
                raise MailboxError(_words(error)) from None  # the line broke while asking
            raise LoginRefusedError(_words(error)) from None
        except (IMAPClientError, imaplib.IMAP4.error) as error:
            raise MailboxError(_words(error)) from None

    def close(self) -> None:
        """End the connection, whatever state it is in; one still being opened ends by itself."""
        self._is_closed = True
        client, self._client = self._client, None
        if client is None:
            return
        wire = client.socket()
        with contextlib.suppress(OSError):
            wire.shutdown(socket.SHUT_RDWR)  # ends a read that another thread may be in
        with contextlib.suppress(IMAPClientError, imaplib.IMAP4.error, OSError):
            client.shutdown()
        wire.close()

    def sent_folder(self, told: str) -> str:
        """Find the folder of sent letters; empty when there is none."""
        with _translated():
            listed = self._ready.list_folders()
        names = {str(name): {bytes(flag).lower() for flag in flags} for flags, _, name in listed}
        if told:
            return told if told in names else ""
        marked = next((name for name, flags in names.items() if b"\\sent" in flags), "")
        return marked or next((name for name in _SENT_NAMES if name in names), "")

    def select(self, folder: str) -> Place:
        """Open a folder for reading."""
        with _translated():
            told = self._ready.select_folder(folder, readonly=True)
        validity, following = told.get(b"UIDVALIDITY", 0), told.get(b"UIDNEXT", 0)
        if not following:
            with _translated():
                following = max(self._ready.search("ALL"), default=0) + 1
        return Place(int(validity), int(following))

    def after(self, uid: int) -> Sequence[int]:
        """Give the numbers of letters that came after one, in order."""
        with _translated():
            found = self._ready.search(["UID", f"{uid + 1}:*"])
        return sorted(one for one in found if one > uid)  # `*` is the last one, however old

    def since(self, day: date) -> Sequence[int]:
        """Give the numbers of letters that arrived since a day, in order."""
        with _translated():
            return sorted(self._ready.search(["SINCE", day]))

    def fetch(self, uid: int, most: int) -> bytes | None:
        """Give a letter without marking it as read; its beginning when it is over `most` bytes."""
        with _translated():
            sizes = self._ready.fetch([uid], ["RFC822.SIZE"])
            size = int(sizes.get(uid, {}).get(b"RFC822.SIZE", 0))
            part = "BODY.PEEK[]" if size <= most else f"BODY.PEEK[]<0.{most // 8}>"
            found = self._ready.fetch([uid], [part]).get(uid, {})
        for name, value in found.items():
            if name.startswith(b"BODY[]") and value:
                return bytes(value)
        return None  # taken away meanwhile

    def begin_wait(self) -> None:
        """Ask the server to report news."""
        with _translated():
            self._ready.idle()
            self._has_heard = _buffered(self._ready)

    def end_wait(self) -> None:
        """Stop the reports; the connection can be asked again."""
        with _translated():
            self._ready.idle_done()

    async def wait(self, most_s: float) -> None:
        """Wait until the server says anything, at most so long; between begin and end."""
        loop, news = asyncio.get_running_loop(), asyncio.Event()
        wire = self._ready.socket()
        if self._has_heard or (isinstance(wire, ssl.SSLSocket) and wire.pending()):
            return
        loop.add_reader(wire.fileno(), news.set)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(most_s):  # `wait_for` of 3.11 may swallow a cancel
                    await news.wait()
        finally:
            loop.remove_reader(wire.fileno())

    @property
    def _ready(self) -> _Client:
        if self._client is None:
            raise MailboxError("not connected")
        return self._client


def _buffered(client: _Client) -> bool:
    """Tell whether news came in one piece with the answer before: no wait would wake for it."""
    wire, lines = client.socket(), client._imap.file  # noqa: SLF001 - the library has no other way
    wire.setblocking(False)
    try:
        return bool(lines.peek(1))
    except OSError:  # nothing there, as TLS says it
        return False
    finally:
        wire.settimeout(READ_S)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (IMAPClientError, imaplib.IMAP4.error, OSError, ValueError) as error:
        raise MailboxError(_words(error)) from None


def _words(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)
    return text[:200] or type(error).__name__
