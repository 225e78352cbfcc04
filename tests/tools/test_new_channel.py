"""`make new-channel` writes a channel that passes everything as it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.new_channel import files, why_not

ROOT = Path(__file__).resolve().parents[2]
PYTHON = (sys.executable, "-m")
PLACES = ("otklik/channels/pigeon", "sandbox/pigeon", "tests/channels/pigeon")
OWN_TEST = "tests/sandbox/test_pigeon.py"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree with a channel made in it."""
    tree = tmp_path_factory.mktemp("tree")
    for folder in ("otklik", "sandbox", "tests", "tools", "docs"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tree / folder, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tree)
    said = run(tree, *PYTHON, "tools.new_channel", "pigeon", "Pigeon Post")
    assert "5. Write the pages anew" in said
    return tree


def run(tree: Path, *command: str) -> str:
    """Run a program in the copy; it must end well."""
    done = subprocess.run(
        command,
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_passes_the_kit_and_speaks_with_its_server(tree: Path) -> None:
    tests = ("tests/channels/kit", "tests/channels/pigeon", OWN_TEST)
    said = run(tree, *PYTHON, "pytest", "-q", "-p", "no:cacheprovider", "-k", "pigeon", *tests)
    assert "skipped" not in said


def test_its_pages_are_current_and_it_is_gold(tree: Path) -> None:
    rule = "pigeon or table_of_channels or column"
    run(tree, *PYTHON, "pytest", "-q", "-p", "no:cacheprovider", "-k", rule,
        "tests/docs/test_operations.py")  # fmt: skip
    page = (tree / "docs" / "channels" / "pigeon.md").read_text("utf-8")
    assert page.startswith("# Pigeon Post\n")
    assert "quality: gold" in page


def test_it_is_clean_code_that_knows_its_place(tree: Path) -> None:
    made = (*PLACES, OWN_TEST)
    run(tree, *PYTHON, "ruff", "check", *made)
    run(tree, *PYTHON, "ruff", "format", "--check", *made)
    run(tree, *PYTHON, "mypy", "--cache-dir", str(ROOT / ".mypy_cache"), *made)
    run(tree, str(Path(sys.executable).parent / "lint-imports"), "--no-cache")


def test_no_rule_of_ours_is_broken(tree: Path) -> None:
    said = subprocess.run(
        (*PYTHON, "tools.lints"), cwd=tree, capture_output=True, text=True, check=False
    )
    assert "pigeon" not in said.stdout, said.stdout


@pytest.mark.parametrize(
    ("name", "title", "reason"),
    [
        ("", "", "NAME is"),
        ("Pigeon", "Pigeon", "NAME is"),
        ("pigeon_post", "Pigeon", "NAME is"),
        ("class", "Class", "NAME is"),
        ("p" * 21, "Pigeon", "NAME is"),
        ("pigeon", 'Pigeon"', "TITLE is"),
        ("pigeon", "P" * 25, "TITLE is"),
        ("telegram", "Telegram", "otklik/channels/telegram already"),
        ("kit", "Kit", "tests/channels/kit already"),
        ("world", "World", "sandbox/world.py already"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_a_sentence(
    name: str, title: str, reason: str
) -> None:
    assert reason in why_not(name, title)


def test_nothing_of_the_template_keeps_its_old_name() -> None:
    assert not why_not("heron", "Heron")
    written = files("heron", "Heron")
    assert not any("pigeon" in text.lower() for text in written.values())
    assert {path.suffix for path in written} == {".py", ".toml", ".md"}
