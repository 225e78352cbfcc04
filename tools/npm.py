"""npm with whichever Node the project uses: `python -m tools.npm run fix`."""

import sys

from tools.bootstrap import node

if __name__ == "__main__":
    sys.exit(node.run(*sys.argv[1:]))
