"""Faults on demand: which call or delivery goes wrong and how; a seed repeats them exactly."""

import random
from typing import Literal

import msgspec

CallFault = Literal[
    "too_many",
    "server_error",
    "html",
    "hang_before",
    "hang_after",
    "reset_before",
    "reset_after",
    "slow",
]


class CallRule(msgspec.Struct, frozen=True, kw_only=True):
    """One fault of the API; `times` counts down, `probability` is drawn for each call."""

    kind: CallFault
    method: str = "*"
    times: int | None = None
    probability: float = 1.0
    retry_after: int = 3
    status: int = 502
    delay_s: float | None = None


class DeliveryRule(msgspec.Struct, frozen=True, kw_only=True):
    """What goes wrong between the messenger and the webhook; times in seconds."""

    copies: int = 1
    shuffle: int = 0
    delay_min_s: float = 0.0
    delay_max_s: float = 0.0
    lost_answers: int = 0


class Plan:
    """The faults of one bot and the seeded dice that choose among them."""

    def __init__(self, seed: int = 0) -> None:
        self.calls: list[CallRule] = []
        self.delivery = DeliveryRule()
        self._lost = 0
        self.reseed(seed)

    def reseed(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def clear(self) -> None:
        self.calls.clear()
        self.set_delivery(DeliveryRule())

    def set_delivery(self, rule: DeliveryRule) -> None:
        self.delivery = rule
        self._lost = rule.lost_answers

    def draw(self, method: str) -> CallRule | None:
        """Take the first fault that strikes this call, and count it down."""
        for place, rule in enumerate(self.calls):
            if rule.method not in ("*", method):
                continue
            if rule.probability < 1.0 and self.dice.random() >= rule.probability:
                continue
            self._count_down(place, rule)
            return rule
        return None

    def _count_down(self, place: int, rule: CallRule) -> None:
        if rule.times is None:
            return
        if rule.times <= 1:
            del self.calls[place]
        else:
            self.calls[place] = msgspec.structs.replace(rule, times=rule.times - 1)

    def delay_s(self) -> float:
        """How long the next delivery waits, in seconds."""
        rule = self.delivery
        return self.dice.uniform(rule.delay_min_s, rule.delay_max_s) if rule.delay_max_s else 0.0

    def loses_answer(self) -> bool:
        """Whether the webhook's next answer is lost on the way back."""
        if self._lost <= 0:
            return False
        self._lost -= 1
        return True
