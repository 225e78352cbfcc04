"""A mailbox of the sandbox and the people who write to it, for tests."""

from itertools import count

from tests.fixtures.house import Found, House, Json, until

_BOXES = count(1)


class Post:
    """The business's mailbox at the sandbox, connected as an inbox or not yet."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._url = f"{house.phones.url}/control"
        self.address = f"shop{next(_BOXES)}@lavka.example"
        self.card: Json = {}
        self.inbox: Json = {}

    async def order(self, method: str, path: str, body: object = None, **more: Found) -> Found:
        """Order something of the sandbox; paths below the mailbox begin with a slash."""
        at = f"{self._url}/email/accounts/{self.address}{path}"
        address = at if path[:1] in {"", "/"} else f"{self._url}/{path}"
        async with self.house.session.request(method, address, json=body, **more) as answer:
            assert answer.ok, await answer.text()
            return await answer.json(content_type=None)

    async def open(self) -> None:
        wish = {"title": "Чайная лавка", "settings": {"address": self.address}}
        self.card = await self.order("POST", "email/accounts", wish)

    async def connect(self, **settings: str) -> Json:
        """Connect the mailbox and wait until it is being watched."""
        wish = {
            "channel": "email",
            "settings": {**self.card["settings"], **settings},
            "secrets": {"password": self.card["token"]},
        }
        self.inbox = await self.house.api.post("/inboxes", wish)
        await until(self._is_watched)
        return self.inbox

    async def _is_watched(self) -> bool:
        await self.house.parts.registry.reload()
        found = self.house.parts.registry.by_id(self.inbox["id"])
        return found is not None and "INBOX" in found.cursor

    async def state(self) -> tuple[str, str]:
        rows = await self.house.api.get("/inboxes")
        row = next(row for row in rows if row["id"] == self.inbox["id"])
        return row["state"], row["state_reason"]

    async def person(self, name: str = "Вера") -> int:
        card = await self.order("POST", "people", {"first_name": name})
        number: int = card["id"]
        return number

    async def act(self, person: int, act: str, **fields: object) -> Json:
        answer = await self.order("POST", f"/people/{person}/{act}", fields)
        result: Json = answer["result"]
        return result

    async def letters(self, person: int) -> list[Json]:
        """What the business wrote to a person."""
        chat = await self.order("GET", f"/people/{person}/chat")
        return [message for message in chat["messages"] if not message["own"]]

    async def lay_in(self, letter: bytes, folder: str = "letter") -> None:
        """Put a letter of any kind into the mailbox."""
        address = f"{self._url}/email/accounts/{self.address}/inject?kind={folder}"
        async with self.house.session.post(address, data=letter) as answer:
            assert answer.status == 201, await answer.text()

    async def said(self, count: int = 1) -> list[Json]:
        """Wait for so many incoming messages in all conversations of this inbox."""

        async def look() -> list[Json]:
            rows = await self.house.api.queue("?limit=200&sort=recent")
            found: list[Json] = []
            for row in rows:
                found += [
                    message
                    for message in await self.house.api.timeline(row["id"])
                    if message["inbox_id"] == self.inbox["id"]
                    and message["author_kind"] == "contact"
                ]
            return found

        return await until(look, lambda seen: len(seen) >= count)
