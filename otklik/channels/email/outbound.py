"""Our messages as letters, and what an SMTP server says to them."""

import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from otklik.channels.email.bounce_reasons import Said, reason_of
from otklik.channels.email.connect import outgoing_server, why_not_set_up
from otklik.channels.email.wire import ERRORS, MANIFEST, ascii_domain, own_id
from otklik.kernel.ids import made_at
from otklik.ports.channel import (
    Answer,
    Answers,
    Errand,
    FilePart,
    HeldFile,
    InboxConfig,
    Letter,
    Order,
    Outgoing,
    PressAnswer,
    Refusal,
    RefusalKind,
    Sent,
)
from otklik.ports.message import MessageKind

_LIMITS = MANIFEST.limits
_REFERENCES = 20
_SUBJECT = 500
_GROWTH = 0.73  # what is left of the limit when files are written as base64
_NAMEABLE = re.compile(r"[^\s<>#@]+@[^\s<>#@]+")
_REPLY = re.compile(
    r"^(?:\s*(?:re|fwd?|aw|wg|sv|vs|antw|res|rif|ответ|отв|ha|пересл|на)(?:\[\d+\])?\s*[:：])+\s*",
    re.IGNORECASE,
)
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_KINDS = frozenset(map(MessageKind, MANIFEST.sends))


def send(order: Order, config: InboxConfig, answers: Answers) -> Errand | Sent | Refusal:
    """Describe the letter that carries out an order, then read what the server says to it."""
    if isinstance(order, PressAnswer | Outgoing):
        refusal = _why_not(order, config)
        if refusal is not None:
            return refusal
    if not isinstance(order, Outgoing):
        return Refusal(RefusalKind.OTHER, "a letter that was sent cannot be changed")
    if answers:
        return _read(order, config, answers[-1])
    return _letter(order, config)


def locate(ref: str, _config: InboxConfig, _answers: Answers) -> HeldFile | Refusal:
    """Name the letter that holds a file, and its place in it."""
    path, at, key = ref.partition("@")
    if not at or not key:
        return Refusal(RefusalKind.GONE, "this is no reference of a file in a letter")
    return HeldFile(key=key, path=path)


def replying(subject: str) -> str:
    """Put `Re:` before a subject once, whatever stands there already."""
    bare = _REPLY.sub("", subject).strip()
    return f"Re: {bare}" if bare else "Re:"


def refused(answer: Answer) -> Refusal:
    """Say in our words why a server took nothing."""
    words = answer.body.decode("utf-8", "replace")
    detail = " ".join(f"{answer.status} {words}".split())
    if answer.status in {454, 530, 534, 535, 538}:
        kind = RefusalKind.TEMPORARY if answer.status == 454 else RefusalKind.BAD_TOKEN
        return ERRORS.refusal("login", detail, otherwise=kind)
    if answer.status < 400 or answer.status > 599:
        return Refusal(RefusalKind.UNCERTAIN, detail=f"{detail}: not an answer of a mail server")
    found = _ENHANCED.search(words)
    said = Said(found[1] if found else "", words, answer.headers.get("stage", ""))
    reason = reason_of(said)
    if reason in {"speeding", "toomanyconn"}:
        return ERRORS.refusal(reason, detail, retry_after_s=300.0)
    if answer.status < 500:
        return Refusal(RefusalKind.TEMPORARY, detail=detail[:300])
    return ERRORS.refusal(reason, detail)


def _why_not(order: Outgoing | PressAnswer, config: InboxConfig) -> Refusal | None:
    if isinstance(order, PressAnswer):
        return _other("letters carry no buttons")
    missing = why_not_set_up(config)
    if missing is not None:
        return missing
    if order.kind not in _KINDS:
        return _other(f"a letter cannot be a {order.kind}")
    if order.buttons or order.cards:
        return _other("letters carry no buttons: send them as text")
    return _bad_address(order) or _too_long(order) or _bad_files(order)


def _bad_address(order: Outgoing) -> Refusal | None:
    local, at, domain = order.to.rpartition("@")
    if not at or not local.isascii() or not _NAMEABLE.fullmatch(f"{local}@{ascii_domain(domain)}"):
        return Refusal(RefusalKind.GONE, f"{order.to!r} is not an e-mail address")
    if any(letter in order.subject for letter in "\r\n\0"):
        return _other("a subject has one line")
    return None


