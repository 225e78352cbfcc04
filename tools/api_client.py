"""The API description and its TypeScript types: `python -m tools.api_client write|check`."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.bootstrap import node
from tools.bootstrap.paths import ROOT, VENV_BIN, WEB, environment, shown

CLIENT = WEB / "packages" / "client"
DESCRIPTION = CLIENT / "openapi.json"
TYPES = CLIENT / "src" / "schema.gen.ts"
_FLAGS = ("--root-types", "--root-types-no-schema-prefix", "--alphabetize")
_HEADER = "// Written by `make client` from openapi.json; never edited by hand.\n"


def describe() -> str:
    """Ask the product for its OpenAPI description; keys in a fixed order."""
    told = subprocess.run(
        [VENV_BIN / "otklik", "openapi"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if told.returncode:
        sys.exit(f"`otklik openapi` failed: {told.stderr.strip()[-500:]}")
    return json.dumps(json.loads(told.stdout), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def types_of(description: str) -> str:
    """Generate the TypeScript types of a description."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "openapi.json"), Path(folder, "schema.ts")
        source.write_text(description)
        words = ["npm", "run", "--silent", "generate", "-w", "packages/codegen", "--"]
        done = subprocess.run(
            [*words, str(source), "-o", str(target), *_FLAGS],
            cwd=WEB,
            env=environment() | {"PATH": node.path_variable()},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"the type generator failed: {(done.stderr or done.stdout).strip()[-500:]}")
        return _HEADER + target.read_text()


def drifted(description: str, types: str) -> list[Path]:
    """List the committed files that differ from what the product says now."""
    fresh = {DESCRIPTION: description, TYPES: types}
    return [path for path, text in fresh.items() if not path.exists() or path.read_text() != text]


def main(words: list[str]) -> int:
    """Write the files anew, or tell which of them are behind."""
    if words not in (["write"], ["check"]):
        print("usage: python -m tools.api_client write|check", file=sys.stderr)
        return 2
    description = describe()
    types = types_of(description)
    behind = drifted(description, types)
    if words == ["check"]:
        for path in behind:
            print(f"{shown(path)} is behind the API; run: make client")
        return int(bool(behind))
    DESCRIPTION.parent.mkdir(parents=True, exist_ok=True)
    TYPES.parent.mkdir(parents=True, exist_ok=True)
    DESCRIPTION.write_text(description)
    TYPES.write_text(types)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
