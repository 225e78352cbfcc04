"""Each of the project's own rules finds what it is for, and nothing else."""

from pathlib import Path, PurePosixPath

import pytest

from tools.lints.__main__ import findings, judge
from tools.lints.source import Source, files

LATER = "TO" + "DO"  # spelt so that this file keeps the rule it tests
BESIDE = "../" + "shared"

STORE = "otklik/contacts/store.py"
QUERY = "    return connection.execute(select(contacts).where({}))"


def rules_broken(path: str, text: str) -> list[str]:
    return [finding.rule for finding in findings([Source(PurePosixPath(path), text)])]


@pytest.mark.parametrize(
    ("path", "text", "rules"),
    [
        ("otklik/inboxes/service.py", "x = datetime.now(UTC)", ["clock"]),
        ("otklik/inboxes/service.py", "x = datetime.datetime.utcnow()", ["clock"]),
        ("otklik/inboxes/service.py", "x = field(default_factory=time.time)", ["clock"]),
        ("otklik/inboxes/service.py", "from time import time_ns", ["clock"]),
        ("otklik/inboxes/service.py", "x = time.monotonic()", []),
        ("otklik/inboxes/service.py", "x = clock.now()", []),
        ("otklik/kernel/clock.py", "x = datetime.now(UTC)", []),
        ("sandbox/server.py", "x = datetime.now(UTC)", []),
    ],
)
def test_only_the_kernel_looks_at_the_wall_clock(path: str, text: str, rules: list[str]) -> None:
    assert rules_broken(path, text) == rules


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ('q = f"SELECT a FROM t WHERE b = {b}"', ["sql"]),
        ('q = "SELECT a FROM t WHERE b = " + b', ["sql"]),
        ('q = "DELETE FROM t WHERE b = %s" % b', ["sql"]),
        ('q = "UPDATE t SET a = {}".format(b)', ["sql"]),
        ('c.execute(text(f"NOTIFY {channel}"))', ["sql"]),
        ('c.exec_driver_sql("VACUUM INTO " + path)', ["sql"]),
        ('c.execute(text("SELECT a FROM t WHERE b = :b"), {"b": b})', []),
        ('name = f"Selected {count}"', []),
        ('q = "SELECT a " "FROM t"', []),
    ],
)
def test_sql_is_not_put_together_from_texts(text: str, rules: list[str]) -> None:
    assert rules_broken("otklik/platform/database.py", text) == rules


@pytest.mark.parametrize(
    ("path", "text", "rules"),
    [
        ("otklik/delivery/sender.py", "import aiohttp", ["network"]),
        ("otklik/delivery/sender.py", "from urllib.request import urlopen", ["network"]),
        ("otklik/delivery/sender.py", "from urllib.parse import quote", []),
        ("otklik/platform/http_client.py", "import aiohttp, socket", []),
        ("tests/delivery/test_sender.py", "import aiohttp", []),
    ],
)
def test_only_one_client_goes_out(path: str, text: str, rules: list[str]) -> None:
    assert rules_broken(path, text) == rules


@pytest.mark.parametrize(
    ("signature", "condition", "rules"),
    [
        ("connection, contact_id", "c.id == contact_id", ["account"]),
        ("connection, account_id, contact_id", "c.id == contact_id", ["account"]),
        ("connection, account_id", "c.account_id == account_id", []),
        ("connection, account_ids", "c.account_id.in_(account_ids)", []),
        ("connection, contact", "c.account_id == contact.account_id", []),
        ("connection, c", "table.c.account_id == 1", ["account"]),
    ],
)
def test_every_query_asks_for_its_account(signature: str, condition: str, rules: list[str]) -> None:
    text = f"def find({signature}):\n{QUERY.format(condition)}\n"
    assert rules_broken(STORE, text) == rules
    assert rules_broken("otklik/platform/writes.py", text) == []


