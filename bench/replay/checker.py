"""The checker: journal × store × what customers saw × what operators were told. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.replay.dialogues import Dialogue
from bench.replay.journal import Page


@dataclass(frozen=True)
class Stored:
    """One dialogue as the API exports it, in the order of its numbers."""

    lines: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    pictures: int = 0


@dataclass
class Verdict:
    """Counts of faults over all dialogues, and a sentence for each kind of the first ones."""

    lost: int = 0
    doubled: int = 0
    reordered: int = 0
    unanswered: int = 0
    refused: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Tell whether nothing is wrong."""
        return not (self.lost or self.doubled or self.reordered or self.unanswered or self.refused)


_EXAMPLES = 10


def check(
    played: Iterable[Dialogue], pages: Mapping[str, Page], stored: Mapping[str, Stored]
) -> Verdict:
    """Compare every dialogue with everything that is known of it."""
    verdict = Verdict()
    for one in played:
        page, kept = pages.get(one.name, Page()), stored.get(one.name, Stored())
        said = [sent.text for sent in page.sent if 200 <= sent.answer < 300]
        verdict.refused += len(one.lines) - len(said)
        answers = list(one.answers[: len(said)])
        edited = [page.edited.get(place, text) for place, text in enumerate(said)]
        fed = [heard.text for heard in page.fed]
        _compare(verdict, one.name, "stored lines", edited, _as_said(edited, kept.lines, page))
        _compare(verdict, one.name, "operators' feed", said, _as_said(said, fed, page))
        _count_pictures(verdict, one.name, page.pictures, kept.pictures)
        _compare(verdict, one.name, "stored answers", answers, kept.answers)
        saw = [heard.text for heard in page.saw]
        _compare(verdict, one.name, "customer's screen", answers, saw)
        verdict.unanswered += max(0, len(said) - len(saw))
    return verdict


def _as_said(wanted: Sequence[str], found: Sequence[str], page: Page) -> list[str]:
    """Put lines that were said together in the order of the dialogue, if they came as a pair."""
    mended = list(found)
    for place in page.swapped:
        pair = slice(place, place + 2)
        if mended[pair] == list(wanted[pair])[::-1]:
            mended[pair] = wanted[pair]
    return mended


def _count_pictures(verdict: Verdict, name: str, sent: int, kept: int) -> None:
    verdict.lost += max(0, sent - kept)
    verdict.doubled += max(0, kept - sent)
    if sent != kept and len(verdict.examples) < _EXAMPLES:
        verdict.examples.append(f"{name}, pictures: sent {sent}, stored {kept}")


def _compare(
    verdict: Verdict, name: str, place: str, wanted: Sequence[str], found: Sequence[str]
) -> None:
    lost = Counter(wanted) - Counter(found)
    doubled = Counter(found) - Counter(wanted)
    moved = sum(
        one != other
        for one, other in zip(_without(wanted, lost), _without(found, doubled), strict=True)
    )
    verdict.lost += lost.total()
    verdict.doubled += doubled.total()
    verdict.reordered += moved
    if (lost or doubled or moved) and len(verdict.examples) < _EXAMPLES:
        counts = f"lost {lost.total()}, doubled {doubled.total()}, reordered {moved}"
        verdict.examples.append(f"{name}, {place}: {counts}")


def _without(texts: Sequence[str], taken: Counter[str]) -> list[str]:
    """Leave out the last occurrences of what is counted."""
    left, kept = Counter(taken), []
    for text in reversed(texts):
        if left[text] > 0:
            left[text] -= 1
        else:
            kept.append(text)
    return kept[::-1]
