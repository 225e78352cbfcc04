"""A town of people and of everything that looks like one person and is not: nobody is mistaken for
somebody else, and nearly everybody who proves themselves twice is known as one."""

import random
from collections.abc import Iterator
from itertools import combinations

import pytest

from otklik.contacts.evidence import Claim, Evidence, normal_phone
from otklik.contacts.resolve import FRESH_MS, resolve
from tests.contacts.known import DAY_MS, A, B, C, has, known

INBOXES = ("telegram", "whatsapp", "vk", "max", "viber", "email")
YEAR = 365


class Town:
    """Claims of invented people, and who each address truly belongs to."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.claims: list[Claim] = []
        self.truth: dict[str, int] = {}
        self._people = 0
        self._numbers = iter(self.chance.sample(range(10**7), 5000))

    def person(self) -> int:
        self._people += 1
        return self._people

    def phone(self) -> str:
        return normal_phone(f"8916{next(self._numbers):07}", "RU")

    def hears(
        self, person: int, inbox: str, value: str, level: Evidence, day: int, last: int = 0
    ) -> str:
        name = f"{inbox}:{person}.{len(self.claims)}"
        self.truth[name] = person
        self.claims.append(has(name, value, level, first=day, last=max(day, last)))
        return name

    def settle(self, count: int) -> None:
        """People with one phone in several messengers, most of them proven."""
        for _ in range(count):
            who, phone, day = self.person(), self.phone(), self.chance.randrange(YEAR)
            for inbox in self.chance.sample(INBOXES, self.chance.randint(2, 4)):
                level = self.chance.choices([A, B], [3, 1])[0]
                later = day + self.chance.randint(0, 50)
                self.hears(who, inbox, phone, level, day, later)

    def trouble(self, count: int) -> None:
        """What must join nobody."""
        for _ in range(count):
            for story in (self._family, self._reissued, self._typo, self._forwarded, self._letter):
                story()

    def _family(self) -> None:
        """Two people of one household type one phone, and one of them owns it."""
        phone, day = self.phone(), self.chance.randrange(YEAR)
        self.hears(self.person(), "telegram", phone, A, day)
        self.hears(self.person(), "whatsapp", phone, C, day)
        self.hears(self.person(), "vk", phone, C, day)

    def _reissued(self) -> None:
        """A number rests and goes to somebody else, who proves it in turn."""
        phone, day = self.phone(), self.chance.randrange(YEAR)
        rest = day + FRESH_MS // DAY_MS + self.chance.randint(1, YEAR)
        self.hears(self.person(), "telegram", phone, A, day)
        self.hears(self.person(), self.chance.choice(["telegram", "max"]), phone, A, rest)

    def _typo(self) -> None:
        """One digit off, both sides proven."""
        phone, day = self.phone(), self.chance.randrange(YEAR)
        at = self.chance.randrange(5, 12)
        wrong = phone[:at] + str((int(phone[at]) + 1) % 10) + phone[at + 1 :]
        if all(claim.value != wrong for claim in self.claims):
            self.hears(self.person(), "telegram", phone, A, day)
            self.hears(self.person(), "vk", wrong, A, day)

    def _forwarded(self) -> None:
        """Somebody hands on a friend's card: they say so, it is not theirs."""
        phone, day = self.phone(), self.chance.randrange(YEAR)
        self.hears(self.person(), "whatsapp", phone, B, day)
        self.hears(self.person(), "telegram", phone, C, day)

    def _letter(self) -> None:
        """A letter is forwarded: its first sender is only quoted in it."""
        name = f"one{self.person()}@tea.example"
        day = self.chance.randrange(YEAR)
        self.hears(self._people, "email", name, B, day)
        self.hears(self.person(), "email", name, C, day)

    def proven_pairs(self) -> Iterator[frozenset[str]]:
        """Addresses of one person that prove the same thing, one of them by ownership."""
        by_value: dict[str, list[Claim]] = {}
        for claim in self.claims:
            by_value.setdefault(claim.value, []).append(claim)
        for claims in by_value.values():
            for one, other in combinations(claims, 2):
                same = self.truth[one.identity_id] == self.truth[other.identity_id]
                if same and A in {one.level, other.level} and C not in {one.level, other.level}:
                    yield frozenset({one.identity_id, other.identity_id})


@pytest.mark.parametrize("seed", range(12))
def test_nobody_is_taken_for_somebody_else_and_nearly_everybody_is_known(seed: int) -> None:
    town = Town(seed)
    town.settle(120)
    town.trouble(60)
    town.chance.shuffle(town.claims)
    parts = resolve(known(*town.claims)).parts
    mistaken = [part for part in parts if len({town.truth[one] for one in part}) > 1]
    assert not mistaken
    pairs = set(town.proven_pairs())
    joined = [pair for pair in pairs if any(pair <= part for part in parts)]
    assert len(pairs) > 100
    assert len(joined) >= 0.95 * len(pairs), (len(joined), len(pairs))
