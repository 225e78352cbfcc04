"""Headers as they really come: raw bytes, broken encoded words, addresses without order."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

import msgspec

from otklik.channels.email.charset import decoded, known

_WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(rb"(\?=)\s+(=\?[^?\s]{1,60}\?[bBqQ]\?)")
_SPACES = re.compile(r"\s+")
_PARAM = re.compile(r';\s*([\w!#$%&\'*+.^`|~-]+?)\s*=\s*("(?:\\.|[^"\\])*"?|[^;]*)', re.DOTALL)
_PIECE = re.compile(r"^(.+?)(?:\*(\d{1,3}))?(\*)?$")
# Each begins where a word does: tried at every letter, a long word would take its square.
_MAILBOX = re.compile(
    r"(?<![^\s<>\"(),:;@\\])[^\s<>\"(),:;@\\]++@[^\s<>\"(),:;@\\]+"
    r"|\"[^\"]++\"@[^\s<>\"(),:;@\\]+"
)
_ANGLED = re.compile(r"<([^<>]*+)>")
_ANGLED_RAW = re.compile(rb"<([^<>]*+)>")
_COMMENT = re.compile(r"\(([^()]*)\)")
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,900})>")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


class Mailbox(msgspec.Struct, frozen=True):
    """One address with the name beside it; the domain in lower case."""

    email: str
    name: str = ""


def text_of(raw: bytes) -> str:
    """Decode one unstructured header on one line.

    Neighbouring encoded words of one charset are joined before decoding: many programs split
    them in the middle of a character.
    """
    joined = _BETWEEN_WORDS.sub(rb"\1\2", raw)
    pieces: list[tuple[str, bytes]] = []
    position = 0
    for found in _WORD.finditer(joined):
        charset = found[1].decode("ascii", "replace").split("*")[0].lower()
        payload = _unpacked(found[2], found[3])
        _push(pieces, "", joined[position : found.start()])
        _push(pieces, charset if known(charset) else "?", payload)
        position = found.end()
    _push(pieces, "", joined[position:])
    text = "".join(decoded(piece, "" if charset == "?" else charset) for charset, piece in pieces)
    return _CONTROLS.sub("", _SPACES.sub(" ", text)).strip()


def _push(pieces: list[tuple[str, bytes]], charset: str, piece: bytes) -> None:
    if not piece:
        return
    if pieces and pieces[-1][0] == charset and charset:
        pieces[-1] = (charset, pieces[-1][1] + piece)
    else:
        pieces.append((charset, piece))


def _unpacked(kind: bytes, packed: bytes) -> bytes:
    if kind in b"qQ":
        return quopri.decodestring(packed.replace(b"_", b"=20"))
    packed = packed.strip().rstrip(b"=")
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4))
    except (binascii.Error, ValueError):
        return packed


def params_of(raw: bytes) -> tuple[str, Mapping[str, str]]:
    """Split a structured header into its value and its parameters, RFC 2231 or broken."""
    text = raw.decode("utf-8", "surrogateescape")
    value, _, _ = text.partition(";")
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for found in _PARAM.finditer(text):
        name, number, extended = _name_of(found[1].lower())
        pieces.setdefault(name, []).append((number, extended, _unquoted(found[2].strip())))
    return value.strip().lower(), {name: _whole(parts) for name, parts in pieces.items()}


def _name_of(name: str) -> tuple[str, int, bool]:
    found = _PIECE.match(name)
    if found is None:
        return name, 0, False
    return found[1], int(found[2] or 0), bool(found[3])


def _unquoted(value: str) -> str:
    if value.startswith('"'):
        return re.sub(r"\\(.)", r"\1", value[1:].removesuffix('"'))
    return value


def _whole(parts: list[tuple[int, bool, str]]) -> str:
    parts = sorted(parts, key=lambda part: part[0])
    if not any(extended for _, extended, _ in parts):
        joined = "".join(value for _, _, value in parts)
        return text_of(joined.encode("utf-8", "surrogateescape"))
    charset, raw = "", b""
    first = parts[0][2]
    if parts[0][1] and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
    for index, (_, extended, value) in enumerate(parts):
        piece = (value if index else first).encode("utf-8", "surrogateescape")
        raw += unquote_to_bytes(piece) if extended else piece
    return _CONTROLS.sub("", decoded(raw, charset))


def mailboxes(raw: bytes) -> tuple[Mailbox, ...]:
    """Read the addresses of a header; what is no address is left out."""
    found: dict[str, Mailbox] = {}
    for part in _apart(raw):
        one = _mailbox(part)
        if one is not None:
            found.setdefault(one.email, one)
    return tuple(found.values())


def _apart(raw: bytes) -> Iterable[bytes]:
    """Split at commas and semicolons outside quotes, angles and comments."""
    depth, quoted, start = 0, False, 0
    for index, letter in enumerate(raw):
        if letter == 0x22 and raw[index - 1 : index] != b"\\":
            quoted = not quoted
        elif not quoted and letter in b"<(":
            depth += 1
        elif not quoted and letter in b">)":
            depth = max(0, depth - 1)
        elif letter in b",;" and not quoted and not depth:
            yield raw[start:index]
            start = index + 1
    yield raw[start:]


def _mailbox(part: bytes) -> Mailbox | None:
    angled = next((one for one in _ANGLED_RAW.finditer(part) if b"@" in one[1]), None)
    if angled is not None:
        email = _plain(decoded(angled[1]))
        return Mailbox(email, _name(part[: angled.start()])) if email else None
    text = text_of(part)
    found = _MAILBOX.search(text)
    if found is None:
        return None
    comment = _COMMENT.search(text)
    return Mailbox(_plain(found[0]), comment[1].strip() if comment else "")


def _name(raw: bytes) -> str:
    text = text_of(raw)
    while (bare := text.strip().strip("\"'").strip()) != text:
        text = bare
    return text.replace('\\"', '"')


def _plain(address: str) -> str:
    found = _MAILBOX.search(address.replace("mailto:", ""))
    if found is None:
        return ""
    local, _, domain = found[0].rpartition("@")
    return f"{local}@{domain.lower().rstrip('.')}"


def addresses_in(text: str) -> tuple[str, ...]:
    """Find everything that looks like an address in a text."""
    angled = [_plain(found) for found in _ANGLED.findall(text) if "@" in found]
    return tuple(filter(None, angled or [_plain(found) for found in _MAILBOX.findall(text)]))


def message_ids(raw: bytes) -> tuple[str, ...]:
    """Read the ids of Message-ID, In-Reply-To or References, without their angles.

    Some programs code long ids as if they were words, and split them.
    """
    text = text_of(raw) if b"=?" in raw else decoded(raw)
    return tuple(_MESSAGE_ID.findall(text))


def moment(raw: bytes) -> int:
    """Read a date as Unix milliseconds; 0 when it cannot be read or cannot be true."""
    text = _COMMENT.sub("", decoded(raw)).strip()
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    try:
        return int(at.timestamp() * 1000) if at >= _EARLIEST else 0
    except (OverflowError, ValueError):
        return 0
