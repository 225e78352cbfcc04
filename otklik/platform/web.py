"""What every route shares: a declared permission, the caller's address, the reader's language."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Protocol, TypeAlias, TypeVar

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers.base import BaseRouteHandler
from litestar.params import SkipValidation
from litestar.routes import HTTPRoute
from litestar.types import Scope as AsgiScope

from otklik.kernel.errors import ForbiddenError, SetupError

Connection = ASGIConnection[Any, Any, Any, Any]  # Litestar leaves user, auth and state open
T = TypeVar("T")
Given: TypeAlias = NamedDependency[SkipValidation[T]]
"""A parameter of a handler that the application provides by its name: `caller: Given[Caller]`."""
Networks = tuple[IPv4Network | IPv6Network, ...]

_DOORMAN = "doorman"


class Bearer(Protocol):
    """Whoever was let in, as far as a route's declaration looks at them."""

    @property
    def scopes(self) -> frozenset[Any]:
        """Give the permissions, as texts."""
        ...


class Doorman(Protocol):
    """Proves who is asking; raises when they are nobody we know."""

    async def admit(self, connection: Connection) -> Bearer:
        """Give the caller, or raise `NotSignedInError` or `ForbiddenError`."""
        ...


class Declaration:
    """The permission of a route; every route has exactly one, as a guard."""

    def __init__(self, scope: str, *, proven: bool = True) -> None:
        self.scope = scope
        self.proven = proven

    async def __call__(self, connection: Connection, _handler: BaseRouteHandler) -> None:
        """Let the request pass with its caller noted, or raise."""
        if not self.proven:
            return
        doorman: Doorman = connection.app.state[_DOORMAN]
        caller = await doorman.admit(connection)
        connection.scope["auth"] = caller
        if self.scope and self.scope not in caller.scopes:
            raise ForbiddenError


OPEN = Declaration("", proven=False)
"""For routes anybody may call: they look after themselves."""
SIGNED_IN = Declaration("")
"""For routes every proven caller may use."""


def require(scope: str) -> Declaration:
    """Declare the permission a route needs."""
    return Declaration(scope)


def place_doorman(app: Litestar, doorman: Doorman) -> None:
    """Give the application its doorman; refuse to start when a route declares no permission."""
    bare = [path for path, found in declarations(app) if found is None]
    if bare:
        routes = ", ".join(bare)
        raise SetupError(
            f"Routes without a declared permission: {routes}.",
            f"Маршруты без объявленного права: {routes}.",
        )
    app.state[_DOORMAN] = doorman


def declarations(app: Litestar) -> Iterator[tuple[str, Declaration | None]]:
    """List every route as `METHOD /path` with the declaration nearest to it."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                methods = sorted(handler.http_methods - {"OPTIONS"})  # Litestar adds those itself
                yield from ((f"{verb} {route.path}", _declared(handler)) for verb in methods)
        else:
            yield f"{route.scope_type.value} {route.path}", _declared(route.route_handler)


def _declared(handler: BaseRouteHandler) -> Declaration | None:
    for layer in reversed(handler.ownership_layers):
        for guard in layer.guards or ():
            if isinstance(guard, Declaration):
                return guard
    return None


def read_networks(text: str) -> Networks:
    """Read a comma-separated list of addresses and networks."""
    parts = (part.strip() for part in text.split(","))
    return tuple(ip_network(part, strict=False) for part in parts if part)


def client_address(scope: AsgiScope, trusted: Networks) -> str:
    """Give the address a request came from; proxies are believed only when trusted.

    A visitor of IPv6 commands a whole /64, so its network stands for it.
    """
    client = scope.get("client")
    address = client[0] if client else ""
    forwarded = _header(scope, b"x-forwarded-for").split(",")
    while forwarded and _is_trusted(address, trusted):
        nearest = forwarded.pop().strip()
        if not nearest:
            break
        address = nearest
    return _counted_as(address)


def _is_trusted(address: str, trusted: Networks) -> bool:
    try:
        return any(ip_address(address) in network for network in trusted)
    except ValueError:
        return False


def _counted_as(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, 64), strict=False))


def _header(scope: AsgiScope, name: bytes) -> str:
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


def locale_of(headers: Mapping[str, str], default: str = "ru") -> str:
    """Choose between Russian and English by `Accept-Language`."""
    ranked: list[tuple[float, str]] = []
    for part in headers.get("accept-language", "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        language = tag.split("-")[0].lower()
        if language in {"ru", "en"}:
            ranked.append((_weight(weight), language))
    return max(ranked, key=lambda entry: entry[0])[1] if ranked else default


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
