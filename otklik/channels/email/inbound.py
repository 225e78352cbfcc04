"""Letters as events: what a person wrote, what a server reports, what our side sent itself."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from otklik.channels.email import automatic, bounces, replies
from otklik.channels.email.headers import Mailbox, addresses_in, message_ids, moment
from otklik.channels.email.letter import Letter, Part, headers_in, read
from otklik.channels.email.letter_body import Body, body_of
from otklik.channels.email.wire import Fetched, message_of, unmarked
from otklik.kernel.text import storable
from otklik.ports.channel import (
    ChannelEvent,
    ConsentReported,
    EchoReceived,
    Envelope,
    Malformed,
    MessageReceived,
    ReachabilityChanged,
    Sender,
    StatusReported,
    Unknown,
)
from otklik.ports.message import Attachment, Content, MessageKind

_TEXT_LETTERS = 100_000
_QUOTED_LETTERS = 20_000
_SIGNS = frozenset(
    {"from", "to", "cc", "date", "subject", "message-id", "received", "mime-version", "references"}
    | {"content-type", "return-path", "sender", "reply-to", "in-reply-to", "delivered-to"}
)
_NOBODY = re.compile(
    r"^(?:no-?_?reply|do-?not-?reply|donotreply|robot|form|forms|site|website|wordpress|webmaster|"
    r"notifications?|mailer|info-robot|feedback-form)(?:[+._-].*)?@",
    re.IGNORECASE,
)
_DISPOSED = re.compile(
    r"^[ \t]*disposition:[^;\n]*;\s*(displayed|deleted|processed)", re.IGNORECASE | re.MULTILINE
)
_OF_MESSAGE = re.compile(
    r"^[ \t]*original-message-id:\s*<([^<>\s]+)>", re.IGNORECASE | re.MULTILINE
)
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\([^()]*\)', re.DOTALL)
_COMPLAINANT = re.compile(
    r"^[ \t]*(?:original-rcpt-to|removal-recipient):\s*(?:rfc822;)?\s*<?([^\s<>]+@[^\s<>]+)>?",
    re.IGNORECASE | re.MULTILINE,
)
_KINDS = {"image": MessageKind.PICTURE, "video": MessageKind.VIDEO, "audio": MessageKind.AUDIO}


def envelope(body: bytes) -> Envelope | Malformed:
    """Name a letter by its Message-ID and what people see of it; some programs reuse their ids."""
    fetched, raw = unmarked(body)
    headers = headers_in(raw)
    if not _SIGNS & headers.keys():
        return Malformed("not a letter: it has no headers of one")
    return Envelope(_key(fetched, headers, raw))


def parse(body: bytes) -> Sequence[ChannelEvent]:
    """Read one fetched letter."""
    fetched, raw = unmarked(body)
    letter = read(raw)
    if not _SIGNS & letter.headers.keys():
        raise ValueError("not a letter: it has no headers of one")
    found = _Found(letter, fetched, _key(fetched, letter.headers, raw))
    if fetched.role == "sent":
        return _echo(found)
    match automatic.kind_of(letter):
        case "bounce" | "delay" as kind:
            return tuple(_returned(found, kind)) or (Unknown(f"letter.{kind}"),)
        case "complaint":
            return _complaint(found)
        case "read_receipt":
            return _receipt(found)
        case kind:
            return _written(found, kind)


def held(body: bytes, path: str) -> bytes:
    """Take a file out of the letter that brought it; raises `LookupError` when it has none."""
    letter = read(unmarked(body)[1])
    if path == "html":
        return body_of(letter).page.encode()
    for part in letter.parts:
        if part.path == path:
            return part.content
    raise LookupError(f"the letter has no part {path}")


class _Found(msgspec.Struct, frozen=True):
    letter: Letter
    fetched: Fetched
    key: str

    @property
    def external_id(self) -> str:
        """The Message-ID, or a name of our own where it is missing or cannot be unique."""
        found = message_ids(self.letter.raw("message-id"))
        if found and "@" in found[0] and not found[0].endswith("@localhost"):
            return storable(found[0])
        return self.key

    @property
    def answers(self) -> str:
        """The letter this one answers."""
        direct = message_ids(self.letter.raw("in-reply-to"))
        chain = message_ids(self.letter.raw("references"))
        return storable(next(iter((*direct[:1], *chain[-1:])), ""))

    @property
    def at(self) -> int:
        return moment(self.letter.raw("date"))


def _key(fetched: Fetched, headers: Mapping[str, list[bytes]], raw: bytes) -> str:
    ids = message_ids(next(iter(headers.get("message-id", ())), b""))
    seen = [b"".join(headers.get(name, ())) for name in ("from", "date", "subject")]
    seen = [b" ".join(one.split()) for one in seen]
    if not ids:
        end = re.search(rb"\r?\n\r?\n", raw)
        seen.append(raw[end.end() :] if end else raw)
    digest = hashlib.sha256(b"\0".join(seen)).hexdigest()[:32]
    return storable(f"{fetched.role}:{ids[0][:200] if ids else ''}:{digest}")


# --- a person ------------------------------------------------------------------------------------


def _written(found: _Found, kind: automatic.Kind) -> Sequence[ChannelEvent]:
    author = _author(found.letter)
    if author is None:
        return (Unknown("letter.without_sender"),)
    if author.email.lower() == found.fetched.mailbox:
        return (Unknown("letter.from_ourselves"),)
    return (_message(found, _sender(found, author), kind),)


def _author(letter: Letter) -> Mailbox | None:
    """Give whom an answer goes to: forms of a site write for people, under Reply-To."""
    senders = letter.mailboxes("from") or letter.mailboxes("sender", "return-path")
    answers_to = letter.mailboxes("reply-to")
    first = senders[0] if senders else None
    if len(answers_to) == 1 and (first is None or _NOBODY.match(first.email)):
        return answers_to[0]
    return first


def _sender(found: _Found, author: Mailbox) -> Sender:
    email = storable(author.email.lower())
    return Sender(
        external_id=email,
        name=storable(author.name)[:200],
        evidence="claimed",
        email=email,
        email_evidence="given" if _vouched(found, email) else "claimed",
    )


def _vouched(found: _Found, email: str) -> bool:
    """Tell whether our own mail server found the sender's domain to be true."""
    receiver = found.fetched.receiver
    results = found.letter.headers.get("authentication-results", [])
    if not receiver or not results:
        return False
    if [one.email.lower() for one in found.letter.mailboxes("from")] != [email]:
        return False  # nobody proves a Reply-To, and of several authors the first may be anyone
    judged = results[0].decode("utf-8", "replace").lower()  # ours is on top of all others
    server, *verdicts = _QUOTED.sub("", judged).split(";")
    server = next(iter(server.split()), "")
    if server != receiver and not server.endswith(f".{receiver}"):
        return False
    domain = re.escape(email.rpartition("@")[2])
    # Only how a verdict begins is our server's word: what follows repeats what the sender said.
    signed = re.compile(rf"dkim=pass\b.*\sheader\.(?:d|i)=@?{domain}(?:\s|$)", re.DOTALL)
    return any(
        re.match(r"dmarc=pass\b", one) or signed.match(one) for one in map(str.strip, verdicts)
    )


