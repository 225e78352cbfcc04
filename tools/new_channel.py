"""A channel to begin with: `make new-channel NAME=pigeon [TITLE=Pigeon]`."""

import keyword
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.bootstrap.paths import ROOT, shown

TEMPLATE = ROOT / "tools" / "channel_template"
_NAME = re.compile(r"[a-z][a-z0-9]{1,19}")
_TITLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .-]{0,23}")
_RUFF = Path(sys.executable).parent / "ruff"

_NEXT = """
{title} is a channel now: an invented platform speaks to the sandbox, and everything passes. Next:
1. Describe the platform in otklik/channels/{name}/manifest.toml, connect.toml and errors.toml.
2. Write its bodies into tests/channels/{name}/declaration.py, then inbound.py until they are read.
3. Teach outbound.py, connect.py and sandbox/{name}/ its calls: .venv/bin/pytest tests -k {name}
4. Say in quality.toml what is done and why the rest is not; sources and quirks go to README.md.
5. Write the pages anew with .venv/bin/python -m tools.channel_pages, then: make check
"""


def why_not(name: str, title: str) -> str:
    """Say why a channel cannot be called so; empty when it can."""
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        return "NAME is 2 to 20 small Latin letters and digits, a letter first: NAME=pigeon"
    if not _TITLE.fullmatch(title):
        return "TITLE is up to 24 Latin letters, digits, spaces, dots, dashes: TITLE='Pigeon Post'"
    taken = [path for path in _places(name) if path.exists()]
    return f"{name} is taken: there is {shown(taken[0])} already" if taken else ""


def files(name: str, title: str) -> Mapping[Path, str]:
    """Give every file of a new channel and its text."""
    channel, tests, sandbox, sandbox_test, *_ = _places(name)
    folders = {"channel": channel, "tests": tests, "sandbox": sandbox}
    written: dict[Path, str] = {}
    for source in sorted(TEMPLATE.glob("*/*.txt")):
        path = folders[source.parent.name] / source.stem
        if source.name == "test.py.txt":
            path = sandbox_test
        written[path] = source.read_text("utf-8").replace("pigeon", name).replace("Pigeon", title)
    return written


def _places(name: str) -> tuple[Path, ...]:
    """Where a channel lives: its folders and test, then what else would bear its name."""
    return (
        ROOT / "otklik" / "channels" / name,
        ROOT / "tests" / "channels" / name,
        ROOT / "sandbox" / name,
        ROOT / "tests" / "sandbox" / f"test_{name}.py",
        ROOT / "otklik" / "channels" / f"{name}.py",
        ROOT / "sandbox" / f"{name}.py",
    )


def _settle(paths: list[Path]) -> None:
    """Put imports into order and break lines, which depend on the name, and write the pages."""
    code = [str(path) for path in paths if path.suffix == ".py"]
    for words in (["check", "--select=I", "--fix", "--quiet"], ["format", "--quiet"]):
        subprocess.run([str(_RUFF), *words, *code], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "-m", "tools.channel_pages"], cwd=ROOT, check=True)


def main(name: str, title: str) -> int:
    """Write a channel, or say in a sentence why not."""
    title = title or name.capitalize()
    refusal = why_not(name, title)
    if refusal:
        print(refusal, file=sys.stderr)
        return 2
    written = files(name, title)
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(shown(path))
    _settle(list(written))
    print(_NEXT.format(name=name, title=title))
    return 0


if __name__ == "__main__":
    asked = [*sys.argv[1:], "", ""]
    sys.exit(main(asked[0], asked[1]))
