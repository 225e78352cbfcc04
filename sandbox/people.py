"""Invented customers who write on their own and react to the answers, so that a demo is alive."""

import asyncio
import contextlib
import random

from sandbox import blobs
from sandbox.orders import ActError
from sandbox.tea_shop import CUSTOMERS, Customer, Line
from sandbox.telegram import acts
from sandbox.telegram.markup import InlineKeyboard
from sandbox.telegram.wire import Message
from sandbox.telegram.world import Bot, World

_LOOK_S = 0.4
_PATIENCE_S = 240.0
_READ_S = (2.0, 6.0)
_TYPE_S_PER_SIGN = 0.045
_LONGEST_TYPING_S = 9.0


class Lively:
    """Play every customer of the shop at a pace; 2 is twice as fast."""

    def __init__(self, world: World, bot: Bot, *, pace: float) -> None:
        self._world = world
        self._bot = bot
        self._pace = pace
        self._dice = random.Random(f"{world.seed}:{bot.user.id}")
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Let them all write until stopped."""
        self._tasks = [asyncio.ensure_future(self._play(customer)) for customer in CUSTOMERS]
        await asyncio.gather(*self._tasks)

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _play(self, customer: Customer) -> None:
        at = self._meet(customer)
        await self._sleep(customer.comes_after_s)
        heard = _last_answer(at)
        for line in customer.lines:
            if line.awaits_answer:
                heard = await self._wait_answer(at, heard, customer.nudge)
            await self._sleep(
                line.pause_s + min(len(line.text) * _TYPE_S_PER_SIGN, _LONGEST_TYPING_S)
            )
            with contextlib.suppress(ActError):
                _speak(at, line)
            heard = max(heard, _last_answer(at))
        for text in customer.farewells:
            heard = await self._wait_answer(at, heard, None)
            with contextlib.suppress(ActError):
                acts.write(at, text)
        await self._wait_answer(at, heard, None)
        with contextlib.suppress(ActError):
            acts.react(at, _last_answer(at), "👍")

    def _meet(self, customer: Customer) -> acts.Hand:
        for person in self._world.people.values():
            if person.user.username == customer.username:
                return acts.hand(self._world, self._bot, person)
        person = self._world.add_person(
            first_name=customer.first_name,
            last_name=customer.last_name,
            username=customer.username,
            language_code=customer.language,
            phone=customer.phone,
        )
        return acts.hand(self._world, self._bot, person)

    async def _wait_answer(self, at: acts.Hand, heard: int, nudge: str | None) -> int:
        """Wait until the bot writes something new; after a long silence ask once more."""
        waited_s = 0.0
        while (last := _last_answer(at)) <= heard:
            await self._sleep(_LOOK_S)
            waited_s += _LOOK_S
            if nudge and waited_s > _PATIENCE_S:
                with contextlib.suppress(ActError):
                    acts.write(at, nudge)
                nudge = None
        await self._sleep(self._dice.uniform(*_READ_S))
        self._press_something(at, at.thread.messages.get(last))
        return last

    def _press_something(self, at: acts.Hand, message: Message | None) -> None:
        if message is None or not isinstance(message.reply_markup, InlineKeyboard):
            return
        offers = [
            b.callback_data
            for row in message.reply_markup.inline_keyboard
            for b in row
            if b.callback_data
        ]
        if offers:
            acts.press(at, message.message_id, self._dice.choice(offers), None)

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._pace)


def _last_answer(at: acts.Hand) -> int:
    own = at.person.user.id
    return next(
        (n for n, m in reversed(at.thread.messages.items()) if m.from_ and m.from_.id != own), 0
    )


def _speak(at: acts.Hand, line: Line) -> None:
    match line.kind:
        case "text":
            acts.write(at, line.text)
        case "start":
            acts.start(at, line.text)
        case "location":
            acts.send_location(at, line.latitude, line.longitude)
        case "contact":
            acts.share_own_contact(at)
        case "album":
            acts.send_album(at, [("photo", blobs.sample(name)) for name in line.samples], line.text)
        case "mend":
            _mend(at, line.text)
        case _:
            acts.send_file(at, line.kind, blobs.sample(line.samples[0]), caption=line.text or None)


def _mend(at: acts.Hand, text: str) -> None:
    """Put right the last own text."""
    own = at.person.user.id
    for number, message in reversed(list(at.thread.messages.items())):
        if message.from_ and message.from_.id == own and message.text:
            acts.edit(at, number, text)
            return
