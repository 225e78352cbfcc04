"""A throw-away PostgreSQL server with full durability."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.bootstrap import system

_SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_min_messages": "panic",
    "autovacuum_naptime": "5s",  # statistics as in a store that has lived for a while
}
_READY_WITHIN_S = 30.0


@dataclass(frozen=True)
class Cluster:
    """A running server; `address` ends with a slash, a database name completes it."""

    address: str
    process_id: int
    programs: Path

    def create(self, name: str) -> str:
        """Make an empty database and give its URL."""
        command = [str(self.programs / "createdb"), f"--maintenance-db={self.address}postgres"]
        subprocess.run([*command, name], check=True)
        return f"{self.address}{name}"


@contextmanager
def cluster() -> Iterator[Cluster | None]:
    """Run a server until the block ends; None where PostgreSQL is not installed."""
    programs = system.postgres_bin()
    if programs is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="otklik-bench-pg-"))
    user, group = _server_user()
    if user is not None and group is not None:
        os.chown(folder, user, group)
    password = secrets.token_hex(16)
    server: subprocess.Popen[bytes] | None = None
    try:
        _make(folder, programs, password)
        server, port = _serve(folder, programs)
        yield Cluster(f"postgresql://otklik:{password}@127.0.0.1:{port}/", server.pid, programs)
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)  # at once: nothing in it is worth a checkpoint
            server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _server_user() -> tuple[int, int] | tuple[None, None]:
    """Give user and group of the server process: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None, None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return user.pw_uid, user.pw_gid


def _make(folder: Path, programs: Path, password: str) -> None:
    user, group = _server_user()
    secret = folder / "password"
    secret.write_text(password)
    if user is not None and group is not None:
        os.chown(secret, user, group)
    command = [str(programs / "initdb"), f"--pgdata={folder}/cluster", "-U", "otklik", "-E", "UTF8"]
    flags = ["--auth=password", f"--pwfile={secret}", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run(
        [*command, *flags],
        check=True, cwd=folder, user=user, group=group, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _serve(folder: Path, programs: Path) -> tuple[subprocess.Popen[bytes], int]:
    user, group = _server_user()
    port = free_port()
    settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
    command = [str(programs / "postgres"), "-D", f"{folder}/cluster", "-p", str(port)]
    server = subprocess.Popen([*command, *settings], cwd=folder, user=user, group=group)
    asked = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    deadline = time.monotonic() + _READY_WITHIN_S
    while server.poll() is None and time.monotonic() < deadline:
        if subprocess.run(asked, check=False).returncode == 0:
            return server, port
        time.sleep(0.05)
    server.kill()
    raise RuntimeError("PostgreSQL did not start")


def free_port() -> int:
    """Give a port of this machine that nothing uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
