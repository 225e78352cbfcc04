"""What can come of an outgoing request: the closed set that tells safe retries from uncertainty."""

import aiohttp
import msgspec


class ForbiddenAddressError(OSError):
    """Raised instead of opening a socket to an address the policy refuses.

    All of them read the same, so that several for one name arrive here as one of them.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__("the address is forbidden")


class Downloaded(msgspec.Struct, frozen=True):
    """A body that went into the sink: `mime` as the server claims it, `size` in bytes."""

    mime: str
    size: int


class NotConnected(msgspec.Struct, frozen=True):
    """Nothing was sent: trying again is safe."""

    reason: str


class AnswerLost(msgspec.Struct, frozen=True):
    """The request may have been taken: only a lookup or a person can tell."""

    reason: str


class Forbidden(msgspec.Struct, frozen=True):
    """The address is not one this installation may reach; nothing was sent to it."""

    reason: str


class TooLarge(msgspec.Struct, frozen=True):
    """The answer with this status was longer than the limit in bytes, and was dropped."""

    status: int
    limit: int


class BadUrl(msgspec.Struct, frozen=True):
    """The address cannot be requested at all; the reason never repeats it."""

    reason: str


class Unexpected(msgspec.Struct, frozen=True):
    """A download was answered with another status than 2xx."""

    status: int


Failure = NotConnected | AnswerLost | Forbidden | TooLarge | BadUrl


def failure_of(error: Exception) -> Failure:
    """Read an error of sending. Its text may hold the URL, so only known parts are kept."""
    match error:
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError() | UnicodeError():
            return BadUrl("not an http or https address")
        case aiohttp.ClientConnectorError(os_error=ForbiddenAddressError() as refusal):
            return Forbidden(refusal.reason)
        case aiohttp.ClientConnectorDNSError():
            return NotConnected("the name does not resolve")
        case aiohttp.ClientSSLError():
            return NotConnected("no trusted TLS connection")
        case aiohttp.ClientConnectorError(os_error=cause):
            return NotConnected(cause.strerror or type(cause).__name__)
        case aiohttp.ConnectionTimeoutError():
            return NotConnected("no connection in time")
        case TimeoutError():
            return AnswerLost("no answer in time")
        case _:  # a reset, a half answer, something that is not HTTP
            return AnswerLost(type(error).__name__)
