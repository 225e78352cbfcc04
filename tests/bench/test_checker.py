import pytest

from bench.replay.checker import Stored, Verdict, check
from bench.replay.dialogues import Dialogue
from bench.replay.journal import Heard, Page, Sent

NAME = "Покупатель 00001"
LINES = ("Есть улун?", "да", "да", "Спасибо")
ANSWERS = ("Есть.", "Сто грамм?", "Оформляю.", "До свидания!")
PLAYED = [Dialogue(NAME, LINES, ANSWERS)]


def page(
    said: tuple[str, ...] = LINES,
    saw: tuple[str, ...] = ANSWERS,
    fed: tuple[str, ...] = LINES,
    answer: int = 202,
) -> Page:
    return Page(
        sent=[Sent(place, str(place), text, 0.0, answer) for place, text in enumerate(said)],
        saw=[Heard(text, 0.0) for text in saw],
        fed=[Heard(text, 0.0) for text in fed],
    )


def judged(found: Page, stored: Stored | None = None) -> Verdict:
    return check(PLAYED, {NAME: found}, {NAME: stored or Stored(LINES, ANSWERS)})


def test_a_dialogue_told_everywhere_alike_is_clean() -> None:
    assert judged(page()).clean


def test_a_line_missing_from_the_store_is_lost() -> None:
    verdict = judged(page(), Stored((*LINES[:2], LINES[3]), ANSWERS))
    assert (verdict.lost, verdict.doubled, verdict.reordered) == (1, 0, 0)
    assert verdict.examples == [f"{NAME}, stored lines: lost 1, doubled 0, reordered 0"]


def test_a_line_stored_twice_is_doubled_even_when_its_words_are_said_twice_anyway() -> None:
    verdict = judged(page(), Stored((*LINES[:3], "да", LINES[3]), ANSWERS))
    assert (verdict.lost, verdict.doubled, verdict.reordered) == (0, 1, 0)


def test_an_answer_shown_twice_to_the_customer_is_doubled() -> None:
    assert judged(page(saw=(*ANSWERS, ANSWERS[-1]))).doubled == 1


def test_answers_in_another_order_are_reordered_and_nothing_else() -> None:
    verdict = judged(page(saw=(ANSWERS[1], ANSWERS[0], *ANSWERS[2:])))
    assert (verdict.lost, verdict.doubled, verdict.reordered) == (0, 0, 2)


def test_an_operator_who_was_not_told_is_a_loss() -> None:
    verdict = judged(page(fed=LINES[:-1]))
    assert verdict.lost == 1
    assert not verdict.clean


def test_a_customer_without_an_answer_is_unanswered() -> None:
    verdict = judged(page(saw=ANSWERS[:-1]))
    assert (verdict.unanswered, verdict.lost) == (1, 1)


def test_a_line_that_was_refused_is_not_expected_anywhere_but_counts() -> None:
    verdict = judged(page(saw=(), fed=(), answer=422), Stored())
    assert (verdict.refused, verdict.lost) == (len(LINES), 0)
    assert not verdict.clean


def test_lines_said_together_may_come_in_any_order_and_nothing_else_may() -> None:
    swapped = (LINES[1], LINES[0], *LINES[2:])
    found = page(fed=swapped)
    found.swapped = {0}
    assert judged(found, Stored(swapped, ANSWERS)).clean
    found.swapped = {1}
    assert judged(found, Stored(swapped, ANSWERS)).reordered == 4


def test_an_edit_is_expected_in_the_store_and_not_in_what_operators_were_told_before() -> None:
    found = page()
    found.edited = {3: "Спасибо!"}
    assert judged(found, Stored((*LINES[:3], "Спасибо!"), ANSWERS)).clean
    assert judged(found).lost == 1


@pytest.mark.parametrize(("kept", "lost", "doubled"), [(2, 0, 0), (1, 1, 0), (4, 0, 2)])
def test_pictures_are_counted(kept: int, lost: int, doubled: int) -> None:
    found = page()
    found.pictures = 2
    verdict = judged(found, Stored(LINES, ANSWERS, kept))
    assert (verdict.lost, verdict.doubled) == (lost, doubled)


def test_a_dialogue_nobody_knows_of_is_refused_whole() -> None:
    assert check(PLAYED, {}, {}).refused == len(LINES)
