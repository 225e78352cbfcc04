"""The walk of a conversation with a platform: errand, answer, errand, ..., end."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from otklik.ports.outbound import (
    Answer,
    Answers,
    Errand,
    Letter,
    MailboxCheck,
    Refusal,
    RefusalKind,
    Request,
)

MOST_STEPS = 64
"""An adapter that asks on for longer is going round in circles."""

Ending = TypeVar("Ending")

Ask = Callable[[Errand], Awaitable[Answer | Refusal]]
"""Performs an errand."""


async def converse(
    ask: Ask, step: Callable[[Answers], Errand | Ending | Refusal]
) -> Ending | Refusal:
    """Perform what an adapter's function asks for until it comes to an end."""
    answers: list[Answer] = []
    while len(answers) < MOST_STEPS:
        told = step(tuple(answers))
        if not isinstance(told, Request | Letter | MailboxCheck):
            return told
        answer = await ask(told)
        if isinstance(answer, Refusal):
            return answer
        answers.append(answer)
    return Refusal(RefusalKind.OTHER, detail=f"no end after {MOST_STEPS} requests")
