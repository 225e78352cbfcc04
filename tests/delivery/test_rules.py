import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.delivery.rules import GIVE_UP_AFTER_MS, Bucket, Pace, after_attempt
from otklik.delivery.sender import with_address
from otklik.delivery.types import Delivery, DeliveryState, OrderKind
from otklik.kernel.ids import DeliveryId, IdentityId, InboxId, MessageId
from otklik.ports.channel import (
    Limits,
    Outgoing,
    OutgoingReaction,
    Refusal,
    RefusalKind,
    Sent,
)
from otklik.ports.message import MessageKind

WRITTEN = 1_000_000
ORDER = Outgoing(message_id="m", to="7", kind=MessageKind.TEXT, text="Да")


def delivery(kind: OrderKind = OrderKind.MESSAGE, tries: int = 1) -> Delivery:
    return Delivery(
        DeliveryId("d"), "account", InboxId("inbox"), IdentityId("who"), MessageId("m"), 1,
        kind, ORDER, tries, WRITTEN,
    )  # fmt: skip


def limits(per_second: float, per_chat: float, burst: float) -> Limits:
    return Limits(
        text=1, text_unit="characters", caption=1, buttons=1, buttons_per_row=1, button_label=1,
        button_payload_bytes=1, album=1, upload_bytes=1, picture_bytes=1, download_bytes=1,
        per_second=per_second, per_chat_per_second=per_chat, chat_burst=int(burst),
    )  # fmt: skip


@pytest.mark.parametrize(("outcome", "state"), [
    (Sent(("1",)), DeliveryState.SENT),
    (Refusal(RefusalKind.TEMPORARY), DeliveryState.QUEUED),
    (Refusal(RefusalKind.THROTTLED, retry_after_s=3), DeliveryState.QUEUED),
    (Refusal(RefusalKind.BAD_TOKEN), DeliveryState.QUEUED),
    (Refusal(RefusalKind.MOVED, moved_to="8"), DeliveryState.QUEUED),
    (Refusal(RefusalKind.MOVED), DeliveryState.FAILED),
    (Refusal(RefusalKind.UNCERTAIN), DeliveryState.UNCERTAIN),
    (Refusal(RefusalKind.BLOCKED), DeliveryState.FAILED),
    (Refusal(RefusalKind.WINDOW_CLOSED), DeliveryState.FAILED),
    (Refusal(RefusalKind.TOO_LONG), DeliveryState.FAILED),
    (Refusal(RefusalKind.BAD_MEDIA), DeliveryState.FAILED),
    (Refusal(RefusalKind.GONE), DeliveryState.FAILED),
    (Refusal(RefusalKind.OTHER), DeliveryState.FAILED),
])  # fmt: skip
def test_every_answer_has_a_meaning(outcome: Sent | Refusal, state: DeliveryState) -> None:
    assert after_attempt(delivery(), outcome, WRITTEN, lambda: 0.5).state is state


def test_the_table_above_knows_every_kind() -> None:
    (mark,) = test_every_answer_has_a_meaning.pytestmark  # type: ignore[attr-defined]  # pytest's
    known = {one.kind for one, _ in mark.args[1] if isinstance(one, Refusal)}
    assert known == set(RefusalKind) - {RefusalKind.UNSUBSCRIBED}  # not said of a message


@given(st.sampled_from(list(OrderKind)), st.integers(1, 50), st.floats(0, 1))
def test_only_what_can_be_repeated_is_repeated_after_a_lost_answer(
    kind: OrderKind, tries: int, chance: float
) -> None:
    following = after_attempt(
        delivery(kind, tries), Refusal(RefusalKind.UNCERTAIN), WRITTEN, lambda: chance
    )
    is_message = kind is OrderKind.MESSAGE
    assert (following.state is DeliveryState.UNCERTAIN) == is_message
    assert (following.state is DeliveryState.QUEUED) == (not is_message)


@given(st.integers(1, 60), st.floats(0, 1))
def test_the_wait_after_a_fault_grows_to_five_minutes(tries: int, chance: float) -> None:
    def wait(count: int) -> int:
        refusal = Refusal(RefusalKind.TEMPORARY)
        return (
            after_attempt(delivery(tries=count), refusal, WRITTEN, lambda: chance).due_at - WRITTEN
        )

    assert 500 <= wait(tries) <= 300_000
    assert wait(tries) <= wait(tries + 1)


