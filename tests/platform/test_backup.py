import contextlib
import io
import json
import os
import sqlite3
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from otklik.kernel.errors import SetupError
from otklik.kernel.ids import new_id
from otklik.platform.backup import (
    DATABASE_FILE,
    RESTORED_MARKER,
    backup,
    confirm_restore,
    restore,
    restored_marker,
)
from otklik.platform.secret_box import KEY_FILE_NAME, open_secret_box


class Clock:
    def now_ms(self) -> int:
        return 1_795_291_053_123


def database(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / DATABASE_FILE, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    return connection


def put_file(folder: Path, content: bytes) -> Path:
    name = new_id()
    path = folder / "files" / name[-2:] / name[-4:-2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Path]:
    """A data folder in use: an open database with rows in its log, files, a key."""
    folder = tmp_path / "live"
    open_secret_box("", folder)
    (folder / "otklik.toml").write_text("port = 9000\n")
    for size in (0, 10, 3_000_000):
        put_file(folder, os.urandom(size))
    (folder / "files" / "unfinished").mkdir()
    (folder / "files" / "unfinished" / new_id()).write_bytes(b"half")
    with contextlib.closing(database(folder)) as connection:
        connection.executescript("""
            CREATE TABLE alembic_version (version_num TEXT);
            INSERT INTO alembic_version VALUES ('0007');
            CREATE TABLE message (id INTEGER PRIMARY KEY, body TEXT);
            CREATE VIRTUAL TABLE found USING fts5(body);
        """)
        rows = [(f"привет {n}",) for n in range(5_000)]
        connection.executemany("INSERT INTO message (body) VALUES (?)", rows)
        connection.commit()
        yield folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in (folder / "files").rglob("*")
        if path.is_file() and "unfinished" not in path.parts
    }


def messages(folder: Path) -> list[tuple[int, str]]:
    with contextlib.closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        return connection.execute("SELECT id, body FROM message ORDER BY id").fetchall()


@pytest.mark.parametrize("name", ["copy", "copy.tar.gz", "copy.tgz"])
def test_what_was_copied_comes_back(name: str, live: Path, tmp_path: Path) -> None:
    target, fresh = tmp_path / "backups" / name, tmp_path / "new" / "data"
    manifest = backup(live, target, Clock())
    assert target.is_file() is name.endswith("gz")
    assert (manifest.schema_revision, manifest.rows["message"]) == ("0007", 5_000)
    assert len(manifest.members) == 4
    assert [path.name for path in target.parent.iterdir()] == [name]
    assert restore(target, fresh, Clock()) == manifest
    assert messages(fresh) == messages(live)
    assert contents(fresh) == contents(live)
    assert sorted(path.name for path in fresh.iterdir()) == ["files", DATABASE_FILE, "restored"]


def test_secrets_are_copied_only_when_asked(live: Path, tmp_path: Path) -> None:
    box = open_secret_box("", live)
    backup(live, tmp_path / "with.tar.gz", Clock(), with_secrets=True)
    restore(tmp_path / "with.tar.gz", tmp_path / "new", Clock())
    assert (tmp_path / "new" / KEY_FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new" / "otklik.toml").read_text() == "port = 9000\n"
    sealed = box.seal({"token": "x"}, "a:1")
    assert open_secret_box("", tmp_path / "new").unseal(sealed, "a:1") == {"token": "x"}


def test_a_backup_is_readable_by_its_owner_only(live: Path, tmp_path: Path) -> None:
    backup(live, tmp_path / "a.tar.gz", Clock())
    backup(live, tmp_path / "b", Clock())
    assert (tmp_path / "a.tar.gz").stat().st_mode & 0o077 == 0
    assert (tmp_path / "b").stat().st_mode & 0o077 == 0


def test_a_copy_taken_under_load_is_one_moment(live: Path, tmp_path: Path) -> None:
    stop, written = threading.Event(), 0

    def work() -> None:
        nonlocal written
        with contextlib.closing(database(live)) as connection:
            while not stop.is_set():
                with connection:  # two rows in one transaction: both or neither
                    connection.execute("INSERT INTO message (body) VALUES ('left')")
                    connection.execute("INSERT INTO message (body) VALUES ('right')")
                written += 2

    writer = threading.Thread(target=work)
    writer.start()
    try:
        manifests = [backup(live, tmp_path / f"{n}.tar.gz", Clock()) for n in range(3)]
    finally:
        stop.set()
        writer.join()
    assert written > 0
    for number, manifest in enumerate(manifests):
        fresh = tmp_path / f"new{number}"
        restore(tmp_path / f"{number}.tar.gz", fresh, Clock())
        bodies = [body for _, body in messages(fresh)]
        assert len(bodies) == manifest.rows["message"]
        assert bodies.count("left") == bodies.count("right")


def test_sending_stays_frozen_until_a_person_confirms(live: Path, tmp_path: Path) -> None:
    assert restored_marker(live) is None
    backup(live, tmp_path / "copy", Clock())
    restore(tmp_path / "copy", tmp_path / "new", Clock())
    marker = restored_marker(tmp_path / "new")
    assert marker is not None
    assert marker.taken_at == Clock().now_ms()
    confirm_restore(tmp_path / "new")
    confirm_restore(tmp_path / "new")
    assert restored_marker(tmp_path / "new") is None


def test_the_marker_is_not_part_of_a_backup(live: Path, tmp_path: Path) -> None:
    (live / RESTORED_MARKER).write_text("{}")
    manifest = backup(live, tmp_path / "copy", Clock())
    assert RESTORED_MARKER not in manifest.members


def test_an_existing_place_is_never_written_over(live: Path, tmp_path: Path) -> None:
    taken = tmp_path / "copy.tar.gz"
    taken.write_bytes(b"precious")
    with pytest.raises(SetupError, match="exists already"):
        backup(live, taken, Clock())
    assert taken.read_bytes() == b"precious"


def test_only_an_empty_folder_is_restored_into(live: Path, tmp_path: Path) -> None:
    backup(live, tmp_path / "copy", Clock())
    before = messages(live)
    with pytest.raises(SetupError, match="not empty"):
        restore(tmp_path / "copy", live, Clock())
    assert messages(live) == before
    (tmp_path / "empty").mkdir()
    restore(tmp_path / "copy", tmp_path / "empty", Clock())
    assert messages(tmp_path / "empty") == before


def test_a_missing_data_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="nowhere"):
        backup(tmp_path / "nowhere", tmp_path / "copy", Clock())


