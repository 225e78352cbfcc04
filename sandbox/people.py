"""People who write on their own and react to the answers, so that a demo is alive."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from sandbox import acts, blobs
from sandbox.message import FILE_KINDS
from sandbox.orders import ActError, Ask, FilePart
from sandbox.platform import Platform, chat_of
from sandbox.tea_shop import Customer, Line
from sandbox.world import Account, People, Person

_LOOK_S = 0.4
_PATIENCE_S = 240.0
_READ_S = (2.0, 6.0)
_TYPE_S_PER_SIGN = 0.045
_LONGEST_TYPING_S = 9.0
_LIKE = "👍"


class Seat(Protocol):
    """Where a customer sits: at one messenger, in a chat with the shop."""

    def speak(self, line: Line) -> None:
        """Do what the line says; raises ActError when it cannot be done here."""

    def last_answer(self) -> str:
        """The id of the shop's newest message, "" before the first."""

    def read(self) -> None:
        """Look at what came."""

    def press(self, dice: random.Random) -> None:
        """Press one of the buttons of the newest message, if it has any."""

    def like(self) -> None:
        """React to the newest message, where one can."""


class Lively:
    """Play customers of the shop at a pace; 2 is twice as fast."""

    def __init__(
        self,
        customers: Sequence[Customer],
        seat_of: Callable[[Customer], Seat],
        *,
        pace: float,
        seed: str,
    ) -> None:
        self._customers = customers
        self._seat_of = seat_of
        self._pace = pace
        self._dice = random.Random(seed)
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Let them all write until stopped."""
        self._tasks = [asyncio.ensure_future(self._play(customer)) for customer in self._customers]
        await asyncio.gather(*self._tasks)

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _play(self, customer: Customer) -> None:
        seat = self._seat_of(customer)
        await self._sleep(customer.comes_after_s)
        heard = seat.last_answer()
        for line in customer.lines:
            if line.awaits_answer:
                heard = await self._wait_answer(seat, heard, customer.nudge)
            await self._sleep(
                line.pause_s + min(len(line.text) * _TYPE_S_PER_SIGN, _LONGEST_TYPING_S)
            )
            with contextlib.suppress(ActError):
                seat.speak(line)
            heard = seat.last_answer() or heard
        for text in customer.farewells:
            heard = await self._wait_answer(seat, heard, None)
            with contextlib.suppress(ActError):
                seat.speak(Line(text=text))
        await self._wait_answer(seat, heard, None)
        with contextlib.suppress(ActError):
            seat.like()

    async def _wait_answer(self, seat: Seat, heard: str, nudge: str | None) -> str:
        """Wait until the shop writes something new; after a long silence ask once more."""
        waited_s = 0.0
        while (last := seat.last_answer()) in ("", heard):
            await self._sleep(_LOOK_S)
            waited_s += _LOOK_S
            if nudge and waited_s > _PATIENCE_S:
                with contextlib.suppress(ActError):
                    seat.speak(Line(text=nudge))
                nudge = None
        await self._sleep(self._dice.uniform(*_READ_S))
        with contextlib.suppress(ActError):
            seat.read()
            seat.press(self._dice)
        return last

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._pace)


def invited(people: People, customer: Customer) -> Person:
    """The person who plays a customer, made at the first visit."""
    known = (p for p in people.by_id.values() if p.username == customer.username)
    return next(known, None) or people.add(
        first_name=customer.first_name,
        last_name=customer.last_name or "",
        username=customer.username,
        language=customer.language,
        phone=customer.phone,
    )


class ChatSeat:
    """A seat at any messenger with the shared half."""

    def __init__(self, platform: Platform, account: Account, customer: Customer) -> None:
        self._platform = platform
        self._subject = customer.subject if platform.titled else ""
        person = invited(account.shared.people, customer)
        self._chat = chat_of(platform, account, person)

    def last_answer(self) -> str:
        last = self._chat.last(own=False)
        return last.id if last else ""

    def speak(self, line: Line) -> None:
        if self._can("text"):
            self._write(line)
        elif not self._chat.started:  # nobody writes here: who comes lets the business write
            self._do("start", Ask())

    def _write(self, line: Line) -> None:
        name, ask = _spoken(line)
        if line.kind == "mend":
            last = self._chat.last(own=True)
            ask = Ask(text=line.text, message_id=last.id if last else "")
        if line.kind == "start" and not self._can("start"):
            return
        if not self._can(name):
            name = _INSTEAD.get(name, "text")
            name = name if self._can(name) else "text"
        if name == "text":
            ask = Ask(text=line.text or _face(line))
            if not ask.text:
                return
        if self._subject:
            ask = msgspec.structs.replace(ask, title=self._subject)
        self._do(name, ask)

    def read(self) -> None:
        if self._can("read"):
            self._do("read", Ask())

    def press(self, dice: random.Random) -> None:
        last = self._chat.last(own=False)
        offers = [b for row in last.buttons for b in row if b.kind == "press"] if last else []
        if last and offers and self._can("press"):
            self._do("press", Ask(message_id=last.id, button=dice.choice(offers).text))

    def like(self) -> None:
        if self._can("react"):
            emoji = _LIKE if _LIKE in self._platform.reactions else self._platform.reactions[0]
            self._do("react", Ask(message_id=self.last_answer(), emoji=emoji))

    def _can(self, name: str) -> bool:
        return name in acts.known(self._platform)

    def _do(self, name: str, ask: Ask) -> None:
        acts.perform(self._platform, self._chat, name, ask)


_INSTEAD = {"round": "video", "animation": "video"}


def _face(line: Line) -> str:
    """What a sticker would say, where there are none."""
    return (blobs.sample(line.samples[0]).emoji or "") if line.samples else ""


_KINDS = {"photo": "picture", "document": "file", "video_note": "round"}


def _spoken(line: Line) -> tuple[str, Ask]:
    """The act of a line and what it needs."""
    kind = _KINDS.get(line.kind, line.kind)
    if kind in FILE_KINDS:
        return kind, Ask(sample=line.samples[0], text=line.text)
    match kind:
        case "start":
            return "start", Ask(payload=line.text)
        case "album":
            items = [FilePart(sample=name) for name in line.samples]
            return "album", Ask(items=items, text=line.text)
        case "location":
            return "location", Ask(latitude=line.latitude, longitude=line.longitude)
        case "mend":
            return "edit", Ask(text=line.text)
        case _:
            return kind, Ask(text=line.text)
