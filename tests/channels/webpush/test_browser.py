"""The two scripts in a real browser, on a site of another origin than ours."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import BrowserContext, Page, async_playwright

from otklik.channels.webpush import CHANNEL
from otklik.channels.webpush.notification import written
from otklik.channels.webpush.site import greet
from otklik.ports.channel import (
    ButtonPressed,
    ChannelEvent,
    ConsentReported,
    Knock,
    Opened,
    ReachabilityChanged,
    StatusReported,
    Unknown,
)
from otklik.ports.message import Button
from tests.channels.webpush.declaration import CONFIG, SEND, subscription
from tests.fixtures.house import until

FAKE = """
const bytes = (line) =>
  Uint8Array.from(atob(line.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)).buffer;
const known = KNOWN;
const fake = {
  endpoint: known.endpoint,
  getKey: (name) => bytes(known[name]),
  options: { applicationServerKey: bytes(known.key) },
  unsubscribe: async () => { globalThis.present = null; return true; },
};
""".replace("KNOWN", msgspec.json.encode(subscription()).decode())
"""A subscription without a push service: none is to be had offline."""
IN_PAGE = f"""{{ {FAKE}
PushManager.prototype.subscribe = async () => (globalThis.present = fake);
PushManager.prototype.getSubscription = async () => globalThis.present || null; }}"""
IN_WORKER = f"""{{ {FAKE}
PushManager.prototype.getSubscription = async () => fake; }}
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
"""
PUSH = msgspec.structs.replace(SEND, buttons=((Button("Беру", payload="yes"),),))
PROMPTED = msgspec.structs.replace(
    CONFIG,
    settings={**CONFIG.settings, "prompt": "Сообщить о заказе?", "marketing_prompt": "Скидки"},
)


@dataclass
class Corner:
    """Our public address, and what the browser told there."""

    events: list[ChannelEvent] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.Response:
        body = await request.read()
        knock = Knock(request.method, dict(request.query), {}, body)
        reply = greet(knock, PROMPTED)
        if reply is not None:
            return web.Response(body=reply.body, headers={"content-type": reply.content_type})
        assert CHANNEL.authentic({}, body, PROMPTED), body
        self.events.extend(CHANNEL.parse(body))
        return web.Response()

    async def heard(self, kind: type[ChannelEvent]) -> list[ChannelEvent]:
        return [event for event in self.events if isinstance(event, kind)]


@dataclass
class Site:
    corner: Corner
    context: BrowserContext
    page: Page
    origin: str

    async def push(self, plain: bytes) -> None:
        """Deliver a push as the browser's own push service does, already opened."""
        session = await self.context.new_cdp_session(self.page)
        found: list[str] = []
        session.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
        )
        await session.send("ServiceWorker.enable")

        async def registered() -> list[str]:
            return found

        (number, *_) = await until(registered)
        order = {"origin": self.origin, "registrationId": number, "data": plain.decode()}
        await session.send("ServiceWorker.deliverPushMessage", order)

    async def in_worker(self, script: str) -> object:
        (worker, *_) = self.context.service_workers
        found: object = await worker.evaluate(script)
        return found


def given(text: str, kind: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=text, content_type=kind)

    return answer


@pytest.fixture
async def site(chromium_path: str) -> AsyncIterator[Site]:
    corner, ours, theirs = Corner(), web.Application(), web.Application()
    ours.router.add_route("*", "/hooks/key", corner.serve)
    async with TestServer(ours) as hooks:
        address = str(hooks.make_url("/hooks/key"))
        worker = f'{IN_WORKER}self.OTKLIK = "{address}"; importScripts(OTKLIK + "?part=worker");'
        html = f'<html lang="ru"><body><script src="{address}" async></script></body></html>'
        theirs.router.add_get("/", given(html, "text/html"))
        theirs.router.add_get("/otklik-push.js", given(worker, "text/javascript"))
        async with TestServer(theirs) as shop, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium_path, args=["--no-sandbox"]
            )
            origin = str(shop.make_url("/")).rstrip("/")
            context = await browser.new_context(locale="ru-RU")
            await context.grant_permissions(["notifications"], origin=origin)
            await context.add_init_script(IN_PAGE)
            page = await context.new_page()
            await page.goto(f"{origin}/")
            await page.wait_for_function("!!window.otklikPush")
            yield Site(corner, context, page, origin)
            await browser.close()


