"""Promises A, B and C when the process is killed at any moment, under load, several times."""

import asyncio
import random
import signal
from collections import Counter
from functools import partial

import aiohttp

from sandbox.server import Running
from tests.fixtures.house import Client, Json, Phones, bot_of, session_of, until
from tests.fixtures.store import Place
from tests.promises.process import Program, connect

PEOPLE, EACH = 16, 15
KILLS = 3
FLOOR = 48 * KILLS
"""No more than what one inbox has in flight can be in doubt after each death."""


class Operator:
    """Answers everybody twice, asking again with the same client id until it is accepted."""

    def __init__(self, api: Client) -> None:
        self._api = api
        self.texts: set[str] = set()

    async def work(self) -> None:
        while len(self.texts) < PEOPLE * 2:
            try:
                page = await self._api.get("/conversations?limit=200")
            except (aiohttp.ClientError, AssertionError):
                await asyncio.sleep(0.05)
                continue
            for row in page["items"]:
                await asyncio.gather(*(self._answer(row["id"], turn) for turn in (1, 2)))

    async def _answer(self, conversation: str, turn: int) -> None:
        text = f"{conversation}:{turn}"
        if text in self.texts:
            return
        draft = {"client_id": f"reply-{text}", "text": text}
        try:
            await self._api.post(f"/conversations/{conversation}/messages", draft)
        except (aiohttp.ClientError, AssertionError):
            await asyncio.sleep(0.05)  # killed meanwhile: nobody knows, so it is asked again
        else:
            self.texts.add(text)


async def test_nothing_is_lost_or_doubled_when_killed(place: Place, street: Running) -> None:
    program = Program(place)
    dice = random.Random(place.database_url and 11)
    _, key = await program.prepared()
    async with session_of() as session:
        api = Client(session, program.url, {"authorization": f"Bearer {key}"})
        phones = await bot_of(session, street)
        try:
            await program.start(session)
            await connect(api, phones)
            operator = Operator(api)
            working = asyncio.create_task(operator.work())
            load = {"people": PEOPLE, "messages": EACH, "rate": 60, "text": "{n}"}
            await phones.order("POST", "/bulk", load)
            for _ in range(KILLS):
                await asyncio.sleep(dice.uniform(0.4, 1.2))
                await program.end(signal.SIGKILL)
                await program.start(session)
            await asyncio.wait_for(working, 60)
            await _incoming_is_whole(api, phones)
            await _outgoing_is_single(api, phones, operator.texts)
        finally:
            await program.end()


async def _incoming_is_whole(api: Client, phones: Phones) -> None:
    await until(phones.pending, lambda left: left == 0, within_s=60)
    rows = await until(
        lambda: api.queue("?limit=200"), lambda seen: len(seen) == PEOPLE, within_s=30
    )
    wanted = [str(number) for number in range(1, EACH + 1)]

    async def texts(row: Json) -> list[str]:
        timeline = await api.timeline(row["id"])
        return [m["text"] for m in timeline if m["author_kind"] == "contact"]

    for row in rows:
        assert await until(partial(texts, row), lambda seen: len(seen) >= EACH) == wanted


async def _outgoing_is_single(api: Client, phones: Phones, wanted: set[str]) -> None:
    async def ours() -> list[Json]:
        rows = await api.queue("?limit=200")
        found = [await api.timeline(row["id"]) for row in rows]
        return [m for timeline in found for m in timeline if m["author_kind"] == "operator"]

    done = await until(
        ours,
        lambda seen: all(m["state"] in {"sent", "uncertain", "failed"} for m in seen),
        within_s=60,
    )
    assert Counter(m["text"] for m in done) == Counter(wanted)
    heard = Counter(e["text"] for e in await phones.journal() if e["status"] == 200)
    states = {m["text"]: m["state"] for m in done}
    assert max(heard.values()) == 1
    assert not [text for text, state in states.items() if state == "failed"]
    assert [t for t, state in states.items() if state == "sent" and heard[t] != 1] == []
    assert sum(state == "uncertain" for state in states.values()) <= FLOOR
