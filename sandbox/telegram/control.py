"""The control API: bots, people and their acts, what the bots did, faults and load."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from itertools import dropwhile, islice
from typing import TypeVar

import msgspec

from sandbox.asgi import Answer, Reply, Request, Router, as_json, refuse
from sandbox.orders import ActError, LivelyOrder, NotThereError, order
from sandbox.shows import Shows
from sandbox.telegram import acts, bulk, orders
from sandbox.telegram.api import BotApi
from sandbox.telegram.control_acts import ACTS
from sandbox.telegram.limits import Flood, FloodLimits
from sandbox.telegram.people import TelegramSeat
from sandbox.telegram.view import bot_card, chat_view, person_card
from sandbox.telegram.webhook import Attempt
from sandbox.telegram.wire import Chat
from sandbox.telegram.world import Bot, Entry, Thread, World

E_ = TypeVar("E_")


class Control:
    """Everything a test, a bench or the page may order of the sandbox's Telegram."""

    def __init__(self, world: World, api: BotApi) -> None:
        self._world = world
        self._api = api
        self._jobs: dict[int, bulk.Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._shows = Shows()
        self._next_group = -400_000_001

    def routes(self, router: Router) -> None:
        root = "/control/telegram"
        router.add("GET", f"{root}/bots", self.bots)
        router.add("POST", f"{root}/bots", self.new_bot)
        router.add("GET", f"{root}/bots/{{bot}}", self.bot)
        router.add("POST", f"{root}/bots/{{bot}}/people/{{person}}/{{act}}", self.act)
        router.add("GET", f"{root}/bots/{{bot}}/people/{{person}}/chat", self.chat)
        router.add("GET", f"{root}/bots/{{bot}}/people", self.threads)
        router.add("POST", f"{root}/bots/{{bot}}/updates", self.inject)
        router.add("POST", f"{root}/bots/{{bot}}/bulk", self.start_bulk)
        router.add("GET", f"{root}/bots/{{bot}}/bulk", self.bulk_state)
        router.add("GET", f"{root}/bots/{{bot}}/journal", self.journal)
        router.add("GET", f"{root}/bots/{{bot}}/deliveries", self.deliveries)
        router.add("POST", f"{root}/bots/{{bot}}/faults", self.faults)
        router.add("DELETE", f"{root}/bots/{{bot}}/faults", self.no_faults)
        router.add("POST", f"{root}/bots/{{bot}}/limits", self.limits)
        router.add("POST", f"{root}/bots/{{bot}}/lively", self.lively)
        router.add("POST", f"{root}/bots/{{bot}}/groups", self.new_group)
        router.add("POST", f"{root}/bots/{{bot}}/groups/{{group}}/migrate", self.migrate)
        router.add("GET", f"{root}/bots/{{bot}}/files/{{file}}", self.file)
        router.add("GET", f"{root}/people", self.people)
        router.add("POST", f"{root}/people", self.new_person)
        router.add("POST", f"{root}/reset", self.reset)

    def _bot(self, route: dict[str, str]) -> Bot:
        asked = route["bot"]
        for token, bot in self._world.bots.items():
            if asked in (token, str(bot.user.id)):
                return bot
        raise NotThereError(
            f"There is no bot {asked.partition(':')[0]}; POST /control/telegram/bots makes one."
        )

    def _thread(self, bot: Bot, number: str) -> Thread:
        found = bot.threads.get(int(number)) if number.lstrip("-").isdigit() else None
        if found is None:
            raise NotThereError(f"Bot {bot.user.id} has no chat {number}.")
        return found

    async def bots(self, _request: Request, _route: dict[str, str]) -> Answer:
        return as_json(
            [bot_card(bot, self._api.couriers.get(bot.token)) for bot in self._world.bots.values()]
        )

    async def new_bot(self, request: Request, _route: dict[str, str]) -> Answer:
        ask = order(request, orders.NewBot)
        token = (
            ask.token or f"{7_000_000_000 + len(self._world.bots) + 1}:{secrets.token_urlsafe(26)}"
        )
        number, _, secret = token.partition(":")
        if not number.isdigit() or len(secret) < 10:
            return refuse(400, "token: a number, a colon and at least ten characters are needed.")
        bot = self._world.bots.get(token) or self._world.add_bot(
            token, name=ask.name, username=ask.username or f"tea_bridge_{number}_bot"
        )
        return as_json(bot_card(bot, self._api.couriers.get(token)), 201)

    async def bot(self, _request: Request, route: dict[str, str]) -> Answer:
        bot = self._bot(route)
        return as_json(bot_card(bot, self._api.couriers.get(bot.token)))

    async def people(self, _request: Request, _route: dict[str, str]) -> Answer:
        return as_json([person_card(person) for person in self._world.people.values()])

    async def new_person(self, request: Request, _route: dict[str, str]) -> Answer:
        ask = order(request, orders.NewPerson)
        person = self._world.add_person(
            first_name=ask.first_name,
            last_name=ask.last_name,
            username=ask.username,
            language_code=ask.language_code,
            phone=ask.phone,
            person_id=ask.id,
        )
        return as_json(person_card(person), 201)

    async def threads(self, _request: Request, route: dict[str, str]) -> Answer:
        bot = self._bot(route)
        return as_json(
            [person_card(t.person) for t in bot.threads.values() if t.person is not None]
        )

    async def act(self, request: Request, route: dict[str, str]) -> Answer:
        bot = self._bot(route)
        person = self._world.person(int(route["person"])) if route["person"].isdigit() else None
        if person is None:
            raise NotThereError(
                f"There is no person {route['person']}; POST /control/telegram/people makes one."
            )
        play = ACTS.get(route["act"])
        if play is None:
            raise NotThereError(f"There is no act {route['act']!r}; known: {', '.join(ACTS)}.")
        ask = order(request, orders.Act)
        thread = self._thread(bot, str(ask.chat_id)) if ask.chat_id is not None else None
        try:
            result = play(acts.hand(self._world, bot, person, thread), ask)
        except ActError as problem:
            return refuse(409, str(problem))
        return as_json({"result": result}, 201)

    async def chat(self, _request: Request, route: dict[str, str]) -> Answer:
        bot = self._bot(route)
        person = (
            self._world.person(int(route["person"]))
            if route["person"].lstrip("-").isdigit()
            else None
        )
        thread = self._world.thread(bot, person) if person else self._thread(bot, route["person"])
        return as_json(chat_view(thread))

    async def inject(self, request: Request, route: dict[str, str]) -> Answer:
        updates = self._bot(route).updates
        try:
            body = msgspec.json.decode(request.body)
        except msgspec.DecodeError as problem:
            return refuse(400, f"The update is not JSON: {problem}")
        if not isinstance(body, dict):
            updates.keep("raw", request.body, queue=0, update_id=updates.next_id)
            return as_json({"update_id": None}, 201)
        number = body.get("update_id")
        number = number if isinstance(number, int) else updates.next_id
        kind = next((key for key in body if key != "update_id"), "raw")
        whole = {
            "update_id": number,
            **{key: value for key, value in body.items() if key != "update_id"},
        }
        verbatim = "update_id" in body  # a body with its own number goes out byte for byte
        updates.keep(
            kind,
            request.body if verbatim else msgspec.json.encode(whole),
            queue=_queue_of(body.get(kind)),
            update_id=number,
        )
        return as_json({"update_id": number}, 201)

    async def start_bulk(self, request: Request, route: dict[str, str]) -> Answer:
        bot, ask = self._bot(route), order(request, orders.Bulk)
        if ask.people < 1 or ask.messages < 1:
            return refuse(400, "people and messages: at least one of each.")
        job, task = bulk.begin(self._world, bot, ask)
        self._keep(task)
        self._jobs[bot.user.id] = job
        return as_json(job, 202)

    async def bulk_state(self, _request: Request, route: dict[str, str]) -> Answer:
        job = self._jobs.get(self._bot(route).user.id)
        if job is None:
            raise NotThereError("No load was ordered for this bot.")
        return as_json(job)

    async def journal(self, request: Request, route: dict[str, str]) -> Answer:
        ask = msgspec.convert(request.query, orders.Page, strict=False)
        entries = _after(self._bot(route).journal, lambda entry: entry.seq <= ask.after)
        wanted = (e for e in entries if ask.method in (None, e.method))
        return as_json(list(islice(wanted, ask.limit)))

    async def deliveries(self, request: Request, route: dict[str, str]) -> Answer:
        ask = msgspec.convert(request.query, orders.Page, strict=False)
        courier = self._api.couriers.get(self._bot(route).token)
        log: deque[Attempt] = courier.log if courier else deque()
        return as_json(list(islice(log, ask.after, ask.after + ask.limit)))

    async def faults(self, request: Request, route: dict[str, str]) -> Answer:
        plan, ask = self._bot(route).faults, order(request, orders.FaultOrder)
        if ask.seed is not None:
            plan.reseed(ask.seed)
        plan.calls.extend(ask.calls)
        if ask.delivery is not None:
            plan.set_delivery(ask.delivery)
        return as_json({"calls": plan.calls, "delivery": plan.delivery})

    async def no_faults(self, _request: Request, route: dict[str, str]) -> Answer:
        self._bot(route).faults.clear()
        return as_json({"calls": []})

    async def limits(self, request: Request, route: dict[str, str]) -> Answer:
        bot, ask = self._bot(route), order(request, orders.LimitOrder)
        limits = FloodLimits(
            per_chat=ask.per_chat,
            per_chat_burst=ask.per_chat_burst,
            overall=ask.overall,
            overall_burst=ask.overall_burst,
            per_group_minute=ask.per_group_minute,
        )
        bot.flood = Flood(limits) if ask.on else None
        return as_json({"on": ask.on})

    async def lively(self, request: Request, route: dict[str, str]) -> Answer:
        bot, ask = self._bot(route), order(request, LivelyOrder)
        if ask.pace <= 0:
            return refuse(400, "pace: a number above zero; 2 is twice as fast.")
        self._shows.order(
            f"{self._world.seed}:{bot.user.id}",
            ask,
            lambda customer: TelegramSeat(self._world, bot, self._world.everybody, customer),
        )
        bot.lively = ask.on
        self._world.feed.publish("bot", bot_id=bot.user.id)
        return as_json({"on": ask.on, "pace": ask.pace})

    async def new_group(self, request: Request, route: dict[str, str]) -> Answer:
        bot, ask = self._bot(route), order(request, orders.NewGroup)
        chat = Chat(id=self._next_group, type="group", title=ask.title)
        self._next_group -= 1
        bot.threads[chat.id] = Thread(chat, None, started=True)
        return as_json(chat, 201)

    async def migrate(self, _request: Request, route: dict[str, str]) -> Answer:
        bot = self._bot(route)
        thread = self._thread(bot, route["group"])
        if thread.chat.type != "group" or thread.migrated_to is not None:
            return refuse(409, "Only a group that has not moved yet can become a supergroup.")
        return as_json(acts.migrate(bot, thread).chat)

    async def file(self, _request: Request, route: dict[str, str]) -> Answer:
        stored = self._bot(route).files.get(route["file"])
        if stored is None:
            raise NotThereError("There is no such file.")
        return Reply(
            200,
            stored.blob.content,
            stored.blob.mime,
            (
                (b"cache-control", b"max-age=86400"),
                (b"x-content-type-options", b"nosniff"),
                (b"content-security-policy", b"sandbox"),
            ),
        )

    async def reset(self, _request: Request, _route: dict[str, str]) -> Answer:
        self.stop()
        self._api.stop()
        self._world.bots.clear()
        self._world.people.clear()
        self._world.feed.publish("reset")
        return as_json({"ok": True})

    def stop(self) -> None:
        """End the shows and the load."""
        self._shows.stop()
        for task in self._tasks:
            task.cancel()

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _after(entries: deque[Entry], before: Callable[[Entry], bool]) -> "dropwhile[Entry]":
    return dropwhile(before, entries)


def _queue_of(body: object) -> int:
    """The chat or the sender of a raw update, whichever its kind has."""
    for holder in ("chat", "from", "user"):
        inner = body.get(holder) if isinstance(body, dict) else None
        number = inner.get("id") if isinstance(inner, dict) else None
        if isinstance(number, int):
            return number
    return 0
