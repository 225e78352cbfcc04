"""The one outgoing HTTP client: it checks the address really connected to, on every hop."""

import functools
import re
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import MappingProxyType, TracebackType
from typing import NamedTuple, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.connector import AddrInfoType
from yarl import URL

from otklik.platform.addresses import AddressPolicy
from otklik.platform.http_outcomes import (
    AnswerLost,
    BadUrl,
    Downloaded,
    Failure,
    Forbidden,
    ForbiddenAddressError,
    TooLarge,
    Unexpected,
    failure_of,
)
from otklik.platform.multipart import FileBody, OpenFile, form_of
from otklik.ports.channel import Answer, Request

Sink = Callable[[bytes], Awaitable[object]]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS = 5
_CONNECT_S = 5.0
_NETWORK_ERRORS = (aiohttp.ClientError, OSError, UnicodeError)  # a time-out is an OSError
# Parsers disagree on these, and such a disagreement is how a check is slipped past.
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f\\]")
_OWN_HEADERS = {
    "Accept-Encoding": "identity",  # the answers are short: packing them costs more than it saves
    "User-Agent": "Otklik",
}


class Limits(NamedTuple):
    """Bounds of the client: `body_bytes` of one answer, `connections` open at once."""

    body_bytes: int = 5_242_880
    connections: int = 256


class _Written(NamedTuple):
    """What one request puts on the wire besides its address."""

    body: bytes | AsyncIterator[bytes] | None
    headers: Mapping[str, str]


def trusting(files: Mapping[str, str]) -> Mapping[str, ssl.SSLContext]:
    """Read further certificate authorities, PEM files by the name `Request.trust` gives them.

    The system's own stay trusted. Raises `OSError` for a file that cannot be read or has none.
    """
    contexts = {name: ssl.create_default_context() for name, file in files.items() if file}
    for name, context in contexts.items():
        context.load_verify_locations(files[name])
    return contexts


