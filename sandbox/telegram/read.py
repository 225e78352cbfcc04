"""Reading what the control API is asked."""

from typing import TypeVar

import msgspec

from sandbox.asgi import MalformedError, Request, parse_body

O = TypeVar("O")  # noqa: E741 - the order's type


class NotThereError(Exception):
    """What was asked for does not exist; the text says what to do."""


def order(request: Request, kind: type[O]) -> O:
    """Read the body of an order; a file of a form becomes its content."""
    plain = request.body.lstrip().startswith(b"{")  # JSON is JSON, whatever a shell calls it
    readable = msgspec.structs.replace(request, headers={}) if plain else request
    fields, uploads = parse_body(readable)
    for upload in uploads.values():
        fields = {
            "name": upload.name,
            "mime": upload.content_type,
            **fields,
            "content": upload.content,
        }
    try:
        return msgspec.convert(fields, kind, strict=False)
    except msgspec.ValidationError as problem:
        raise MalformedError(str(problem)) from problem
