"""The import contracts in pyproject.toml catch each thing they are written against."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLEAN = {
    "app": "from otklik.contacts import http",
    "ingress/webhook": "from otklik.contacts import api",
    "contacts/http": "from otklik.contacts import api",
    "contacts/api": "from otklik.contacts import service",
    "contacts/service": "from otklik.contacts import rules, store",
    "contacts/store": "import sqlalchemy",
    "contacts/rules": "from otklik.contacts import types",
    "contacts/types": "import msgspec",
    "inboxes/api": "from otklik.platform import database",
    "channels/telegram/inbound": "from otklik.ports import channel",
    "channels/widget/inbound": "from otklik.kernel import ids",
    "channels/messenger/inbound": "from otklik.families.meta import sending",
    "families/meta/sending": "from otklik.ports import channel",
    "families/tamtam": "from otklik.kernel import ids",
    "platform/database": "import asyncio",
    "ports/channel": "from otklik.kernel import ids",
    "kernel/ids": "import secrets",
}


@pytest.fixture
def lint_imports(tmp_path: Path) -> "Lint":
    return Lint(tmp_path)


class Lint:
    """A small product of the same shape, judged by the real contracts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy(ROOT / "pyproject.toml", folder)

    def run(self, planted: dict[str, str]) -> str:
        """Give the output, empty when all contracts are kept."""
        for name, text in (CLEAN | planted).items():
            file = self.folder / "otklik" / f"{name}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{text}\n")
            for parent in file.parents:
                if parent == self.folder:
                    break
                (parent / "__init__.py").touch()
        program = ROOT / ".venv" / "bin" / "lint-imports"
        done = subprocess.run(
            [str(program), "--no-logo", "--no-cache"],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(self.folder), "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout if done.returncode else ""


def test_a_clean_product_keeps_all_contracts(lint_imports: Lint) -> None:
    assert lint_imports.run({}) == ""


@pytest.mark.parametrize(
    ("where", "planted", "contract"),
    [
        ("kernel/ids", "from otklik.ports import channel", "Layers"),
        ("platform/database", "from otklik.contacts import types", "Layers"),
        ("contacts/service", "from otklik.ingress import webhook", "Layers"),
        ("contacts/rules", "import socket", "Kernel, ports, rules and types do no I/O BROKEN"),
        ("contacts/types", "import sqlalchemy", "Kernel, ports, rules and types do no I/O BROKEN"),
        ("ports/channel", "import aiohttp", "Kernel, ports, rules and types do no I/O BROKEN"),
        ("channels/telegram/inbound", "import asyncio", "Adapters are codecs"),
        (
            "channels/telegram/inbound",
            "from otklik.platform import database",
            "Adapters are codecs",
        ),
        ("channels/telegram/inbound", "from otklik.channels.widget import inbound", "one another"),
        ("channels/telegram/inbound", "from otklik.contacts import types", "Layers"),
        ("families/meta/sending", "from otklik.channels.widget import inbound", "Layers"),
        ("families/meta/sending", "import asyncio", "Adapters are codecs"),
        ("families/meta/sending", "from otklik.families import tamtam", "Families do not know"),
        ("contacts/store", "from otklik.contacts import service", "Inside a capability"),
        ("contacts/rules", "from otklik.contacts import store", "Inside a capability"),
        ("orders/api", "", "Layers"),
    ],
)
def test_what_must_not_be_imported_is_caught(
    lint_imports: Lint, where: str, planted: str, contract: str
) -> None:
    broken = [line for line in lint_imports.run({where: planted}).splitlines() if "BROKEN" in line]
    assert any(contract in line for line in broken), broken


def test_a_cycle_between_capabilities_is_caught(lint_imports: Lint) -> None:
    said = lint_imports.run(
        {
            "contacts/service": "from otklik.inboxes import api",
            "inboxes/service": "from otklik.contacts import api",
        }
    )
    assert "No cycles between capabilities BROKEN" in said
