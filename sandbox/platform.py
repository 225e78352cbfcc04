"""What one messenger gives the sandbox, and how its calls are served."""

import importlib
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from sandbox import strikes
from sandbox.asgi import Answer, MalformedError, Reply, Request, Router, Upload, as_json, parse_body
from sandbox.courier import Parcel
from sandbox.faults import CallRule
from sandbox.happenings import Happening
from sandbox.orders import Ask, NewAccount
from sandbox.throttle import Rate
from sandbox.world import Account, Chat, Entry, Person, World


class Refused(Exception):
    """A call is refused with this reply; raised anywhere below `serve`."""

    def __init__(self, reply: Reply, code: str = "") -> None:
        super().__init__(code)
        self.reply = reply
        self.code = code


@dataclass(slots=True)
class Call:
    """One call of the API; the last four fields are what `serve` notes for the journal."""

    platform: "Platform"
    world: World
    request: Request
    names: dict[str, str]
    """What the path of the route named."""
    fields: dict[str, object] = field(default_factory=dict)
    """Query and JSON, form or multipart body together; empty when the body is broken."""
    uploads: dict[str, Upload] = field(default_factory=dict)
    malformed: str = ""
    person: int = 0
    message_id: str = ""
    text: str = ""
    code: str = ""

    def header(self, name: str) -> str:
        return self.request.headers.get(name.lower().encode(), b"").decode("latin-1")

    def note(self, chat: Chat, message_id: str = "", text: str = "") -> None:
        """Remember for the journal whom the call wrote to, and what."""
        self.person, self.message_id, self.text = chat.person.id, message_id, text


Serve = Callable[[Call, Account], Awaitable[Reply]]


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One method of the API below `/<platform>`.

    `{name}` takes a segment, `{name:path}` the rest. `name` is what the journal and the faults
    call it; it may name parts of the path: "{method}".
    """

    method: str
    path: str
    serve: Serve
    name: str
    quiet: bool = False
    """Not in the journal: polls, downloads."""


class OpenRoute(msgspec.Struct, frozen=True, kw_only=True):
    """An address that needs no credential; it meets no faults and no journal."""

    method: str
    path: str
    serve: Callable[[Call], Awaitable[Reply]]


def _refuse_plainly(rule: CallRule) -> Reply:
    if rule.kind == "too_many":
        answer = as_json({"error": "too many requests"}, 429)
        wait = (b"retry-after", str(rule.retry_after).encode())
        return msgspec.structs.replace(answer, headers=(wait,))
    return as_json({"error": "server error"}, rule.status)


def _stranger(_call: Call) -> Reply:
    return as_json({"error": "unauthorized"}, 401)


def _person_id(_account: Account, person: Person) -> str:
    return str(person.id)


def _next_number(chat: Chat) -> str:
    return str(chat.account.number("message"))


def plain_account(world: World, ask: NewAccount) -> Account:
    """An account with whatever the order says and random rest."""
    number = 5001 + len(world.accounts)
    return Account(
        id=ask.id or str(number),
        token=ask.token or secrets.token_urlsafe(24),
        title=ask.title,
        username=ask.username or f"tea_bridge_{number}",
        secrets=dict(ask.secrets),
        settings=dict(ask.settings),
        shared=world.shared,
        platform_id=world.platform_id,
    )


class Platform(msgspec.Struct, frozen=True, kw_only=True):
    """A messenger's server side; `sandbox/<id>/__init__.py` exports one as PLATFORM."""

    id: str
    title: str
    routes: tuple[Route, ...]
    find: Callable[[Call], Account | None]
    """Whose credential a call carries; also a revoked account's, `serve` then refuses."""
    tell: Callable[[Chat, Happening], Iterable[Parcel]]
    """The webhook bodies of one happening; none when the messenger tells nothing of it."""
    acts: tuple[str, ...]
    """Names of the shared acts (sandbox/acts.py) that exist here."""
    own_acts: Mapping[str, Callable[[Chat, Ask], object]] = {}
    """Acts no other messenger has; an ActError says why one is impossible."""
    open_routes: tuple[OpenRoute, ...] = ()
    stranger: Callable[[Call], Reply] = _stranger
    """The answer to a call without a known credential."""
    refuse: Callable[[CallRule], Reply] = _refuse_plainly
    """The ordered faults `too_many` and `server_error` in the messenger's words."""
    new_account: Callable[[World, NewAccount], Account] = plain_account
    address: Callable[[Account, Person], str] = _person_id
    """How an account names a person."""
    message_id: Callable[[Chat], str] = _next_number
    """The id of the next message in a chat, of either side."""
    album: Literal["together", "apart"] = "together"
    """Several files: one message with all of them, or one message each."""
    longest_text: int = 4096
    reactions: tuple[str, ...] = ("👍", "❤", "😂", "😮", "😢", "🙏")
    rates: Mapping[str, Rate] = {}
    """The messenger's limits, switched on by the order `limits`."""
    starts_itself: bool = True
    """A person's message alone lets the business write."""
    titled: bool = False
    """Messages have subjects, as letters do."""
    paste: Callable[[Account, str, str], Awaitable[None]] | None = None
    """The webhook's address and verify token are pasted into the messenger's own settings page;
    an ActError says why the messenger does not take them. None: there is no such page."""
    alongside: Callable[[World], AbstractAsyncContextManager[None]] | None = None
    """Servers of its own beside the sandbox's HTTP, for as long as the sandbox runs."""


