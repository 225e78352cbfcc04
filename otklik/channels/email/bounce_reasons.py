"""Why a letter came back: a server's code and words become one of a closed set of reasons.

The names of the reasons are those of the Sisimai project, which many tools of mail share.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

import msgspec

_TABLE = tomllib.loads((Path(__file__).parent / "bounces.toml").read_text())
_HARD = frozenset({"userunknown", "hostunknown", "hasmoved", "notaccept"})
_VAGUE = frozenset(
    {"", "onhold", "systemerror", "securityerror", "expired", "networkerror", "hostunknown"}
    | {"userunknown", "suspend"}
)  # what a status alone says of these, the words often say better

# RFC 3463 and the registry of enhanced status codes, November 2026.
_BY_STATUS = {
    "1.0": "userunknown",
    "1.1": "userunknown",
    "1.2": "hostunknown",
    "1.3": "userunknown",
    "1.4": "filtered",
    "1.6": "hasmoved",
    "1.7": "rejected",
    "1.8": "rejected",
    "1.9": "systemerror",
    "1.10": "notaccept",
    "2.0": "filtered",
    "2.1": "filtered",
    "2.2": "mailboxfull",
    "2.3": "exceedlimit",
    "2.4": "filtered",
    "3.0": "systemerror",
    "3.1": "systemfull",
    "3.2": "notaccept",
    "3.3": "systemerror",
    "3.4": "mesgtoobig",
    "3.5": "systemerror",
    "4.0": "networkerror",
    "4.1": "expired",
    "4.2": "networkerror",
    "4.3": "systemerror",
    "4.4": "hostunknown",
    "4.5": "toomanyconn",
    "4.6": "networkerror",
    "4.7": "expired",
    "5.3": "toomanyconn",
    "5.4": "systemerror",
    "5.5": "systemerror",
    "5.6": "securityerror",
    "7.1": "blocked",
    "7.2": "blocked",
    "7.13": "suspend",
    "7.16": "mesgtoobig",
    "7.17": "hasmoved",
    "7.18": "hasmoved",
    "7.20": "authfailure",
    "7.21": "authfailure",
    "7.22": "authfailure",
    "7.23": "authfailure",
    "7.24": "authfailure",
    "7.25": "blocked",
    "7.26": "authfailure",
    "7.27": "rejected",
}
_FOR_NOW = {  # with 4.x.x the same numbers mean less
    "1.0": "",
    "1.1": "",
    "1.2": "",
    "1.3": "",
    "2.0": "",
    "2.1": "suspend",
    "3.0": "",
    "4.0": "",
    "4.3": "",
    "4.4": "networkerror",
}
_LAST = (
    "mailboxfull", "spamdetected", "policyviolation", "virusdetected", "norelaying", "authfailure",
    "badreputation", "securityerror", "systemerror", "networkerror", "speeding", "suspend",
    "expired", "contenterror", "systemfull", "notaccept", "hostunknown", "mailererror",
)  # fmt: skip
_SENDER_STAGES = frozenset({"", "DATA", "MAIL"})


class Said(msgspec.Struct, frozen=True):
    """What is known of one failure before it has a reason.

    `stage` is the SMTP command that was refused (HELO, MAIL, RCPT, DATA), when told; `kind` the
    type of the diagnostic in lower case (`smtp`, `x-unix`, `x-postfix`), or nothing.
    """

    status: str
    words: str
    stage: str = ""
    kind: str = ""
    delayed: bool = False


def reason_of(said: Said) -> str:
    """Give the reason of a failure."""
    words = re.sub(r"\s+", " ", said.words.lower())
    if said.kind in {"", "smtp"}:
        first = _from_smtp(said, words)
        if first:
            return first
    return _from_words(said, words)


def is_hard(reason: str, status: str) -> bool:
    """Tell whether the address itself is at fault, for good."""
    return reason in _HARD and not status.startswith("4")


def made_status(reason: str, *, temporary: bool) -> str:
    """Give a status for a failure whose server named none."""
    return f"{4 if temporary else 5}.0.{_TABLE.get(reason, _TABLE['onhold'])['code']}"


def _from_smtp(said: Said, words: str) -> str:
    """Judge an answer of another server, by code and words together."""
    by_status = _by_status(said.status)
    for reason in ("mailboxfull", "mesgtoobig", "exceedlimit"):
        if by_status == reason and not (reason == "exceedlimit" and _says("mesgtoobig", words)):
            return reason
        if _says(reason, words):
            return reason
    for reason in ("suspend", "hasmoved", "norelaying", "authfailure"):
        if _says(reason, words) and (reason != "norelaying" or said.stage != "DATA"):
            return reason
    return _about_recipient(said, words, by_status) or _about_sender(said, words, by_status)


def _about_recipient(said: Said, words: str, by_status: str) -> str:
    is_unknown = _says("userunknown", words)
    if by_status == "userunknown":
        others = ("hostunknown", "blocked", "rejected", "notaccept")
        found = next((one for one in others if _says(one, words)), "")
        if not found or (is_unknown and found != "hostunknown"):
            return "userunknown"
    elif by_status == "filtered":
        # "Disabled" said of an address nobody has: the person is gone, not choosy.
        return "userunknown" if is_unknown and said.stage == "RCPT" else "filtered"
    elif by_status == "notaccept" and is_unknown and not _says("notaccept", words):
        return "userunknown"  # Exchange says 5.1.10 of an address it does not have
    elif said.stage == "RCPT" and is_unknown and not _says("hostunknown", words):
        return "userunknown"
    elif said.stage not in {"RCPT", "MAIL", "HELO"} and _says("filtered", words):
        return "filtered"
    elif said.stage not in {"RCPT", "MAIL", "HELO"} and is_unknown and not _says_host(words):
        return "filtered"  # after the address had been taken
    return ""


def _says_host(words: str) -> bool:
    return _says("hostunknown", words) or _says("notaccept", words)


def _about_sender(said: Said, words: str, by_status: str) -> str:
    if by_status == "rejected":
        return by_status
    if said.stage == "MAIL" and _says("blocked", words) and not _says("rejected", words):
        return "blocked"
    is_open = said.stage in _SENDER_STAGES or by_status in _VAGUE
    if is_open and by_status != "userunknown" and _says("rejected", words):
        return "rejected"
    for reason in ("notaccept", "hostunknown"):
        if _says(reason, words):
            return reason
    if by_status == "hostunknown":
        return by_status
    return _about_letter(said, words, by_status)


def _about_letter(said: Said, words: str, by_status: str) -> str:
    if said.stage not in {"HELO", "MAIL", "RCPT"} and _says("spamdetected", words):
        return "spamdetected"
    if by_status == "blocked" and _says("securityerror", words) and not _says("blocked", words):
        return "securityerror"
    for reason in ("speeding", "toomanyconn", "blocked"):
        if by_status == reason or (_says(reason, words) and not _says("policyviolation", words)):
            return reason
    return ""


def _from_words(said: Said, words: str) -> str:
    """Judge by the words alone, then by what the status leaves open."""
    by_status = _by_status(said.status)
    if by_status not in _VAGUE and said.kind in {"", "smtp"}:
        return by_status
    order: Sequence[str] = _LAST if said.kind in {"", "smtp"} else ("userunknown", *_LAST)
    if said.kind == "x-unix":
        order = ("mailboxfull", "mailererror", "systemerror")
    for reason in order:
        if _says(reason, words):
            return reason
    if by_status and by_status != "securityerror":
        return by_status
    return _from_class(said, words)


def _from_class(said: Said, words: str) -> str:
    subject = said.status[2:4]
    if subject == "6.":
        return "contenterror"
    if subject == "7.":
        return "securityerror"
    if said.kind in {"x-unix", "x-postfix"}:
        return "mailererror"
    if said.delayed:
        return "expired"
    if said.stage == "HELO":
        return "blocked"
    if _says("syntaxerror", words) or re.search(r"\b50[0-4]\b", words):
        return "syntaxerror"
    return "onhold"


def _by_status(status: str) -> str:
    if status.startswith("4"):
        return _FOR_NOW.get(status[2:], _BY_STATUS.get(status[2:], ""))
    return _BY_STATUS.get(status[2:], "")


def _compiled(words: Sequence[str]) -> re.Pattern[str]:
    patterns = (".{0,120}?".join(map(re.escape, word.split("*"))) for word in words)
    return re.compile("|".join(patterns)) if words else re.compile(r"(?!)")


_SAYS = {name: _compiled(entry["words"]) for name, entry in _TABLE.items()}


def _says(reason: str, words: str) -> bool:
    return bool(_SAYS[reason].search(words))
