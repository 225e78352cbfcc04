"""The messenger's side of load: a process that posts updates to a webhook over kept connections.

Run as `python -m bench.generator ORDER RESULT`: JSON of `Order` in, JSON of `Shot`s out. With a
rate the load is open (a message is due at its time whatever the answers); without one every
connection posts its next message as soon as the last was answered.
"""

import asyncio
import sys
import time
from collections import deque
from pathlib import Path
from typing import cast

import msgspec
import uvloop

_NEAR_S = 0.001
_ANSWERED_WITHIN_S = 60.0


class Order(msgspec.Struct, frozen=True):
    """What to post. People are numbers in a row; each writes `turns` messages in order."""

    host: str
    port: int
    path: str
    secret: str
    first_person: int
    people: int
    turns: int
    first_turn: int
    connections: int
    rate: float = 0.0


class Shot(msgspec.Struct, frozen=True, array_like=True):
    """One posted update; moments in seconds since the epoch, `due` when it should have left."""

    person: int
    turn: int
    due: float
    answered: float
    status: int


class Result(msgspec.Struct, frozen=True):
    """Everything posted, and the CPU seconds that took."""

    shots: list[Shot]
    cpu_s: float


class _Load:
    def __init__(self, order: Order) -> None:
        self.order = order
        self.shots: list[Shot] = []
        self.wanted = order.people * order.turns
        self.done = asyncio.Event()
        line = f"POST {order.path} HTTP/1.1\r\nHost: {order.host}:{order.port}\r\n"
        kind = "Content-Type: application/json\r\n"
        secret = f"X-Telegram-Bot-Api-Secret-Token: {order.secret}\r\n"
        self.head = (line + kind + secret + "Content-Length: ").encode()

    def request(self, person: int, turn: int) -> bytes:
        """Write one update as Telegram does; message ids stay clear of the sandbox's own."""
        order = self.order
        name = f"Гость {person - order.first_person + 1}"
        who = f'"id":{person},"first_name":"{name}"'
        body = (
            f'{{"update_id":{turn * 10_000 + person % 10_000 + 900_000_000},'
            f'"message":{{"message_id":{1_000_000 + turn},'
            f'"from":{{{who},"is_bot":false,"language_code":"ru"}},'
            f'"chat":{{{who},"type":"private"}},'
            f'"date":{int(time.time())},"text":"Вопрос {turn}: когда придёт мой заказ?"}}}}'
        ).encode()
        return b"%b%d\r\n\r\n%b" % (self.head, len(body), body)

    def note(self, person: int, turn: int, due: float, status: int) -> None:
        """Keep an answer's moment."""
        self.shots.append(Shot(person, turn, due, time.time(), status))
        if len(self.shots) >= self.wanted:
            self.done.set()


class _Line(asyncio.Protocol):
    """One kept connection; the messages of a person always travel in the same one."""

    def __init__(self, load: _Load) -> None:
        self._load = load
        self._waiting: deque[tuple[int, int, float]] = deque()
        self._current: tuple[int, int, float] | None = None
        self._heard = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's has no common class

    def offer(self, person: int, turn: int, due: float) -> None:
        """Post a message, after those before it."""
        self._waiting.append((person, turn, due))
        if self._current is None:
            self._next()

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, end, rest = self._heard.partition(b"\r\n\r\n")
        if not end or len(rest) < _length(head):
            return
        self._heard = b""
        if self._current is not None:
            self._load.note(*self._current, int(head[9:12]))
        self._current = None
        self._next()

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._current is not None:
            self._load.note(*self._current, 0)

    def _next(self) -> None:
        if self._waiting and self._transport is not None:
            self._current = self._waiting.popleft()
            self._transport.write(self._load.request(*self._current[:2]))


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else 0


async def fire(order: Order) -> list[Shot]:
    """Post everything and give what was answered."""
    loop = asyncio.get_running_loop()
    load = _Load(order)
    lines = [
        (await loop.create_connection(lambda: _Line(load), order.host, order.port))[1]
        for _ in range(min(order.connections, order.people))
    ]
    start, offered = time.time(), 0
    for turn in range(order.first_turn, order.first_turn + order.turns):
        for person in range(order.first_person, order.first_person + order.people):
            due = start + offered / order.rate if order.rate else start
            ahead_s = due - time.time()
            if ahead_s > _NEAR_S:  # the loop's timers are no finer
                await asyncio.sleep(ahead_s)
            lines[person % len(lines)].offer(person, turn, due)
            offered += 1
    async with asyncio.timeout(_ANSWERED_WITHIN_S):
        await load.done.wait()
    return load.shots


def main(order_file: Path, result_file: Path) -> None:
    """Read an order, carry it out, write the result."""
    order = msgspec.json.decode(order_file.read_bytes(), type=Order)
    began = time.process_time()
    shots = uvloop.run(fire(order))
    result = Result(shots, time.process_time() - began)
    result_file.write_bytes(msgspec.json.encode(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
