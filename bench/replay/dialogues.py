"""Dialogues to play: recorded ones where they are at hand, invented ones otherwise."""

import gzip
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from bench.programs import ROOT

RECORDED = ROOT.parent / "shared" / "data"
FAREWELL = "Спасибо, что написали. Хорошего дня!"


class Dialogue(msgspec.Struct, frozen=True):
    """What one customer says, line by line, and what an operator answers to each."""

    name: str
    lines: tuple[str, ...]
    answers: tuple[str, ...]


class _Turn(msgspec.Struct, frozen=True):
    role: str
    content: str


class _Recorded(msgspec.Struct, frozen=True):
    turns: list[_Turn]


class _Utterance(msgspec.Struct, frozen=True):
    speaker: str
    utterance: str


class _Schema(msgspec.Struct, frozen=True):
    turns: list[_Utterance]


def dialogues(wanted: int, folder: Path = RECORDED) -> list[Dialogue]:
    """Give so many dialogues, in turns from every source there is."""
    sources: list[Iterable[tuple[Sequence[str], Sequence[str]]]] = [
        _shop(file) for file in sorted(folder.glob("cucom/*.jsonl.gz"))
    ]
    schema = sorted(folder.glob("sgd/*dialogues*.json.gz"))
    if schema:
        sources.append(itertools.chain.from_iterable(_schema(file) for file in schema))
    mixed = _alternating(sources) if sources else itertools.cycle(_INVENTED)
    chosen = itertools.islice(mixed, wanted)
    return [_dialogue(number, *spoken) for number, spoken in enumerate(chosen, 1)]


def _alternating(
    sources: Sequence[Iterable[tuple[Sequence[str], Sequence[str]]]],
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    for together in itertools.zip_longest(*sources):
        yield from (spoken for spoken in together if spoken is not None)


def _shop(file: Path) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    with gzip.open(file, "rb") as lines:
        for line in lines:
            turns = msgspec.json.decode(line, type=_Recorded).turns
            yield _split((turn.role.lower() == "user", turn.content) for turn in turns)


def _schema(file: Path) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    for one in msgspec.json.decode(gzip.decompress(file.read_bytes()), type=list[_Schema]):
        yield _split((turn.speaker == "USER", turn.utterance) for turn in one.turns)


def _split(turns: Iterable[tuple[bool, str]]) -> tuple[Sequence[str], Sequence[str]]:
    said: tuple[list[str], list[str]] = ([], [])
    for by_customer, text in turns:
        if text.strip():
            said[0 if by_customer else 1].append(text.strip())
    return said


def _dialogue(number: int, lines: Sequence[str], answers: Sequence[str]) -> Dialogue:
    """Pair every line with an answer; a last word gets a farewell."""
    paired = [*answers, *[FAREWELL] * len(lines)][: len(lines)]
    return Dialogue(f"Покупатель {number:05d}", tuple(lines), tuple(paired))


_INVENTED: tuple[tuple[Sequence[str], Sequence[str]], ...] = (
    (
        ["Здравствуйте! Есть молочный улун?", "А сколько стоит сто грамм?", "Беру", "да"],
        ["Добрый день! Да, привезли на прошлой неделе.", "640 ₽.", "Оформить доставку?"],
    ),
    (
        ["Где мой заказ 4417?", "Жду", "Жду", "Спасибо 🙏"],
        ["Сейчас посмотрю.", "Он уже у курьера.", "Будет до шести вечера."],
    ),
    (
        ["Hi! Do you ship to Kazan?", "How long does it take?", "ok"],
        ["Yes, we do.", "Three days.", "Great, see you!"],
    ),
    (
        ["Чайник пришёл с трещиной 😔", "Фото уже отправила", "Лучше новый"],
        ["Очень жаль! Пришлите фото?", "Вижу. Заменить или вернуть деньги?", "Отправим завтра."],
    ),
)