def _too_long(order: Outgoing) -> Refusal | None:
    if len(order.text) > _LIMITS.text:
        detail = f"text: {len(order.text)} characters, a letter takes {_LIMITS.text}"
        return Refusal(RefusalKind.TOO_LONG, detail)
    if len(order.subject) > _SUBJECT:
        return Refusal(RefusalKind.TOO_LONG, f"subject: at most {_SUBJECT} characters")
    if not order.files and not order.text.strip():
        return _other("the letter is empty")
    return None


def _bad_files(order: Outgoing) -> Refusal | None:
    if len(order.files) > _LIMITS.album:
        return _other(f"{len(order.files)} files, a letter takes {_LIMITS.album}")
    for file in order.files:
        if file.size > _LIMITS.upload_bytes:
            detail = f"{file.name}: {file.size} bytes, a letter takes {_LIMITS.upload_bytes}"
            return Refusal(RefusalKind.BAD_MEDIA, detail)
    most = int(_LIMITS.request_bytes * _GROWTH)
    if sum(file.size for file in order.files) > most:
        return Refusal(RefusalKind.BAD_MEDIA, f"the files together are over {most} bytes")
    return None


def _letter(order: Outgoing, config: InboxConfig) -> Letter | Refusal:
    address = config.settings["address"]
    local, _, domain = order.to.rpartition("@")
    to = f"{local}@{ascii_domain(domain)}"
    letter = EmailMessage(policy=SMTP)
    try:
        letter["From"] = _mailbox(config.settings.get("name", ""), address)
        letter["To"] = to
        letter["Date"] = _date(order.message_id)
        letter["Subject"] = _subject(order, config)
        letter.set_content(_text(order, config), charset="utf-8", cte=_coding(order.text))
        content = _written(_headers(order, config)) + letter.as_bytes()
    except (ValueError, UnicodeError, IndexError) as error:
        return _other(f"the letter cannot be written: {error}")
    return Letter(
        server=outgoing_server(config),
        sender=_ascii(address),
        recipients=(to,),
        content=content,
        files=tuple(
            FilePart(f"file{number}", file.file_id, file.name, file.mime)
            for number, file in enumerate(order.files)
        ),
    )


def _subject(order: Outgoing, config: InboxConfig) -> str:
    if order.thread or order.reply_to:
        return replying(order.subject)
    return order.subject or config.settings.get("name", "") or config.settings["address"]


def _headers(order: Outgoing, config: InboxConfig) -> dict[str, str]:
    thread = [one for one in (*order.thread, order.reply_to) if _NAMEABLE.fullmatch(one)]
    chain = list(dict.fromkeys(thread))
    if len(chain) > _REFERENCES:
        chain = [chain[0], *chain[1 - _REFERENCES :]]
    answered = order.reply_to if _NAMEABLE.fullmatch(order.reply_to) else "".join(chain[-1:])
    headers = {
        "Message-ID": f"<{own_id(order.message_id, config)}>",
        "In-Reply-To": f"<{answered}>" if answered else "",
        "References": " ".join(f"<{one}>" for one in chain),
    }
    if order.by != "operator":
        # RFC 3834: what a program writes says so, and other programs stay silent.
        headers["Auto-Submitted"] = "auto-replied" if order.by == "bot" else "auto-generated"
        headers["X-Auto-Response-Suppress"] = "OOF,AutoReply"
    if order.by == "campaign":
        headers["Precedence"] = "bulk"
    return {name: value for name, value in headers.items() if value}


def _written(headers: dict[str, str]) -> bytes:
    """Write headers of ids ourselves: the library codes a long id, and nobody knows it again."""
    lines = (f"{name}: " + value.replace(" ", "\r\n ") for name, value in headers.items())
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _date(message_id: str) -> str:
    """Give when the message was written, which its id tells: a repeat has the same date."""
    return format_datetime(datetime.fromtimestamp(made_at(message_id) / 1000, UTC))


def _text(order: Outgoing, config: InboxConfig) -> str:
    signature = config.settings.get("signature", "").strip()
    ending = f"\n\n-- \n{signature}\n" if signature else "\n"
    return f"{order.text.rstrip()}{ending}"


def _coding(text: str) -> str:
    """Choose a coding that keeps every line short whatever people write."""
    foreign = sum(1 for letter in text if ord(letter) > 127)
    return "base64" if foreign * 4 > len(text) else "quoted-printable"


def _mailbox(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(name, local, ascii_domain(domain))


def _ascii(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def _read(order: Outgoing, config: InboxConfig, answer: Answer) -> Sent | Refusal:
    if answer.status == 250:
        return Sent(external_ids=(own_id(order.message_id, config),))
    return refused(answer)


def _other(detail: str) -> Refusal:
    return Refusal(RefusalKind.OTHER, detail)
