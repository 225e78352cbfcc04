"""Built pages served from a folder: hashed assets for ever, the entry page never cached."""

from collections.abc import Awaitable, Callable, MutableMapping
from mimetypes import guess_type
from pathlib import Path
from typing import Any

Scope = MutableMapping[str, Any]  # ASGI leaves the values of its messages open
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_IMMUTABLE = b"public, max-age=31536000, immutable"
_UNBUILT = """\
The desk is not built yet: run `make demo`.
Рабочее место ещё не собрано: выполните `make demo`.
"""


class Pages:
    """Serves a built single-page application; unknown paths give its entry page."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._kept: dict[str, tuple[bytes, bytes]] = {}

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope["path"].lstrip("/")
        if scope["method"] not in {"GET", "HEAD"}:
            await _answer(send, 405, b"", b"text/plain", b"no-store")
            return
        found = self._read(path)
        if found is not None and path != "index.html":
            body, mime = found
            caching = _IMMUTABLE if path.startswith("assets/") else b"no-cache"
            await _answer(send, 200, body, mime, caching)
            return
        entry = self._read("index.html")
        if path.startswith("assets/"):
            await _answer(send, 404, b"", b"text/plain", b"no-store")
        elif entry is None:
            await _answer(send, 503, _UNBUILT.encode(), b"text/plain; charset=utf-8", b"no-store")
        else:
            await _answer(send, 200, entry[0], entry[1], b"no-cache")

    def _read(self, path: str) -> tuple[bytes, bytes] | None:
        if path in self._kept:
            return self._kept[path]
        file = file_in(self._folder, path)
        if file is None:
            return None
        mime = guess_type(file.name)[0] or "application/octet-stream"
        if mime.startswith("text/") or mime.endswith("javascript"):
            mime += "; charset=utf-8"
        answer = (file.read_bytes(), mime.encode())
        if path.startswith("assets/"):
            self._kept[path] = answer
        return answer


def file_in(folder: Path, name: str) -> Path | None:
    """Find a file inside a resolved folder by the name a stranger gave; None for any other."""
    try:
        file = (folder / name).resolve()
        found = file.is_relative_to(folder) and file.is_file()
    except (OSError, ValueError):  # too long for the system, or with a NUL in it
        return None
    return file if found else None


async def _answer(send: Send, status: int, body: bytes, mime: bytes, caching: bytes) -> None:
    headers = [
        (b"content-type", mime),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", caching),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
