"""Our orders as pushes, and what push services answer."""

import hashlib
from typing import assert_never

from otklik.channels.webpush import address, encryption, vapid
from otklik.channels.webpush.notification import why_not_send, written
from otklik.ports import channel as port
from otklik.ports.channel import InboxConfig, Outgoing, Refusal, RefusalKind, Request, Sent
from otklik.ports.errors import ErrorTable

ERRORS = ErrorTable.load(__package__)
_DAY_S = 86_400
_LONGEST_S = 2_419_200  # four weeks: services keep nothing longer
_FILE_S = 3_600  # the address of a file is good for so long
_THROTTLED_S = 60.0
_URGENCY = {"operator": "high", "bot": "normal", "campaign": "low"}
_OTHERS_KEY = ("pkhashmismatch", "do not correspond", "key mismatch")
_OF_OUR_KEY = ("vapid", "jwt", "authorization")


def send(order: port.Order, config: InboxConfig, answers: port.Answers) -> Request | Sent | Refusal:
    """Carry out an order: one push, and what the service says to it."""
    match order:
        case Outgoing():
            return _pushed(order, config, answers)
        case port.OutgoingEdit():
            outcome = _pushed(order.message, config, answers, again=True)
            return Sent() if isinstance(outcome, Sent) else outcome
        case port.PressAnswer():
            return Sent()  # nothing waits in a browser
        case (
            port.OutgoingDelete() | port.OutgoingReaction() | port.TypingShown()
            | port.ReadShown() | port.ProfileAsked()
        ):  # fmt: skip
            return Refusal(RefusalKind.OTHER, "there is no such thing in web push")
        case _:
            assert_never(order)


def locate(ref: str, _config: InboxConfig, _answers: port.Answers) -> Refusal:
    """Find nothing: no file ever comes this way."""
    return Refusal(RefusalKind.BAD_MEDIA, f"no file comes by web push: {ref[:100]}")


def _pushed(
    order: Outgoing, config: InboxConfig, answers: port.Answers, *, again: bool = False
) -> Request | Sent | Refusal:
    if answers:
        return _sent(order, answers[-1])
    refusal = why_not_send(order, config)
    if refusal is not None:
        return refusal
    to = address.read(order.to)
    if to is None or not address.is_allowed(to.endpoint, config.settings):
        return ERRORS.refusal("address", "the address is not of a known push service")
    shown = vapid.authorization(config, to.endpoint, to.key)
    if shown is None:
        return ERRORS.refusal("mismatch", "the inbox no longer has the key it was made with")
    plain = written(order, config, again=again)
    if len(plain) > encryption.LONGEST:
        return Refusal(RefusalKind.TOO_LONG, f"{len(plain)} bytes, at most {encryption.LONGEST}")
    try:
        body = encryption.sealed(plain, address.decoded(to.p256dh), address.decoded(to.auth))
    except ValueError:
        return ERRORS.refusal("address", "the browser's key is not a point of the curve")
    headers = {
        "authorization": shown,
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": str(_ttl(order, config)),
        "urgency": _URGENCY[order.by],
        "topic": _topic(order.message_id),
    }
    return Request("POST", to.endpoint, "push", headers=headers, body=body, repeatable=True)


def _ttl(order: Outgoing, config: InboxConfig) -> int:
    if order.files:
        return _FILE_S
    asked = config.settings.get("ttl_s", "")
    return min(int(asked), _LONGEST_S) if asked.isascii() and asked.isdigit() else _DAY_S


def _topic(message_id: str) -> str:
    """Name a message: a repeat or a change of it replaces what is not delivered yet."""
    return address.encoded(hashlib.sha256(message_id.encode()).digest())[:32]


def _sent(order: Outgoing, answer: port.Answer) -> Sent | Refusal:
    if answer.status in {200, 201, 202, 204}:
        return Sent((order.message_id,))  # the worker's beacons name it so
    words = answer.body[:300].decode("utf-8", "replace").strip()
    detail = f"HTTP {answer.status} {words}".strip()
    if answer.status >= 500:
        return Refusal(RefusalKind.TEMPORARY, detail, _retry_after_s(answer))
    wait_s = (_retry_after_s(answer) or _THROTTLED_S) if answer.status == 429 else 0.0
    return ERRORS.refusal(_code(answer.status, words.lower()), detail, retry_after_s=wait_s)


def _code(status: int, words: str) -> str:
    if status in {400, 401, 403}:
        if any(part in words for part in _OTHERS_KEY):
            return "mismatch"
        if status == 400 and any(part in words for part in _OF_OUR_KEY):
            return "401"
    return str(status)


def _retry_after_s(answer: port.Answer) -> float:
    told = answer.headers.get("retry-after", "")
    return float(min(int(told), _DAY_S)) if told.isascii() and told.isdigit() else 0.0