class GuardedClient:
    """Performs described requests; failures are values, so that callers must look at them.

    Hosts the owner vouches for by name have a pool of their own without the address check.
    Use as an async context manager. URLs hold credentials: nothing here logs or repeats them.
    """

    def __init__(
        self,
        policy: AddressPolicy,
        *,
        limits: Limits = Limits(),  # noqa: B008 - immutable
        resolver: AbstractResolver | None = None,
        authorities: Mapping[str, ssl.SSLContext] = MappingProxyType({}),
    ) -> None:
        self._policy = policy
        self._limits = limits
        self._resolver = resolver
        self._authorities = authorities

    async def __aenter__(self) -> Self:
        self._strict = self._session(guarded=True)
        self._vouched = self._session(guarded=False)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._strict.close()
        await self._vouched.close()

    async def send(
        self, request: Request, open_file: OpenFile | None = None, *, max_bytes: int = 0
    ) -> Answer | Failure:
        """Perform a request and read its answer; `max_bytes` 0 means the client's own limit.

        Only a GET follows redirects: a body is never repeated at an address nobody named.
        Errors of `open_file` pass through; nothing has been sent then.
        """
        written = await _written(request, open_file)
        limit = max_bytes or self._limits.body_bytes
        response = await self._response(request, written)
        if not isinstance(response, aiohttp.ClientResponse):
            return response
        try:
            body = await _body_of(response, limit)
        except _NETWORK_ERRORS as error:
            return AnswerLost(type(error).__name__)
        finally:
            response.close()  # nothing to do after a whole body: the connection is in the pool
        if body is None:
            return TooLarge(response.status, limit)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, headers, body)

    async def download(
        self, request: Request, sink: Sink, max_bytes: int
    ) -> Downloaded | Failure | Unexpected:
        """Stream the body of a 2xx answer into `sink`, at most `max_bytes`.

        Errors of the sink pass through.
        """
        response = await self._response(request, await _written(request, None))
        if not isinstance(response, aiohttp.ClientResponse):
            return response
        try:
            return await _poured(response, sink, max_bytes)
        finally:
            response.close()

    async def _response(
        self, request: Request, written: _Written
    ) -> aiohttp.ClientResponse | Failure:
        until = time.monotonic() + request.timeout_s
        url: URL | BadUrl | Forbidden = _checked(request.url)
        left = request.timeout_s
        for _ in range(_MAX_REDIRECTS + 1):
            if not isinstance(url, URL):
                return url
            try:
                response = await self._hop(request, url, written, left)
            except _NETWORK_ERRORS as error:
                return failure_of(error)
            if request.method != "GET" or response.status not in _REDIRECTS:
                return response
            response.close()
            next_url = _next(url, response.headers.get("Location", ""))
            if isinstance(next_url, URL) and next_url.origin() != url.origin():
                written = _Written(None, {})  # headers were meant for the first host alone
            url, left = next_url, max(until - time.monotonic(), 0.001)
        return BadUrl(f"more than {_MAX_REDIRECTS} redirects")

    async def _hop(
        self, request: Request, url: URL, written: _Written, left: float
    ) -> aiohttp.ClientResponse:
        return await self._pool(url).request(
            request.method,
            url,
            data=written.body,
            headers=written.headers,
            allow_redirects=False,
            timeout=_timeout(left),
            ssl=self._authorities.get(request.trust, True),
        )

    def _pool(self, url: URL) -> aiohttp.ClientSession:
        vouched = self._policy.vouched
        if vouched.hosts and vouched.has_host((url.raw_host or "").rstrip("."), url.port or 0):
            return self._vouched
        return self._strict

    def _session(self, *, guarded: bool) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._limits.connections,
                resolver=self._resolver,
                socket_factory=self._guarded_socket if guarded else None,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=_OWN_HEADERS,
            trust_env=False,
        )

    def _guarded_socket(self, target: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = target
        reason = self._policy.why_not(str(address[0]), int(address[1]))
        if reason:
            raise ForbiddenAddressError(reason)
        return socket.socket(family, kind, protocol)


@functools.lru_cache(maxsize=512)
def _checked(text: str) -> URL | BadUrl:
    if _AMBIGUOUS.search(text):
        return BadUrl("a space, a control character or a backslash")
    try:
        url = URL(text)
    except (ValueError, TypeError):
        return BadUrl("not an address")
    if url.scheme not in {"http", "https"} or not url.raw_host:
        return BadUrl("not an http or https address")
    if url.raw_user is not None or url.raw_password is not None:
        return BadUrl("a name or password before the host")
    return url


@functools.lru_cache(maxsize=64)
def _timeout(left_s: float) -> aiohttp.ClientTimeout:
    # Connecting gives up well before the whole does, so that only an error of connecting is
    # ever taken for "nothing was sent".
    return aiohttp.ClientTimeout(total=left_s, connect=min(_CONNECT_S, left_s / 2))


def _next(url: URL, location: str) -> URL | BadUrl | Forbidden:
    try:
        joined = url.join(URL(location))
    except ValueError:
        return BadUrl("a redirect to something that is not an address")
    if url.scheme == "https" and joined.scheme == "http":
        return Forbidden("redirect from https to http")
    return _checked(str(joined))


async def _written(request: Request, open_file: OpenFile | None) -> _Written:
    headers = dict(request.headers)
    if request.body:
        if not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json"
        return _Written(request.body, headers)
    if not request.fields and not request.files:
        return _Written(None, headers)
    form = await form_of(request, open_file or _no_files)
    headers["Content-Type"] = form.content_type
    headers["Content-Length"] = str(form.size)
    return _Written(form.chunks(), headers)


async def _no_files(file_id: str) -> FileBody:
    raise LookupError(f"a request with file {file_id} needs open_file")


async def _body_of(response: aiohttp.ClientResponse, limit: int) -> bytes | None:
    length = response.content_length
    if length is not None and length > limit:
        return None
    if length is not None and "Content-Encoding" not in response.headers:
        return await response.read()
    gathered = bytearray()
    while chunk := await response.content.readany():
        gathered += chunk
        if len(gathered) > limit:
            return None
    return bytes(gathered)


async def _poured(
    response: aiohttp.ClientResponse, sink: Sink, max_bytes: int
) -> Downloaded | Failure | Unexpected:
    if not 200 <= response.status < 300:
        return Unexpected(response.status)
    if (response.content_length or 0) > max_bytes:
        return TooLarge(response.status, max_bytes)
    size = 0
    while True:
        try:
            chunk = await response.content.readany()
        except _NETWORK_ERRORS as error:
            return AnswerLost(type(error).__name__)
        if not chunk:
            return Downloaded(response.content_type, size)
        size += len(chunk)
        if size > max_bytes:
            return TooLarge(response.status, max_bytes)
        await sink(chunk)
