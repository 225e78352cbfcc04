"""Reading JSON of platforms that change without notice: what does not fit costs one field."""

from typing import Final, TypeVar, get_args

import msgspec
from msgspec import Struct

from otklik.kernel.text import mended_json

_Shape = TypeVar("_Shape", bound=Struct)

_ABSENT: Final = object()


def read(body: bytes, shape: type[_Shape]) -> _Shape:
    """Decode a body; a field of the wrong type reads as absent instead of refusing the whole.

    A number where text is expected becomes its digits: platforms send ids both ways. Raises
    `msgspec.DecodeError` for what is not JSON or lacks what the shape cannot be without.
    """
    try:
        return _read(body, shape)
    except RecursionError:
        raise msgspec.DecodeError("nested too deeply") from None
    except UnicodeDecodeError as error:  # msgspec checks the text of a field when it is asked for
        raise msgspec.DecodeError(str(error)) from error


def _read(body: bytes, shape: type[_Shape]) -> _Shape:
    try:
        return _shaped(body, shape)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return _shaped(_whole(body), shape)


def _whole(body: bytes) -> bytes:
    # A phone may send half characters; the rest of the body is good.
    try:
        return mended_json(body)
    except (ValueError, RecursionError) as error:
        raise msgspec.DecodeError(str(error)) from error


def _shaped(body: bytes, shape: type[_Shape]) -> _Shape:
    try:
        return msgspec.json.decode(body, type=shape, strict=False)
    except msgspec.ValidationError:
        return msgspec.convert(_mended(msgspec.json.decode(body), shape), shape, strict=False)


def _mended(value: object, kind: object) -> object:
    # X of `X | None`, `tuple[X, ...]`, `Annotated[X, ...]`
    inner = next(iter(get_args(kind)), kind)
    if isinstance(value, list):
        items = (_fitting(item, inner) for item in value)
        return [item for item in items if item is not _ABSENT]
    if inner is str and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not (isinstance(value, dict) and isinstance(inner, type) and issubclass(inner, Struct)):
        return value
    fields = {
        part.encode_name: _fitting(value[part.encode_name], part.type)
        for part in msgspec.structs.fields(inner)
        if part.encode_name in value
    }
    return {name: part for name, part in fields.items() if part is not _ABSENT}


def _fitting(value: object, kind: object) -> object:
    mended = _mended(value, kind)
    try:
        msgspec.convert(mended, kind, strict=False)
    except msgspec.ValidationError:
        return _ABSENT
    return mended
