import re
from pathlib import Path

import pytest

from otklik.platform.settings import described
from tests.docs.pages import DOCS, anchors, code, every_page, guide
from tools.bootstrap.paths import ROOT

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", every_page(), ids=name_of)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    text = _FENCED.sub("", path.read_text(encoding="utf-8"))
    for link in _LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


def test_every_page_of_the_docs_is_in_the_index() -> None:
    listed = set(_LINK.findall((DOCS / "index.md").read_text(encoding="utf-8")))
    assert {path.name for path in DOCS.glob("*.md")} - {"index.md"} <= listed


@pytest.mark.parametrize("path", [*guide(), ROOT / "CONTRIBUTING.md"], ids=name_of)
def test_every_make_command_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for text in code(path.read_text(encoding="utf-8")):
        wanted = set(re.findall(r"(?:^|[\s`])make(?: [A-Z]+=\S+)? ([a-z-]+)", text, re.MULTILINE))
        assert wanted <= targets


def test_the_readme_names_every_make_command_a_contributor_needs() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    verbs = "demo dev test check fix client new-channel screenshots help"
    for verb in verbs.split():
        assert f"make {verb}" in text


@pytest.mark.parametrize("path", guide(), ids=name_of)
def test_every_variable_named_exists(path: Path) -> None:
    settings = {one.variable for one in described()}
    compose = set(re.findall(r"\bOTKLIK_[A-Z_]+", (ROOT / "compose.yaml").read_text()))
    known = settings | {f"{name}_FILE" for name in settings} | compose
    wanted = set(re.findall(r"\bOTKLIK_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8")))
    assert wanted <= known


def test_the_pictures_of_the_readme_are_light_enough_for_a_page() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)
    assert pictures
    assert [name for name in pictures if (ROOT / name).stat().st_size > 300_000] == []
