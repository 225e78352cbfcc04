"""The whole application with two accounts that must never see each other, each with one of
everything."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from otklik.accounts.http import make_door
from otklik.accounts.types import Role
from otklik.app import WIDGET, api_of
from otklik.conversations import store
from otklik.conversations.files import described
from otklik.health import Health
from otklik.ingress.widget_pages import WidgetPages
from otklik.kernel.ids import new_id
from otklik.parts import Parts, assembled
from otklik.platform.file_types import sniff
from otklik.platform.loops import run_all
from otklik.platform.settings import Settings
from tests.accounts.house import HandClock, House
from tests.security.matrix import ROWS

OWN, FOREIGN = "own@shop.example", "foreign@shop.example"
Things = dict[str, str]


@dataclass
class World:
    """A house with two accounts; `things` maps an owner's e-mail to ids by the matrix's names."""

    house: House
    things: dict[str, Things]

    async def ask(
        self,
        browser: httpx.AsyncClient,
        route: str,
        ids: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> httpx.Response:
        row = ROWS[route]
        method, _, path = route.partition(" ")
        for parameter, thing in row.ids.items():
            path = path.replace(f"{{{parameter}}}", (ids or self.things[OWN])[thing])
        if path == "/api/v1/files":
            return await browser.post(path, files={"file": ("a.txt", b"text", "text/plain")})
        wish = body or row.body
        if body is None and row.filled:
            own = ids or self.things[OWN]
            wish = {**(row.body or {}), **{name: own[thing] for name, thing in row.filled.items()}}
        return await browser.request(method, path + row.query, json=wish)

    def strangers_ids(self) -> Things:
        return {thing: new_id() for thing in self.things[OWN]} | {"position": "999999"}


@asynccontextmanager
async def populated(settings: Settings) -> AsyncIterator[World]:
    async with assembled(settings, HandClock()) as parts:
        health, pages = Health(parts), WidgetPages(WIDGET, parts.registry)
        door = make_door(parts.accounts, parts.tickets, settings)
        clock = parts.clock
        assert isinstance(clock, HandClock)
        house = House(parts.accounts, clock, door, api_of(parts, health, pages))
        loops = {"append": parts.appender.run, "dispatch": parts.dispatcher.run}
        running = asyncio.create_task(run_all(loops))
        try:
            world = World(house, {})
            for email in (OWN, FOREIGN):
                world.things[email] = await furnished(house, parts, email)
            yield world
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def furnished(house: House, parts: Parts, email: str) -> Things:
    owner = await house.owner(email)
    colleague = await house.colleague(owner.account_id, f"colleague.of.{email}", Role.OPERATOR)
    async with house.signed_in(email) as browser:
        endpoint = await _made(browser, "webhooks", {"url": "https://nowhere.invalid/hook"})
        key = await _made(browser, "api-keys", {"title": "К", "scopes": ["webhooks"]})
        label = await _made(browser, "labels", {"title": f"Метка {email}"})
        inbox = await _made(browser, "inboxes", {"channel": "widget"})
        upload = await browser.post(
            "/api/v1/files", files={"file": (f"{email}.txt", b"text", "text/plain")}
        )
        letter = await _letter(parts, owner.account_id)
        await _write(parts, inbox["id"], {"kind": "text", "text": f"Привет от {email}"})
        await _write(parts, inbox["id"], {"kind": 5})
        for name in ("neighbour", "other neighbour", "second self"):
            await _write(parts, inbox["id"], {"kind": "text", "text": "Мы соседи"}, name)
        row, *others = await _rows(browser, 4)
        selves, neighbour, other_neighbour = (other["contact_id"] for other in others)
        merged = await browser.post(
            f"/api/v1/contacts/{row['contact_id']}/merge", json={"contact_id": selves}
        )
        rows = (await browser.get("/api/v1/conversations")).json()["items"]
        row = next(one for one in rows if one["contact_id"] == merged.json()["id"])
        message = await _made(
            browser, f"conversations/{row['id']}/messages", {"client_id": "client-a", "text": "Да"}
        )
        await parts.webhooks.round()
        await parts.webhooks.close()
        attempts = await browser.get(f"/api/v1/webhooks/{endpoint['id']}/attempts")
        dead = await browser.get("/api/v1/log/dead")
        contact = await browser.get(f"/api/v1/contacts/{row['contact_id']}")
    return {
        "colleague": colleague.id,
        "key": key["id"],
        "label": label["id"],
        "inbox": inbox["id"],
        "file": upload.json()["file_id"],
        "letter": letter,
        "conversation": row["id"],
        "contact": row["contact_id"],
        "neighbour": neighbour,
        "other_neighbour": other_neighbour,
        "link": merged.json()["links"][0]["id"],
        "identity": contact.json()["identities"][0]["id"],
        "message": message["id"],
        "position": str(dead.json()[0]["position"]),
        "endpoint": endpoint["id"],
        "attempt": attempts.json()[0]["id"],
    }


async def _made(
    browser: httpx.AsyncClient, where: str, wish: Mapping[str, object]
) -> dict[str, Any]:
    answer = await browser.post(f"/api/v1/{where}", json=wish)
    assert answer.status_code == 201, (where, answer.text)
    made: dict[str, Any] = answer.json()
    return made


async def _write(
    parts: Parts, inbox_id: str, send: Mapping[str, object], visitor: str = "v"
) -> None:
    inbox = parts.registry.by_id(inbox_id)
    assert inbox is not None
    outside = {"visitor": visitor, "send": {"client_id": new_id(), **send}}
    await parts.appender.append(inbox, msgspec.json.encode(outside), new_id())


async def _rows(browser: httpx.AsyncClient, count: int) -> list[dict[str, Any]]:
    """Wait for the conversations, and give that of the first visitor first."""
    for _ in range(500):
        rows: list[dict[str, Any]] = (await browser.get("/api/v1/conversations")).json()["items"]
        dead = (await browser.get("/api/v1/log/dead")).json()
        if len(rows) >= count and dead:
            return sorted(rows, key=lambda row: row["preview"] == "Мы соседи")
        await asyncio.sleep(0.01)
    raise AssertionError("the visitors' messages never came")


async def _letter(parts: Parts, account_id: str) -> str:
    """Store the page of a letter, as the mailbox does: nobody can upload one."""
    async with parts.files.create(1_000) as new:
        await new.write(b"<p>text</p>")
        stored = await new.keep()
    page = sniff(stored.head, "letter.html", "text/html")
    row = described(stored, page, (account_id, ""), "letter.html", 1)
    await parts.database.write(lambda connection: store.insert_file(connection, row))
    return str(row.id)
