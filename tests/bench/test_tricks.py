from collections import Counter

from bench.replay.tricks import SHARES, Trick, tricks_of


def test_every_trick_is_as_frequent_as_it_says() -> None:
    counted = Counter(tricks_of("Покупатель", 100_000))
    for trick, share in SHARES.items():
        assert abs(counted[trick] / 100_000 - share) < share / 4


def test_the_same_dialogue_is_played_the_same_way() -> None:
    assert tricks_of("Вера", 50, 5) == tricks_of("Вера", 50, 5) != tricks_of("Нина", 50, 5)


def test_tricks_can_be_asked_for_more_often() -> None:
    often = Counter(tricks_of("Вера", 1000, 10))
    assert often[Trick.ALBUM] > 200
