"""Where the tools keep what they make."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
VENV_BIN = VENV / "bin"
VENV_PYTHON = VENV_BIN / "python"
KEPT = ROOT / ".tools"  # stamps, the log, bytecode of test runs; safe to delete
LOG = KEPT / "setup.log"
WEB = ROOT / "web"

# Installing Debian's ca-certificates writes its bundle anew, and with it would go the authority
# of a company's proxy that someone had put there by hand. A copy from before is kept and used.
KEPT_CERTIFICATES = KEPT / "certificates.pem"
_CERTIFICATE_SETTINGS = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")


def environment() -> dict[str, str]:
    """Give the person's own environment; one certificate setting is passed on to every tool."""
    env = dict(os.environ)
    if KEPT_CERTIFICATES.is_file():
        env |= dict.fromkeys(_CERTIFICATE_SETTINGS, str(KEPT_CERTIFICATES))
    elif Path(env.get("SSL_CERT_FILE", "/nowhere")).is_file():
        for name in _CERTIFICATE_SETTINGS:
            env.setdefault(name, env["SSL_CERT_FILE"])
    env.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    env.setdefault("PIP_ROOT_USER_ACTION", "ignore")
    env.pop("VIRTUAL_ENV", None)  # another project's must not be filled by mistake
    return env


def certificates() -> Path:
    """Give the file of trusted certificates that this machine's tools read."""
    return Path(os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"))


def shown(path: Path) -> str:
    """Give a path as a person in the repository would type it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def command_name() -> str:
    """Give the command to repeat after a mended failure."""
    return f"make {sys.argv[1]}" if len(sys.argv) > 1 else "make demo"
