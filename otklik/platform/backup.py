"""A copy of the data folder taken while it is in use, and the way back from it."""

import contextlib
import hashlib
import io
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Protocol, Self

import msgspec

from otklik.kernel.clock import Clock
from otklik.kernel.errors import SetupError
from otklik.platform.secret_box import KEY_FILE_NAME
from otklik.platform.settings import FILE_NAME as SETTINGS_FILE

DATABASE_FILE = "otklik.db"
FILES_FOLDER = "files"
RESTORED_MARKER = "restored"
_MANIFEST = "manifest.json"
_FORMAT = 1
_CHUNK_BYTES = 1_048_576
_MEMBER = re.compile(
    rf"{re.escape(DATABASE_FILE)}|{re.escape(KEY_FILE_NAME)}|{re.escape(SETTINGS_FILE)}"
    rf"|{FILES_FOLDER}/[0-9a-z]{{2}}/[0-9a-z]{{2}}/[0-9a-z]{{26}}"
)


class Member(msgspec.Struct, frozen=True):
    """One file of a backup: bytes and SHA-256 as hex."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds; `taken_at` Unix ms, `rows` by table.

    Without `members["otklik.db"]` the database is elsewhere (PostgreSQL) and has its own backup.
    """

    format: int = _FORMAT
    taken_at: int
    schema_revision: str
    rows: Mapping[str, int]
    members: Mapping[str, Member]


class Restored(msgspec.Struct, frozen=True):
    """The marker of a restored folder: nothing is sent until a person confirms; Unix ms."""

    taken_at: int
    restored_at: int


def backup(data_dir: Path, target: Path, clock: Clock, *, with_secrets: bool = False) -> Manifest:
    """Copy the folder into a new folder, or into an archive when `target` ends in `.tar.gz`.

    The database goes first, in one snapshot that blocks no writer: every file it names was
    stored before. `with_secrets` adds the key file and the settings file; without the key,
    sealed secrets cannot be opened after a restore.
    """
    if target.exists():
        raise SetupError(
            f"{target} exists already. Name a new place for the backup.",
            f"{target} уже есть. Укажите новое место для копии.",
        )
    if not data_dir.is_dir():
        raise SetupError(
            f"There is no data folder {data_dir}. Check the setting data_dir.",
            f"Нет папки с данными {data_dir}. Проверьте настройку data_dir.",
        )
    with _explained("written", "не записать"), _workplace(target.parent) as work:
        snapshot = _snapshot(data_dir / DATABASE_FILE, work / "snapshot.db")
        unfinished = work / "copy"
        packed = target.name.endswith((".tar.gz", ".tgz"))
        with _Archive(unfinished) if packed else _Folder(unfinished) as copy:
            members = dict(_copied(copy, _sources(data_dir, snapshot, with_secrets=with_secrets)))
            manifest = _described(snapshot, members, clock.now_ms())
            copy.add(_MANIFEST, io.BytesIO(msgspec.json.encode(manifest)))
        unfinished.replace(target)
        _sync(target.parent)
    return manifest


def restore(source: Path, data_dir: Path, clock: Clock) -> Manifest:
    """Put a backup into a folder that is absent or empty, after every check has passed.

    The folder is marked: sending stays frozen until `confirm_restore`, because what was sent
    after the backup was taken would be sent again.
    """
    if data_dir.exists() and (not data_dir.is_dir() or any(data_dir.iterdir())):
        raise SetupError(
            f"{data_dir} is not empty. Restore into a new folder.",
            f"Папка {data_dir} не пуста. Восстанавливайте в новую.",
        )
    with _explained("restored", "не восстановить"), _workplace(data_dir) as work:
        fresh = work / "restored"
        found, manifest = _unpacked(source, fresh)
        _compare(manifest, found, fresh)
        marker = Restored(manifest.taken_at, clock.now_ms())
        (data_dir / RESTORED_MARKER).write_bytes(msgspec.json.encode(marker))
        # The folder may be a volume, so its parts move; the marker is first, the database last.
        for part in sorted(fresh.iterdir(), key=lambda path: path.name == DATABASE_FILE):
            part.replace(data_dir / part.name)
        _sync(data_dir)
    return manifest


def restored_marker(data_dir: Path) -> Restored | None:
    """Give the marker while sending is frozen after a restore, or None."""
    try:
        return msgspec.json.decode((data_dir / RESTORED_MARKER).read_bytes(), type=Restored)
    except FileNotFoundError:
        return None


def confirm_restore(data_dir: Path) -> None:
    """Let sending go on after a restore."""
    (data_dir / RESTORED_MARKER).unlink(missing_ok=True)


class _Copy(Protocol):
    def add(self, name: str, content: IO[bytes]) -> Member: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        self._path.mkdir(mode=0o700)
        return self

    def __exit__(self, *_: object) -> None:
        _sync(self._path)

    def add(self, name: str, content: IO[bytes]) -> Member:
        path = self._path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        counted = _Counted(content)
        private = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(private, "wb") as file:
            shutil.copyfileobj(counted, file, _CHUNK_BYTES)
            file.flush()
            os.fsync(file.fileno())
        return counted.member()