def _message(found: _Found, sender: Sender, kind: automatic.Kind = "") -> MessageReceived:
    letter = found.letter
    body = body_of(letter)
    reply = replies.split(body.text)
    attachments = tuple(_attachments(found, body))
    text = storable(reply.shown)[:_TEXT_LETTERS]
    subject = storable(letter.text("subject"))[:1_000]
    details = _details(letter, reply.folded)
    if kind == "auto_reply":
        details["reason"] = "vacation"
    return MessageReceived(
        sender=sender,
        external_id=found.external_id,
        sent_at=found.at,
        kind=_kind(text, body.files),
        text=text or ("" if body.files else subject),
        content=Content(subject=subject, details=details),
        attachments=attachments,
        reply_to=found.answers,
        automatic=kind,
    )


def _kind(text: str, files: Sequence[Part]) -> MessageKind:
    if text or not files:
        return MessageKind.TEXT
    return _KINDS.get(files[0].mime.partition("/")[0], MessageKind.FILE)


def _details(letter: Letter, folded: str) -> dict[str, str]:
    """Keep what the desk shows beside the text: other readers, the quotation, the thread."""
    details = {
        "to": _listed(letter.mailboxes("to")),
        "cc": _listed(letter.mailboxes("cc")),
        "reply_to": _listed(letter.mailboxes("reply-to")),
        "quoted": folded[:_QUOTED_LETTERS],
        "references": " ".join(message_ids(letter.raw("references")))[-2_000:],
    }
    return {name: storable(value) for name, value in details.items() if value}


def _listed(mailboxes: Sequence[Mailbox]) -> str:
    named = (f"{one.name} <{one.email}>" if one.name else one.email for one in mailboxes[:50])
    return ", ".join(named)


def _attachments(found: _Found, body: Body) -> Iterator[Attachment]:
    if body.page:
        yield Attachment(
            kind=MessageKind.FILE,
            ref=f"html@{found.key}",
            name="letter.html",
            mime="text/html",
            size=len(body.page.encode()),
            format="letter",
        )
    for part in body.files:
        yield Attachment(
            kind=_KINDS.get(part.mime.partition("/")[0], MessageKind.FILE),
            ref=f"{part.path}@{found.key}",
            name=storable(part.name),
            mime=storable(part.mime),
            size=len(part.content),
        )


