"""Forms with files as a stream of known length, so that any server takes them."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

from otklik.ports.channel import FilePart, Request

_QUOTED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A", "\0": "%00"})  # as browsers do


class FileBody(Protocol):
    """Stored bytes that can be read when the request is written."""

    @property
    def size(self) -> int:
        """Give the length in bytes."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """Read everything from the start."""
        ...


OpenFile = Callable[[str], Awaitable[FileBody]]


class Form:
    """One multipart body: its type, its length in bytes and its chunks."""

    def __init__(self, boundary: str, parts: list[bytes | FileBody]) -> None:
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self.size = sum(len(part) if isinstance(part, bytes) else part.size for part in parts)
        self._parts = parts

    async def chunks(self) -> AsyncIterator[bytes]:
        """Give the body piece by piece."""
        for part in self._parts:
            if isinstance(part, bytes):
                yield part
            else:
                async for chunk in part.chunks():
                    yield chunk


async def form_of(request: Request, open_file: OpenFile) -> Form:
    """Lay out the fields and files of a request; errors of `open_file` pass through."""
    boundary = secrets.token_hex(16)
    edge = f"--{boundary}\r\n".encode()
    parts: list[bytes | FileBody] = [
        b"".join(
            edge + _disposition(name) + b"\r\n" + value.encode() + b"\r\n"
            for name, value in request.fields.items()
        )
    ]
    for file in request.files:
        parts += [edge + _file_head(file), await open_file(file.file_id), b"\r\n"]
    parts.append(f"--{boundary}--\r\n".encode())
    return Form(boundary, parts)


def _disposition(field: str, name: str | None = None) -> bytes:
    filename = "" if name is None else f'; filename="{name.translate(_QUOTED)}"'
    return (
        f'Content-Disposition: form-data; name="{field.translate(_QUOTED)}"{filename}\r\n'
    ).encode()


def _file_head(file: FilePart) -> bytes:
    mime = "".join(file.mime.splitlines()) or "application/octet-stream"
    return _disposition(file.field, file.name) + f"Content-Type: {mime}\r\n\r\n".encode()
