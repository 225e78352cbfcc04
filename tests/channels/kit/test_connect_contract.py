from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.channels import CHANNELS
from otklik.ports.channel import (
    Answer,
    Answers,
    Connect,
    Connected,
    Envelope,
    Errand,
    FoundFile,
    HeldFile,
    InboxConfig,
    Polled,
    Refusal,
    RefusalKind,
    Subscribed,
)
from tests.channels.kit.declaration import ADDRESS, Replies, refused
from tests.channels.kit.declared import CONNECTING, DECLARED
from tests.channels.kit.walk import (
    Step,
    always,
    good_day,
    last_answered,
    locating,
    walk,
)

Second = Callable[[InboxConfig, str, Answers], Errand | Subscribed | Refusal]


@pytest.mark.parametrize("name", CONNECTING)
def test_a_working_credential_names_itself_and_a_wrong_one_is_told(name: str) -> None:
    replies, step = _replies(name), _checking(name)
    found = walk(step, good_day(name)).ending
    assert isinstance(found, Connected)
    assert found.title
    assert set(found.settings) <= set(CHANNELS[name].manifest.settings)
    assert refused(walk(step, always(*replies.wrong_token)).ending, RefusalKind.BAD_TOKEN)
    assert refused(walk(step, always(*replies.garbage)).ending)


@pytest.mark.parametrize("name", CONNECTING)
def test_subscribing_names_our_address_and_its_answer_is_read(name: str) -> None:
    connect, replies, config = _connect(name), _replies(name), DECLARED[name].config
    for ask in filter(None, (connect.subscribe, connect.unsubscribe)):
        step = _second(ask, config)
        walked = walk(step, good_day(name))
        assert isinstance(walked.ending, Subscribed)
        assert refused(walk(step, always(*replies.wrong_token)).ending, RefusalKind.BAD_TOKEN)
        assert refused(walk(step, always(*replies.garbage)).ending)


@pytest.mark.parametrize("name", CONNECTING)
def test_a_lost_subscription_and_a_revoked_token_are_seen(name: str) -> None:
    connect, replies, config = _connect(name), _replies(name), DECLARED[name].config
    if connect.verify is None:
        assert connect.subscribe is None
        return
    step = _second(connect.verify, config)
    assert walk(step, good_day(name)).ending == Subscribed()
    assert refused(walk(step, always(*replies.wrong_token)).ending, RefusalKind.BAD_TOKEN)
    assert refused(walk(step, always(*replies.garbage)).ending)
    forgot = walk(step, good_day(name, replies.dropped)).ending
    assert refused(forgot, RefusalKind.UNSUBSCRIBED)


@pytest.mark.parametrize("name", CONNECTING)
def test_a_poll_gives_whole_bodies_and_a_cursor_that_goes_on(name: str) -> None:
    connect, replies, config = _connect(name), _replies(name), DECLARED[name].config
    poll = connect.poll
    assert (poll is not None) is ("polling" in CHANNELS[name].manifest.features)
    if poll is None:
        return
    walked = walk(lambda answers: poll(config, "", answers), good_day(name))
    polled = walked.ending
    assert isinstance(polled, Polled)
    assert len(polled.bodies) == replies.polled_bodies
    assert all(isinstance(CHANNELS[name].envelope(body), Envelope) for body in polled.bodies)
    assert poll(config, polled.cursor, ()) != poll(config, "", ())
    assert walked.requests[-1].timeout_s > 20
    idle = good_day(name, replies.polled_nothing)
    nothing = walk(lambda answers: poll(config, "", answers), idle).ending
    assert isinstance(nothing, Polled)
    assert not nothing.bodies
    for reply in (replies.wrong_token, replies.garbage):
        assert refused(walk(lambda answers: poll(config, "", answers), always(*reply)).ending)


@pytest.mark.parametrize("name", CONNECTING)
def test_a_received_file_is_found_or_its_absence_explained(name: str) -> None:
    step = locating(name, DECLARED[name].file_ref)
    walked = walk(step, good_day(name))
    found = walked.ending
    assert isinstance(found, FoundFile | HeldFile)
    assert isinstance(found, HeldFile) is (CHANNELS[name].held is not None)
    if isinstance(found, FoundFile):
        assert found.request.method == "GET"
    if walked.errands:  # some platforms give the address with the message
        replies = _replies(name)
        assert refused(walk(step, always(*replies.wrong_token)).ending, RefusalKind.BAD_TOKEN)
        assert refused(walk(step, always(*replies.garbage)).ending)
    others = walk(locating(name, DECLARED[name].other_file_ref), good_day(name))
    assert (walked.errands, found) != (others.errands, others.ending)


@pytest.mark.parametrize("name", CONNECTING)
def test_torn_answers_are_refusals(name: str) -> None:
    for step in _steps(name):
        walked = walk(step, good_day(name))
        if not walked.answers:
            continue
        last = walked.answers[-1]
        for end in range(len(last.body)):
            torn = Answer(last.status, {}, last.body[:end])
            assert isinstance(last_answered(step, walked, torn), Refusal), (torn, walked.errands)


@pytest.mark.parametrize("name", CONNECTING)
@given(drawn=st.data())
@settings(max_examples=100, deadline=None)
def test_damaged_answers_break_nothing(name: str, drawn: st.DataObject) -> None:
    step = drawn.draw(st.sampled_from(_steps(name)))
    walked = walk(step, good_day(name))
    if not walked.answers:
        return
    body = walked.answers[-1].body
    start = drawn.draw(st.integers(0, len(body)))
    end = drawn.draw(st.integers(start, min(start + 12, len(body))))
    body = body[:start] + drawn.draw(st.binary(max_size=12)) + body[end:]
    assert last_answered(step, walked, Answer(200, {}, body)) is not None


@pytest.mark.parametrize("name", CONNECTING)
def test_no_secret_is_in_a_label_and_the_address_follows_the_settings(name: str) -> None:
    config = DECLARED[name].config
    moved = msgspec.structs.replace(
        config, settings={**config.settings, "api_base": "http://127.0.0.1:9/x"}
    )
    for step in _steps(name, moved):
        for request in walk(step, good_day(name)).requests:
            assert not any(secret in request.label for secret in config.secrets.values() if secret)
    first = walk(_checking(name, moved), good_day(name)).requests
    assert all(request.url.startswith("http://127.0.0.1:9/x/") for request in first)


def _steps(name: str, config: InboxConfig | None = None) -> list[Step[object]]:
    connect, mine = _connect(name), config or DECLARED[name].config
    poll = connect.poll
    steps: list[Step[object]] = [
        lambda answers: connect.check(mine, answers),
        locating(name, DECLARED[name].file_ref),
    ]
    if poll is not None:
        steps.append(lambda answers: poll(mine, "", answers))
    asks = filter(None, (connect.subscribe, connect.verify, connect.unsubscribe))
    return steps + [_second(ask, mine) for ask in asks]


def _second(ask: Second, config: InboxConfig) -> Step[Subscribed]:
    return lambda answers: ask(config, ADDRESS, answers)


def _checking(name: str, config: InboxConfig | None = None) -> Step[Connected]:
    connect, mine = _connect(name), config or DECLARED[name].config
    return lambda answers: connect.check(mine, answers)


def _connect(name: str) -> Connect:
    connect = CHANNELS[name].connect
    assert connect is not None
    return connect


def _replies(name: str) -> Replies:
    replies = DECLARED[name].replies
    assert replies is not None
    return replies
