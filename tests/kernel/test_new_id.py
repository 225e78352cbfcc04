import time

from otklik.kernel.ids import is_id, new_id


def test_ids_are_distinct_and_have_their_shape() -> None:
    made = {new_id() for _ in range(10_000)}
    assert len(made) == 10_000
    assert all(is_id(one) and one[0] == "0" for one in made)


def test_later_ids_sort_later() -> None:
    made = []
    for _ in range(5):
        made.append(new_id())
        time.sleep(0.002)
    assert made == sorted(made)
    assert made[0][:5] == made[-1][:5]