async def subscribed(site: Site) -> None:
    await site.page.evaluate('otklikPush("ask")')
    await site.page.get_by_role("button", name="Да").click()
    await until(lambda: site.corner.heard(Opened))


async def test_a_visitor_is_asked_in_our_words_and_their_yes_is_kept(site: Site) -> None:
    await site.page.evaluate('otklikPush("ask")')
    dialog = site.page.get_by_role("dialog", name="Сообщить о заказе?")
    await dialog.get_by_label("Скидки").check()
    await dialog.get_by_role("button", name="Да").click()
    consents = await until(lambda: site.corner.heard(ConsentReported), lambda seen: len(seen) == 2)
    assert [(one.purpose, one.granted, one.wording) for one in consents
            if isinstance(one, ConsentReported)] == [
        ("notifications", True, "Сообщить о заказе?\nСкидки"),
        ("marketing", True, "Сообщить о заказе?\nСкидки"),
    ]  # fmt: skip
    (opened,) = await site.corner.heard(Opened)
    assert isinstance(opened, Opened)
    assert opened.touch is not None
    assert opened.touch.source == f"{site.origin}/"
    await site.page.evaluate('otklikPush("ask")')
    assert await site.page.get_by_role("dialog").count() == 0


async def test_not_now_is_heeded(site: Site) -> None:
    await site.page.evaluate('otklikPush("ask")')
    await site.page.get_by_role("button", name="Не сейчас").click()
    await site.page.evaluate('otklikPush("ask")')
    assert await site.page.get_by_role("dialog").count() == 0
    assert not site.corner.events


async def test_who_signs_out_leaves(site: Site) -> None:
    await subscribed(site)
    await site.page.evaluate('otklikPush("reset")')
    assert await until(lambda: site.corner.heard(ReachabilityChanged))
    assert await site.page.evaluate("globalThis.present") is None


async def test_a_push_is_shown_and_a_press_is_told(site: Site) -> None:
    await subscribed(site)
    await site.push(written(PUSH, PROMPTED))
    (shown,) = await until(lambda: site.corner.heard(StatusReported))
    assert isinstance(shown, StatusReported)
    assert (shown.state, shown.external_id) == ("delivered", "m1")
    notice = "(await self.registration.getNotifications())[0]"
    seen = await site.in_worker(
        f"(async () => {{ const n = {notice}; return [n.title, n.body, n.tag]; }})()"
    )
    assert seen == ["Чайный мост", "Пуэр пришёл", "m1"]
    click = """(async () => {
      const notification = NOTICE;
      const facts = { notification, action: "0" };
      self.dispatchEvent(new NotificationEvent("notificationclick", facts));
    })()"""
    await site.in_worker(click.replace("NOTICE", notice))
    (press,) = await until(lambda: site.corner.heard(ButtonPressed))
    assert isinstance(press, ButtonPressed)
    assert (press.payload, press.label, press.of_message) == ("yes", "Беру", "m1")


async def test_a_repeat_takes_the_place_of_the_first_and_a_dismissal_is_told(site: Site) -> None:
    await subscribed(site)
    for _ in range(2):
        await site.push(written(PUSH, PROMPTED))
    await until(lambda: site.corner.heard(StatusReported), lambda seen: len(seen) == 2)
    count = "(async () => (await self.registration.getNotifications()).length)()"
    assert await site.in_worker(count) == 1
    close = """(async () => {
      const [notification] = await self.registration.getNotifications();
      self.dispatchEvent(new NotificationEvent("notificationclose", { notification }));
    })()"""
    await site.in_worker(close)
    assert await until(lambda: site.corner.heard(Unknown)) == [Unknown("closed")]
