import base64
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.kernel.errors import SetupError
from otklik.platform.secret_box import (
    KEY_FILE_NAME,
    SealBrokenError,
    SecretBox,
    add_key,
    new_master_key,
    open_secret_box,
)

SECRETS = {"token": "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "webhook_secret": "ключ 🔑"}
BOX = SecretBox((os.urandom(32),))


@given(st.dictionaries(st.text(), st.text()), st.text())
def test_what_was_sealed_comes_back(values: dict[str, str], context: str) -> None:
    assert BOX.unseal(BOX.seal(values, context), context) == values


def test_sealed_bytes_hold_nothing_readable_and_never_repeat() -> None:
    first, second = BOX.seal(SECRETS, "a:1"), BOX.seal(SECRETS, "a:1")
    assert first != second
    for name, value in SECRETS.items():
        assert name.encode() not in first
        assert value.encode() not in first


def test_every_flipped_bit_is_noticed() -> None:
    sealed = BOX.seal(SECRETS, "a:1")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBrokenError):
            BOX.unseal(bytes(changed), "a:1")


@pytest.mark.parametrize("cut", [0, 1, 4, 5, 16, 17, 20])
def test_cut_bytes_are_noticed(cut: int) -> None:
    with pytest.raises(SealBrokenError):
        BOX.unseal(BOX.seal(SECRETS, "a:1")[:cut], "a:1")


def test_a_secret_moved_to_another_row_does_not_open() -> None:
    with pytest.raises(SealBrokenError):
        BOX.unseal(BOX.seal(SECRETS, "account-a:1"), "account-b:1")


def test_rotation_moves_values_to_the_first_key() -> None:
    old, new = os.urandom(32), os.urandom(32)
    sealed = SecretBox((old,)).seal(SECRETS, "a:1")
    both = SecretBox((new, old))
    assert both.unseal(sealed, "a:1") == SECRETS
    assert not both.is_current(sealed)
    rotated = both.rotate(sealed, "a:1")
    assert SecretBox((new,)).unseal(rotated, "a:1") == SECRETS
    assert both.rotate(rotated, "a:1") == rotated
    with pytest.raises(SealBrokenError):
        SecretBox((old,)).unseal(rotated, "a:1")


def test_derived_keys_differ_by_purpose_and_by_key() -> None:
    keys = (os.urandom(32), os.urandom(32))
    links = SecretBox(keys).derive("links")
    assert len({*links, *SecretBox(keys).derive("visitors"), *keys}) == 6
    assert SecretBox(keys).derive("links") == links
    assert all(len(key) == 32 for key in links)


@pytest.mark.parametrize(
    "key",
    [
        "short",
        "not base64!",
        base64.b64encode(b"x" * 32).decode(),
        base64.b64encode(b"password" * 4).decode(),
        base64.b64encode(bytes(range(16))).decode(),
        base64.b64encode(bytes(range(33))).decode(),
        ",",
    ],
)
def test_a_weak_or_broken_key_is_refused(key: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        open_secret_box(key, tmp_path)
    assert key not in caught.value.en or key == ","
    assert list(tmp_path.iterdir()) == []


def test_the_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "fresh"
    sealed = open_secret_box("", folder).seal(SECRETS, "a:1")
    assert (folder / KEY_FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == [KEY_FILE_NAME]
    assert open_secret_box("", folder).unseal(sealed, "a:1") == SECRETS


def test_processes_that_start_together_end_with_one_key(tmp_path: Path) -> None:
    boxes: list[SecretBox] = []
    threads = [
        threading.Thread(target=lambda: boxes.append(open_secret_box("", tmp_path)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({box.derive("x") for box in boxes}) == 1
    assert len(boxes) == 8


def test_a_new_key_in_the_file_seals_and_the_old_one_still_opens(tmp_path: Path) -> None:
    sealed = open_secret_box("", tmp_path).seal(SECRETS, "a:1")
    add_key(tmp_path)
    box = open_secret_box("", tmp_path)
    assert box.unseal(sealed, "a:1") == SECRETS
    assert not box.is_current(sealed)
    assert (tmp_path / KEY_FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_a_lost_key_file_is_a_loss_and_not_a_first_start(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=KEY_FILE_NAME):
        open_secret_box("", tmp_path, may_make=False)
    assert list(tmp_path.iterdir()) == []


def test_a_key_file_open_to_others_is_refused(tmp_path: Path) -> None:
    open_secret_box("", tmp_path)
    (tmp_path / KEY_FILE_NAME).chmod(0o644)
    with pytest.raises(SetupError, match="chmod 600"):
        open_secret_box("", tmp_path)


def test_the_setting_wins_over_the_file(tmp_path: Path) -> None:
    key = new_master_key()
    sealed = open_secret_box(key, tmp_path).seal(SECRETS, "a:1")
    assert not (tmp_path / KEY_FILE_NAME).exists()
    assert open_secret_box(f"{new_master_key()},{key}", tmp_path).unseal(sealed, "a:1") == SECRETS


def test_the_box_tells_nothing_of_its_keys() -> None:
    assert repr(BOX) == "SecretBox(1 keys)"
