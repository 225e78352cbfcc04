"""The control API of every messenger: accounts, people and their acts, faults and load."""

import asyncio
from itertools import islice

import msgspec

from sandbox import load
from sandbox.acts import known, perform
from sandbox.asgi import Answer, MalformedError, Reply, Request, Router, as_json, refuse
from sandbox.courier import Parcel
from sandbox.orders import (
    ActError,
    Ask,
    Bulk,
    FaultOrder,
    LimitOrder,
    LivelyOrder,
    NewAccount,
    NewPerson,
    NotThereError,
    Page,
    Pasted,
    Revoked,
    order,
)
from sandbox.people import ChatSeat
from sandbox.platform import Platform, chat_of
from sandbox.shows import Shows
from sandbox.throttle import Throttle
from sandbox.view import account_card, chat_view, platform_card
from sandbox.world import Account, Person, Shared, World

_SAFE = (
    (b"cache-control", b"max-age=86400"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"sandbox"),
)


class Control:
    """Everything a test, a bench or the page may order of the messengers."""

    def __init__(self, shared: Shared, worlds: dict[str, tuple[Platform, World]]) -> None:
        self._shared = shared
        self._worlds = worlds
        self._jobs: dict[tuple[str, str], load.Job] = {}
        self._shows = Shows()
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self, router: Router) -> None:
        router.add("GET", "/control/people", self.people)
        router.add("POST", "/control/people", self.new_person)
        router.add("POST", "/control/{platform}/reset", self.reset)
        root = "/control/{platform}/accounts"
        router.add("GET", root, self.accounts)
        router.add("POST", root, self.new_account)
        one = root + "/{account}"
        router.add("GET", one, self.account)
        router.add("GET", f"{one}/people", self.chats)
        router.add("GET", f"{one}/people/{{person}}/chat", self.chat)
        router.add("POST", f"{one}/people/{{person}}/{{act}}", self.act)
        router.add("GET", f"{one}/journal", self.journal)
        router.add("GET", f"{one}/deliveries", self.deliveries)
        router.add("POST", f"{one}/faults", self.faults)
        router.add("DELETE", f"{one}/faults", self.no_faults)
        router.add("POST", f"{one}/limits", self.limits)
        router.add("POST", f"{one}/webhook", self.paste)
        router.add("POST", f"{one}/revoked", self.revoked)
        router.add("POST", f"{one}/lively", self.lively)
        router.add("POST", f"{one}/bulk", self.start_bulk)
        router.add("GET", f"{one}/bulk", self.bulk_state)
        router.add("POST", f"{one}/inject", self.inject)
        router.add("GET", f"{one}/files/{{file:path}}", self.file)

    def _world(self, route: dict[str, str]) -> tuple[Platform, World]:
        found = self._worlds.get(route["platform"])
        if found is None:
            names = ", ".join(self._worlds) or "none"
            raise NotThereError(f"There is no messenger {route['platform']!r}; known: {names}.")
        return found

    def _account(self, route: dict[str, str]) -> tuple[Platform, Account]:
        platform, world = self._world(route)
        asked = route["account"]
        account = world.accounts.get(asked) or world.by_token(asked)
        if account is None:
            address = f"POST /control/{platform.id}/accounts"
            raise NotThereError(f"There is no account {asked!r}; {address} makes one.")
        return platform, account

    def _person(self, route: dict[str, str]) -> Person:
        asked = route["person"]
        person = self._shared.people.by_id.get(int(asked)) if asked.isdigit() else None
        if person is None:
            raise NotThereError(f"There is no person {asked}; POST /control/people makes one.")
        return person

    async def people(self, _request: Request, _route: dict[str, str]) -> Answer:
        return as_json(list(self._shared.people.by_id.values()))

    async def new_person(self, request: Request, _route: dict[str, str]) -> Answer:
        ask = order(request, NewPerson)
        return as_json(self._shared.people.add(**msgspec.structs.asdict(ask)), 201)

    async def accounts(self, _request: Request, route: dict[str, str]) -> Answer:
        platform, world = self._world(route)
        return as_json(platform_card(platform, world).accounts)

    async def new_account(self, request: Request, route: dict[str, str]) -> Answer:
        platform, world = self._world(route)
        ask = order(request, NewAccount)
        known_one = world.by_token(ask.token) or world.accounts.get(ask.id)
        try:
            account = known_one or world.add(platform.new_account(world, ask))
        except ActError as problem:
            return refuse(400, str(problem))
        return as_json(account_card(account), 201)

    async def account(self, _request: Request, route: dict[str, str]) -> Answer:
        return as_json(account_card(self._account(route)[1]))

    async def chats(self, _request: Request, route: dict[str, str]) -> Answer:
        _, account = self._account(route)
        return as_json([chat.person for chat in account.chats.values()])

    async def chat(self, _request: Request, route: dict[str, str]) -> Answer:
        platform, account = self._account(route)
        return as_json(chat_view(chat_of(platform, account, self._person(route))))

    async def act(self, request: Request, route: dict[str, str]) -> Answer:
        platform, account = self._account(route)
        chat = chat_of(platform, account, self._person(route))
        if route["act"] not in known(platform):
            names = ", ".join(known(platform))
            raise NotThereError(f"There is no act {route['act']!r}; known: {names}.")
        try:
            result = perform(platform, chat, route["act"], order(request, Ask))
        except ActError as problem:
            return refuse(409, str(problem))
        return as_json({"result": result}, 201)

    async def journal(self, request: Request, route: dict[str, str]) -> Answer:
        ask = _page(request)
        wanted = (
            entry
            for entry in self._account(route)[1].journal
            if entry.seq > ask.after and ask.method in (None, entry.method)
        )
        return as_json(list(islice(wanted, ask.limit)))

    async def deliveries(self, request: Request, route: dict[str, str]) -> Answer:
        ask = _page(request)
        couriers = self._account(route)[1].couriers
        tries = [
            {"webhook": name, **msgspec.structs.asdict(tried)}
            for name, courier in couriers.items()
            for tried in courier.log
        ]
        return as_json(tries[ask.after : ask.after + ask.limit])

    async def faults(self, request: Request, route: dict[str, str]) -> Answer:
        plan, ask = self._account(route)[1].faults, order(request, FaultOrder)
        if ask.seed is not None:
            plan.reseed(ask.seed)
        plan.calls.extend(ask.calls)
        if ask.delivery is not None:
            plan.set_delivery(ask.delivery)
        return as_json({"calls": plan.calls, "delivery": plan.delivery})

    async def no_faults(self, _request: Request, route: dict[str, str]) -> Answer:
        self._account(route)[1].faults.clear()
        return as_json({"calls": []})

    async def limits(self, request: Request, route: dict[str, str]) -> Answer:
        platform, account = self._account(route)
        ask = order(request, LimitOrder)
        rates = {**platform.rates, **ask.rates}
        account.throttle = Throttle(rates) if ask.on else None
        return as_json({"on": ask.on, "rates": rates})

    async def paste(self, request: Request, route: dict[str, str]) -> Answer:
        platform, account = self._account(route)
        ask = order(request, Pasted)
        if platform.paste is None:
            raise NotThereError(f"{platform.title} has no page for this; call its API.")
        try:
            await platform.paste(account, ask.url, ask.verify_token)
        except ActError as problem:
            return refuse(409, str(problem))
        return as_json(account_card(account))

    async def revoked(self, request: Request, route: dict[str, str]) -> Answer:
        _, account = self._account(route)
        account.revoked = order(request, Revoked).on
        account.publish("account")
        return as_json(account_card(account))

    async def lively(self, request: Request, route: dict[str, str]) -> Answer:
        platform, account = self._account(route)
        ask = order(request, LivelyOrder)
        if ask.pace <= 0:
            return refuse(400, "pace: a number above zero; 2 is twice as fast.")
        name = f"{self._shared.seed}:{platform.id}:{account.id}"
        self._shows.order(name, ask, lambda customer: ChatSeat(platform, account, customer))
        account.lively = ask.on
        account.publish("account")
        return as_json({"on": ask.on, "pace": ask.pace})

    async def start_bulk(self, request: Request, route: dict[str, str]) -> Answer:
        platform, account = self._account(route)
        ask = order(request, Bulk)
        if ask.people < 1 or ask.messages < 1:
            return refuse(400, "people and messages: at least one of each.")
        job, task = load.begin(platform, account, ask)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._jobs[platform.id, account.id] = job
        return as_json(job, 202)

    async def bulk_state(self, _request: Request, route: dict[str, str]) -> Answer:
        platform, account = self._account(route)
        job = self._jobs.get((platform.id, account.id))
        if job is None:
            raise NotThereError("No load was ordered for this account.")
        return as_json(job)

    async def inject(self, request: Request, route: dict[str, str]) -> Answer:
        kind = request.query.get("kind", "raw")
        queue = request.query.get("queue", "injected")
        account = self._account(route)[1]
        account.push(
            Parcel(
                body=request.body,
                kind=kind,
                queue=queue,
                content_type=request.content_type or "application/json",
            )
        )
        return as_json({"webhooks": len(account.couriers)}, 201)

    async def file(self, _request: Request, route: dict[str, str]) -> Answer:
        found = self._account(route)[1].files.get(route["file"])
        if found is None:
            raise NotThereError("There is no such file.")
        return Reply(200, found.content, found.mime, _SAFE)

    async def reset(self, _request: Request, route: dict[str, str]) -> Answer:
        self._world(route)[1].clear()
        self._shared.feed.publish("reset", platform=route["platform"])
        return as_json({"ok": True})

    def stop(self) -> None:
        """End the shows and the load."""
        self._shows.stop()
        for task in self._tasks:
            task.cancel()


def _page(request: Request) -> Page:
    try:
        return msgspec.convert(request.query, Page, strict=False)
    except msgspec.ValidationError as problem:
        raise MalformedError(str(problem)) from problem
