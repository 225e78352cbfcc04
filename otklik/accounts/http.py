"""The front door over HTTP: sign-in, the signed-in operator, colleagues, keys, socket tickets."""

import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response, Router, delete, get, patch, post, put
from litestar.datastructures import Cookie
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.params import FromPath, JSONBody

from otklik.accounts.service import keys, operators, profile, sessions
from otklik.accounts.service.context import Accounts
from otklik.accounts.tickets import Tickets
from otklik.accounts.types import (
    ApiKeyView,
    Caller,
    CsrfError,
    Invited,
    LinkSignIn,
    MadeApiKey,
    Me,
    NewApiKey,
    NewOperator,
    OperatorPatch,
    OperatorView,
    ProfilePatch,
    Scope,
    Session,
    SignIn,
    SocketTicket,
)
from otklik.kernel.errors import ForbiddenError, NotSignedInError
from otklik.platform.settings import Settings
from otklik.platform.web import (
    OPEN,
    SIGNED_IN,
    Connection,
    Given,
    Networks,
    client_address,
    read_networks,
    require,
)

TICKET_PURPOSE = "desk"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
AnyRequest = Request[Any, Any, Any]  # Litestar leaves user, auth and state open


@dataclass(frozen=True, slots=True)
class Door:
    """What the front door is made of; also the application's doorman."""

    accounts: Accounts
    tickets: Tickets
    secure: bool
    public_url: str
    trusted: Networks

    @property
    def cookie_name(self) -> str:
        """Name the cookie; browsers keep the `__Host-` one to this very host over HTTPS."""
        return "__Host-otklik_session" if self.secure else "otklik_session"

    async def admit(self, connection: Connection) -> Caller:
        """Prove a request by its API key or its cookie."""
        scheme, _, key = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return await sessions.by_key(self.accounts, key.strip())
        token = connection.cookies.get(self.cookie_name, "")
        if not token:
            raise NotSignedInError
        caller, session = await sessions.by_cookie(self.accounts, token)
        if _is_unsafe(connection):
            self.refuse_foreign_page(connection)
            _refuse_without_token(connection, session)
        connection.scope["user"] = session
        return caller

    def refuse_foreign_page(self, connection: Connection) -> None:
        """Refuse a request that a page of another site may have made."""
        origin = connection.headers.get("origin")
        if origin is None:
            site = connection.headers.get("sec-fetch-site", "none")
            if site not in {"same-origin", "none"}:
                raise CsrfError
            return
        host = connection.headers.get("host", "")
        own = {urlsplit(self.public_url).netloc, host} - {""}
        if urlsplit(origin).netloc not in own:
            raise CsrfError

    def address(self, request: AnyRequest) -> str:
        """Give the address that limits and the audit go by."""
        return client_address(request.scope, self.trusted)

    def token(self, request: AnyRequest) -> str:
        """Give the browser's session, or nothing."""
        return request.cookies.get(self.cookie_name, "")

    def cookie(self, token: str) -> Cookie:
        """Give the cookie to set; an empty token takes it away."""
        return Cookie(
            key=self.cookie_name,
            value=token,
            path="/",
            httponly=True,
            secure=self.secure,
            samesite="lax",
            max_age=self.accounts.terms.whole_ms // 1000 if token else 0,
        )


def make_door(accounts: Accounts, tickets: Tickets, settings: Settings) -> Door:
    """Build the front door as the settings want it."""
    return Door(
        accounts=accounts,
        tickets=tickets,
        secure=settings.cookies_are_secure,
        public_url=settings.public_url,
        trusted=read_networks(settings.trusted_proxies),
    )


def provide_caller(request: AnyRequest) -> Caller:
    """Give handlers their `caller`; for the application's dependencies."""
    caller = request.scope.get("auth")
    if not isinstance(caller, Caller):
        raise NotSignedInError
    return caller


def _provide_session(request: AnyRequest) -> Session:
    session = request.scope.get("user")
    if not isinstance(session, Session):
        raise ForbiddenError
    return session


CALLER = Provide(provide_caller, sync_to_thread=False)
TheDoor = Given[Door]
TheCaller = Given[Caller]
TheSession = Given[Session]


@post("/sign-in", guards=[OPEN], status_code=200, tags=["accounts"])
async def sign_in(data: JSONBody[SignIn], request: AnyRequest, door: TheDoor) -> Response[Me]:
    """Sign in with e-mail and password."""
    door.refuse_foreign_page(request)
    signed_in = await sessions.sign_in(
        door.accounts,
        data.email,
        data.password,
        address=door.address(request),
        instead_of=door.token(request),
    )
    return _with_cookie(door, signed_in.me, signed_in.token)


@post("/sign-in/link", guards=[OPEN], status_code=200, tags=["accounts"])
async def sign_in_by_link(
    data: JSONBody[LinkSignIn], request: AnyRequest, door: TheDoor
) -> Response[Me]:
    """Sign in with a one-time link."""
    door.refuse_foreign_page(request)
    signed_in = await sessions.sign_in_by_link(
        door.accounts, data.token, address=door.address(request), instead_of=door.token(request)
    )
    return _with_cookie(door, signed_in.me, signed_in.token)


