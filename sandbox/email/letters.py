"""Letters of the sandbox: written for people, read for telephones, returned by servers."""

import re
import time
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime, make_msgid

import msgspec

from sandbox.message import Message
from sandbox.world import Chat

_REPLY = re.compile(r"^(?:re|ответ|отв)\s*:\s*", re.IGNORECASE)
_FAILURES = {
    "": ("5.1.1", "550 5.1.1 User unknown"),
    "userunknown": ("5.1.1", "550 5.1.1 User unknown"),
    "mailboxfull": ("5.2.2", "552 5.2.2 Mailbox is full"),
    "spamdetected": ("5.7.1", "554 5.7.1 Message rejected as spam"),
}


class Received(msgspec.Struct, frozen=True):
    """A letter of the business as a telephone shows it."""

    message_id: str
    to: str
    subject: str
    text: str
    html: str
    answers: str
    is_automatic: bool
    files: tuple[tuple[str, str, bytes], ...]
    """Name, type, bytes."""


def written(chat: Chat, message: Message, to: str) -> bytes:
    """A letter of the person, an answer to the last one of the business."""
    letter = _started(chat.person.name, chat.address, to)
    letter["Subject"] = message.title or _subject(chat)
    if message.details.get("auto"):
        letter["Auto-Submitted"] = "auto-replied"
    letter.set_content(f"{message.text}{_quoted(chat, message)}\n", charset="utf-8", cte="8bit")
    if message.html:
        letter.add_alternative(message.html, subtype="html", charset="utf-8")
    for file in message.files:
        main, _, sub = file.mime.partition("/")
        content = chat.account.files[file.id].content
        letter.add_attachment(content, maintype=main, subtype=sub, filename=file.name)
    return _thread(chat, message) + letter.as_bytes()


def echoed(chat: Chat, message: Message, by: str, name: str) -> bytes:
    """A letter that somebody of the business wrote in a mail program."""
    letter = _started(name, by, chat.address)
    letter["Subject"] = message.title or _subject(chat)
    letter.set_content(f"{message.text}\n", charset="utf-8", cte="8bit")
    return f"Message-ID: <{message.id}>\r\n".encode() + letter.as_bytes()


def returned(chat: Chat, message: Message, to: str, code: str) -> bytes:
    """What a mail server writes when it could not deliver a letter of the business."""
    status, said = _FAILURES.get(code, _FAILURES[""])
    host = to.rpartition("@")[2]
    edge = f"returned-{int(time.time() * 1000)}"
    words = f"<{chat.address}>: host mx.{host} said: {said} (in reply to RCPT TO command)"
    lines = [
        f"From: MAILER-DAEMON@{host} (Mail Delivery System)",
        f"To: {to}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(datetime.now(UTC))}",
        f"Message-ID: {make_msgid(domain=host)}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{edge}"',
        "",
        *(f"--{edge}", "Content-Type: text/plain; charset=us-ascii", "", words, ""),
        *(f"--{edge}", "Content-Type: message/delivery-status", ""),
        *(f"Reporting-MTA: dns; {host}", "", f"Final-Recipient: rfc822; {chat.address}"),
        *("Action: failed", f"Status: {status}", f"Diagnostic-Code: smtp; {said}", ""),
        *(f"--{edge}", "Content-Type: text/rfc822-headers", ""),
        *(f"Message-ID: <{message.id}>", f"To: {chat.address}", "", f"--{edge}--", ""),
    ]
    return "\r\n".join(lines).encode()


def read(content: bytes) -> Received:
    """Read a letter of the business."""
    letter = message_from_bytes(content, policy=default)
    assert isinstance(letter, EmailMessage)
    plain, page = letter.get_body(("plain",)), letter.get_body(("html",))
    files = []
    for part in letter.iter_attachments():
        stored = part.get_payload(decode=True)
        if isinstance(stored, bytes):
            files.append((part.get_filename() or "file", part.get_content_type(), stored))
    return Received(
        message_id=str(letter["Message-ID"] or make_msgid()).strip("<> "),
        to=str(letter["To"] or "").strip(),
        subject=str(letter["Subject"] or ""),
        text=str(plain.get_content()).rstrip() if plain is not None else "",
        html=str(page.get_content()) if page is not None else "",
        answers=str(letter["In-Reply-To"] or "").strip("<> "),
        is_automatic=str(letter["Auto-Submitted"] or "no") != "no",
        files=tuple(files),
    )


def _started(name: str, address: str, to: str) -> EmailMessage:
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(name, addr_spec=address)
    letter["To"] = to
    letter["Date"] = format_datetime(datetime.now(UTC))
    return letter


def _thread(chat: Chat, message: Message) -> bytes:
    """The headers that name letters, written by hand: the library codes long ids."""
    answered = message.reply_to or _last(chat)
    lines = [f"Message-ID: <{message.id}>"]
    if answered:
        lines += [f"In-Reply-To: <{answered}>", f"References: <{answered}>"]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _last(chat: Chat) -> str:
    found = chat.last(own=False)
    return found.id if found is not None else ""


def _subject(chat: Chat) -> str:
    titles = [one.title for one in chat.messages.values() if one.title]
    return f"Re: {_REPLY.sub('', titles[-1])}" if titles else "Вопрос"


def _quoted(chat: Chat, message: Message) -> str:
    answered = chat.messages.get(message.reply_to)
    if answered is None:
        return ""
    at = datetime.fromtimestamp(answered.at, UTC)
    lines = "\n".join(f"> {line}" for line in answered.text.split("\n"))
    name = chat.account.settings["address"]
    return f"\n\n{at:%d.%m.%Y, %H:%M}, {name} <{name}>:\n{lines}\n"
