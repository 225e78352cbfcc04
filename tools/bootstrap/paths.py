"""Where the tools keep what they make."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
VENV_BIN = VENV / "bin"
VENV_PYTHON = VENV_BIN / "python"
KEPT = ROOT / ".tools"  # stamps and the log; safe to delete
LOG = KEPT / "setup.log"
WEB = ROOT / "web"


def environment() -> dict[str, str]:
    """Give the person's own environment; one certificate setting is passed on to every tool."""
    env = dict(os.environ)
    own = env.get("SSL_CERT_FILE")
    if own and Path(own).is_file():
        for name in ("PIP_CERT", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE"):
            env.setdefault(name, own)
    env.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    env.setdefault("PIP_ROOT_USER_ACTION", "ignore")
    env.pop("VIRTUAL_ENV", None)  # another project's must not be filled by mistake
    return env


def shown(path: Path) -> str:
    """Give a path as a person in the repository would type it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def command_name() -> str:
    """Give the command to repeat after a mended failure."""
    return f"make {sys.argv[1]}" if len(sys.argv) > 1 else "make demo"
