import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.channels import CHANNELS
from otklik.ports.channel import (
    Connect,
    Connected,
    Envelope,
    FoundFile,
    Outbound,
    Polled,
    Refusal,
    RefusalKind,
)
from tests.channels.kit.declaration import Replies, refused
from tests.channels.kit.declared import CONNECTING, DECLARED


@pytest.mark.parametrize("name", CONNECTING)
def test_a_working_credential_names_itself_and_a_wrong_one_is_told(name: str) -> None:
    connect, replies = _connect(name), _replies(name)
    found = connect.checked(*replies.connected)
    assert isinstance(found, Connected)
    assert found.title
    assert set(found.settings) <= set(CHANNELS[name].manifest.settings)
    assert refused(connect.checked(*replies.wrong_token), RefusalKind.BAD_TOKEN)
    assert refused(connect.checked(*replies.garbage))


@pytest.mark.parametrize("name", CONNECTING)
def test_subscribing_names_our_address_and_its_answer_is_read(name: str) -> None:
    connect, replies, config = _connect(name), _replies(name), DECLARED[name].config
    address = "https://desk.example.org/in/telegram/1"
    request = connect.subscribe(config, address)
    assert address.encode() in request.body or address in request.url
    assert connect.unsubscribe(config).label != request.label
    assert connect.acknowledged(*replies.done) is None
    assert refused(connect.acknowledged(*replies.wrong_token), RefusalKind.BAD_TOKEN)
    assert refused(connect.acknowledged(*replies.garbage))


@pytest.mark.parametrize("name", CONNECTING)
def test_a_poll_gives_whole_bodies_and_a_cursor_that_goes_on(name: str) -> None:
    connect, replies, config = _connect(name), _replies(name), DECLARED[name].config
    polled = connect.polled(*replies.polled)
    assert isinstance(polled, Polled)
    assert len(polled.bodies) == replies.polled_bodies
    assert all(isinstance(CHANNELS[name].envelope(body), Envelope) for body in polled.bodies)
    assert connect.poll(config, polled.cursor) != connect.poll(config, "")
    assert connect.poll(config, "").timeout_s > 20
    nothing = connect.polled(*replies.polled_nothing)
    assert nothing == Polled(bodies=(), cursor="")
    assert refused(connect.polled(*replies.wrong_token), RefusalKind.BAD_TOKEN)
    assert refused(connect.polled(*replies.garbage))


@pytest.mark.parametrize("name", CONNECTING)
def test_a_received_file_is_found_or_its_absence_explained(name: str) -> None:
    outbound, replies, config = _outbound(name), _replies(name), DECLARED[name].config
    found = outbound.located(*replies.found, config)
    assert isinstance(found, FoundFile)
    assert found.request.method == "GET"
    assert refused(outbound.located(*replies.wrong_token, config), RefusalKind.BAD_TOKEN)
    assert refused(outbound.located(*replies.garbage, config))
    assert outbound.locate("ref-1", config) != outbound.locate("ref-2", config)


@pytest.mark.parametrize("name", CONNECTING)
def test_torn_answers_are_refusals(name: str) -> None:
    connect, outbound, replies = _connect(name), _outbound(name), _replies(name)
    config = DECLARED[name].config
    for reply in (replies.connected, replies.done, replies.polled, replies.found):
        status, body = reply
        for end in range(len(body)):
            outcomes: list[object] = [
                connect.checked(status, body[:end]),
                connect.acknowledged(status, body[:end]),
                connect.polled(status, body[:end]),
                outbound.located(status, body[:end], config),
            ]
            assert all(isinstance(outcome, Refusal) for outcome in outcomes)


@pytest.mark.parametrize("name", CONNECTING)
@given(drawn=st.data())
@settings(max_examples=100, deadline=None)
def test_damaged_answers_break_nothing(name: str, drawn: st.DataObject) -> None:
    connect, replies = _connect(name), _replies(name)
    known = (replies.connected, replies.done, replies.polled, replies.found, replies.wrong_token)
    status, body = drawn.draw(st.sampled_from(known))
    start = drawn.draw(st.integers(0, len(body)))
    end = drawn.draw(st.integers(start, min(start + 12, len(body))))
    body = body[:start] + drawn.draw(st.binary(max_size=12)) + body[end:]
    assert isinstance(connect.checked(status, body), Connected | Refusal)
    assert isinstance(connect.acknowledged(status, body), Refusal | None)
    assert isinstance(connect.polled(status, body), Polled | Refusal)
    located = _outbound(name).located(status, body, DECLARED[name].config)
    assert isinstance(located, FoundFile | Refusal)


@pytest.mark.parametrize("name", CONNECTING)
def test_no_secret_is_in_a_label_and_the_address_follows_the_settings(name: str) -> None:
    connect, config = _connect(name), DECLARED[name].config
    moved = msgspec.structs.replace(
        config, settings={**config.settings, "api_base": "http://127.0.0.1:9/x"}
    )
    for request in (connect.check(moved), connect.unsubscribe(moved), connect.poll(moved, "")):
        assert request.url.startswith("http://127.0.0.1:9/x/")
        assert not any(secret in request.label for secret in config.secrets.values())


def _connect(name: str) -> Connect:
    connect = CHANNELS[name].connect
    assert connect is not None
    return connect


def _outbound(name: str) -> Outbound:
    outbound = CHANNELS[name].outbound
    assert outbound is not None
    return outbound


def _replies(name: str) -> Replies:
    replies = DECLARED[name].replies
    assert replies is not None
    return replies
