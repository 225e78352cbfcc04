"""A fresh clone is made ready once, in plain sight; what a person has to do is said."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.bootstrap import node, paths, stamps, steps, system
from tools.bootstrap.steps import CommandFailed, Failure, Log, Step

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def log_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The log of this test's own steps."""
    file = tmp_path / "kept" / "setup.log"
    monkeypatch.setattr(steps, "LOG", file)
    monkeypatch.setattr(steps, "KEPT", file.parent)
    return file


def running(*words: str) -> Callable[[Log], None]:
    return lambda log: log.run([sys.executable, "-c", *words])


def test_only_what_is_not_current_is_done(
    log_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps.walk(
        [
            Step("First", lambda: True, running("raise SystemExit(1)")),
            Step("Second", lambda: False, running("print('done')")),
        ]
    )
    assert re.fullmatch(r"\[2/2\] Second … \d+ s\n", capsys.readouterr().out)
    assert "done" in log_file.read_text()


def test_a_failure_names_its_step_its_reason_and_the_log(log_file: Path) -> None:
    program = "print('looking'); print('ERROR: no such package: teapot'); raise SystemExit(3)"
    with pytest.raises(Failure, match=r"Tea: ERROR: no such package: teapot") as failure:
        steps.walk([Step("Tea", lambda: False, running(program))])
    assert str(log_file) in str(failure.value)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("WARNING: a\nERROR: No match\nERROR: Gone", "ERROR: No match"),
        ("npm error code EUSAGE\nnpm error\nnpm error Out of sync\nnpm error More", "Out of sync"),
        ("error during build:\nError: No main.tsx\nnpm error code 1\nnpm error path /x", "No main"),
        ("Reading lists\nE: Unable to locate package x", "E: Unable to locate package x"),
        ("first\nlast", "last"),
    ],
)
def test_the_telling_line_is_found(log_file: Path, said: str, reason: str) -> None:
    log_file.parent.mkdir()
    with log_file.open("wb") as file, pytest.raises(CommandFailed, match=reason):
        running(f"print({said!r}); raise SystemExit(1)")(Log(file))


def test_a_stamp_follows_names_and_contents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamps, "ROOT", tmp_path)
    app = tmp_path / "app"
    for name in ("main.ts", "main.test.ts", "dist/main.js", "node_modules/x/index.js"):
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_text("1")
    assert [path.name for path in stamps.sources(app)] == ["main.ts"]
    before = stamps.digest(stamps.sources(app))
    (app / "main.test.ts").write_text("2")
    assert stamps.digest(stamps.sources(app)) == before
    (app / "main.ts").write_text("2")
    changed = stamps.digest(stamps.sources(app))
    (app / "main.ts").rename(app / "other.ts")
    assert len({before, changed, stamps.digest(stamps.sources(app))}) == 3


def test_one_certificate_setting_reaches_every_tool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.pem"
    own.write_text("own")
    monkeypatch.setattr(paths, "KEPT_CERTIFICATES", tmp_path / "kept.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    monkeypatch.delenv("NODE_EXTRA_CA_CERTS", raising=False)
    monkeypatch.setenv("PIP_CERT", "/set/by/the/person")
    assert paths.environment()["NODE_EXTRA_CA_CERTS"] == str(own)
    assert paths.environment()["PIP_CERT"] == "/set/by/the/person"
    (tmp_path / "kept.pem").write_text("kept from before the system's package came")
    assert paths.environment()["PIP_CERT"] == str(tmp_path / "kept.pem")


def test_without_rights_the_line_to_run_is_said() -> None:
    program = (
        "import io, os\n"
        "from tools.bootstrap import steps, system\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: system.install(steps.Log(io.BytesIO()), 'postgresql')\n"
        "except steps.Failure as failure: print(failure)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": "/nowhere", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    line = "su -c 'apt-get update && apt-get install -y postgresql'"  # there is no sudo
    assert said.stdout.strip() == f"Missing: postgresql. Run: {line}"


def test_an_old_python_can_read_the_sentence_that_refuses_it() -> None:
    ast.parse((ROOT / "tools" / "setup.py").read_text(), feature_version=(3, 6))


def test_an_unknown_word_shows_the_known_ones() -> None:
    said = subprocess.run(
        [sys.executable, "tools/setup.py", "everything"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 2
    assert "demo" in said.stderr


def test_a_usable_node_is_found() -> None:
    found = node.folder()
    assert found is not None
    told = subprocess.run([found / "node", "--version"], capture_output=True, text=True, check=True)
    assert tuple(int(part) for part in told.stdout[1:].split(".")[:2]) >= node.OLDEST


def pinned(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-node"])
def test_a_lock_pins_hashes_and_no_place(name: str) -> None:
    text = (ROOT / f"{name}.lock").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"://|file:|--(?:index|find)", text)


def test_the_development_lock_holds_the_runtime_one_whole() -> None:
    runtime, dev = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert runtime.items() <= dev.items()


def test_every_declared_package_is_locked() -> None:
    described = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = described["dependency-groups"]
    runtime = [*described["project"]["dependencies"], *groups["build"]]
    assert {str(name).lower() for name in runtime} <= pinned("requirements.lock").keys()
    assert {name.lower() for name in groups["dev"]} <= pinned("requirements-dev.lock").keys()


def test_the_web_lock_names_no_place_and_checks_every_download() -> None:
    locked = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    downloads = {
        name: entry
        for name, entry in locked.items()
        if "node_modules/" in name and not entry.get("link")
    }
    assert len(downloads) > 50
    for name, entry in downloads.items():
        assert "resolved" not in entry, name
        assert entry["integrity"].startswith("sha512-"), name


def test_system_packages_are_named_by_what_is_lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTKLIK_TEST_PG_BIN", "/some/bin")
    monkeypatch.delenv("OTKLIK_TEST_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    lacking = system.missing_for_tests()
    assert "postgresql" not in lacking
    assert lacking[:3] == ["chromium", "fonts-noto-color-emoji", "fonts-dejavu-core"]
