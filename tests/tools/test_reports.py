"""What the commands print and count at their end."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import api_client, bundles, check, run_tests
from tools.check import Check, Outcome


def test_the_table_has_a_line_per_check_and_a_verdict() -> None:
    outcomes = [
        Outcome(Check("types", ("x",)), 0, "", 1.25),
        Outcome(Check("own lints", ("y",)), 1, "a:1: b", 0.5),
    ]
    assert check.table(outcomes, 1.3).splitlines() == [
        "ok      types        1.2 s",
        "FAILED  own lints    0.5 s",
        "check: 1 of 2 failed in 1.3 s",
    ]


def test_a_long_story_is_cut_and_tells_how_to_read_on() -> None:
    words = "\n".join(str(number) for number in range(100))
    shown = check.shortened(Outcome(Check("types", ("mypy", "otklik")), 1, words, 0))
    assert shown.splitlines()[-2:] == ["59", "… 40 more lines: mypy otklik"]


@pytest.mark.parametrize("code", [0, 7])
def test_a_check_fails_with_its_program(code: int) -> None:
    program = f"print('said'); raise SystemExit({code})"
    outcome = check.run(Check("x", (sys.executable, "-c", program)))
    assert (outcome.code, outcome.words) == (code, "said")


def test_closing_lines_of_a_runner_are_kept(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program = "print('a'); print('\\x1b[32m Tests  3 passed\\x1b[0m'); raise SystemExit(1)"
    code, closing = run_tests.show([sys.executable, "-c", program], tmp_path, ("Tests",))
    assert (code, closing) == (1, ["Tests  3 passed"])
    assert capfd.readouterr().out.startswith("a\n")


def test_the_suites_programs_are_compiled_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(run_tests, "KEPT", tmp_path / "kept")
    (tmp_path / "module.py").touch()
    command = [sys.executable, "-c", "import module"]
    assert run_tests.show(command, tmp_path, ()) == (0, [])
    assert [path.name for path in (tmp_path / "kept").rglob("module.*")] == [
        f"module.{sys.implementation.cache_tag}.pyc"
    ]


_FLAKY = """
import pathlib
def test_flaky() -> None:
    mark = pathlib.Path("tried")
    tried = mark.exists()
    mark.touch()
    assert tried, "the first time it is not ready"
"""


@pytest.mark.parametrize(("ci", "ended"), [("true", "1 passed, 1 rerun"), ("", "1 failed")])
def test_what_fails_is_tried_again_in_ci_only_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ci: str, ended: str
) -> None:
    monkeypatch.setenv("CI", ci)
    (tmp_path / "test_it.py").write_text(_FLAKY)
    words = [*run_tests.pytest_words(), "-n0", "--reruns-delay=0", "-p", "no:cacheprovider"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-c/dev/null", "--rootdir=.", *words, "test_it.py"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended in ran.stdout
    assert "the first time it is not ready" in ran.stdout
    assert ("RERUN test_it.py::test_flaky" in ran.stdout) is bool(ci)


def test_a_bundle_is_what_is_loaded_at_once(tmp_path: Path) -> None:
    for name, text in {
        "index.html": '<script type="module" crossorigin src="/assets/main.js"></script>'
        '<link rel="modulepreload" href="/assets/react.js">'
        '<link rel="stylesheet" href="/assets/main.css">',
        "assets/main.js": 'import{a as b}from"./react.js";import"./side.js";'
        'const later=()=>import("./later.js");',
        "assets/react.js": "export const a=1;",
        "assets/side.js": 'export*from"./main.js"',
        "assets/later.js": "export {}",
        "assets/main.css": "a{}",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    found = bundles.reached(tmp_path / "index.html", tmp_path)
    assert [path.name for path in found] == ["main.css", "main.js", "react.js", "side.js"]


def test_sizes_are_counted_as_a_browser_receives_them(tmp_path: Path) -> None:
    file = tmp_path / "a.js"
    file.write_text("const a = 1;\n" * 1000)
    assert 0 < bundles.compressed_bytes([file]) < 100
    assert bundles.compressed_bytes([file, file]) == 2 * bundles.compressed_bytes([file])


def test_a_client_behind_its_api_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_client, "DESCRIPTION", tmp_path / "openapi.json")
    monkeypatch.setattr(api_client, "TYPES", tmp_path / "schema.gen.ts")
    (tmp_path / "openapi.json").write_text("{}\n")
    assert api_client.drifted("{}\n", "types") == [tmp_path / "schema.gen.ts"]
    (tmp_path / "schema.gen.ts").write_text("types")
    assert api_client.drifted("{}\n", "types") == []
    assert api_client.drifted('{"a": 1}\n', "types") == [tmp_path / "openapi.json"]


def test_types_are_generated_from_a_description() -> None:
    description = """{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {},
      "components": {"schemas": {"Cup": {"type": "object", "required": ["ml"],
        "properties": {"ml": {"type": "integer"}, "tea": {"type": ["string", "null"]}}}}}}"""
    types = api_client.types_of(description)
    assert "export type Cup = components['schemas']['Cup'];" in types
    assert "ml: number;" in types
    assert "tea?: string | null;" in types
