"""Somebody's own site on another origin, with a strict policy and a page that breaks things."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

# What careless and hostile scripts do to a page before the chat is loaded.
VANDAL = """
Object.prototype.kind = "reset";
Object.prototype.otklik = 1;
Object.prototype.once = true;
Object.prototype.jwt = "polluted";
Object.prototype.toJSON = function () { return "polluted"; };
const broken = () => { throw Error("no arrays"); };
Array.prototype.map = Array.prototype.filter = Array.prototype.includes = broken;
window.fetch = () => Promise.reject(Error("no fetch"));
window.WebSocket = function () { throw Error("no socket"); };
JSON.parse = JSON.stringify = () => { throw Error("no JSON"); };
window.violations = 0;
document.addEventListener("securitypolicyviolation", () => { window.violations += 1; });
"""


def page_of(chat: str, public_key: str, attributes: str) -> str:
    return f"""<!doctype html><html lang="ru"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>Чужой сайт</title>
<link rel="stylesheet" href="/site.css"><script src="/vandal.js"></script></head>
<body><h1>Чужой сайт</h1><a href="#x">Ссылка</a>
<script src="{chat}/widget.js" data-inbox="{public_key}" {attributes} async></script>
</body></html>"""


class Site:
    """Its address, and what to put beside `data-inbox`."""

    def __init__(self, url: str, chat: str, public_key: str) -> None:
        self.url = url
        self.chat = chat
        self.public_key = public_key
        self.attributes = ""
        self.vandal = ""

    async def give(self, request: web.Request) -> web.Response:
        if request.path == "/vandal.js":
            return web.Response(text=self.vandal, content_type="text/javascript")
        if request.path == "/site.css":
            hostile = (
                "html > *, body * { all: unset !important; color: red !important; "
                "position: static !important; visibility: hidden !important }"
            )
            text = hostile if self.vandal else "body { font: 16px/1.5 sans-serif; margin: 40px }"
            return web.Response(text=text, content_type="text/css")
        policy = (
            f"default-src 'none'; script-src 'self' {self.chat}; frame-src {self.chat}; "
            "style-src 'self'; require-trusted-types-for 'script'; base-uri 'none'"
        )
        page = page_of(self.chat, self.public_key, self.attributes)
        headers = {"Content-Security-Policy": policy}
        return web.Response(text=page, content_type="text/html", headers=headers)


@asynccontextmanager
async def opened_site(chat: str, public_key: str) -> AsyncIterator[Site]:
    sock = socket.create_server(("127.0.0.1", 0))
    site = Site(f"http://127.0.0.1:{sock.getsockname()[1]}", chat, public_key)
    application = web.Application()
    application.router.add_get("/{path:.*}", site.give)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.SockSite(runner, sock).start()
    try:
        yield site
    finally:
        await runner.cleanup()
