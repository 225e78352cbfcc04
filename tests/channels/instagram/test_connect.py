"""How an account is connected by either login, and how its token is renewed."""

import msgspec
import pytest
from msgspec.structs import replace

from otklik.channels.instagram import connect
from otklik.ports.channel import (
    Answer,
    Answers,
    Connected,
    InboxConfig,
    RefusalKind,
    Request,
    Subscribed,
)
from tests.channels.instagram.bodies import ACCOUNT, APP, PAGE
from tests.channels.instagram.declaration import CONFIG, SECRET, bad, good
from tests.channels.kit.declaration import refused

ADDRESS = "https://desk.example.org/hooks/1"
DATE = {"date": "Sat, 21 Nov 2026 12:00:00 GMT"}
DONE = Answer(200, {}, good(success=True))
ALIVE = Answer(200, DATE, good(data=[{"id": APP, "subscribed_fields": ["messages"]}]))
RENEWED = Answer(200, DATE, good(access_token="IGAAnew", expires_in=5_183_944))
PAGE_CONFIG = InboxConfig("i", {}, {**CONFIG.secrets, "token": "EAAinvented"})


def dated(after: str) -> InboxConfig:
    return replace(CONFIG, settings={**CONFIG.settings, "token_renewal_after": after})


def without_app(config: InboxConfig = CONFIG) -> InboxConfig:
    known = {name: value for name, value in config.settings.items() if name != "app_id"}
    return replace(config, settings=known)


def verified(config: InboxConfig, answers: Answers) -> object:
    return connect.verify(config, ADDRESS, answers)


def test_an_account_tells_its_number_of_deliveries_not_the_apps() -> None:
    told = good(id="26000000000000001", user_id=ACCOUNT, username="tea.bridge")
    found = connect.check(CONFIG, (Answer(200, {}, told),))
    settings = {"login": "instagram", "account_id": ACCOUNT, "username": "tea.bridge"}
    assert found == Connected("@tea.bridge", settings)


def test_a_page_tells_its_account_and_its_app() -> None:
    account = {"id": ACCOUNT, "username": "tea.bridge"}
    page = Answer(200, {}, good(id=PAGE, name="Мост", instagram_business_account=account))
    request = connect.check(PAGE_CONFIG, (page,))
    assert isinstance(request, Request)
    assert request.url.startswith("https://graph.facebook.com/v26.0/app?")
    found = connect.check(PAGE_CONFIG, (page, Answer(200, {}, good(id=APP))))
    assert isinstance(found, Connected)
    assert found.settings == {
        "login": "facebook",
        "account_id": ACCOUNT,
        "username": "tea.bridge",
        "page_id": PAGE,
        "app_id": APP,
    }


def test_a_page_without_an_account_is_told_so() -> None:
    told = connect.check(PAGE_CONFIG, (Answer(200, {}, good(id=PAGE, name="Мост")),))
    assert refused(told, RefusalKind.OTHER)


def test_the_address_is_set_by_us_where_the_app_is_known_and_by_hand_elsewhere() -> None:
    app = connect.subscribe(CONFIG, ADDRESS, ())
    assert isinstance(app, Request)
    assert app.url == f"https://graph.facebook.com/v26.0/{APP}/subscriptions"
    assert app.headers["authorization"] == f"Bearer {APP}|{SECRET}"
    assert msgspec.json.decode(app.body)["object"] == "instagram"
    account = connect.subscribe(without_app(), ADDRESS, ())
    assert isinstance(account, Request)
    assert account.url == f"https://graph.instagram.com/v26.0/{ACCOUNT}/subscribed_apps"
    assert connect.subscribe(without_app(), ADDRESS, (DONE,)) == Subscribed()
    assert connect.subscribe(CONFIG, ADDRESS, (DONE, DONE)) == Subscribed()


def test_comments_are_asked_for_only_when_wanted() -> None:
    def fields(config: InboxConfig) -> list[str]:
        request = connect.subscribe(config, ADDRESS, ())
        assert isinstance(request, Request)
        told: str = msgspec.json.decode(request.body)["fields"]
        return told.split(",")

    assert "comments" not in fields(CONFIG)
    assert "comments" in fields(replace(CONFIG, settings={**CONFIG.settings, "comments": "yes"}))


def test_an_unknown_app_is_recognised_by_all_of_its_fields() -> None:
    def seen(*fields: str) -> bool:
        answer = Answer(200, {}, good(data=[{"id": "7", "subscribed_fields": list(fields)}]))
        return verified(without_app(), (answer,)) == Subscribed()

    request = connect.subscribe(without_app(), ADDRESS, ())
    assert isinstance(request, Request)
    ours = msgspec.json.decode(request.body)["subscribed_fields"].split(",")
    assert seen(*ours)
    assert not seen("messages")


@pytest.mark.parametrize("after", ["", "soon"])
def test_a_new_token_is_left_alone_for_a_day(after: str) -> None:
    planned = verified(dated(after), (ALIVE,))
    assert planned == Subscribed(settings={"token_renewal_after": "2026-11-22T12:00:00Z"})


@pytest.mark.parametrize(
    ("after", "due"), [("2026-11-21T12:00:01Z", False), ("2026-11-21T12:00:00Z", True)]
)
def test_a_token_is_renewed_when_its_day_has_come(after: str, due: bool) -> None:
    told = verified(dated(after), (ALIVE,))
    assert isinstance(told, Request) is due
    if isinstance(told, Request):
        assert "grant_type=ig_refresh_token" in told.url
        assert told.url.startswith("https://graph.instagram.com/")
        assert "IGAA" not in told.label


def test_a_renewed_token_is_kept_for_a_month() -> None:
    told = verified(dated("2026-11-01T00:00:00Z"), (ALIVE, RENEWED))
    assert told == Subscribed(
        settings={"token_renewal_after": "2026-12-21T12:00:00Z"}, secrets={"token": "IGAAnew"}
    )


def test_a_renewal_that_failed_is_tried_again_tomorrow_and_not_at_once() -> None:
    for answer in (Answer(500, {}, bad(2)), Answer(200, {}, b"<html>"), Answer(400, {}, bad(100))):
        told = verified(dated("2026-11-01T00:00:00Z"), (ALIVE, answer))
        assert told == Subscribed(settings={"token_renewal_after": "2026-11-22T12:00:00Z"})
    dead = Answer(400, {}, bad(190, 463))
    told = verified(dated("2026-11-01T00:00:00Z"), (ALIVE, dead))
    assert refused(told, RefusalKind.BAD_TOKEN)


def test_without_a_date_and_for_a_page_nothing_is_renewed() -> None:
    silent = replace(ALIVE, headers={})
    assert verified(dated("2020-01-01T00:00:00Z"), (silent,)) == Subscribed()
    page = replace(dated("2020-01-01T00:00:00Z"), secrets={"token": "EAAx"})
    page = replace(page, settings={**page.settings, "login": "facebook"})
    assert verified(page, (ALIVE,)) == Subscribed()


def test_a_lost_subscription_comes_before_a_renewal() -> None:
    lost = Answer(200, DATE, good(data=[]))
    told = verified(dated("2020-01-01T00:00:00Z"), (lost,))
    assert refused(told, RefusalKind.UNSUBSCRIBED)
