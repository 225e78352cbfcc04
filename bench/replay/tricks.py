"""What people and networks do beside plain lines: albums, repeats, wrong order, edits."""

import random
from enum import StrEnum


class Trick(StrEnum):
    """What becomes of one line."""

    PLAIN = "plain"
    ALBUM = "album"
    """Two pictures with the line under them."""
    REPEATED = "repeated"
    """The messenger does not hear our answer and comes again."""
    SWAPPED = "swapped"
    """Said together with the next line, and delivered in any order."""
    EDITED = "edited"
    """Changed after it was answered."""


SHARES = {Trick.ALBUM: 0.03, Trick.REPEATED: 0.02, Trick.SWAPPED: 0.01, Trick.EDITED: 0.005}
"""Of all lines."""

EDIT = " (исправлено)"
PICTURES = 2
"""In an album."""


def tricks_of(name: str, lines: int, times: float = 1.0) -> list[Trick]:
    """Draw for each line; the same for the same dialogue. `times`: so much more often."""
    dice = random.Random(name)
    kinds = [*SHARES, Trick.PLAIN]
    shares = [share * times for share in SHARES.values()]
    return dice.choices(kinds, [*shares, max(0.0, 1 - sum(shares))], k=lines)