@post("/sign-out", guards=[SIGNED_IN], status_code=204, tags=["accounts"])
async def sign_out(session: TheSession, request: AnyRequest, door: TheDoor) -> Response[None]:
    """End this browser's sign-in."""
    await sessions.sign_out(door.accounts, session, address=door.address(request))
    return Response(None, status_code=204, cookies=[door.cookie("")])


@get("/me", guards=[SIGNED_IN], tags=["accounts"])
async def me(session: TheSession, door: TheDoor) -> Me:
    """Tell who is signed in."""
    return await profile.me(door.accounts, session)


@put("/me", guards=[SIGNED_IN], tags=["accounts"])
async def change_me(
    data: JSONBody[ProfilePatch], session: TheSession, request: AnyRequest, door: TheDoor
) -> Me:
    """Change one's own name, e-mail, password or language."""
    return await profile.change_profile(door.accounts, session, data, door.address(request))


@get("/operators", guards=[require(Scope.OPERATORS_READ)], tags=["accounts"])
async def list_operators(caller: TheCaller, door: TheDoor) -> list[OperatorView]:
    """List the operators of the account."""
    return await operators.list_operators(door.accounts, caller.account_id)


@post("/operators", guards=[require(Scope.ACCOUNT)], tags=["accounts"])
async def invite(
    data: JSONBody[NewOperator], caller: TheCaller, request: AnyRequest, door: TheDoor
) -> Invited:
    """Add an operator and get the link to hand over."""
    return await operators.invite(door.accounts, caller, data, door.address(request))


@patch("/operators/{operator_id:str}", guards=[require(Scope.ACCOUNT)], tags=["accounts"])
async def change_operator(
    operator_id: FromPath[str],
    data: JSONBody[OperatorPatch],
    caller: TheCaller,
    request: AnyRequest,
    door: TheDoor,
) -> OperatorView:
    """Change an operator's name or role, or deactivate them."""
    return await operators.change_operator(
        door.accounts, caller, operator_id, data, door.address(request)
    )


@post("/operators/{operator_id:str}/link", guards=[require(Scope.ACCOUNT)], tags=["accounts"])
async def invite_again(operator_id: FromPath[str], caller: TheCaller, door: TheDoor) -> Invited:
    """Get a fresh one-time link for an operator."""
    return await operators.invite_again(door.accounts, caller, operator_id)


@get("/api-keys", guards=[require(Scope.ACCOUNT)], tags=["accounts"])
async def list_keys(caller: TheCaller, door: TheDoor) -> list[ApiKeyView]:
    """List the API keys that were not revoked."""
    return await keys.list_keys(door.accounts, caller.account_id)


@post("/api-keys", guards=[require(Scope.ACCOUNT)], tags=["accounts"])
async def make_key(
    data: JSONBody[NewApiKey], caller: TheCaller, request: AnyRequest, door: TheDoor
) -> MadeApiKey:
    """Make an API key; this answer is the only one that shows it."""
    return await keys.make_key(door.accounts, caller, data, door.address(request))


@delete("/api-keys/{key_id:str}", guards=[require(Scope.ACCOUNT)], tags=["accounts"])
async def revoke_key(
    key_id: FromPath[str], caller: TheCaller, request: AnyRequest, door: TheDoor
) -> None:
    """Revoke an API key at once."""
    await keys.revoke_key(door.accounts, caller, key_id, door.address(request))


@post("/live/ticket", guards=[require(Scope.CONVERSATIONS_READ)], tags=["live"])
async def take_ticket(caller: TheCaller, door: TheDoor) -> SocketTicket:
    """Take a ticket to the desk's socket: good for 30 seconds, once."""
    return SocketTicket(door.tickets.issue(TICKET_PURPOSE, caller.credential))


def accounts_router(door: Door) -> Router:
    """Give the routes of accounts."""
    return Router(
        path="/api/v1",
        route_handlers=[
            sign_in,
            sign_in_by_link,
            sign_out,
            me,
            change_me,
            list_operators,
            invite,
            change_operator,
            invite_again,
            list_keys,
            make_key,
            revoke_key,
            take_ticket,
        ],
        dependencies={
            "door": Provide(lambda: door, sync_to_thread=False),
            "session": Provide(_provide_session, sync_to_thread=False),
        },
    )


def _with_cookie(door: Door, answer: Me, token: str) -> Response[Me]:
    headers = {"Cache-Control": "no-store"}
    return Response(answer, status_code=200, cookies=[door.cookie(token)], headers=headers)


def _is_unsafe(connection: Connection) -> bool:
    scope = connection.scope
    return scope["type"] != ScopeType.HTTP or scope["method"] not in _SAFE


def _refuse_without_token(connection: Connection, session: Session) -> None:
    given = connection.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(given.encode(), session.csrf_token.encode()):
        raise CsrfError
