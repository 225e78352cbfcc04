"""What has to come from the system's packages, and how to get it there."""

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

from tools.bootstrap.paths import KEPT_CERTIFICATES, certificates
from tools.bootstrap.steps import CommandFailed, Failure, Log

_BROWSER_PACKAGES = ("chromium", "fonts-noto-color-emoji", "fonts-dejavu-core")
_OLDEST_POSTGRES = 15

# Debian's package would make and start a database server of its own at port 5432.
# The configuration that stops it is taken away again afterwards.
_QUIET_POSTGRES = """
set -e
conf=/etc/postgresql-common/createcluster.conf
if [ ! -e "$conf" ]; then
  mkdir -p /etc/postgresql-common
  printf 'create_main_cluster = false\\n' > "$conf"
  trap 'for own in "$conf.ucf-dist" "$conf.dpkg-dist"; do
    if [ -e "$own" ]; then mv "$own" "$conf"; fi
  done' EXIT
fi
"""
_INSTALL = """
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-confold {packages}
"""


def as_root() -> list[str] | None:
    """Give the prefix that runs a command as root without asking, or None."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def by_hand(*packages: str) -> str:
    """Give the line a person runs to install system packages."""
    line = f"apt-get update && apt-get install -y {' '.join(packages)}"
    if os.geteuid() == 0:
        return line
    return f"sudo sh -c '{line}'" if shutil.which("sudo") else f"su -c '{line}'"


def install(log: Log, *packages: str) -> None:
    """Install system packages, or raise Failure with the line to run."""
    prefix = as_root()
    if prefix is None or shutil.which("apt-get") is None:
        raise Failure(f"Missing: {', '.join(packages)}. Run: {by_hand(*packages)}")
    quiet = _QUIET_POSTGRES if "postgresql" in packages else "set -e\n"
    script = quiet + _INSTALL.format(packages=" ".join(packages))
    trusted = _trusted()
    try:
        log.run([*prefix, "sh", "-c", script])
    except CommandFailed as error:
        message = (
            f"apt-get could not install {', '.join(packages)} ({error}). Run: {by_hand(*packages)}"
        )
        raise Failure(message) from error
    if trusted and trusted != _trusted():
        KEPT_CERTIFICATES.write_bytes(trusted)


def _trusted() -> bytes:
    file = certificates()
    return file.read_bytes() if file.is_file() else b""


def postgres_bin() -> Path | None:
    """Find the newest PostgreSQL server programs (15 or newer), or None."""
    asked = os.environ.get("OTKLIK_TEST_PG_BIN")
    if asked:
        return Path(asked)
    found = [
        (int(path.parent.parent.name), path.parent)
        for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
        if path.parent.parent.name.isdigit()
    ]
    found = [version for version in found if version[0] >= _OLDEST_POSTGRES]
    if found:
        return max(found)[1]
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def chromium() -> Path | None:
    """Find a Chromium that Playwright can drive, or None."""
    asked = os.environ.get("OTKLIK_TEST_CHROMIUM")
    if asked:
        return Path(asked)
    for name in ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return None


def missing_for_tests() -> list[str]:
    """List the system packages that the whole test suite still lacks."""
    lacking: list[str] = []
    if postgres_bin() is None:
        lacking.append("postgresql")
    if chromium() is None:
        lacking += _BROWSER_PACKAGES
    if not _is_loadable("libatomic.so.1"):  # Playwright's driver asks for it
        lacking.append("libatomic1")
    return lacking


def _is_loadable(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def get_ready_for_tests(log: Log) -> None:
    """Install what tests need from the system; where it may not, say what is left out and go on."""
    packages = missing_for_tests()
    try:
        install(log, *packages)
    except Failure as error:
        parts = {"PostgreSQL" if name == "postgresql" else "browser" for name in packages}
        print(
            f"\n{error}\nUntil then the {' and '.join(sorted(parts))} tests are left out.",
            flush=True,
        )
