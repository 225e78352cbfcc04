"""Reports of mail servers: which addresses a letter did not reach, and why."""

import re
from collections.abc import Iterator
from itertools import islice

import msgspec

from otklik.channels.email.bounce_reasons import Said, is_hard, made_status, reason_of
from otklik.channels.email.charset import decoded
from otklik.channels.email.headers import addresses_in, message_ids
from otklik.channels.email.letter import Letter, headers_in
from otklik.channels.email.markup import as_text

_IN_TEXT = re.compile(rb"(?mi)^final-recipient:[^\n]+\n(?:[^\n]+\n)*?(?:action|status):")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.:/=-])([45][0-5]\d)(?=[\s\-;:,.'\")#]|$)")
_ADDRESS_V4 = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_COPY_FOLLOWS = re.compile(
    r"^(?:-{2,}.*(?:copy of|original message|below this line|returned message|header).*|"
    r"-{3,}|\s*-{3,} (?:message header|the original|original|returned).*|received: (?:from|by).*|"
    r"return-path:.*|message headers follow.*|original message headers:.*|"
    r"below is a copy of.*|.*исходное сообщение.*)$",
    re.IGNORECASE,
)
_ADDRESS_LINE = re.compile(
    r"^\s{0,12}[\"'<]{0,2}(?P<address>[^\s<>\"'(),;:|]+@[\w.\-]+\w)[>\"']{0,2}"
    r"(?:<mailto:[^>]*>)?\s*(?:\((?:expanded|generated|ultimately|reason)?[^)]*\)?)?\s*(?P<colon>:?)\s*(?P<rest>.*)$"
)
_REJECTED_AT_BOX = re.compile(r"was automatically rejected:\s*\n\s*(\S.*)")
_STAGES = (
    ("RCPT", r"rcpt|after rcpt|does not like recipient|recipient_?to"),
    ("MAIL", r"mail from|mail_from|sender was rejected|after mail\b"),
    ("DATA", r"end of data|data command|after data|message content|end of message|\[data\]|eom"),
    ("HELO", r"helo|ehlo|initial connection|initial greeting|banner"),
)
_GMAIL_STATES = {"6": "RCPT", "13": "MAIL", "14": "RCPT", "15": "DATA", "17": "DATA", "18": "DATA"}
_GMAIL_STATE = re.compile(r"\(state (\d{1,2})\)")
_TRIED = re.compile(r">>>\s*(HELO|EHLO|MAIL|RCPT|DATA)[^\n]*\n(?:\s*\n)?<<<\s*[45]", re.IGNORECASE)
_DELAYED = re.compile(
    r"delayed|warning only|still being retried|not yet (?:been )?(?:delivered|received)|"
    r"will (?:be retried|continue trying)|delivery attempts will continue|нет необходимости",
    re.IGNORECASE,
)
_DETAIL = 500
_RECIPIENTS = 100
_LINE = 200  # letters that tell what a line is
_TOLD = 30_000  # letters; what servers say is short, what they send back need not be read


class Failure(msgspec.Struct, frozen=True):
    """One address a letter did not reach (yet, when `action` is `delayed`).

    `status` is the enhanced code (RFC 3463), `reply` the SMTP code or nothing, `hard`: the
    address itself is at fault for good. `detail` is the server's own text.
    """

    recipient: str
    action: str
    status: str
    reply: str
    reason: str
    hard: bool
    detail: str = ""


class Report(msgspec.Struct, frozen=True):
    """What a report says: about which letter of ours (its Message-ID), and of whom."""

    of: str
    failures: tuple[Failure, ...]


def read(letter: Letter) -> Report:
    """Read a report, standard or in the words of one of many servers."""
    text = _told(letter)
    blocks = list(islice(_blocks(letter), _RECIPIENTS))
    if blocks:
        failures = tuple(_from_block(block, text) for block in blocks)
    else:
        failures = tuple(_from_text(letter, text))
    return Report(_original_id(letter), failures)


def _told(letter: Letter) -> str:
    """Give what the server says in words, without the letter it sends back."""
    texts = [part.text for part in letter.parts if part.mime == "text/plain" and not part.attached]
    if not texts:
        texts = [as_text(part.text) for part in letter.of_type("text/html")]
    lines = "\n".join(texts[:3])[:_TOLD].split("\n")
    kept: list[str] = []
    for line in lines:
        is_end = _COPY_FOLLOWS.match(line.strip()[:_LINE]) and any(map(_speaks, kept))
        if is_end:
            break
        kept.append(line)
    return "\n".join(kept)


def _speaks(line: str) -> bool:
    return "@" in line or bool(_REPLY.search(line)) or "error" in line.lower()


def _blocks(letter: Letter) -> Iterator[dict[str, list[str]]]:
    """Give the fields of each recipient of a standard report."""
    standard = letter.of_type("message/delivery-status", "message/global-delivery-status")
    torn = [part for part in letter.of_type("text/plain") if _IN_TEXT.search(part.content[:_TOLD])]
    for part in standard or torn[:1]:
        for chunk in re.split(rb"\r?\n(?:[ \t]*\r?\n)+", part.content.strip()):
            fields = {
                name: [decoded(value) for value in values]
                for name, values in headers_in(chunk + b"\r\n\r\n").items()
            }
            if "final-recipient" in fields or "original-recipient" in fields:
                yield fields


def _from_block(fields: dict[str, list[str]], text: str) -> Failure:
    recipient = _recipient(fields)
    action = _field(fields, "action").lower().split("(")[0].strip() or "failed"
    kind, _, diagnostic = _field(fields, "diagnostic-code").partition(";")
    if not diagnostic:
        kind, diagnostic = "", kind
    said_in_text = _paragraph(text, _names(fields))
    rejected = _REJECTED_AT_BOX.search(text)
    if rejected:
        kind, diagnostic, said_in_text = "", rejected[1], ""
    actual = _field(fields, "x-actual-recipient").partition(";")[2].strip()
    if actual.startswith("|"):
        kind, diagnostic = "x-unix", f"{diagnostic} {actual} exec /"
    words = (diagnostic.strip() or said_in_text or text)[:_TOLD]
    status = _specific(_field(fields, "status"), words)
    reply = "" if rejected or (kind.strip().lower() == "x-unix" and not actual) else _reply(words)
    if actual and not reply:
        reply = _reply(text)
    said = Said(
        status=status,
        words=words,
        stage=_stage(diagnostic) or _stage(said_in_text) or _stage(text),
        kind=kind.strip().lower(),
        delayed=action == "delayed",
    )
    return _failure(recipient, action, said, reply)


def _names(fields: dict[str, list[str]]) -> set[str]:
    keys = ("final-recipient", "original-recipient", "x-actual-recipient")
    return {name.lower() for key in keys for name in addresses_in(_field(fields, key))}


def _recipient(fields: dict[str, list[str]]) -> str:
    for key in ("original-recipient", "final-recipient"):
        found = addresses_in(_field(fields, key).partition(";")[2] or _field(fields, key))
        if found:
            return found[0]
    return ""


def _field(fields: dict[str, list[str]], name: str) -> str:
    return re.sub(r"\s+", " ", next(iter(fields.get(name, ())), "")).strip()


def _from_text(letter: Letter, text: str) -> Iterator[Failure]:
    """Read a report in words: addresses, each with what was said of it."""
    announced = tuple(
        name for value in letter.headers.get("x-failed-recipients", ())
        for name in addresses_in(decoded(value).replace(",", " "))
    )  # fmt: skip
    delayed = bool(_DELAYED.search(f"{letter.text('subject')}\n{text}"))
    paragraphs = _paragraphs(text)
    told = [name for name in paragraphs if not announced or name in announced]
    if len(told) < 2:
        paragraphs = {}  # all of the text is about the one address
    for recipient in told or announced[:1] or addresses_in(text)[:1]:
        words = paragraphs.get(recipient) or _without_greeting(text)
        status = _specific("", words)
        said = Said(status, words, _stage(words) or _stage(text), "", delayed)
        yield _failure(recipient, "delayed" if delayed else "failed", said, _reply(words))


def _paragraphs(text: str) -> dict[str, str]:
    """Give the first thing said about each address that stands alone on a line."""
    found: dict[str, list[str]] = {}
    current = ""
    blank = False
    for line in text.split("\n"):
        at = _ADDRESS_LINE.match(line)
        is_own = at is not None and (bool(at["colon"]) or not at["rest"].strip())
        continues = bool(current) and (at is None or not is_own) and line[:1] in " \t"
        if is_own and at is not None and not _continues_sentence(found.get(current), current, at):
            current = at["address"].lower()
            if current in found and any(map(str.strip, found[current])):
                current = ""
                continue
            found[current] = [at["rest"]]
        elif current and not line.strip():
            blank = any(map(str.strip, found[current]))
        elif current and (not blank or continues or not _is_filled(found[current])):
            found[current].append(line)
        elif current:
            current = ""
        if line.strip():
            blank = False
    return {name: "\n".join(lines).strip() for name, lines in found.items() if _is_filled(lines)}


def _continues_sentence(lines: list[str] | None, current: str, at: re.Match[str]) -> bool:
    """Tell an address inside an answer ("illegal user:", a@b) from the next recipient."""
    last = next((line for line in reversed(lines or []) if line.strip()), "")
    same = at["address"].lower() == current
    return same and bool(last) and (last.rstrip().endswith((":", ",")) or bool(_REPLY.search(last)))


def _is_filled(lines: list[str]) -> bool:
    return any(map(str.strip, lines))


def _paragraph(text: str, names: set[str]) -> str:
    return next((said for name, said in _paragraphs(text).items() if name in names), "")


def _without_greeting(text: str) -> str:
    """Leave out the polite first lines of reports; they speak of "permanent errors" to all."""
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if "@" in line and not line.rstrip().endswith("."):
            return "\n".join(lines[index + 1 :]).strip() or text
    return text


def _failure(recipient: str, action: str, said: Said, reply: str) -> Failure:
    reason = reason_of(said)
    temporary = said.delayed or said.status.startswith("4") or reply.startswith("4")
    status = said.status or made_status(reason, temporary=temporary)
    hard = is_hard(reason, status) and action != "delayed"
    detail = re.sub(r"\s+", " ", said.words).strip()[:_DETAIL]
    return Failure(recipient, action, status, reply, reason, hard, detail)


def _specific(status: str, words: str) -> str:
    """Give the status as told, or the better one in the words."""
    told = _STATUS.search(status)
    if told is not None and not told[1].endswith(".0.0"):
        return told[1]
    masked = _ADDRESS_V4.sub("", words)
    for found in _STATUS.findall(masked):
        if found[0] in "45" and not found.endswith(".0.0"):
            return str(found)
    any_code = _STATUS.search(masked)
    return told[1] if told else (any_code[1] if any_code and any_code[1][0] in "45" else "")


def _reply(words: str) -> str:
    found = _REPLY.search(_ADDRESS_V4.sub("", words))
    return found[1] if found else ""


def _stage(words: str) -> str:
    """Find which SMTP command was refused."""
    state = _GMAIL_STATE.search(words)
    if state is not None:
        return _GMAIL_STATES.get(state[1], "")
    tried = _TRIED.search(words)
    if tried is not None:
        return tried[1].upper().replace("EHLO", "HELO")
    lower = words.lower()
    return next((stage for stage, pattern in _STAGES if re.search(pattern, lower)), "")


def _original_id(letter: Letter) -> str:
    """Find the Message-ID of the letter that came back."""
    for part in letter.of_type("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
        ids = message_ids(next(iter(headers_in(part.content).get("message-id", ())), b""))
        if ids:
            return ids[0]
    for part in letter.of_type("text/plain"):
        found = re.search(r"^[ \t]*Message-I[Dd]:\s*(<[^<>\s]+>)", part.text, re.MULTILINE)
        if found:
            return found[1].strip("<>")
    own = (*message_ids(letter.raw("in-reply-to")), *message_ids(letter.raw("references"))[-1:])
    return own[0] if own else ""