class _Archive:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        private = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(private, "wb")
        self._tar = tarfile.open(fileobj=self._file, mode="w:gz", compresslevel=3)
        return self

    def __exit__(self, *_: object) -> None:
        with self._file:
            self._tar.close()
            self._file.flush()
            os.fsync(self._file.fileno())

    def add(self, name: str, content: IO[bytes]) -> Member:
        entry = tarfile.TarInfo(name)
        entry.size = content.seek(0, os.SEEK_END)
        entry.mode = 0o600
        content.seek(0)
        counted = _Counted(content)
        self._tar.addfile(entry, counted)
        return counted.member()


class _Counted(io.RawIOBase):
    """Reads through, keeping the count and the hash."""

    def __init__(self, content: IO[bytes]) -> None:
        super().__init__()
        self._content = content
        self._size = 0
        self._sha256 = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._content.read(size)
        self._size += len(chunk)
        self._sha256.update(chunk)
        return chunk

    def member(self) -> Member:
        return Member(self._size, self._sha256.hexdigest())


def _snapshot(database: Path, copy: Path) -> Path | None:
    if not database.exists():
        return None
    with (
        contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as live,
        contextlib.closing(sqlite3.connect(copy)) as still,
    ):
        live.backup(still)  # in one step: a copy in steps starts anew at every write
        still.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    return copy


def _sources(
    data_dir: Path, snapshot: Path | None, *, with_secrets: bool
) -> Iterator[tuple[str, Path]]:
    if snapshot is not None:
        yield DATABASE_FILE, snapshot
    if with_secrets:
        for name in (KEY_FILE_NAME, SETTINGS_FILE):
            if (data_dir / name).exists():
                yield name, data_dir / name
    for path in sorted((data_dir / FILES_FOLDER).rglob("*")):
        name = path.relative_to(data_dir).as_posix()
        if _MEMBER.fullmatch(name):  # leaves out what is still being written
            yield name, path


def _copied(copy: _Copy, sources: Iterator[tuple[str, Path]]) -> Iterator[tuple[str, Member]]:
    for name, path in sources:
        try:
            content = path.open("rb")
        except FileNotFoundError:  # deleted meanwhile
            continue
        with content:
            yield name, copy.add(name, content)


def _described(snapshot: Path | None, members: Mapping[str, Member], now_ms: int) -> Manifest:
    revision, rows = _contents(snapshot) if snapshot else ("", {})
    return Manifest(taken_at=now_ms, schema_revision=revision, rows=rows, members=members)


def _contents(database: Path) -> tuple[str, dict[str, int]]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        listed = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
        )
        rows = {str(table): _count(connection, str(table)) for (table,) in listed.fetchall()}
        if not rows.get("alembic_version"):
            return "", rows
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(revision[0]), rows


def _count(connection: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')  # a name from the database itself
    return int(connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])  # noqa: S608


def _unpacked(source: Path, fresh: Path) -> tuple[dict[str, Member], Manifest]:
    found: dict[str, Member] = {}
    manifest = b""
    with _Folder(fresh) as folder:
        for name, content in _stored(source):
            if name == _MANIFEST:
                manifest = content.read()
            elif _MEMBER.fullmatch(name) and name not in found:
                found[name] = folder.add(name, content)
            else:
                raise _broken(f"unexpected {name!r}", f"лишнее: {name!r}")
    try:
        return found, msgspec.json.decode(manifest, type=Manifest)
    except msgspec.DecodeError as error:
        raise _broken(f"no readable {_MANIFEST}", f"не читается {_MANIFEST}") from error


def _stored(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            if path.is_file() and not path.is_symlink():
                with path.open("rb") as content:
                    yield path.relative_to(source).as_posix(), content
        return
    with tarfile.open(source, mode="r|gz") as tar:
        for entry in tar:
            inside = tar.extractfile(entry) if entry.isreg() else None
            if inside is None:  # links and devices are no part of a backup
                raise _broken(f"unexpected {entry.name!r}", f"лишнее: {entry.name!r}")
            yield entry.name, inside


def _compare(manifest: Manifest, found: Mapping[str, Member], fresh: Path) -> None:
    if manifest.format > _FORMAT:
        raise _broken("made by a newer version", "сделана более новой версией")
    for name in sorted({*manifest.members, *found}):
        if manifest.members.get(name) != found.get(name):
            raise _broken(f"{name} is not what was saved", f"{name} — не то, что сохраняли")
    if DATABASE_FILE not in found:
        return
    database = fresh / DATABASE_FILE
    verdict = _verdict(database)
    if verdict != "ok":
        raise _broken(f"the database is damaged ({verdict})", f"база повреждена ({verdict})")
    if _contents(database) != (manifest.schema_revision, dict(manifest.rows)):
        raise _broken("the database lacks rows", "в базе не хватает строк")


def _verdict(database: Path) -> str:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        try:
            return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
        except sqlite3.DatabaseError as error:  # too damaged even to be checked
            return str(error)


def _broken(en: str, ru: str) -> SetupError:
    return SetupError(
        f"This backup cannot be used: {en}. Take another copy.",
        f"Эта копия не годится: {ru}. Возьмите другую.",
    )


@contextlib.contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".otklik-", dir=folder) as work:
        yield Path(work)


@contextlib.contextmanager
def _explained(en: str, ru: str) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, tarfile.TarError, sqlite3.Error) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise SetupError(
            f"The backup cannot be {en}: {reason}.", f"Копию {ru}: {reason}."
        ) from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
