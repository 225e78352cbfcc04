"""What a test does at both ends of a whole installation: the phone's, and the operator's."""

from tests.channels.kit.line import Fields, Line
from tests.fixtures.house import House, Json, until


async def connected(shop: House, line: Line) -> Json:
    """Connect an inbox as an admin does, and wait until the platform delivers to it."""
    wish = {
        "channel": line.channel.manifest.id,
        "settings": {"api_base": line.config.settings["api_base"]},
        "secrets": {"token": line.config.secrets["token"]},
    }
    inbox: Json = await shop.api.post("/inboxes", wish)
    await until(lambda: hooks(line))
    return inbox


async def hooks(line: Line) -> object:
    return (await line.control(f"/{line.account}", method="GET"))["webhooks"]


async def talk(shop: House, line: Line, text: str = "Здравствуйте") -> Json:
    await line.act("text", text=text)
    return (await until(shop.api.queue))[0]


async def heard(line: Line) -> list[Fields]:
    return [message for message in await line.phone() if not message["own"]]


async def inbox_state(shop: House, inbox: Json) -> tuple[str, str]:
    (found,) = [one for one in await shop.api.get("/inboxes") if one["id"] == inbox["id"]]
    return found["state"], found["state_reason"]
