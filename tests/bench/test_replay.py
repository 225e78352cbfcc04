from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.replay.__main__ import main
from otklik.channels import CHANNELS
from sandbox.platform import discover

FAULTS = ["duplicates", "lost-answers", "reconnects"]
WRITTEN_TO = {  # the small replay has a dialogue for each
    one.id for one in discover() if one.id in CHANNELS and {*one.acts, *one.own_acts} >= {"text"}
}


@pytest.mark.parametrize(
    "words",
    [
        ["--dialogues", "12", "--tricks", "8"],
        ["--dialogues", "6", "--channels", "telegram", "widget", "--faults", *FAULTS],
    ],
)
def test_a_small_replay_ends_clean(
    words: Sequence[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([*words, "--at-once", "14", "--data", str(tmp_path)])
    told = capsys.readouterr().out
    assert code == 0, told
    rows = {line.split()[0]: line.split()[1:] for line in told.splitlines() if line.split()}
    assert rows["all"][-5:] == ["0"] * 5
    if "--channels" not in words:
        assert rows.keys() >= {"telegram", "widget", *WRITTEN_TO}