def chat_of(platform: Platform, account: Account, person: Person) -> Chat:
    """The chat of a person with an account, opened when there is none yet."""
    address = platform.address(account, person)
    found = account.chats.get(address)
    if found is None:
        found = account.chats[address] = Chat(account, person, address)
        found.publish("chat")
    return found


def discover() -> tuple[Platform, ...]:
    """Every messenger that has a folder with a PLATFORM here, by id."""
    here = Path(__file__).parent
    names = sorted(found.parent.name for found in here.glob("*/__init__.py"))
    modules = (importlib.import_module(f"sandbox.{name}") for name in names)
    found = (getattr(module, "PLATFORM", None) for module in modules)
    return tuple(platform for platform in found if isinstance(platform, Platform))


def mount(platform: Platform, world: World, router: Router) -> None:
    """Add the routes of a messenger below `/<id>`."""
    for open_route in platform.open_routes:
        router.add(
            open_route.method,
            f"/{platform.id}{open_route.path}",
            _open(platform, world, open_route),
        )
    for route in platform.routes:
        router.add(route.method, f"/{platform.id}{route.path}", _served(platform, world, route))


def _open(
    platform: Platform, world: World, route: OpenRoute
) -> Callable[[Request, dict[str, str]], Awaitable[Answer]]:
    async def answer(request: Request, names: dict[str, str]) -> Answer:
        call = _read(platform, world, request, names)
        try:
            return await route.serve(call)
        except Refused as refused:
            return refused.reply

    return answer


def _served(
    platform: Platform, world: World, route: Route
) -> Callable[[Request, dict[str, str]], Awaitable[Answer]]:
    async def answer(request: Request, names: dict[str, str]) -> Answer:
        call = _read(platform, world, request, names)
        try:
            account = platform.find(call)
        except Refused as refused:
            return refused.reply
        if account is None:
            return platform.stranger(call)
        name = route.name.format(**names)
        rule = account.faults.draw(name)
        reply = await strikes.before(rule, request, platform.refuse) if rule else None
        if reply is None:
            reply = await _serve(route, call, account)
        if not route.quiet or rule is not None:
            _journal(call, account, name, reply, rule)
        cut = await strikes.after(rule, request) if rule else None
        return cut or reply

    return answer


def _read(platform: Platform, world: World, request: Request, names: dict[str, str]) -> Call:
    call = Call(platform, world, request, names, dict(request.query))
    try:
        call.fields, call.uploads = parse_body(request)
    except MalformedError as problem:
        call.malformed = str(problem)
    return call


async def _serve(route: Route, call: Call, account: Account) -> Reply:
    try:
        return await route.serve(call, account)
    except Refused as refused:
        call.code = refused.code or call.code
        return refused.reply


def _journal(call: Call, account: Account, name: str, reply: Answer, rule: CallRule | None) -> None:
    account.calls += 1
    account.journal.append(
        Entry(
            seq=account.calls,
            at=time.time(),
            method=name,
            status=reply.status if isinstance(reply, Reply) else 0,
            person=call.person,
            message_id=call.message_id,
            text=call.text,
            code=call.code,
            fault=rule.kind if rule else "",
        )
    )