def test_a_folder_whose_database_is_elsewhere_gives_its_files(tmp_path: Path) -> None:
    stored = put_file(tmp_path / "live", b"x")
    manifest = backup(tmp_path / "live", tmp_path / "copy.tar.gz", Clock())
    assert (manifest.schema_revision, manifest.rows) == ("", {})
    restore(tmp_path / "copy.tar.gz", tmp_path / "new", Clock())
    assert list(contents(tmp_path / "new")) == [stored.relative_to(tmp_path / "live").as_posix()]


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def some_file(copy: Path) -> Path:
    return max((copy / "files").rglob("*"), key=lambda path: path.stat().st_size)


def edited(change: Callable[[dict[str, object]], object]) -> Callable[[Path], object]:
    def edit(copy: Path) -> None:
        path = copy / "manifest.json"
        told = json.loads(path.read_bytes())
        change(told)
        path.write_text(json.dumps(told))

    return edit


DAMAGES: list[Callable[[Path], object]] = [
    lambda copy: flip(copy / DATABASE_FILE),
    lambda copy: flip(some_file(copy)),
    lambda copy: some_file(copy).unlink(),
    lambda copy: (copy / DATABASE_FILE).unlink(),
    lambda copy: (copy / "manifest.json").unlink(),
    lambda copy: (copy / "manifest.json").write_text("{"),
    lambda copy: (copy / "surprise.sh").write_text("rm -rf /"),
    lambda copy: put_file(copy, b"more"),
    edited(lambda told: told.update(format=2)),
    edited(lambda told: told.update(schema_revision="0008")),
    edited(lambda told: told.update(rows={})),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_copy_is_refused_whole(
    damage: Callable[[Path], object], live: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    backup(live, copy, Clock())
    damage(copy)
    with pytest.raises(SetupError, match="cannot be used"):
        restore(copy, tmp_path / "new", Clock())
    assert list((tmp_path / "new").iterdir()) == []


def damaged(folder: Path, damage: str) -> Path:
    folder.mkdir()
    with contextlib.closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        connection.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT)")
        rows = [(f"{n:0>500}",) for n in range(500)]
        connection.executemany("INSERT INTO message (a) VALUES (?)", rows)
        connection.commit()
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(damage)
        connection.commit()
    return folder


def test_a_damaged_database_with_a_true_hash_is_refused(tmp_path: Path) -> None:
    damage = "UPDATE sqlite_master SET sql = replace(sql, 'b TEXT', 'b TEXT NOT NULL')"
    backup(damaged(tmp_path / "live", damage), tmp_path / "copy", Clock())
    with pytest.raises(SetupError, match=r"damaged \(NULL value in message\.b"):
        restore(tmp_path / "copy", tmp_path / "new", Clock())


def test_a_database_too_damaged_to_copy_is_told(tmp_path: Path) -> None:
    damage = "DELETE FROM sqlite_master WHERE type = 'index'"
    with pytest.raises(SetupError, match="malformed"):
        backup(damaged(tmp_path / "live", damage), tmp_path / "copy", Clock())
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("cut", [0, 10, 1_000, 100_000])
def test_a_cut_archive_is_refused(cut: int, live: Path, tmp_path: Path) -> None:
    archive = tmp_path / "copy.tar.gz"
    backup(live, archive, Clock())
    archive.write_bytes(archive.read_bytes()[:cut])
    with pytest.raises(SetupError):
        restore(archive, tmp_path / "new", Clock())
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "files/../../evil", "files/aa/bb/../x"])  # noqa: S108
@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_an_archive_cannot_write_elsewhere(name: str, kind: bytes, tmp_path: Path) -> None:
    archive = tmp_path / "copy.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, "/etc/passwd"
        entry.size = 4 if kind == tarfile.REGTYPE else 0
        tar.addfile(entry, io.BytesIO(b"evil"))
    with pytest.raises(SetupError):
        restore(archive, tmp_path / "deep" / "new", Clock())
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["copy.tar.gz", "deep", "new"]


def test_a_missing_copy_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="No such file"):
        restore(tmp_path / "copy.tar.gz", tmp_path / "new", Clock())
