"""Every refusal of MAX, in its own words."""

from sandbox.asgi import Reply, as_json
from sandbox.faults import CallRule
from sandbox.platform import Call, Refused

BLOCKED = (403, "chat.denied", "error.dialog.suspended")
NO_DIALOG = (404, "dialog.not.found", "The user has not opened the bot")
NO_CHAT = (404, "chat.not.found", "Chat not found")
NO_MESSAGE = (404, "not.found", "Message not found")
NOT_OURS = (403, "access.denied", "The message was not sent by the bot")
NOT_READY = (400, "attachment.not.ready", "Key: errors.process.attachment.file.not.processed")
TOO_MANY = (429, "too.many.requests", "Too many requests")


def refusal(status: int, code: str, words: str) -> Refused:
    """A refusal to raise."""
    return Refused(as_json({"code": code, "message": words}, status), code)


def payload(words: str) -> Refused:
    """The refusal of a body that is not as it should be."""
    return refusal(400, "proto.payload", words)


def unauthorized(_call: Call | None = None) -> Reply:
    """The answer to a token nobody has, or has no more."""
    return as_json({"code": "verify.token", "message": "Invalid access_token"}, 401)


def ordered(rule: CallRule) -> Reply:
    """The faults that are ordered, as MAX words them."""
    if rule.kind == "too_many":
        return as_json({"code": TOO_MANY[1], "message": TOO_MANY[2]}, 429)
    return as_json({"code": "service.unavailable", "message": "Service unavailable"}, rule.status)
