import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.channels import CHANNELS
from otklik.ports.channel import ChannelEvent, Envelope, Malformed, MessageReceived, Unknown
from tests.channels.kit.declaration import Body, Forgery
from tests.channels.kit.declared import DECLARED

BODIES = [
    pytest.param(name, body, id=f"{name}-{body.name}")
    for name, declared in DECLARED.items()
    for body in declared.bodies
]
JSON_BODIES = [
    pytest.param(name, body, id=f"{name}-{body.name}")
    for name, declared in DECLARED.items()
    for body in declared.bodies
    if declared.shape == "json"
]
JSON_CHANNELS = sorted(name for name, declared in DECLARED.items() if declared.shape == "json")
SIGNED = sorted(
    name
    for name, declared in DECLARED.items()
    if CHANNELS[name].manifest.transport == "http" and declared.proof != "nowhere"
)
FORGERIES = [
    pytest.param(name, forgery, id=f"{name}-{forgery.name}")
    for name, declared in DECLARED.items()
    for forgery in declared.forgeries
]
MALFORMED = [
    pytest.param(name, body, id=f"{name}-{index}")
    for name, declared in DECLARED.items()
    for index, body in enumerate(declared.malformed)
]


@pytest.mark.parametrize(("name", "case"), BODIES)
def test_a_genuine_body_is_believed_and_read_as_declared(name: str, case: Body) -> None:
    channel, declared = CHANNELS[name], DECLARED[name]
    if name in SIGNED:  # a live channel has proven itself before the first body
        assert channel.authentic(declared.signed(case.body), case.body, declared.config)
    assert isinstance(channel.envelope(case.body), Envelope)
    assert tuple(channel.parse(case.body)) == case.events


@pytest.mark.parametrize(("name", "forgery"), FORGERIES)
def test_a_forged_body_is_not_believed(name: str, forgery: Forgery) -> None:
    assert not CHANNELS[name].authentic(forgery.headers, forgery.body, DECLARED[name].config)


@pytest.mark.parametrize("name", SIGNED)
def test_no_flipped_bit_of_a_signature_is_believed(name: str) -> None:
    channel, declared = CHANNELS[name], DECLARED[name]
    body = declared.bodies[0].body
    headers = dict(declared.signed(body))
    for key, value in headers.items():
        for index, letter in enumerate(value):
            flipped = value[:index] + chr(ord(letter) ^ 1) + value[index + 1 :]
            assert not channel.authentic(headers | {key: flipped}, body, declared.config)
        for other in ("", value[:-1], f"{value}0", f" {value}", "\udcff"):
            assert not channel.authentic(headers | {key: other}, body, declared.config)
    assert channel.authentic({}, body, declared.config) is (declared.proof == "body")


@pytest.mark.parametrize("name", SIGNED)
def test_an_inbox_without_secrets_believes_nothing(name: str) -> None:
    channel, declared = CHANNELS[name], DECLARED[name]
    body = declared.bodies[0].body
    bare = msgspec.structs.replace(declared.config, secrets={})
    empty = msgspec.structs.replace(declared.config, secrets=dict.fromkeys(bare.secrets, ""))
    signed = declared.signed(body)
    for config in (bare, empty):
        assert not channel.authentic(signed, body, config)
        assert not channel.authentic({}, body, config)
        assert not channel.authentic(dict.fromkeys(signed, ""), body, config)


@pytest.mark.parametrize(("name", "body"), MALFORMED)
def test_what_is_not_from_the_platform_is_refused_with_a_reason(name: str, body: bytes) -> None:
    outside = CHANNELS[name].envelope(body)
    assert isinstance(outside, Malformed)
    assert outside.reason


