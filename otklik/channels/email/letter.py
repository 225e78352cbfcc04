"""A letter taken apart: headers, the text a person wrote, its files. Lenient and bounded."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from itertools import islice
from typing import NamedTuple

import msgspec

from otklik.channels.email.charset import decoded
from otklik.channels.email.headers import Mailbox, mailboxes, params_of, text_of

LETTER_BYTES = 50 * 1024 * 1024
"""Larger letters are not fetched."""

PARTS = 1_000
DEPTH = 20
HEADER_BYTES = 256 * 1024

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_BOUNDARIES = re.compile(rb"(?i)\bboundary\s*=")
_REPORT = re.compile(rb"(?i)message/delivery-status")
_BLOCKS = 20_000
_COMPARED = 2_000_000
_UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|]')
_DEEP = 200  # nested more than that it is an attack, and read as plain text


class Part(msgspec.Struct, frozen=True):
    """One leaf: `path` is its place in the letter (`1.2`), `name` has no folders."""

    path: str
    mime: str
    charset: str
    name: str
    cid: str
    attached: bool
    flowed: bool
    content: bytes

    @property
    def text(self) -> str:
        """The part as text with plain line ends."""
        text = decoded(self.content, self.charset).replace("\r\n", "\n").replace("\r", "\n")
        return _unflowed(text) if self.flowed else text


class Letter(msgspec.Struct, frozen=True):
    """Headers by lower-case name, each with all its raw values; and the leaves in order."""

    headers: dict[str, list[bytes]]
    parts: tuple[Part, ...]
    alternatives: frozenset[str]
    """Paths of the leaves that are one of several forms of the same thing."""

    def raw(self, name: str) -> bytes:
        """Give the first value of a header, or nothing."""
        return next(iter(self.headers.get(name, ())), b"")

    def text(self, name: str) -> str:
        """Give the first value of a header, decoded, on one line."""
        return text_of(self.raw(name))

    def mailboxes(self, *names: str) -> tuple[Mailbox, ...]:
        """Read the addresses of all values of some headers."""
        raw = b",".join(value for name in names for value in self.headers.get(name, ()))
        return mailboxes(raw)

    @property
    def kind(self) -> tuple[str, str]:
        """The letter's own type and, for a report, what it reports."""
        mime, params = params_of(self.raw("content-type"))
        return mime, params.get("report-type", "").lower()

    def of_type(self, *mimes: str) -> tuple[Part, ...]:
        """Give the leaves of some types."""
        return tuple(part for part in self.parts if part.mime in mimes)


