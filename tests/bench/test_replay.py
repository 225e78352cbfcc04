from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.replay.__main__ import main


@pytest.mark.parametrize("faults", [(), ("duplicates", "lost-answers", "reconnects")])
def test_a_small_replay_ends_clean(
    faults: Sequence[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--dialogues", "6", "--at-once", "6", "--data", str(tmp_path), "--faults", *faults]
    code = main(words)
    told = capsys.readouterr().out
    assert code == 0, told
    assert "answers seen" in told
    shown = dict(line.split()[:2] for line in told.splitlines() if line.startswith("  lost"))
    assert shown == {"lost": "0"}
