"""Where files live: whole or not at all, under generated names."""

import asyncio
import contextlib
import errno
import hashlib
import io
import os
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

import msgspec

from otklik.kernel.errors import NotFoundError, TooLargeError, UnavailableError
from otklik.kernel.ids import FileId, is_id, new_id

HEAD_BYTES = 65_536
_CHUNK_BYTES = 262_144
_MEBIBYTE = 1_048_576


class StoredFile(msgspec.Struct, frozen=True):
    """A file that is safely on disk: bytes, SHA-256 as hex, and its first 64 KiB."""

    file_id: FileId
    size: int
    sha256: str
    head: bytes


class StoredBytes(msgspec.Struct, frozen=True):
    """The bytes of a stored file; opened only while they are read."""

    path: Path
    size: int

    async def chunks(self, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Read bytes `start` up to, not including, `end`."""
        left = (self.size if end is None else min(end, self.size)) - start
        file = await asyncio.to_thread(_open_at, self.path, start)
        try:
            while left > 0:
                chunk = await asyncio.to_thread(file.read, min(left, _CHUNK_BYTES))
                if not chunk:  # shorter than promised: better a broken answer than a false one
                    raise UnavailableError
                left -= len(chunk)
                yield chunk
        finally:
            file.close()


class NewFile(Protocol):
    """A file being written."""

    async def write(self, chunk: bytes) -> None:
        """Append bytes; raises TooLargeError over the cap and UnavailableError on a full disk."""
        ...

    async def keep(self) -> StoredFile:
        """Make it durable. Without this call nothing remains of it."""
        ...


class FileStore(Protocol):
    """A place for files; a folder here, an object store later."""

    def create(self, max_bytes: int) -> AbstractAsyncContextManager[NewFile]:
        """Start a file of at most `max_bytes`."""
        ...

    async def save(self, chunks: AsyncIterable[bytes], max_bytes: int) -> StoredFile:
        """Write a whole file of at most `max_bytes`."""
        ...

    async def open(self, file_id: str) -> StoredBytes:
        """Find a file; raises NotFoundError."""
        ...

    async def delete(self, file_id: str) -> None:
        """Remove a file; one that is gone already is no error."""
        ...


class FolderStore:
    """Files in a local folder, fanned out on two levels by the random end of their id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unfinished = folder / "unfinished"

    def clear_unfinished(self) -> int:
        """Remove what a crash left half-written and give the count; call before serving."""
        left = list(self._unfinished.glob("*"))
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    @contextlib.asynccontextmanager
    async def create(self, max_bytes: int) -> AsyncIterator[NewFile]:
        """Start a file of at most `max_bytes`."""
        file_id = FileId(new_id())
        path = self._unfinished / file_id
        try:
            yield _FolderFile(file_id, path, self._path(file_id), max_bytes)
        finally:  # a kept file has moved away by now
            # What cannot be removed must not hide why; the next start clears it.
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    async def save(self, chunks: AsyncIterable[bytes], max_bytes: int) -> StoredFile:
        """Write a whole file of at most `max_bytes`."""
        async with self.create(max_bytes) as new:
            async for chunk in chunks:
                await new.write(chunk)
            return await new.keep()

    async def open(self, file_id: str) -> StoredBytes:
        """Find a file; raises NotFoundError."""
        path = self._path(file_id)
        try:
            return StoredBytes(path, (await asyncio.to_thread(path.stat)).st_size)
        except FileNotFoundError as error:
            raise NotFoundError from error

    async def delete(self, file_id: str) -> None:
        """Remove a file; one that is gone already is no error."""
        await asyncio.to_thread(self._path(file_id).unlink, missing_ok=True)

    def _path(self, file_id: str) -> Path:
        if not is_id(file_id):  # it comes from addresses people can type
            raise NotFoundError
        return self._folder / file_id[-2:] / file_id[-4:-2] / file_id


class _FolderFile:
    """Gathers chunks and writes them in pieces, so that a small file costs one thread hop."""

    def __init__(self, file_id: FileId, path: Path, final: Path, max_bytes: int) -> None:
        self._file_id = file_id
        self._path = path
        self._final = final
        self._max_bytes = max_bytes
        self._waiting = bytearray()
        self._head = b""
        self._size = 0
        self._sha256 = hashlib.sha256()

    async def write(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > self._max_bytes:
            raise _too_large(self._max_bytes)
        if len(self._head) < HEAD_BYTES:
            self._head += chunk[: HEAD_BYTES - len(self._head)]
        self._waiting += chunk
        if len(self._waiting) >= _CHUNK_BYTES:
            await asyncio.to_thread(self._flush, last=False)

    async def keep(self) -> StoredFile:
        await asyncio.to_thread(self._flush, last=True)
        return StoredFile(self._file_id, self._size, self._sha256.hexdigest(), self._head)

    def _flush(self, *, last: bool) -> None:
        self._sha256.update(self._waiting)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.write(self._waiting)
                if last:
                    file.flush()
                    os.fsync(file.fileno())
            if last:
                self._final.parent.mkdir(parents=True, exist_ok=True)
                self._path.replace(self._final)
                _sync_folders(self._final)
        except OSError as error:
            raise _unavailable(error) from error
        self._waiting.clear()


def _sync_folders(path: Path) -> None:
    for folder in path.parents[:3]:  # a fresh fan-out folder must survive a power cut as well
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _open_at(path: Path, start: int) -> io.BufferedReader:
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise NotFoundError from error
    file.seek(start)
    return file


def _unavailable(error: OSError) -> UnavailableError:
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    remedy_en = "Free some space and try again" if full else "Check the folder and its permissions"
    remedy_ru = "Освободите место и повторите" if full else "Проверьте папку и права"
    return UnavailableError(
        f"The file cannot be stored: {error.strerror}. {remedy_en}.",
        f"Файл не сохранить: {error.strerror}. {remedy_ru}.",
    )


def _too_large(max_bytes: int) -> TooLargeError:
    limit = max_bytes // _MEBIBYTE
    return TooLargeError(
        f"The file is larger than {limit} MB." if limit else None,
        f"Файл больше {limit} МБ." if limit else None,
    )
