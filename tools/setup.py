"""Make a fresh clone ready: `python3 tools/setup.py demo|test|check|dev|node|runtime|lock`."""

import sys
from pathlib import Path

OLDEST = (3, 11)

if __name__ == "__main__":
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:2])
        sys.exit(
            f"Otklik needs Python 3.11 or newer; this is {found}. "
            "Install a newer one and run: make PYTHON=python3.11 demo"
        )
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from tools.bootstrap.verbs import main

    sys.exit(main(sys.argv[1:]))
