from collections.abc import Mapping

import msgspec
import pytest
from msgspec import Struct

from otklik.kernel.lenient import read


class Inner(Struct, frozen=True):
    name: str
    size: int = 0


class Outer(Struct, frozen=True):
    id: str = ""
    inner: Inner | None = None
    several: tuple[Inner, ...] = ()
    is_new: bool = False


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"id": "a", "inner": {"name": "b", "size": 2}}, Outer("a", Inner("b", 2))),
        ({"id": 790001122}, Outer("790001122")),
        ({"id": True}, Outer()),
        ({"id": ["a"], "is_new": True}, Outer(is_new=True)),
        ({"id": "a", "inner": {"size": 2}}, Outer("a")),
        ({"id": "a", "inner": {"name": 5, "size": "big"}}, Outer("a", Inner("5"))),
        ({"several": [{"name": "a"}, 5, {"name": "b"}]}, Outer(several=(Inner("a"), Inner("b")))),
        ({"several": {"name": "a"}}, Outer()),
        ({"tomorrow": {"deep": [1]}}, Outer()),
    ],
)
def test_what_does_not_fit_costs_itself_alone(body: Mapping[str, object], expected: Outer) -> None:
    assert read(msgspec.json.encode(body), Outer) == expected


def test_half_characters_cost_themselves_alone() -> None:
    assert read(rb'{"id":"\ud83e"}', Outer) == Outer("\ufffd")


@pytest.mark.parametrize("body", [b"", b"<", b"[]", b"\xff", b'{"id":' + b"[" * 100_000])
def test_what_is_no_object_at_all_is_refused(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        read(body, Outer)
