"""Customers in Telegram: people of the sandbox who write in its phones."""

import asyncio

import aiohttp
import msgspec

from bench.replay.dialogues import Dialogue
from bench.replay.journal import Journal
from bench.shop import Json, Shop

_ANSWER_WITHIN_S = 45.0


class Phones:
    """The phones of one bot, and whose they are."""

    def __init__(self, shop: Shop, journal: Journal) -> None:
        self._shop = shop
        self._journal = journal
        self._names: dict[int, str] = {}
        self._shown: set[tuple[int, int]] = set()

    async def play(self, dialogue: Dialogue) -> None:
        """Say every line, each after the answer to the one before it."""
        person = await self._meet(dialogue.name)
        for number, text in enumerate(dialogue.lines):
            url = f"{self._shop.bot_url}/people/{person}/text"
            async with self._shop.http.post(url, json={"text": text}) as answer:
                made = await answer.json()
                message = made.get("result") or {}
                sent_id = str(message.get("message_id", ""))
                self._journal.sent(dialogue.name, number, sent_id, text, answer.status)
            if not await self._journal.answered(dialogue.name, number + 1, _ANSWER_WITHIN_S):
                return

    async def watch(self) -> None:
        """Note for ever what appears in the phones."""
        url = f"{self._shop.sandbox_url}/control/feed"
        patient = aiohttp.ClientTimeout(total=None)
        while True:
            async with self._shop.http.get(url, timeout=patient) as feed:
                await self._look_everywhere()  # what came while nobody watched
                async for line in feed.content:
                    if line.startswith(b"data: "):
                        self._note(msgspec.json.decode(line[6:]))

    async def _meet(self, name: str) -> int:
        url = f"{self._shop.sandbox_url}/control/telegram/people"
        async with self._shop.http.post(url, json={"first_name": name}) as answer:
            answer.raise_for_status()
            person: int = (await answer.json())["user"]["id"]
        self._names[person] = name
        return person

    async def _look_everywhere(self) -> None:
        people = list(self._names)
        views = await asyncio.gather(
            *(self._shop.look(f"/people/{person}/chat") for person in people)
        )
        for person, view in zip(people, views, strict=True):
            for message in view["messages"]:
                self._show(person, message)

    def _note(self, happened: Json) -> None:
        if happened["kind"] == "message" and happened["chat_id"] in self._names:
            self._show(happened["chat_id"], happened["message"])

    def _show(self, person: int, message: Json) -> None:
        key = (person, message["message_id"])
        if message.get("from", {}).get("is_bot") and key not in self._shown:
            self._shown.add(key)
            self._journal.saw(self._names[person], message["text"])
