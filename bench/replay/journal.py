"""The journal: what customers sent and saw, and what operators were told, each with its moment."""

import asyncio
import time
from dataclasses import dataclass, field

from bench.replay.tricks import Trick


@dataclass(frozen=True)
class Sent:
    """One line of a customer, once it was taken; `answer` is the HTTP status."""

    line: int
    sent_id: str
    text: str
    at: float
    answer: int


@dataclass(frozen=True)
class Heard:
    """One message that reached someone."""

    text: str
    at: float


@dataclass
class Page:
    """Everything noted about one dialogue, in the order it happened.

    `swapped`: lines said together with the next one, in an order that the network chose.
    `edited`: what a line was changed into. `pictures`: how many were sent along.
    """

    sent: list[Sent] = field(default_factory=list)
    saw: list[Heard] = field(default_factory=list)
    fed: list[Heard] = field(default_factory=list)
    tricks: list[Trick] = field(default_factory=list)
    swapped: set[int] = field(default_factory=set)
    edited: dict[int, str] = field(default_factory=dict)
    pictures: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Journal:
    """A page for every dialogue, by the customer's name."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.names: dict[tuple[str, str], str] = {}
        """Whose an address in a channel is."""

    def page(self, name: str) -> Page:
        """Give the page of a dialogue."""
        return self.pages.setdefault(name, Page())

    def sent(self, name: str, line: int, sent_id: str, text: str, answer: int) -> None:
        """Note that a line was taken, now."""
        self.page(name).sent.append(Sent(line, sent_id, text, time.time(), answer))

    def saw(self, name: str, text: str) -> None:
        """Note that a customer sees an answer, now."""
        page = self.page(name)
        page.saw.append(Heard(text, time.time()))
        page.news.set()

    def fed(self, name: str, text: str) -> int:
        """Note that an operator was told of a line, now; give how many were told before."""
        page = self.page(name)
        page.fed.append(Heard(text, time.time()))
        return len(page.fed) - 1

    async def answered(self, name: str, answers: int, within_s: float) -> bool:
        """Wait until a customer has seen so many answers; false when they did not come."""
        page = self.page(name)
        try:
            async with asyncio.timeout(within_s):
                while len(page.saw) < answers:
                    page.news.clear()
                    await page.news.wait()
        except TimeoutError:
            return False
        return True
