"""A business at Meta's door without any adapter: raw calls and what they are answered."""

from dataclasses import dataclass

import aiohttp

TOKEN = "EAAinvented0001"
APP_SECRET = "an-invented-app-secret"


@dataclass
class MetaShop:
    """An account of Messenger or Instagram, a person, and the wire between them."""

    session: aiohttp.ClientSession
    url: str
    platform: str
    token: str = TOKEN
    person: int = 0
    to: str = ""

    async def begin(self, **settings: str) -> None:
        wish = {"id": "777", "token": self.token, "secrets": {"app_secret": APP_SECRET},
                "settings": {"app_id": "99", "page_id": "555", **settings}}  # fmt: skip
        await self.order("", wish)
        async with self.session.post(
            f"{self.url}/control/people", json={"first_name": "Ира", "phone": "70000000001"}
        ) as said:
            self.person = (await said.json())["id"]
        await self.act("text", text="Здравствуйте")
        self.to = str((await self.chat())["address"])

    async def order(self, path: str, body: object, method: str = "POST") -> dict[str, object]:
        address = f"{self.url}/control/{self.platform}/accounts{path}"
        async with self.session.request(method, address, json=body) as answer:
            assert answer.ok, await answer.text()
            read: dict[str, object] = await answer.json(content_type=None)
            return read

    async def chat(self) -> dict[str, object]:
        """The chat as the person's phone shows it."""
        return await self.order(f"/777/people/{self.person}/chat", None, "GET")

    async def act(self, name: str, **fields: object) -> dict[str, object]:
        told = await self.order(f"/777/people/{self.person}/{name}", fields)
        result = told.get("result")
        return result if isinstance(result, dict) else {}

    async def call(
        self, path: str, body: object = None, method: str = "POST", token: str = ""
    ) -> tuple[int, dict[str, object]]:
        headers = {"authorization": f"Bearer {token or self.token}"}
        address = f"{self.url}/{self.platform}/{path}"
        async with self.session.request(method, address, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def send(self, **fields: object) -> tuple[int, dict[str, object]]:
        whole = {"recipient": {"id": self.to}, **fields}
        return await self.call("v26.0/me/messages", whole)

    async def code(self, **fields: object) -> str:
        """Give the error of a message as code-subcode, or "taken"."""
        return code_of(await self.send(**fields))


def code_of(answer: tuple[int, dict[str, object]]) -> str:
    """Give an error as code-subcode, or "taken"."""
    status, told = answer
    error = told.get("error")
    if status == 200 and error is None:
        return "taken"
    assert isinstance(error, dict), told
    assert error["message"]
    assert error["type"] == "OAuthException"
    subcode = error.get("error_subcode")
    return f"{error['code']}-{subcode}" if subcode else str(error["code"])
