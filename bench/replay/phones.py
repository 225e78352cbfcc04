"""Customers at the messengers: people of the sandbox who write in its phones."""

import asyncio
from collections.abc import Iterable

import aiohttp
import msgspec

from bench.replay.dialogues import Dialogue
from bench.replay.journal import Journal
from bench.replay.stalls import Stall, order
from bench.replay.tricks import EDIT, PICTURES, Trick
from bench.shop import Json, Shop

_ANSWER_WITHIN_S = 45.0


class Phones:
    """The phones at one messenger, and whose they are. `rule`: what goes wrong there anyway."""

    def __init__(self, shop: Shop, journal: Journal, stall: Stall, rule: Json) -> None:
        self.stall = stall
        self._shop = shop
        self._journal = journal
        self._rule = rule
        self._names: dict[int, str] = {}
        self._shown: set[tuple[int, str]] = set()
        self._seen: dict[int, str] = {}

    async def play(self, dialogue: Dialogue, tricks: list[Trick]) -> None:
        """Say every line, each after the answer to the one before it."""
        person = await self._meet(dialogue.name)
        said = 0
        while said < len(dialogue.lines):
            trick = self._possible(tricks[said], last=said + 1 == len(dialogue.lines))
            together = 2 if trick is Trick.SWAPPED else 1
            message_id = await self._say(person, dialogue, said, trick)
            said += together
            if not await self._journal.answered(dialogue.name, said, _ANSWER_WITHIN_S):
                return
            if trick is Trick.EDITED:
                await self._edit(person, dialogue, said - 1, message_id)

    def _possible(self, trick: Trick, *, last: bool) -> Trick:
        if trick is Trick.SWAPPED and last:
            return Trick.PLAIN
        if trick in {Trick.SWAPPED, Trick.REPEATED}:
            return trick if self.stall.has_couriers else Trick.PLAIN
        needed = {Trick.ALBUM: "album", Trick.EDITED: "edit"}.get(trick, "text")
        return trick if needed in self.stall.acts else Trick.PLAIN

    async def _say(self, person: int, dialogue: Dialogue, place: int, trick: Trick) -> str:
        page = self._journal.page(dialogue.name)
        if trick is not Trick.PLAIN:
            page.tricks.append(trick)
        if trick is Trick.REPEATED:
            await self._deliver(lost_answers=1)
        if trick is Trick.ALBUM:
            page.pictures += PICTURES
            return await self._line(person, dialogue, place, "album")
        if trick is not Trick.SWAPPED:
            return await self._line(person, dialogue, place, "text")
        page.swapped.add(place)
        await self._deliver(shuffle=2)
        await self._line(person, dialogue, place, "text")
        message_id = await self._line(person, dialogue, place + 1, "text")
        await self._deliver()
        return message_id

    async def _line(self, person: int, dialogue: Dialogue, place: int, act: str) -> str:
        text = dialogue.lines[place]
        status, made = await self._act(person, act, self._words(person, act, text))
        sent_id = str(made.get(self._id, "")) if isinstance(made, dict) else ""
        self._journal.sent(dialogue.name, place, sent_id, text, status)
        return sent_id

    async def _edit(self, person: int, dialogue: Dialogue, place: int, message_id: str) -> None:
        text = dialogue.lines[place] + EDIT
        status, _ = await self._act(person, "edit", {"message_id": message_id, "text": text})
        if status < 300:
            self._journal.page(dialogue.name).edited[place] = text

    async def _act(self, person: int, act: str, words: Json) -> tuple[int, Json]:
        url = f"{self.stall.root}/people/{person}/{act}"
        async with self._shop.http.post(url, json=words) as answer:
            return answer.status, (await answer.json()).get("result")

    async def _deliver(self, **rule: int) -> None:
        await order(self._shop, f"{self.stall.root}/faults", {"delivery": {**self._rule, **rule}})

    def note(self, happened: Json) -> None:
        """Take one event of the sandbox's feed, if it is of these phones."""
        is_here = happened.get("platform") == self.stall.channel and happened["kind"] == "message"
        if is_here and happened["person"] in self._names:
            self._show(happened["person"], happened["message"])

    async def look_everywhere(self) -> None:
        """Look into every chat: what came while nobody watched."""
        for person in list(self._names):
            view = await self._chat(person)
            for message in view["messages"]:
                self._show(person, message)

    async def _chat(self, person: int) -> Json:
        return await order(self._shop, f"{self.stall.root}/people/{person}/chat", method="GET")

    def _show(self, person: int, message: Json) -> None:
        key = (person, str(message[self._id]))
        if self._is_ours(message) and key not in self._shown:
            self._shown.add(key)
            self._seen[person] = key[1]
            self._journal.saw(self._names[person], message.get("text", ""))

    # --- what Telegram's phones, the oldest, do in their own words -----------------------------

    _id = "id"

    def _is_ours(self, message: Json) -> bool:
        return not message["own"]

    async def _meet(self, name: str) -> int:
        url = f"{self._shop.sandbox_url}/control/people"
        card = await order(self._shop, url, {"first_name": name})
        person: int = card["id"]
        self._names[person] = name
        self._journal.names[self.stall.channel, (await self._chat(person))["address"]] = name
        return person

    def _words(self, person: int, act: str, text: str) -> Json:
        words: dict[str, object] = {"text": text}
        if self.stall.has_subjects:
            words |= {"title": "Вопрос", "reply_to": self._seen.get(person, "")}
        if act == "album":
            words["items"] = [{"kind": "picture"}] * PICTURES
        return words


class TelegramPhones(Phones):
    """The phones of Telegram."""

    _id = "message_id"

    def note(self, happened: Json) -> None:
        """Take one event of the sandbox's feed, if it is of these phones."""
        if happened["kind"] == "message" and happened.get("chat_id") in self._names:
            self._show(happened["chat_id"], happened["message"])

    def _is_ours(self, message: Json) -> bool:
        return bool(message.get("from", {}).get("is_bot"))

    async def _meet(self, name: str) -> int:
        url = f"{self._shop.sandbox_url}/control/telegram/people"
        card = await order(self._shop, url, {"first_name": name})
        person: int = card["user"]["id"]
        self._names[person] = name
        self._journal.names[self.stall.channel, str(person)] = name
        return person

    def _words(self, _person: int, act: str, text: str) -> Json:
        if act == "album":
            return {"caption": text, "items": [{"kind": "photo"}] * PICTURES}
        return {"text": text}


async def watch(shop: Shop, phones: Iterable[Phones]) -> None:
    """Note for ever what appears in the phones."""
    everywhere = list(phones)
    patient = aiohttp.ClientTimeout(total=None)
    while True:
        async with shop.http.get(f"{shop.sandbox_url}/control/feed", timeout=patient) as feed:
            await asyncio.gather(*(each.look_everywhere() for each in everywhere))
            async for line in feed.content:
                if line.startswith(b"data: "):
                    happened = msgspec.json.decode(line[6:])
                    for each in everywhere:
                        each.note(happened)