@pytest.mark.parametrize(("name", "case"), JSON_BODIES)
def test_a_repeat_has_the_same_key_however_it_is_written(name: str, case: Body) -> None:
    envelope = CHANNELS[name].envelope
    pretty = msgspec.json.format(case.body, indent=3)
    turned = msgspec.json.encode(
        dict(reversed(msgspec.json.decode(case.body, type=dict[str, msgspec.Raw]).items()))
    )
    assert envelope(case.body) == envelope(pretty) == envelope(turned)


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_different_events_have_different_keys(name: str) -> None:
    keys = [CHANNELS[name].envelope(case.body) for case in DECLARED[name].bodies]
    assert len({key.dedupe_key for key in keys if isinstance(key, Envelope)}) == len(keys)


@pytest.mark.parametrize(("name", "case"), JSON_BODIES)
def test_fields_of_tomorrow_change_nothing(name: str, case: Body) -> None:
    grown = msgspec.json.encode(_grown(msgspec.json.decode(case.body)))
    assert tuple(CHANNELS[name].parse(grown)) == case.events


@pytest.mark.parametrize(("name", "case"), JSON_BODIES)
def test_a_torn_body_is_malformed(name: str, case: Body) -> None:
    channel = CHANNELS[name]
    for end in range(len(case.body)):
        assert isinstance(channel.envelope(case.body[:end]), Malformed)
        with pytest.raises((msgspec.DecodeError, ValueError)):
            channel.parse(case.body[:end])


@pytest.mark.parametrize(("name", "case"), BODIES)
def test_events_survive_being_stored(name: str, case: Body) -> None:
    for event in CHANNELS[name].parse(case.body):
        stored = msgspec.json.encode(event)
        assert msgspec.json.decode(stored, type=ChannelEvent) == event


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_every_kind_the_manifest_promises_is_declared(name: str) -> None:
    events = [event for case in DECLARED[name].bodies for event in case.events]
    kinds = {event.kind.value for event in events if isinstance(event, MessageReceived)}
    kinds |= {"press" for event in events if type(event).__name__ == "ButtonPressed"}
    assert kinds == set(CHANNELS[name].manifest.receives)
    assert any(isinstance(event, Unknown) for event in events)


@pytest.mark.parametrize("name", sorted(DECLARED))
@given(body=st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_noise_is_refused_and_breaks_nothing(name: str, body: bytes) -> None:
    _read(name, body)


@pytest.mark.parametrize("name", sorted(DECLARED))
@given(drawn=st.data())
@settings(max_examples=300, deadline=None)
def test_damaged_bodies_break_nothing(name: str, drawn: st.DataObject) -> None:
    case = drawn.draw(st.sampled_from(DECLARED[name].bodies))
    start = drawn.draw(st.integers(0, len(case.body)))
    end = drawn.draw(st.integers(start, min(start + 12, len(case.body))))
    _read(name, case.body[:start] + drawn.draw(st.binary(max_size=12)) + case.body[end:])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("name", JSON_CHANNELS)
@given(drawn=st.data())
@settings(max_examples=300, deadline=None)
def test_values_of_the_wrong_type_break_nothing(name: str, drawn: st.DataObject) -> None:
    tree = msgspec.json.decode(drawn.draw(st.sampled_from(DECLARED[name].bodies)).body)
    node, depth = tree, drawn.draw(st.integers(0, 6))
    while isinstance(node, dict | list) and node:
        key = drawn.draw(st.sampled_from(range(len(node)) if isinstance(node, list) else [*node]))
        depth -= 1
        if depth < 0 or not isinstance(node[key], dict | list):
            node[key] = drawn.draw(JSON)
            break
        node = node[key]
    _read(name, msgspec.json.encode(tree))


def _read(name: str, body: bytes) -> None:
    channel = CHANNELS[name]
    outside = channel.envelope(body)
    assert isinstance(outside, Envelope | Malformed)
    try:
        events = channel.parse(body)
    except (msgspec.DecodeError, ValueError):
        return
    for event in events:
        assert msgspec.json.decode(msgspec.json.encode(event), type=ChannelEvent) == event


def _grown(value: object) -> object:
    if isinstance(value, list):
        return [_grown(item) for item in value]
    if isinstance(value, dict):
        tomorrow = {"zz_tomorrow": {"deep": [1, None, "ы"]}}
        return {key: _grown(item) for key, item in value.items()} | tomorrow
    return value
