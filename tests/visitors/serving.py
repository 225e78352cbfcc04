"""An installation for the tests of the app SDK: `python -m tests.visitors.serving`.

Prints `{url, key, api_key, secret}` as one line of JSON and serves until its input ends. The
words `stop` and `start`, a line each, take the server away and bring it back; each is answered.
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from tests.visitors.shop import SECRET, Shop

INBOX = {
    "channel": "app",
    "title": "Чайный мост · приложение",
    "settings": {"greeting": "Добрый день!"},
    "secrets": {"identity_secret": SECRET},
}


async def serve(folder: Path) -> None:
    """Serve an app's inbox over a folder of its own."""
    async with Shop.opened(folder) as shop:
        inbox = await shop.api("POST", "/inboxes", INBOX)
        tell({"url": shop.url, "key": inbox["public_key"], "api_key": shop.key, "secret": SECRET})
        while word := (await asyncio.to_thread(sys.stdin.readline)).strip():
            await (shop.stop() if word == "stop" else shop.restart())
            tell({"done": word})


def tell(said: dict[str, str]) -> None:
    """Say one line to whoever started this."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        asyncio.run(serve(Path(place)))
