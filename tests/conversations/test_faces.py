"""What the desk shows of a person beside their words: a face, and how long they can be answered."""

import pytest

from sandbox.server import Running
from tests.channels.kit.line import Line
from tests.fixtures.house import House, Json, until


@pytest.fixture
async def line(shop: House, street: Running) -> Line:
    line = Line("vk", street.url, shop.session)
    await line.begin()
    await shop.api.post("/inboxes", {
        "channel": "vk",
        "settings": {"api_base": line.config.settings["api_base"]},
        "secrets": {"token": line.config.secrets["token"]},
    })  # fmt: skip
    return line


async def test_the_face_a_messenger_shows_stands_in_the_queue(shop: House, line: Line) -> None:
    await line.act("text", text="Здравствуйте")

    async def faces() -> list[Json]:
        return [row for row in await shop.api.queue() if row["picture_id"]]

    (row,) = await until(faces)
    status, picture = await shop.api.ask("GET", f"/files/{row['picture_id']}")
    assert (status, len(picture) > 100) == (200, True)
    changed = await shop.api.post(f"/conversations/{row['id']}/resolve", status=200)
    assert changed["picture_id"] == row["picture_id"]


async def test_a_conversation_tells_how_long_each_inbox_lets_us_answer(
    shop: House, line: Line
) -> None:
    await line.act("text", text="Здравствуйте")
    (row,) = await until(shop.api.queue)
    found = await shop.api.get(f"/conversations/{row['id']}")
    assert found["limits"][row["inbox_id"]]["window"] == {
        "reply_s": 0, "human_s": 0, "ad_s": 0, "first": "allowed",
    }  # fmt: skip
