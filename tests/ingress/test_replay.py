"""Replay: dead letters only, each try counted."""

from typing import Any

import pytest
from sqlalchemy import update

from otklik.inbound.tables import inbound_log, inbound_outcomes
from otklik.kernel.errors import ConflictError, NotFoundError
from tests.fixtures.house import House, Json, until
from tests.promises.test_accepted_is_kept import update as message


@pytest.fixture
async def inbox(shop: House) -> Json:
    return await shop.connect()


async def letter_of(shop: House, inbox: Json) -> Json:
    await shop.deliver(inbox, '{"update_id": 3, "message": "three"}')
    (letter,) = await until(lambda: shop.api.get("/log/dead"))
    found: Json = letter
    return found


async def test_what_fails_again_counts_its_tries(shop: House, inbox: Json) -> None:
    letter = await letter_of(shop, inbox)
    for tries in (2, 3):
        with pytest.raises(ConflictError):
            await shop.parts.replay(shop.account_id, letter["position"])
        (again,) = await shop.api.get("/log/dead")
        assert (again["tries"], again["error"]) == (tries, letter["error"])


async def test_what_was_applied_is_not_applied_again(shop: House, inbox: Json) -> None:
    letter = await letter_of(shop, inbox)
    mended: Any = message(4, 900, "Починено")
    repair = update(inbound_log).values(body=mended.encode() if isinstance(mended, str) else mended)
    await shop.parts.database.write(lambda c: c.execute(repair))
    path = f"/log/dead/{letter['position']}/replay"
    await shop.api.post(path, status=204)
    await until(shop.api.queue)
    await shop.api.post(path, status=404)
    (outcome,) = await shop.parts.database.read(
        lambda c: c.execute(inbound_outcomes.select()).all()
    )
    assert (outcome.outcome, outcome.tries) == ("replayed", 2)


async def test_an_ordinary_body_is_no_dead_letter(shop: House, inbox: Json) -> None:
    await shop.deliver(inbox, message(5, 900, "Обычное"))
    await until(shop.api.queue)
    (row,) = await shop.parts.database.read(lambda c: c.execute(inbound_log.select()).all())
    with pytest.raises(NotFoundError):
        await shop.parts.replay(shop.account_id, row.position)


async def test_a_letter_of_a_removed_inbox_says_so(shop: House, inbox: Json) -> None:
    letter = await letter_of(shop, inbox)
    await shop.api.delete(f"/inboxes/{inbox['id']}")
    with pytest.raises(ConflictError, match="removed"):
        await shop.parts.replay(shop.account_id, letter["position"])
