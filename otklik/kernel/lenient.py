"""Reading foreign JSON: what is wrong costs itself alone, not the whole body."""

from typing import TypeVar, get_args

import msgspec
from msgspec import Struct

from otklik.kernel.text import mended_json

Shape = TypeVar("Shape", bound=Struct)


def read(body: bytes, shape: type[Shape]) -> Shape:
    """Decode a body; a field of the wrong type reads as absent instead of refusing the whole.

    Raises `msgspec.DecodeError` for what is not JSON or lacks what the shape cannot be without.
    """
    try:
        return _read(body, shape)
    except RecursionError:
        raise msgspec.DecodeError("nested too deeply") from None
    except UnicodeDecodeError as error:  # msgspec checks the text of a field when it is asked for
        raise msgspec.DecodeError(str(error)) from error


def whole(body: bytes) -> bytes:
    """Mend half characters: a phone may send them, and the rest of the body is good.

    Raises `msgspec.DecodeError` for what is no JSON.
    """
    try:
        return mended_json(body)
    except (ValueError, RecursionError) as error:
        raise msgspec.DecodeError(str(error)) from error


def _read(body: bytes, shape: type[Shape]) -> Shape:
    try:
        return _shaped(body, shape)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return _shaped(whole(body), shape)


def _shaped(body: bytes, shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(body, type=shape, strict=False)
    except msgspec.ValidationError:
        return msgspec.convert(_mended(msgspec.json.decode(body), shape), shape, strict=False)


def _mended(value: object, kind: object) -> object:
    inner = next(
        iter(get_args(kind)), kind
    )  # X of `X | None`, `tuple[X, ...]`, `Annotated[X, ...]`
    if inner is str and isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # platforms send one and the same id both ways
    if isinstance(value, list):
        items = (_mended(item, inner) for item in value)
        return [item for item in items if _fits(item, inner)]
    if not (isinstance(value, dict) and isinstance(inner, type) and issubclass(inner, Struct)):
        return value
    fields = {
        part.encode_name: (_mended(value[part.encode_name], part.type), part.type)
        for part in msgspec.structs.fields(inner)
        if part.encode_name in value
    }
    return {name: part for name, (part, kind) in fields.items() if _fits(part, kind)}


def _fits(value: object, kind: object) -> bool:
    try:
        msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        return False
    return True
