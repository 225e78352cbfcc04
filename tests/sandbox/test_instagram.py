"""Instagram's server side, where it differs from Messenger's."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from sandbox.instagram import PLATFORM
from sandbox.server import Settings, run
from tests.sandbox.meta_shop import APP_SECRET, MetaShop, code_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
Street = tuple[str, aiohttp.ClientSession]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def street() -> AsyncIterator[Street]:
    async with run(Settings(), (PLATFORM,)) as running, aiohttp.ClientSession() as session:
        yield running.url, session


@pytest_asyncio.fixture(loop_scope="module", params=["IGAAown", "EAApage"])
async def shop(street: Street, request: pytest.FixtureRequest) -> MetaShop:
    """An account by its own login and by its page's."""
    url, session = street
    async with session.post(f"{url}/control/instagram/reset") as answer:
        assert answer.ok
    shop = MetaShop(session, url, "instagram", token=request.param)
    await shop.begin()
    return shop


TAKEN: dict[str, dict[str, object]] = {
    "bytes": {"message": {"text": "ы" * 500}},
    "heart": {"message": {"attachment": {"type": "like_heart"}}},
    "own-post": {"message": {"attachment": {"type": "MEDIA_SHARE", "payload": {"id": "1"}}}},
    "typed": {"message": {"text": "?"}, "messaging_type": "RESPONSE"},
}
REFUSED: dict[str, dict[str, object]] = {
    "one-byte-more": {"message": {"text": "ы" * 500 + "a"}},
    "metadata": {"message": {"text": "?", "metadata": "m1"}},
    "reply": {"message": {"text": "?"}, "reply_to": {"mid": "aW_1"}},
    "phone": {"message": {"text": "?", "quick_replies": [{"content_type": "user_phone_number"}]}},
    "template": {"messaging_type": "UTILITY", "message": {"template": {
        "name": "ready", "language": {"code": "ru"}}}},
    "post-without-number": {"message": {"attachment": {"type": "MEDIA_SHARE", "payload": {}}}},
    "other-reaction": {"sender_action": "react", "payload": {"message_id": "m", "reaction": "wow"}},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TAKEN))
async def test_what_instagram_takes_is_taken(shop: MetaShop, name: str) -> None:
    assert await shop.code(**TAKEN[name]) == "taken"


@pytest.mark.parametrize("name", sorted(REFUSED))
async def test_what_instagram_refuses_is_refused(shop: MetaShop, name: str) -> None:
    assert await shop.code(**REFUSED[name]) == "100"


async def test_its_errors_have_numbers_of_their_own(shop: MetaShop) -> None:
    text = {"message": {"text": "?"}}
    assert await shop.code(**text, recipient={"id": "1"}) == "100-2534014"
    await shop.order("/777/limits", {"on": True, "rates": {"chat": {"per_second": 0.001}}})
    assert [await shop.code(**text), await shop.code(**text)] == ["taken", "613-2534040"]
    await shop.order("/777/limits", {"on": False})
    await shop.act("age", seconds=86_500)
    assert await shop.code(**text) == "10-2534022"
    assert await shop.code(**text, tag="HUMAN_AGENT") == "taken"


async def test_each_login_knows_itself(shop: MetaShop) -> None:
    own = shop.token.startswith("IG")
    _, told = await shop.call(
        "v26.0/me?fields=user_id,instagram_business_account{id}", method="GET"
    )
    assert (told.get("user_id") == "777") is own
    assert ("instagram_business_account" in told) is not own
    assert told["id"] == ("267" if own else "555")
    app = code_of(await shop.call("v26.0/app", method="GET"))
    assert app == ("100-33" if own else "taken")
    node = "777" if own else "555"
    for name in ("777", "555"):
        text = {"recipient": {"id": shop.to}, "message": {"text": "?"}}
        status, _ = await shop.call(f"v26.0/{name}/messages", text)
        assert (status == 200) is (name == node)


async def test_only_an_own_token_is_renewed_and_the_former_lives_on(shop: MetaShop) -> None:
    path = "v26.0/refresh_access_token"
    assert code_of(await shop.call(path, method="GET")) == "100"
    status, told = await shop.call(f"{path}?grant_type=ig_refresh_token", method="GET")
    if not shop.token.startswith("IG"):
        assert status == 400
        return
    fresh = str(told["access_token"])
    for token in (fresh, shop.token):
        assert code_of(await shop.call("v26.0/me", method="GET", token=token)) == "taken"


async def test_page_and_account_know_different_fields(shop: MetaShop) -> None:
    own = shop.token.startswith("IG")
    seen = await shop.call("v26.0/me/subscribed_apps", {"subscribed_fields": "messaging_seen"})
    assert code_of(seen) == ("taken" if own else "100")
    wish = {"object": "page", "callback_url": shop.url, "fields": "messages"}
    app = f"99|{APP_SECRET}"
    assert code_of(await shop.call("v26.0/99/subscriptions", wish, token=app)) == "100"


async def test_people_are_told_of_only_when_they_have_written(shop: MetaShop) -> None:
    asked = f"v26.0/{shop.to}?fields=username"
    assert code_of(await shop.call(asked, method="GET")) == "taken"
    async with shop.session.post(f"{shop.url}/control/people", json={"first_name": "Яна"}) as said:
        shop.person = (await said.json())["id"]
    await shop.act("comment", text="цена?")
    silent = (await shop.chat())["address"]
    assert silent != shop.to
    assert code_of(await shop.call(f"v26.0/{silent}?fields=username", method="GET")) == "230"
