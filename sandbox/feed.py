"""The live feed of what happens in the phones, for the page and for anyone who watches."""

import asyncio
from collections.abc import AsyncIterator

import msgspec

_BACKLOG = 2000
_KEEP_ALIVE_S = 15.0


class Feed:
    """Spread events to every reader; a reader that falls behind is dropped and starts anew."""

    def __init__(self) -> None:
        self._readers: set[asyncio.Queue[bytes | None]] = set()

    def publish(self, kind: str, **facts: object) -> None:
        if not self._readers:
            return
        frame = b"data: " + msgspec.json.encode({"kind": kind, **facts}) + b"\n\n"
        for reader in list(self._readers):
            if reader.full():
                self._readers.discard(reader)
                while not reader.empty():
                    reader.get_nowait()
                reader.put_nowait(None)
            else:
                reader.put_nowait(frame)

    def close(self) -> None:
        """Let every reader go."""
        for reader in list(self._readers):
            while not reader.empty():
                reader.get_nowait()
            reader.put_nowait(None)

    async def read(self) -> AsyncIterator[bytes]:
        """Yield server-sent events until the reader leaves or is dropped."""
        reader: asyncio.Queue[bytes | None] = asyncio.Queue(_BACKLOG)
        self._readers.add(reader)
        try:
            yield b": open\n\n"
            while True:
                try:
                    frame = await asyncio.wait_for(reader.get(), _KEEP_ALIVE_S)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if frame is None:
                    return
                yield frame
        finally:
            self._readers.discard(reader)
