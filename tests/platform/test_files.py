import asyncio
import hashlib
import os
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from otklik.kernel.errors import NotFoundError, TooLargeError, UnavailableError
from otklik.kernel.ids import is_id, new_id
from otklik.platform.files import HEAD_BYTES, FolderStore, StoredBytes


async def pieces(content: bytes, size: int = 70_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def read(stored: StoredBytes, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in stored.chunks(start, end)])


def everything_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [0, 1, 70_000, 262_144, 262_145, 3_000_000])
async def test_what_was_saved_is_read_back(size: int, tmp_path: Path) -> None:
    store, content = FolderStore(tmp_path), os.urandom(size)
    stored = await store.save(pieces(content), 3_000_000)
    assert (stored.size, stored.head) == (size, content[:HEAD_BYTES])
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert is_id(stored.file_id)
    opened = await store.open(stored.file_id)
    assert opened.size == size
    assert await read(opened) == content
    assert everything_in(tmp_path) == [opened.path]
    assert len(opened.path.relative_to(tmp_path).parts) == 3


@pytest.mark.parametrize(("start", "end"), [(0, 0), (0, 1), (10, 20), (999_990, None), (0, 9**9)])
async def test_a_range_is_read(start: int, end: int | None, tmp_path: Path) -> None:
    content = os.urandom(1_000_000)
    store = FolderStore(tmp_path)
    opened = await store.open((await store.save(pieces(content), 1_000_000)).file_id)
    assert await read(opened, start, end) == content[start:end]


async def test_a_file_over_the_cap_leaves_nothing(tmp_path: Path) -> None:
    store, taken = FolderStore(tmp_path), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 100_000
            yield bytes(100_000)

    with pytest.raises(TooLargeError, match="2 MB"):
        await store.save(endless(), 2 * 1_048_576)
    assert taken == 2_100_000
    assert everything_in(tmp_path) == []


async def test_a_broken_upload_leaves_nothing(tmp_path: Path) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield bytes(500_000)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await FolderStore(tmp_path).save(breaking(), 1_000_000)
    assert everything_in(tmp_path) == []


async def test_a_cancelled_upload_leaves_nothing(tmp_path: Path) -> None:
    started = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        yield bytes(500_000)
        started.set()
        await asyncio.sleep(60)

    upload = asyncio.create_task(FolderStore(tmp_path).save(stuck(), 1_000_000))
    await started.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert everything_in(tmp_path) == []


async def test_a_file_nobody_kept_is_gone(tmp_path: Path) -> None:
    async with FolderStore(tmp_path).create(1_000_000) as new:
        await new.write(bytes(500_000))
        assert len(everything_in(tmp_path)) == 1
    assert everything_in(tmp_path) == []


async def test_deleting_is_final_and_may_be_repeated(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    stored = await store.save(pieces(b"x"), 10)
    opened = await store.open(stored.file_id)
    await store.delete(stored.file_id)
    await store.delete(stored.file_id)
    with pytest.raises(NotFoundError):
        await store.open(stored.file_id)
    with pytest.raises(NotFoundError):
        await read(opened)


@pytest.mark.parametrize(
    "file_id",
    ["", ".", "..", "../" * 8 + "etc/passwd", "/etc/passwd", "a" * 25, "A" * 26, "a\0" * 13,
     "..%2f..%2f..%2fetc%2fpass", "unfinished", "\u202e" * 26, "01m7zw8g2b2jdh66rd1fhva59s"],
)  # fmt: skip
async def test_only_the_id_of_a_stored_file_finds_one(file_id: str, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "files")
    with pytest.raises(NotFoundError):
        await store.open(file_id)


async def test_what_a_crash_left_is_cleared(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    kept = await store.save(pieces(b"kept"), 10)
    (tmp_path / "unfinished" / new_id()).write_bytes(b"half")
    assert store.clear_unfinished() == 1
    assert await read(await store.open(kept.file_id)) == b"kept"
    assert len(everything_in(tmp_path)) == 1


async def test_a_shorter_file_than_promised_breaks_the_answer(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    opened = await store.open((await store.save(pieces(b"12345"), 10)).file_id)
    opened.path.write_bytes(b"123")
    with pytest.raises(UnavailableError):
        await read(opened)


SAVING = """
    import asyncio, sys
    from pathlib import Path
    from otklik.kernel.errors import UnavailableError
    from otklik.platform.files import FolderStore

    async def pieces():
        for _ in range(30):
            yield bytes(100_000)

    async def main():
        store = FolderStore(Path(sys.argv[1]))
        try:
            await store.save(pieces(), 10_000_000)
        except UnavailableError as error:
            print(error.en, error.ru, sep="|")

    asyncio.run(main())
"""


def saving(folder: Path, before: str = "") -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(before) + textwrap.dedent(SAVING), str(folder)],
        capture_output=True, text=True, check=True, timeout=60,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    english, _, russian = done.stdout.strip().partition("|")
    return english, russian


def test_a_refusal_of_the_system_is_told_and_leaves_no_half_file(tmp_path: Path) -> None:
    limit = """
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
    """
    english, russian = saving(tmp_path, limit)
    assert english.startswith("The file cannot be stored: File too large.")
    assert russian.startswith("Файл не сохранить")
    assert everything_in(tmp_path) == []


def mounted(folder: Path) -> bool:
    folder.mkdir()
    if os.geteuid() != 0:
        return False
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    return subprocess.run(mount, capture_output=True, check=False).returncode == 0


def test_a_full_disk_is_told_and_leaves_no_half_file(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    if not mounted(disk):  # without the right to mount, the test above stands for this one
        return
    try:
        english, _ = saving(disk)
        assert english == (
            "The file cannot be stored: No space left on device. Free some space and try again."
        )
        assert everything_in(disk) == []
    finally:
        subprocess.run(["/bin/umount", str(disk)], check=True)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "unfinished").write_text("a file stands where the folder should be")
    english, russian = saving(tmp_path)
    assert english.endswith("Check the folder and its permissions.")
    assert russian.endswith("Проверьте папку и права.")