@pytest.mark.parametrize(
    ("path", "text", "rules"),
    [
        ("otklik/contacts/service.py", "from otklik.inboxes import store", ["door"]),
        ("otklik/contacts/service.py", "from otklik.inboxes.rules import fits", ["door"]),
        ("otklik/contacts/service.py", "import otklik.inboxes.service", ["door"]),
        ("otklik/contacts/service.py", "from otklik.inboxes.api import find", []),
        ("otklik/contacts/service.py", "from otklik.inboxes import api, types", []),
        ("otklik/contacts/service.py", "from otklik.contacts import store", []),
        ("otklik/contacts/service.py", "from otklik.platform.database import Database", []),
        ("otklik/ingress/dispatch.py", "from otklik.inboxes.store import rows", ["door"]),
        ("otklik/app.py", "from otklik.inboxes.http import InboxController", []),
        ("otklik/contacts/service.py", "from litestar import get", ["framework"]),
        ("otklik/contacts/http.py", "from litestar import get", []),
        ("otklik/ingress/live.py", "import litestar", []),
    ],
)
def test_capabilities_are_entered_through_their_doors(
    path: str, text: str, rules: list[str]
) -> None:
    assert rules_broken(path, text) == rules


@pytest.mark.parametrize(
    ("path", "text", "rules"),
    [
        ("otklik/contacts/service.py", "def close_ticket(): ...", ["words"]),
        ("otklik/contacts/service.py", "class AgentRow: ...", ["words"]),
        ("otklik/contacts/service.py", "agents = 1", ["words"]),
        ("otklik/contacts/service.py", "def f(data): ...", ["words"]),
        ("otklik/contacts/service.py", "def f(data_folder): ...", []),
        ("otklik/contacts/service.py", "user_agent = ''", []),
        ("otklik/contacts/service.py", "urgent = reagent = 1", []),
        ("otklik/contacts/helpers.py", "", ["words"]),
        ("otklik/channels/max/wire.py", "class DialogMuted: ...", []),
        ("sandbox/state.py", "data = 1", []),
    ],
)
def test_one_word_per_thing(path: str, text: str, rules: list[str]) -> None:
    assert rules_broken(path, text) == rules


@pytest.mark.parametrize(
    ("path", "lines", "rules"),
    [
        ("otklik/contacts/rules.py", 400, []),
        ("otklik/contacts/rules.py", 401, ["size"]),
        ("web/apps/desk/src/main.tsx", 301, ["size"]),
        ("web/apps/desk/src/main.test.tsx", 301, []),
        ("web/packages/client/src/schema.gen.ts", 9000, []),
        ("README.md", 9000, []),
    ],
)
def test_files_fit_their_limit(path: str, lines: int, rules: list[str]) -> None:
    assert rules_broken(path, "\n" * lines) == rules


@pytest.mark.parametrize(("body", "rules"), [(49, []), (50, ["size"])])
def test_functions_fit_a_screen(body: int, rules: list[str]) -> None:
    text = "class A:\n    async def f(self):\n" + "        x = 1\n" * body
    assert rules_broken("tools/a.py", text) == rules


@pytest.mark.parametrize(
    ("path", "text", "rules"),
    [
        ("docs/a.md", f"{LATER}: later", ["later"]),
        ("docs/a.md", f"{LATER} #12: later", []),
        ("docs/a.md", "see " + "/wo" + "rk/main", ["place"]),
        ("docs/a.md", "a frame/work/shop", []),
        ("docs/a.md", "ask the " + "assis" + "tant", ["place"]),
        ("web/.npmrc", "registry=https://registry." + "npm" + "js.org", ["place"]),
        ("otklik/a.py", f"# {BESIDE}/data", ["place"]),
        ("bench/a.py", f"# {BESIDE}/data", []),
    ],
)
def test_some_things_are_written_nowhere(path: str, text: str, rules: list[str]) -> None:
    assert rules_broken(path, text) == rules


def test_an_exception_covers_one_function_and_is_missed_when_unused() -> None:
    text = f"def every(connection):\n{QUERY.format('true')}\ndef all_(c):\n    c.execute(q)\n"
    found = list(findings([Source(PurePosixPath(STORE), text)]))
    used, unused = ("account", STORE, "every"), ("account", STORE, "gone")
    counting, stale = judge(found, {used: "reason", unused: "reason"})
    assert [finding.name for finding in counting] == ["all_"]
    assert stale == [f"account {STORE} gone"]


def test_written_files_are_read_and_built_ones_are_not(tmp_path: Path) -> None:
    for name in ("otklik/a.py", "web/node_modules/b.js", "web/apps/desk/dist/c.js", "Makefile"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    assert [str(source.path) for source in files(tmp_path)] == ["Makefile", "otklik/a.py"]
