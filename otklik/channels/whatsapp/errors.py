"""WhatsApp's errors in our words, by the table beside this module."""

from msgspec.structs import replace

from otklik.families import meta
from otklik.ports.channel import Answer, Refusal, RefusalKind
from otklik.ports.errors import ErrorTable

ERRORS = ErrorTable.load("otklik.channels.whatsapp")

# How long WhatsApp's brakes last when it does not say: seconds by code.
_WAITS = {"131056": 6.0, "130429": 2.0, "4": 60.0, "80007": 60.0, "613": 60.0, "133016": 3600.0}


def refused(answer: Answer) -> Refusal:
    """Say in our words why WhatsApp did not do it."""
    refusal = meta.refused(ERRORS, answer)
    if refusal.retry_after_s or refusal.kind is not RefusalKind.THROTTLED:
        return refusal
    return replace(refusal, retry_after_s=_WAITS.get(refusal.code, 1.0))
