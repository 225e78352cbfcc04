"""Commands serve every account, also one whose inboxes are gone; what they print can be used."""

import msgspec
import pytest

from otklik.commands.accounts import sign_in_address
from otklik.parts import assembled
from otklik.platform.settings import Settings
from sandbox.server import Running
from tests.commands.test_commands import otklik, said
from tests.fixtures.house import opened, owner_of, until
from tests.fixtures.store import Place
from tests.promises.test_accepted_is_kept import update


async def test_what_was_said_in_a_removed_inbox_is_exported(place: Place, street: Running) -> None:
    async with opened(place, street) as house:
        inbox = await house.connect()
        await house.deliver(inbox, update(1, 900, "Слово"))
        await until(house.api.queue)
        await house.deliver(inbox, '{"update_id": 3, "message": "three"}')
        (letter,) = await until(lambda: house.api.get("/log/dead"))
        await house.api.delete(f"/inboxes/{inbox['id']}")
        code, lines, _ = await said(place, "export", "-")
        assert (code, [msgspec.json.decode(one)["text"] for one in lines.splitlines()]) == (
            0, ["Слово"],
        )  # fmt: skip
        code, listed, _ = await said(place, "log", "dead")
        assert (code, listed.split("\t")[0]) == (0, str(letter["position"]))
        for words in (["log", "replay"], ["log", "replay", str(letter["position"])]):
            code, told, _ = await said(place, *words)
            assert (code, "removed" in told) == (1, True), words


@pytest.mark.parametrize(("language", "words"), [("en", "not a dead letter"), ("ru", "Среди")])
def test_a_number_that_is_no_dead_letter_is_refused(
    place: Place, language: str, words: str
) -> None:
    assert otklik(place, "setup")[0] == 0
    code, told, why = otklik(place, "log", "replay", "5", LANG=language)
    assert (code, told) == (2, "")
    assert words in why
    assert "5" in why


@pytest.mark.parametrize(("host", "shown"), [
    ("0.0.0.0", "127.0.0.1"),  # noqa: S104 - nothing listens on it
    ("::", "127.0.0.1"),
    ("127.0.0.1", "127.0.0.1"),
    ("::1", "[::1]"),
    ("desk.example", "desk.example"),
])  # fmt: skip
async def test_a_sign_in_link_can_be_opened(sqlite_place: Place, host: str, shown: str) -> None:
    settings = Settings(data_dir=str(sqlite_place.folder), host=host, port=8123)
    async with assembled(settings) as parts:
        owner = await owner_of(parts)
        address = await sign_in_address(parts, owner.account_id, owner.id)
    assert address.startswith(f"http://{shown}:8123/welcome#")


def test_confirming_a_restore_tells_what_comes_next(sqlite_place: Place) -> None:
    code, _, told = otklik(sqlite_place, "confirm-restore")
    assert code == 0
    assert "restart otklik serve" in told
    assert "перезапустите" in told