@given(st.floats(0, 86_000))
def test_a_ban_is_waited_for(seconds: float) -> None:
    refusal = Refusal(RefusalKind.THROTTLED, retry_after_s=seconds)
    following = after_attempt(delivery(), refusal, WRITTEN, lambda: 0.0)
    assert following.due_at >= WRITTEN + int(seconds * 1000)
    assert following.due_at >= WRITTEN + 1000


@given(st.sampled_from([RefusalKind.TEMPORARY, RefusalKind.THROTTLED, RefusalKind.BAD_TOKEN]),
       st.integers(0, 3 * GIVE_UP_AFTER_MS))  # fmt: skip
def test_a_day_after_it_was_written_it_fails(kind: RefusalKind, age: int) -> None:
    following = after_attempt(delivery(), Refusal(kind), WRITTEN + age, lambda: 0.5)
    if age > GIVE_UP_AFTER_MS:
        assert following.state is DeliveryState.FAILED
    if following.state is DeliveryState.QUEUED:
        assert WRITTEN + age < following.due_at <= WRITTEN + GIVE_UP_AFTER_MS


steps = st.lists(st.integers(0, 3_000), min_size=1, max_size=120)


@given(st.floats(0.2, 50), st.integers(1, 20), steps)
def test_a_bucket_never_gives_more_than_its_rate(
    per_second: float, burst: int, pauses: list[int]
) -> None:
    bucket, now, taken = Bucket(per_second, burst, 0), 0, []
    for pause in pauses:
        now += pause
        if bucket.take(now) == 0:
            taken.append(now)
    for first in range(len(taken)):
        for last in range(first, len(taken)):
            span_s = (taken[last] - taken[first]) / 1000
            assert last - first + 1 <= burst + per_second * span_s + 1e-6


@given(st.floats(0.2, 50), st.integers(1, 20), steps)
def test_the_wait_a_bucket_tells_is_enough_within_a_millisecond(
    per_second: float, burst: int, pauses: list[int]
) -> None:
    bucket, now = Bucket(per_second, burst, 0), 0
    for pause in pauses:
        now += pause
        wait = bucket.take(now)
        assert wait >= 0
        if wait:
            now += wait + 1
            assert bucket.take(now) == 0


def test_one_chat_does_not_slow_another() -> None:
    pace = Pace(limits(30, 1, 3), 0)
    assert [pace.wait_ms("anna", 0) for _ in range(4)][:3] == [0, 0, 0]
    assert pace.wait_ms("anna", 0) > 0
    assert pace.wait_ms("vera", 0) == 0


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=200))
def test_all_chats_together_keep_the_rate_of_the_credential(chats: list[str]) -> None:
    pace = Pace(limits(5, 100, 100), 0)
    assert sum(pace.wait_ms(chat, 0) == 0 for chat in chats) <= 5


def test_a_closed_pace_lets_nothing_through_and_opens_by_itself() -> None:
    pace = Pace(limits(30, 30, 30), 0)
    pace.close(5_000)
    pace.close(2_000)
    assert pace.wait_ms("anna", 4_000) == 1_000
    assert pace.wait_ms("anna", 5_000) == 0


def test_chats_at_rest_are_forgotten() -> None:
    pace = Pace(limits(1e9, 1, 1), 0)
    for number in range(25_000):
        pace.wait_ms(str(number), number * 10)
    assert len(pace._chats) <= 10_000  # the memory of it is what the test is about


@pytest.mark.parametrize(("order", "moved"), [
    (ORDER, Outgoing(message_id="m", to="9", kind=MessageKind.TEXT, text="Да")),
    (OutgoingReaction(to="7", external_id="1", emoji="👍"), OutgoingReaction("9", "1", "👍")),
])  # fmt: skip
def test_a_moved_chat_is_written_to_at_its_new_address(order: Outgoing, moved: Outgoing) -> None:
    from msgspec.structs import replace  # noqa: PLC0415 - one test needs it

    assert with_address(replace(delivery(), order=order), "9").order == moved
