import gzip
import json
from pathlib import Path

from bench.replay.dialogues import FAREWELL, dialogues


def test_without_recordings_invented_dialogues_are_played(tmp_path: Path) -> None:
    found = dialogues(9, tmp_path)
    assert len(found) == len({one.name for one in found}) == 9
    assert all(len(one.lines) == len(one.answers) > 2 for one in found)


def test_both_recordings_are_played_in_turns(tmp_path: Path) -> None:
    shop = {"id": "a", "turns": [
        {"role": "User", "content": "Где заказ? "}, {"role": "agent", "content": "В пути."},
        {"role": "user", "content": "Спасибо"},
    ]}  # fmt: skip
    table = [{"dialogue_id": "1", "services": [], "turns": [
        {"speaker": "USER", "utterance": "A table for two", "frames": []},
        {"speaker": "SYSTEM", "utterance": "Booked", "frames": []},
    ]}]  # fmt: skip
    (tmp_path / "cucom").mkdir()
    (tmp_path / "sgd").mkdir()
    lines = (json.dumps(shop, ensure_ascii=False) + "\n").encode() * 2
    (tmp_path / "cucom" / "small.jsonl.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "sgd" / "small_dialogues_1.json.gz").write_bytes(
        gzip.compress(json.dumps(table).encode())
    )
    first, second, third = dialogues(5, tmp_path)
    assert first.lines == third.lines == ("Где заказ?", "Спасибо")
    assert first.answers == ("В пути.", FAREWELL)
    assert (second.lines, second.answers) == (("A table for two",), ("Booked",))
