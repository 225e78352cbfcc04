"""The least a sender can be: the same HTTP client, the same requests, nothing stored.

Run as `python -m bench.bare_send URL FIRST_CHAT CHATS MESSAGES`; prints CPU µs per message.
"""

import asyncio
import sys
import time

import aiohttp
import msgspec
import uvloop

_AT_ONCE = 48


async def _send(session: aiohttp.ClientSession, url: str, chats: list[int]) -> None:
    for chat in chats:
        body = msgspec.json.encode(
            {"chat_id": str(chat), "text": "Добрый день! Смотрим, что с заказом."}
        )
        kind = {"Content-Type": "application/json"}
        async with session.post(url, data=body, headers=kind) as answer:
            await answer.read()
            if answer.status != 200:
                raise RuntimeError(f"the sandbox answered {answer.status}")


async def _run(url: str, first_chat: int, chats: int, messages: int) -> float:
    shares = [
        [first_chat + number % chats for number in range(worker, messages, _AT_ONCE)]
        for worker in range(_AT_ONCE)
    ]
    connector = aiohttp.TCPConnector(limit=_AT_ONCE)
    async with aiohttp.ClientSession(connector=connector) as session:
        began = time.process_time()
        await asyncio.gather(*(_send(session, url, share) for share in shares))
        return (time.process_time() - began) / messages * 1e6


if __name__ == "__main__":
    print(uvloop.run(_run(sys.argv[1], *map(int, sys.argv[2:5]))))
