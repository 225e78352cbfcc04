"""The one client of mail servers: hands letters over and tries credentials."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP

import aiosmtplib

from otklik.platform.addresses import AddressPolicy
from otklik.platform.http_outcomes import AnswerLost, Failure, NotConnected
from otklik.platform.mail_imap import LoginRefusedError, Mailbox, MailboxError
from otklik.platform.mail_sockets import CONNECT_S, connected, failure_of
from otklik.platform.multipart import OpenFile
from otklik.ports.channel import Answer, FilePart, Letter, MailboxCheck, MailServer

_ANSWER_S = 60.0
_AS_IT_IS = SMTP.clone(refold_source="none")  # long ids must not be coded anew
_KEPT_S = 20.0
_LOST = (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPReadTimeoutError, TimeoutError, OSError)


class MailClient:
    """Performs described errands of mail; failures are values, so that callers must look at them.

    A connection is kept for a few seconds: the next letter of the same mailbox needs no new login.
    """

    def __init__(
        self, policy: AddressPolicy, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._policy = policy
        self._clock_s = clock_s
        self._kept: dict[MailServer, tuple[float, aiosmtplib.SMTP]] = {}

    @property
    def policy(self) -> AddressPolicy:
        """Give which addresses may be connected to."""
        return self._policy

    async def close(self) -> None:
        """Let go of the kept connections."""
        for _, client in self._kept.values():
            client.close()
        self._kept.clear()

    async def perform(
        self, errand: Letter | MailboxCheck, open_file: OpenFile | None = None
    ) -> Answer | Failure:
        """Hand a letter over, or try a mailbox; errors of `open_file` pass through."""
        if isinstance(errand, MailboxCheck):
            return await self._try(errand)
        content = await _whole(errand, open_file)
        client = await self._client(errand.server)
        if not isinstance(client, aiosmtplib.SMTP):
            return client
        try:
            answer = await _handed_over(client, errand, content)
        except asyncio.CancelledError:
            client.close()
            raise
        if isinstance(answer, Answer) and answer.status == 250:
            self._kept[errand.server] = (self._clock_s(), client)
        else:
            client.close()
        return answer

    async def _client(self, server: MailServer) -> aiosmtplib.SMTP | Answer | Failure:
        """Give a connection that has logged in: the kept one when it still answers."""
        at, kept = self._kept.pop(server, (0.0, None))
        if kept is not None and self._clock_s() - at < _KEPT_S:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await kept.rset()
                return kept
        if kept is not None:
            kept.close()
        return await self._logged_in(server)

    async def _logged_in(self, server: MailServer) -> aiosmtplib.SMTP | Answer | Failure:
        try:
            plain = await asyncio.to_thread(connected, self._policy, server, CONNECT_S)
        except OSError as error:
            return failure_of(error)
        plain.setblocking(False)
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=None,
            sock=plain,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            timeout=_ANSWER_S,
            local_hostname="otklik.local",
        )
        try:
            await client.connect()
            await client.ehlo()
            if client.supports_extension("auth"):
                await client.login(server.username, server.password)
        except aiosmtplib.SMTPResponseException as error:
            client.close()
            return _answer(error.code, error.message, "AUTH")
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            client.close()
            plain.close()
            return NotConnected(str(error)[:200] or type(error).__name__)
        except asyncio.CancelledError:
            client.close()
            raise
        return client

    async def _try(self, check: MailboxCheck) -> Answer | Failure:
        mailbox = Mailbox(self._policy, check.incoming)
        try:
            await asyncio.to_thread(mailbox.open)
        except LoginRefusedError as error:
            return _answer(535, f"IMAP: {error}", "AUTH")
        except MailboxError as error:
            return NotConnected(f"IMAP: {error}")
        except OSError as error:
            return failure_of(error)
        finally:
            mailbox.close()
        client = await self._logged_in(check.outgoing)
        if not isinstance(client, aiosmtplib.SMTP):
            return client
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            await client.quit()
        return _answer(250, "", "AUTH")


async def _handed_over(client: aiosmtplib.SMTP, letter: Letter, content: bytes) -> Answer | Failure:
    """Say MAIL, RCPT and DATA. Before DATA a broken line means that nothing was sent."""
    stage = "MAIL"
    try:
        await client.mail(letter.sender)
        stage = "RCPT"
        for recipient in letter.recipients:
            await client.rcpt(recipient)
        stage = "DATA"
        taken = await client.data(content)
    except aiosmtplib.SMTPResponseException as error:
        return _answer(error.code, error.message, stage)
    except _LOST as error:
        reason = str(error)[:200] or type(error).__name__
        return AnswerLost(reason) if stage == "DATA" else NotConnected(reason)
    return _answer(taken.code, taken.message, stage)


def _answer(code: int, words: str, stage: str) -> Answer:
    # Older servers speak Russian in their own charset: the library keeps such bytes as they came.
    return Answer(code, {"stage": stage}, words.encode("utf-8", "surrogateescape"))


async def _whole(letter: Letter, open_file: OpenFile | None) -> bytes:
    """Attach the stored files to a described letter."""
    if not letter.files:
        return letter.content
    if open_file is None:
        raise LookupError("a letter with files needs open_file")
    loaded = []
    for file in letter.files:
        body = await open_file(file.file_id)
        loaded.append((file, b"".join([chunk async for chunk in body.chunks()])))
    return await asyncio.to_thread(_attached, letter.content, loaded)


def _attached(content: bytes, loaded: list[tuple[FilePart, bytes]]) -> bytes:
    message: EmailMessage = BytesParser(EmailMessage, policy=_AS_IT_IS).parsebytes(content)
    for file, stored in loaded:
        main, _, sub = file.mime.partition("/")
        name = file.name.replace("\r", " ").replace("\n", " ")
        message.add_attachment(
            stored, maintype=main or "application", subtype=sub or "octet-stream", filename=name
        )
    return message.as_bytes()