# --- our own side --------------------------------------------------------------------------------


def _echo(found: _Found) -> Sequence[ChannelEvent]:
    """Read a letter of the Sent folder: somebody answered from a mail program."""
    letter = found.letter
    readers = [
        one
        for one in letter.mailboxes("to", "cc", "bcc")
        if one.email.lower() != found.fetched.mailbox
    ]
    if not readers:
        return (Unknown("letter.to_nobody"),)
    to = readers[0]
    email = storable(to.email.lower())
    sender = Sender(email, name=storable(to.name)[:200], email=email, evidence="claimed")
    author = next(iter(letter.mailboxes("from")), Mailbox(""))
    own = message_of(found.external_id)
    return (EchoReceived(_message(found, sender), author=storable(author.name), own_id=own),)


# --- servers -------------------------------------------------------------------------------------


def _returned(found: _Found, kind: automatic.Kind) -> Iterator[ChannelEvent]:
    report = bounces.read(found.letter)
    for number, failure in enumerate(report.failures, 1):
        if failure.action in {"delivered", "relayed", "expanded"}:
            continue
        sender = _recipient(failure.recipient)
        if not sender.external_id:
            continue
        external_id = found.external_id if number == 1 else f"{found.external_id}#{number}"
        yield _told(found, sender, external_id, failure, kind, report.of)
        if failure.action == "delayed" or not report.of:
            continue
        yield StatusReported(
            sender, storable(report.of), "failed", found.at,
            reason=storable(failure.detail), code=failure.reason,
        )  # fmt: skip
        if failure.hard:
            yield ReachabilityChanged(sender, reachable=False, at=found.at)


def _told(
    found: _Found,
    sender: Sender,
    external_id: str,
    failure: bounces.Failure,
    kind: automatic.Kind,
    of: str,
) -> MessageReceived:
    details = {
        "dsn": failure.status,
        "smtp": failure.reply,
        "reason": failure.reason,
        "hard": str(failure.hard).lower(),
        "recipient": failure.recipient,
    }
    return MessageReceived(
        sender=sender,
        external_id=external_id,
        sent_at=found.at,
        text=storable(failure.detail),
        content=Content(subject=storable(found.letter.text("subject")), details=details),
        reply_to=storable(of),
        automatic=kind,
    )


def _recipient(address: str) -> Sender:
    email = storable(address.lower())
    return Sender(email, email=email, evidence="claimed")


def _complaint(found: _Found) -> Sequence[ChannelEvent]:
    """Read "this is spam": the person is not written to about anything but their own business."""
    reported = "\n".join(part.text for part in found.letter.of_type("message/feedback-report"))
    told = _COMPLAINANT.search(reported)
    originals = found.letter.of_type("message/rfc822", "text/rfc822-headers")
    readers = [_header_address(part, "to") for part in originals]
    address = told[1] if told else next(filter(None, readers), "")
    sender = _recipient(address) if address else _sender_of_report(found)
    if sender is None:
        return (Unknown("letter.complaint"),)
    of = next((_header_id(part) for part in originals), "")
    details = {"dsn": "", "smtp": "", "reason": "feedback", "hard": "false"}
    message = MessageReceived(
        sender=sender,
        external_id=found.external_id,
        sent_at=found.at,
        text=storable(found.letter.text("subject")),
        content=Content(subject=storable(found.letter.text("subject")), details=details),
        reply_to=storable(of),
        automatic="complaint",
    )
    wording = "abuse report (RFC 5965)"
    return (
        message,
        ConsentReported(sender, "marketing", granted=False, at=found.at, wording=wording),
    )


def _sender_of_report(found: _Found) -> Sender | None:
    author = _author(found.letter)
    return None if author is None else _recipient(author.email)


def _header_address(part: Part, name: str) -> str:
    raw = b",".join(headers_in(part.content).get(name, ()))
    return next(iter(addresses_in(raw.decode("utf-8", "replace"))), "")


def _header_id(part: Part) -> str:
    raw = next(iter(headers_in(part.content).get("message-id", ())), b"")
    return next(iter(message_ids(raw)), "")


def _receipt(found: _Found) -> Sequence[ChannelEvent]:
    """Read a receipt (RFC 8098): the person's program says that a letter was opened."""
    author = _author(found.letter)
    if author is None:
        return (Unknown("letter.read_receipt"),)
    sender = _sender(found, author)
    told = "\n".join(part.text for part in found.letter.of_type("message/disposition-notification"))
    of = _OF_MESSAGE.search(told)
    message = _message(found, sender, "read_receipt")
    message = msgspec.structs.replace(message, attachments=())
    disposed = _DISPOSED.search(told)
    if of is None or disposed is None or disposed[1].lower() != "displayed":
        return (message,)
    return (message, StatusReported(sender, storable(of[1]), "read", found.at))
