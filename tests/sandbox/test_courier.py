"""Delivery by a platform's rules: what waits, what is taken over, what is let go."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from sandbox.courier import Courier, Parcel, Patience, Rules, Tried
from sandbox.faults import DeliveryRule, Plan
from tests.sandbox.conftest import until


@dataclass
class Door:
    """A webhook and the courier who comes to it."""

    courier: Courier
    faults: Plan
    url: str = ""
    came: list[tuple[str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.came.append((request.headers.get("X-Try", ""), (await request.read()).decode()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    def rules(
        self,
        wait_s: float | None = 10.0,
        taken: Callable[[Tried], bool] | None = None,
        on_given_up: Callable[[Parcel, Tried], None] | None = None,
    ) -> Rules:
        def sign(_body: bytes, attempt: int) -> dict[str, str]:
            return {"X-Try": str(attempt)}

        return Rules(
            sign=sign,
            wait_s=lambda _tried: wait_s,
            at_once=2,
            taken=taken or (lambda tried: tried.status == 200),
            on_given_up=on_given_up,
        )

    def push(self, *bodies: str, queue: str = "ira") -> None:
        for body in bodies:
            self.courier.push(Parcel(body=body.encode(), queue=queue, kind="said"))


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    faults = Plan()
    taken: list[str] = []
    async with aiohttp.ClientSession() as session:
        patience = Patience(retry_scale=0.001, timeout_s=1.0)
        courier = Courier(session, faults, patience, lambda parcel: taken.append(str(parcel.body)))
        door = Door(courier, faults, taken=taken)
        app = web.Application()
        app.router.add_route("*", "/hook", door.take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        door.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        yield door
        courier.stop()
        await runner.cleanup()


async def test_what_was_pushed_before_the_webhook_waits_for_it(door: Door) -> None:
    door.push("1", "2")
    assert door.courier.pending == 2
    door.courier.open(door.url, door.rules())
    await until(lambda: door.courier.delivered == 2)
    assert door.came == [("1", "1"), ("1", "2")]
    assert door.courier.pending == 0


async def test_a_failure_holds_back_its_own_queue_only(door: Door) -> None:
    door.statuses = [500]
    door.courier.open(door.url, door.rules(wait_s=200.0))
    door.push("1", "2")
    await until(lambda: len(door.came) == 1)
    door.push("other", queue="olya")
    await until(lambda: door.courier.delivered == 3)
    assert door.came == [("1", "1"), ("1", "other"), ("2", "1"), ("1", "2")]


async def test_a_new_address_takes_over_what_waits_to_be_tried_again(door: Door) -> None:
    door.courier.open("http://127.0.0.1:9/nobody", door.rules(wait_s=3_600_000.0))
    door.push("1")
    await until(lambda: len(door.courier.log) == 1)
    door.courier.open(door.url, door.rules())
    await until(lambda: door.courier.delivered == 1)
    first, second = door.courier.log
    assert (first.status, second.status) == (0, 200)
    assert "ClientConnectorError" in first.error


async def test_what_is_given_up_is_told_and_the_next_one_goes(door: Door) -> None:
    lost: list[tuple[bytes, int]] = []

    def given_up(parcel: Parcel, tried: Tried) -> None:
        lost.append((parcel.body, tried.status))

    door.statuses = [404]
    door.courier.open(door.url, door.rules(wait_s=None, on_given_up=given_up))
    door.push("1", "2")
    await until(lambda: door.courier.delivered == 1)
    assert lost == [(b"1", 404)]
    assert door.courier.given_up == 1
    assert door.taken == ["b'2'"]


async def test_an_answer_that_must_be_exact_is_judged_by_its_body(door: Door) -> None:
    def exact(tried: Tried) -> bool:
        return tried.body == b"ok"

    door.courier.open(door.url, door.rules(wait_s=None, taken=exact))
    door.push("1")
    await until(lambda: door.courier.given_up == 1)
    assert door.courier.delivered == 0


async def test_a_lost_answer_brings_the_parcel_again(door: Door) -> None:
    door.faults.set_delivery(DeliveryRule(lost_answers=1))
    door.courier.open(door.url, door.rules())
    door.push("1")
    await until(lambda: door.courier.delivered == 1)
    assert [attempt for attempt, _ in door.came] == ["1", "2"]


async def test_a_handshake_passes_the_queue(door: Door) -> None:
    door.push("waits")
    door.statuses = [418]
    tried = await door.courier.ask("GET", f"{door.url}?challenge=7", headers={"X-Try": "hello"})
    assert (tried.status, door.came) == (418, [("hello", "")])
    nobody = await door.courier.ask("GET", "http://127.0.0.1:9/")
    assert nobody.status == 0


async def test_a_stopped_courier_carries_nothing(door: Door) -> None:
    door.courier.open(door.url, door.rules())
    door.courier.stop()
    door.push("1")
    assert door.courier.pending == 1
    assert door.came == []