def read(raw: bytes) -> Letter:
    """Take a letter apart; whatever it is, something comes out."""
    raw = _bounded(raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
    depth = len(_BOUNDARIES.findall(raw))
    # Every line of two dashes is compared with every boundary that is open.
    if depth > _DEEP or depth * raw.count(b"\n--") > _COMPARED or _is_endless_report(raw):
        return _unparsed(raw)
    try:
        tree = BytesParser(policy=policy.compat32).parsebytes(raw)
        leaves = list(islice(_leaves(tree), PARTS))
        parts = tuple(_part(leaf.message, leaf.path) for leaf in leaves)
    except (RecursionError, MessageError, ValueError, LookupError, AttributeError, TypeError):
        return _unparsed(raw)
    alternatives = frozenset(leaf.path for leaf in leaves if leaf.is_form)
    return Letter(_headers(tree), parts, alternatives)


def _is_endless_report(raw: bytes) -> bool:
    """Tell whether the library would make a letter of its own of ever so many empty lines."""
    blocks = raw.count(b"\n\n") + raw.count(b"\n\r\n")
    return blocks > _BLOCKS and _REPORT.search(raw) is not None


def headers_in(raw: bytes) -> dict[str, list[bytes]]:
    """Read only the headers of a letter."""
    return _headers(BytesParser(policy=policy.compat32).parsebytes(_bounded(raw), headersonly=True))


def _bounded(raw: bytes) -> bytes:
    """Cut a header block that is too long; the body stays whole."""
    end = _END_OF_HEADERS.search(raw)
    at = end.start() if end else len(raw)
    if at <= HEADER_BYTES:
        return raw
    cut = raw.rfind(b"\n", 0, HEADER_BYTES)
    return (
        raw[: cut if cut > 0 else HEADER_BYTES] + b"\r\n\r\n" + (raw[end.end() :] if end else b"")
    )


def _unparsed(raw: bytes) -> Letter:
    end = _END_OF_HEADERS.search(raw)
    body = raw[end.end() :] if end else raw
    part = Part("1", "text/plain", "", "", "", attached=False, flowed=False, content=body)
    return Letter(headers_in(raw), (part,), frozenset())


def _headers(message: "Message[str, str]") -> dict[str, list[bytes]]:
    headers: dict[str, list[bytes]] = {}
    for name, value in message.raw_items():
        raw = str(value).encode("utf-8", "surrogateescape")
        headers.setdefault(name.strip().lower(), []).append(raw.replace(b"\x00", b""))
    return headers


class _Leaf(NamedTuple):
    path: str
    message: "Message[str, str]"
    is_form: bool


def _leaves(
    message: "Message[str, str]", path: str = "", depth: int = 0, *, is_form: bool = False
) -> Iterator[_Leaf]:
    """Walk the leaves; what is nested too deep is one leaf."""
    children = _children(message) if depth < DEPTH else []
    is_form = is_form or message.get_content_type() == "multipart/alternative"
    for index, child in enumerate(children, 1):
        yield from _leaves(
            child, f"{path}.{index}" if path else str(index), depth + 1, is_form=is_form
        )
    if not children:
        yield _Leaf(path or "1", message, is_form)


def _children(message: "Message[str, str]") -> list["Message[str, str]"]:
    payload = message.get_payload()
    if message.get_content_maintype() != "multipart" or not isinstance(payload, list):
        return []
    return [one for one in payload if isinstance(one, Message)]


def _part(message: "Message[str, str]", path: str) -> Part:
    headers = _headers(message)
    mime, params = params_of(next(iter(headers.get("content-type", ())), b""))
    if "/" not in mime or mime.startswith("multipart/"):
        mime = "text/plain"
    placed, placing = params_of(next(iter(headers.get("content-disposition", ())), b""))
    content = _content(message, headers)
    name = _safe(placing.get("filename") or params.get("name") or "")
    cid = next(iter(headers.get("content-id", ())), b"").decode("utf-8", "replace")
    return Part(
        path=path,
        mime=mime,
        charset=params.get("charset", ""),
        name=name,
        cid=cid.strip().strip("<>"),
        attached=placed == "attachment" or bool(name),
        flowed=params.get("format", "").lower() == "flowed",
        content=content,
    )


def _content(message: "Message[str, str]", headers: dict[str, list[bytes]]) -> bytes:
    payload = message.get_payload()
    if isinstance(payload, list):  # message/rfc822, message/delivery-status
        return b"\n".join(one.as_bytes() for one in payload if isinstance(one, Message))
    del message["content-transfer-encoding"]  # undone below, more leniently than by the library
    raw = bytes(message.get_payload(decode=True) or b"")
    coding = next(iter(headers.get("content-transfer-encoding", ())), b"").strip().lower()
    if coding.startswith(b"quoted"):
        return quopri.decodestring(raw)
    if coding.startswith(b"base64"):
        return _base64(raw)
    if coding in {b"x-uuencode", b"uuencode", b"uue", b"x-uue"}:
        return _uu(raw)
    return raw


def _base64(raw: bytes) -> bytes:
    packed = re.sub(rb"[^A-Za-z0-9+/]", b"", raw.split(b"=")[0] if raw.count(b"=") < 3 else raw)
    packed = packed[: len(packed) - (len(packed) % 4 == 1)]
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4))
    except (binascii.Error, ValueError):
        return raw


def _uu(raw: bytes) -> bytes:
    unpacked: list[bytes] = []
    for line in raw.splitlines()[1:]:
        if line.strip() == b"end":
            break
        try:
            unpacked.append(binascii.a2b_uu(line))
        except binascii.Error:
            return raw
    return b"".join(unpacked)


def _safe(name: str) -> str:
    """Keep the last step of a path, without what file systems or people stumble over."""
    last = re.split(r"[/\\]", name)[-1]
    return _UNSAFE.sub("_", last).strip(" .")[:200]


def _unflowed(text: str) -> str:
    """Join the soft line ends of RFC 3676; quoted lines stay as they are."""
    lines: list[list[str]] = []
    soft = False
    for line in text.split("\n"):
        stuffed = line.removeprefix(" ")
        if soft and not stuffed.startswith(">"):
            lines[-1].append(stuffed)
        else:
            lines.append([stuffed])
        soft = stuffed.endswith(" ") and not stuffed.startswith(">") and stuffed != "-- "
    return "\n".join(map("".join, lines))
