"""Flood limits: off at first, then Telegram's."""

import pytest

from sandbox.telegram.limits import Flood, FloodLimits
from tests.sandbox.conftest import Control


async def test_there_are_no_limits_until_asked_for(control: Control) -> None:
    person = await control.person()
    for _ in range(40):
        status, _answer = await control.call("sendMessage", chat_id=person, text="раз")
        assert status == 200


async def test_a_chat_has_its_rate(control: Control) -> None:
    await control.post("@/limits", {"per_chat_burst": 2})
    person, other = await control.person(), await control.person()
    for _ in range(2):
        assert (await control.call("sendMessage", chat_id=person, text="раз"))[0] == 200
    status, answer = await control.call("sendMessage", chat_id=person, text="раз")
    assert status == 429
    assert answer["description"] == "Too Many Requests: retry after 1"
    assert answer["parameters"] == {"retry_after": 1}
    assert (await control.call("sendMessage", chat_id=other, text="раз"))[0] == 200
    await control.post("@/limits", {"on": False})
    assert (await control.call("sendMessage", chat_id=person, text="раз"))[0] == 200


@pytest.mark.parametrize(
    ("chats", "gap_s", "refused"),
    [
        ([7] * 4, 0.0, 1),
        ([7] * 10, 1.0, 0),
        (list(range(1, 41)), 0.0, 10),
        (list(range(1, 41)), 0.04, 0),
        ([-7] * 21, 0.0, 1),
    ],
)
def test_buckets_fill_with_time(chats: list[int], gap_s: float, refused: int) -> None:
    flood = Flood(FloodLimits())
    waits = [flood.wait_s(chat, place * gap_s) for place, chat in enumerate(chats)]
    assert sum(wait is not None for wait in waits) == refused
