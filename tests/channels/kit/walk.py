"""Walks of an adapter's functions against the platform that its declaration plays."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from otklik.channels import CHANNELS
from otklik.ports.channel import (
    Answer,
    Answers,
    Errand,
    Letter,
    Located,
    MailboxCheck,
    Order,
    Outbound,
    Refusal,
    Request,
    Sent,
)
from otklik.ports.steps import MOST_STEPS
from tests.channels.kit.declared import DECLARED

Ending = TypeVar("Ending")
Step = Callable[[Answers], Errand | Ending | Refusal]
Platform = Callable[[Errand], Answer]


class Walk(msgspec.Struct, frozen=True):
    """One conversation: what was asked, what was answered, how it ended."""

    errands: tuple[Errand, ...]
    answers: tuple[Answer, ...]
    ending: object

    @property
    def requests(self) -> list[Request]:
        return [errand for errand in self.errands if isinstance(errand, Request)]


def walk(step: Step[Ending], platform: Platform) -> Walk:
    """Let a platform answer until the adapter has come to an end."""
    errands: list[Errand] = []
    answers: list[Answer] = []
    while len(answers) < MOST_STEPS:
        told = step(tuple(answers))
        if not isinstance(told, Request | Letter | MailboxCheck):
            return Walk(tuple(errands), tuple(answers), told)
        errands.append(told)
        answers.append(platform(told))
    raise AssertionError(f"no end after {[errand.label for errand in errands]}")


def good_day(name: str, instead: Mapping[str, bytes] | None = None) -> Platform:
    """Give the platform of a declaration, with some answers replaced."""
    known = {**DECLARED[name].platform, **(instead or {})}

    def platform(errand: Errand) -> Answer:
        body = known.get(errand.label, known.get("*", b""))
        status = 200 if isinstance(errand, Request) else 250
        return Answer(status, {}, body)

    return platform


def always(status: int, body: bytes) -> Platform:
    """Give a platform that says the same to everything."""
    return lambda _errand: Answer(status, {}, body)


def sending(name: str, order: Order) -> Step[Sent]:
    outbound, config = outbound_of(name), DECLARED[name].config
    return lambda answers: outbound.send(order, config, answers)


def locating(name: str, ref: str) -> Step[Located]:
    outbound, config = outbound_of(name), DECLARED[name].config
    return lambda answers: outbound.locate(ref, config, answers)


def last_answered(step: Step[Ending], walked: Walk, answer: Answer) -> object:
    """Give how a walk ends when its last answer is another one; an errand: it goes on."""
    return step((*walked.answers[:-1], answer))


def outbound_of(name: str) -> Outbound:
    outbound = CHANNELS[name].outbound
    assert outbound is not None
    return outbound
