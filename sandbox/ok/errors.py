"""Every refusal of the Graph API: a code in a body, with status 200."""

from sandbox.asgi import Reply, as_json
from sandbox.faults import CallRule
from sandbox.platform import Call, Refused

SERVICE = (2, "SERVICE : Service temporarily unavailable")
METHOD = (3, "METHOD : Method does not exist")
REQUEST = (4, "REQUEST : Invalid request")
FLOOD = (8, "FLOOD_BLOCKED : Too many requests")
NOT_ALLOWED = (10, "PERMISSION_DENIED : The user has not allowed messages of the group")
EXPIRED = (102, "PARAM_SESSION_EXPIRED : Session expired")
NOT_FOUND = (300, "NOT_FOUND : Not found")


def refusal(code: int, words: str) -> Refused:
    """A refusal to raise."""
    return Refused(_reply(code, words), str(code))


def parameter(words: str) -> Refused:
    """The refusal of a parameter that is not as it should be."""
    return refusal(100, f"PARAM : {words}")


def expired(_call: Call | None = None) -> Reply:
    """The answer to a token nobody has, or has no more."""
    return _reply(*EXPIRED)


def ordered(rule: CallRule) -> Reply:
    """The faults that are ordered, as Odnoklassniki words them."""
    if rule.kind == "too_many":
        return _reply(*FLOOD)
    return as_json({"error_code": SERVICE[0], "error_msg": SERVICE[1]}, rule.status)


def _reply(code: int, words: str) -> Reply:
    return as_json({"error_code": code, "error_msg": words, "error_data": None})
