import os
from urllib.parse import parse_qs, urlsplit

import pytest

from otklik.platform.file_links import FileLinks

LINKS = FileLinks((os.urandom(32),))
NOW = 1_795_291_053_123
ID = "0k3v9m2a8s7d6f5g4h3j2k1m0n"


def parts(link: str) -> tuple[str, str, str]:
    url = urlsplit(link)
    query = parse_qs(url.query)
    return url.path.rpartition("/")[2], query["expires"][0], query["sig"][0]


def test_a_link_opens_for_ten_to_fifteen_minutes() -> None:
    for shift in range(0, 300_000, 7_001):
        now = NOW + shift
        file_id, expires, sig = parts(LINKS.link(ID, "a1", now))
        assert file_id == ID
        assert LINKS.opens(ID, "a1", expires, sig, now)
        assert LINKS.opens(ID, "a1", expires, sig, now + 599_000)
        assert not LINKS.opens(ID, "a1", expires, sig, now + 901_000)


def test_a_link_stays_the_same_for_a_while_so_that_browsers_keep_the_file() -> None:
    assert len({LINKS.link(ID, "a1", NOW + s * 1_000) for s in range(300)}) <= 2


@pytest.mark.parametrize(
    ("file_id", "reader", "shift", "sig"),
    [
        ("0k3v9m2a8s7d6f5g4h3j2k1m0p", "a1", 0, None),
        (ID, "a2", 0, None),
        (ID, "", 0, None),
        (ID, "a1", 1, None),
        (ID, "a1", -300, None),
        (ID, "a1", 0, ""),
        (ID, "a1", 0, "é" * 43),
        (ID, "a1", 0, "\udcff"),
        (ID + "\0a1", "", 0, None),
    ],
)
def test_a_changed_link_does_not_open(
    file_id: str, reader: str, shift: int, sig: str | None
) -> None:
    _, expires, right = parts(LINKS.link(ID, "a1", NOW))
    changed = str(int(expires) + shift)
    assert not LINKS.opens(file_id, reader, changed, right if sig is None else sig, NOW)


@pytest.mark.parametrize("expires", ["", "x", "-1", "1e9", "٣", "9" * 400, "1795291800.0", " 1"])
def test_an_odd_time_does_not_open(expires: str) -> None:
    _, _, sig = parts(LINKS.link(ID, "a1", NOW))
    assert not LINKS.opens(ID, "a1", expires, sig, NOW)


def test_a_link_of_the_previous_key_still_opens() -> None:
    old, new = os.urandom(32), os.urandom(32)
    _, expires, sig = parts(FileLinks((old,)).link(ID, "a1", NOW))
    assert FileLinks((new, old)).opens(ID, "a1", expires, sig, NOW)
    assert not FileLinks((new,)).opens(ID, "a1", expires, sig, NOW)
