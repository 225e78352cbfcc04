"""Telegram's answers in our words."""

import re
from collections.abc import Mapping

import msgspec

from otklik.channels.telegram import wire
from otklik.kernel import lenient
from otklik.ports.channel import Profile, Refusal, RefusalKind, Sent
from otklik.ports.errors import ErrorTable

ERRORS = ErrorTable.load(__package__)
_LONGEST_WAIT_S = 86_400.0  # what is longer is not Telegram talking
_RETRY = re.compile(r"retry after ([0-9]{1,6})")

# Telegram's wording, in lower case, to what it means to us; the first match counts.
_MEANINGS = (
    ("bot was blocked", RefusalKind.BLOCKED),
    ("user_is_blocked", RefusalKind.BLOCKED),
    ("no rights to send", RefusalKind.BLOCKED),
    ("deactivated", RefusalKind.GONE),
    ("can't initiate conversation", RefusalKind.GONE),
    ("can't send messages to bots", RefusalKind.GONE),
    ("bot was kicked", RefusalKind.GONE),
    ("chat was deleted", RefusalKind.GONE),
    ("not a member", RefusalKind.GONE),
    ("chat not found", RefusalKind.GONE),
    ("user not found", RefusalKind.GONE),
    ("peer_id_invalid", RefusalKind.GONE),
    ("too long", RefusalKind.TOO_LONG),
    ("too_long", RefusalKind.TOO_LONG),
    ("file", RefusalKind.BAD_MEDIA),
    ("http url", RefusalKind.BAD_MEDIA),
    ("webpage_", RefusalKind.BAD_MEDIA),
    ("web page content", RefusalKind.BAD_MEDIA),
    ("photo_", RefusalKind.BAD_MEDIA),
    ("media_", RefusalKind.BAD_MEDIA),
    ("image_process", RefusalKind.BAD_MEDIA),
    ("sticker", RefusalKind.BAD_MEDIA),
    ("voice_messages_forbidden", RefusalKind.BAD_MEDIA),
)


def answer_in(body: bytes) -> wire.Answer | None:
    """Read the common shape of an answer; None when the body is not a Bot API answer."""
    try:
        answer = lenient.read(body, wire.Answer)
    except msgspec.DecodeError:
        return None
    return answer if answer.ok or answer.error_code or answer.description else None


def refused(status: int, headers: Mapping[str, str], answer: wire.Answer | None) -> Refusal:
    """Say in our words why a call was refused, under its code in `errors.toml`."""
    refusal = _meant(status, headers, answer)
    number = str((answer.error_code if answer else 0) or status)
    code = next((code for code in (number, refusal.kind.value) if code in ERRORS.known), "")
    return msgspec.structs.replace(refusal, code=code)


def profile_in(answer: wire.Answer) -> Sent | Refusal:
    """Read who a person is; their picture is a file to be found like any other."""
    try:
        who = lenient.read(bytes(answer.result), wire.WholeChat)
    except msgspec.DecodeError:
        return Refusal(RefusalKind.TEMPORARY, "getChat answered without a chat")
    name = " ".join(filter(None, (who.first_name, who.last_name)))
    picture = "" if who.photo is None else who.photo.big_file_id
    return Sent(profile=Profile(name, username=who.username, picture=picture))


def _meant(status: int, headers: Mapping[str, str], answer: wire.Answer | None) -> Refusal:
    code = (answer.error_code if answer else 0) or status
    detail = answer.description[:300] if answer else f"HTTP {status} without a Bot API answer"
    parameters = (answer.parameters if answer else None) or wire.Parameters()
    if code == 429:
        told = _RETRY.search(detail) or _RETRY.search(f"retry after {headers.get('retry-after')}")
        wait = parameters.retry_after or float(told[1] if told else 1)
        # Telegram does not say whether one chat or the whole bot is meant; going on elsewhere
        # while the bot is throttled prolongs the throttle, so the whole bot waits.
        wait = min(max(wait, 0.0), _LONGEST_WAIT_S)
        return Refusal(RefusalKind.THROTTLED, detail, wait, everywhere=True)
    if parameters.migrate_to_chat_id:
        return Refusal(RefusalKind.MOVED, detail, moved_to=str(parameters.migrate_to_chat_id))
    if code == 413:
        return Refusal(RefusalKind.BAD_MEDIA, detail)
    if answer is None or code == 409 or code >= 500:
        return Refusal(RefusalKind.TEMPORARY, detail)
    if code in {401, 404}:
        return Refusal(RefusalKind.BAD_TOKEN, detail)
    text = detail.lower()
    other = RefusalKind.BLOCKED if code == 403 else RefusalKind.OTHER
    return Refusal(next((kind for words, kind in _MEANINGS if words in text), other), detail)
