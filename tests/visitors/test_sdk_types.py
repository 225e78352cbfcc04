import pytest

from tools import sdk_types


def test_the_types_of_the_app_sdk_are_those_of_the_protocol() -> None:
    written = sdk_types.TYPES.read_text("utf-8")
    assert written == sdk_types.types(), "run: python -m tools.sdk_types write"


def test_a_shape_that_typescript_has_no_word_for_is_told() -> None:
    with pytest.raises(ValueError, match="no word"):
        sdk_types._type({"type": "object"})
