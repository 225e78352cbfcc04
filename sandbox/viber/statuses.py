"""Viber's answers: HTTP 200, and the truth in `status`."""

from sandbox.asgi import Reply, as_json
from sandbox.faults import CallRule
from sandbox.platform import Call, Refused

_NAMES = {
    1: "invalidUrl",
    2: "invalidAuthToken",
    3: "badData",
    4: "missingData",
    5: "receiverNotRegistered",
    6: "receiverNotSubscribed",
    10: "webhookNotSet",
    12: "tooManyRequests",
}


def good(**facts: object) -> Reply:
    """A success with what the method tells."""
    return as_json({"status": 0, "status_message": "ok", **facts})


def bad(status: int, words: str = "") -> Refused:
    """A refusal to raise."""
    name = _NAMES[status]
    return Refused(as_json({"status": status, "status_message": words or name}), name)


def stranger(_call: Call) -> Reply:
    """The answer to an unknown token."""
    return bad(2).reply


def ordered(rule: CallRule) -> Reply:
    """The faults that were ordered, as Viber would tell them."""
    if rule.kind == "too_many":
        return bad(12).reply
    return Reply(rule.status, b"<html><h1>Bad Gateway</h1></html>", "text/html")
