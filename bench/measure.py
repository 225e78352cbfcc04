"""One store, measured: rounds of limits beside the system, then latency at half of its rate."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.cluster import Cluster
from bench.generator import Shot
from bench.idle import Idle, idle_desks, idle_visitors
from bench.limits import Commit, Webhook, bare_commit, bare_send, bare_webhook
from bench.load import Sent, Target, fire, journal, until_answered, warm_up
from bench.machine import fdatasync_ms, load_average
from bench.programs import cpu_s
from bench.shop import Shop, Wishes, open_shop
from bench.store import Counts, all_rows, counts
from bench.watch import watching

_HALF = 0.5
_ANSWER = "Здравствуйте! Уже смотрим, что с заказом."


@dataclass(frozen=True)
class Plan:
    """How much to do. Latency is measured for some seconds; sockets of each kind."""

    rounds: int = 2
    people: int = 256
    turns: int = 10
    latency_s: float = 5.0
    sockets: int = 2_000


SHORT = Plan()
LONG = Plan(rounds=5, people=512, turns=40, latency_s=30.0)


@dataclass(frozen=True)
class Cpu:
    """CPU µs per message, by process."""

    app: float
    sandbox: float
    generator: float
    postgres: float


@dataclass(frozen=True)
class Round:
    """One volley as fast as answered, beside the limits measured around it."""

    per_s: float
    cpu: Cpu
    webhook: Webhook
    commit: Commit
    send_us: float
    load: float
    fdatasync: tuple[float, float]


@dataclass(frozen=True)
class Latency:
    """Milliseconds, each sorted list one kind of wait, at a rate of messages per second."""

    rate: float
    accepted: list[float]
    to_sandbox: list[float]
    to_desk: list[float]


@dataclass(frozen=True)
class Proof:
    """What was posted against what the store and the sandbox have; all must be equal."""

    posted: int
    accepted: int
    stored: Counts
    handed: int
    desk_expected: int
    desk_seen: int

    @property
    def holds(self) -> bool:
        """Tell whether every message was accepted, stored, answered, sent, and told once."""
        stored = self.stored
        same = {
            self.posted, self.accepted, stored.bodies, stored.received, stored.answers,
            stored.sent, self.handed,
        }  # fmt: skip
        return len(same) == 1 and self.desk_expected == self.desk_seen


@dataclass
class Result:
    """Everything measured on one store."""

    name: str
    rounds: list[Round] = field(default_factory=list)
    latency: Latency | None = None
    proof: Proof | None = None
    desks: Idle | None = None
    visitors: Idle | None = None


async def measure(name: str, folder: Path, plan: Plan, cluster: Cluster | None) -> Result:
    """Measure one store from an empty installation on."""
    result = Result(name)
    _say(f"{name}: opening")
    async with _answering(folder, cluster) as shop:
        _say(f"{name}: warming up")
        target = await warm_up(shop, plan.people)
        bench = _Bench(shop, folder, plan, cluster, target)
        await bench.volley(bench.next(max(1, plan.turns // 4)))
        for number in range(plan.rounds):
            _say(f"{name}: round {number + 1} of {plan.rounds}")
            result.rounds.append(await bench.round())
        _say(f"{name}: latency")
        rate = median(one.per_s for one in result.rounds) * _HALF
        result.latency = await bench.latency(rate)
        result.proof = await bench.proof()
        if plan.sockets and cluster is None:  # the store has no part in an idle socket
            _say(f"{name}: sockets")
            result.desks = await idle_desks(shop, plan.sockets)
            result.visitors = await idle_visitors(shop, plan.sockets)
    return result


def _say(what: str) -> None:
    print(f"  {time.strftime('%H:%M:%S')} {what} …", file=sys.stderr, flush=True)


@asynccontextmanager
async def _answering(folder: Path, cluster: Cluster | None) -> AsyncIterator[Shop]:
    url = "" if cluster is None else await asyncio.to_thread(cluster.create, "bench")
    telegram = {
        "auto_answer": _ANSWER,
        "auto_answer_when": "every",
        "rate_per_second": "10000",  # the messenger's own pace is not what is measured
        "rate_per_chat": "10000",
    }
    async with open_shop(folder, Wishes(url, telegram)) as shop:
        yield shop


class _Bench:
    """One installation under load, and what was posted to it so far."""

    def __init__(
        self, shop: Shop, folder: Path, plan: Plan, cluster: Cluster | None, target: Target
    ) -> None:
        self._shop = shop
        self._folder = folder
        self._plan = plan
        self._cluster = cluster
        self._target = target
        self._posted = target.order.people
        self._accepted = target.order.people
        self._desk = (0, 0)

    def next(self, turns: int, rate: float = 0.0) -> Target:
        """Give the following messages of everybody."""
        self._target = self._target.then(turns, rate)
        return self._target

    async def volley(self, target: Target) -> tuple[list[Shot], list[Sent], float]:
        """Post, wait for every answer; give both and the generator's CPU."""
        calls = (await self._shop.look())["calls"]
        volley = await fire(self._folder, target)
        self._posted += len(volley.shots)
        self._accepted += sum(shot.status == 200 for shot in volley.shots)
        await until_answered(self._shop, self._posted)
        return volley.shots, await journal(self._shop, calls), volley.cpu_s

    async def round(self) -> Round:
        """Measure the system as fast as it answers, and the limits right after it."""
        target = self.next(self._plan.turns)
        before = self._used()
        shots, sent, generator = await self.volley(target)
        used = [now - then for now, then in zip(self._used(), before, strict=True)]
        size = len(shots)
        app, sandbox, postgres = (one / size * 1e6 for one in used)
        took = max(one.at for one in sent) - min(shot.due for shot in shots)
        rows = await all_rows(self._shop)
        first = target.order.first_person
        return Round(
            per_s=size / took,
            cpu=Cpu(app, sandbox, generator / size * 1e6, postgres),
            webhook=await bare_webhook(self._folder, target),
            commit=await bare_commit(rows, self._posted, self._cluster),
            send_us=await bare_send(self._shop, first, target.order.people, size),
            load=load_average(),
            fdatasync=await asyncio.to_thread(fdatasync_ms, self._folder),
        )

    async def latency(self, rate: float) -> Latency:
        """Post at an even rate, whatever the answers, with operators' desks open."""
        turns = max(1, round(rate * self._plan.latency_s / self._target.order.people))
        async with watching(self._shop) as watch:
            target = self.next(turns, rate)
            shots, sent, _ = await self.volley(target)
            await asyncio.sleep(0.5)  # what was stored last is still on its way to the desks
            seen = watch.seen()
        first = target.order.first_person
        accepted = {(shot.person - first + 1, shot.turn): shot.answered for shot in shots}
        told = {key: accepted[key] for key in accepted if key[0] in watch.people}
        self._desk = (len(told), sum(key in seen for key in told))
        return Latency(
            rate,
            _ms(shot.answered - shot.due for shot in shots),
            _ms(at - accepted[key] for key, at in _handed(sent, target).items()),
            _ms(seen[key] - at for key, at in told.items() if key in seen),
        )

    async def proof(self) -> Proof:
        """Compare what was posted with what is stored and what was handed over."""
        handed = await journal(self._shop, 0)
        real = sum(one.status == 200 and one.text == _ANSWER for one in handed)
        return Proof(self._posted, self._accepted, await counts(self._shop), real, *self._desk)

    def _used(self) -> tuple[float, float, float]:
        shop, cluster = self._shop, self._cluster
        server = 0.0 if cluster is None else cpu_s(cluster.process_id)
        return cpu_s(shop.app_id), cpu_s(shop.sandbox_id), server


def _handed(sent: Sequence[Sent], target: Target) -> dict[tuple[int, int], float]:
    """Give when each answer was handed over, by number of the person and turn."""
    turns: dict[int, int] = {}
    found = {}
    for one in sent:
        chat = one.chat_id or 0
        turn = turns[chat] = turns.get(chat, target.order.first_turn - 1) + 1
        found[(chat - target.order.first_person + 1, turn)] = one.at
    return found


def _ms(waits: Iterable[float]) -> list[float]:
    return sorted(wait * 1000 for wait in waits)
