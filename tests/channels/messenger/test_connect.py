"""How a page is connected, request by request."""

import msgspec
from msgspec.structs import replace

from otklik.channels.messenger import connect
from otklik.ports.channel import Answer, Connected, InboxConfig, Refusal, Request, Subscribed
from tests.channels.messenger.bodies import APP, PAGE
from tests.channels.messenger.declaration import CONFIG, SECRET, bad, good

ADDRESS = "https://desk.example.org/hooks/1"
DONE = Answer(200, {}, good(success=True))
NO_BUTTON, BUTTON = (
    Answer(200, {}, good(data=[])),
    Answer(200, {}, good(data=[{"get_started": {"payload": "SOMEBODY_ELSES"}}])),
)


def asked(*answers: Answer, config: InboxConfig = CONFIG) -> Request:
    told = connect.subscribe(config, ADDRESS, answers)
    assert isinstance(told, Request), told
    return told


def told(request: Request) -> dict[str, object]:
    return msgspec.json.decode(request.body, type=dict[str, object])


def test_the_app_is_pointed_at_us_with_its_own_token() -> None:
    request = asked()
    assert request.url == f"https://graph.facebook.com/v26.0/{APP}/subscriptions"
    assert request.headers["authorization"] == f"Bearer {APP}|{SECRET}"
    wish = told(request)
    assert (wish["object"], wish["callback_url"]) == ("page", ADDRESS)
    assert wish["verify_token"] == CONFIG.secrets["verify_token"]


def test_comments_are_asked_for_only_when_wanted() -> None:
    assert "feed" not in str(told(asked(DONE))["subscribed_fields"]).split(",")
    chatty = replace(CONFIG, settings={**CONFIG.settings, "comments": "yes"})
    assert "feed" in str(told(asked(DONE, config=chatty))["subscribed_fields"]).split(",")


def test_get_started_is_put_only_where_nobody_has_put_one() -> None:
    assert asked(DONE).url.endswith(f"/{PAGE}/subscribed_apps")
    assert asked(DONE, DONE).method == "GET"
    button = asked(DONE, DONE, NO_BUTTON)
    assert told(button) == {"get_started": {"payload": "otklik:start"}}
    assert connect.subscribe(CONFIG, ADDRESS, (DONE, DONE, NO_BUTTON, DONE)) == Subscribed()
    assert connect.subscribe(CONFIG, ADDRESS, (DONE, DONE, BUTTON)) == Subscribed()


def test_a_refused_app_token_blames_the_secret() -> None:
    refusal = connect.subscribe(CONFIG, ADDRESS, (Answer(400, {}, bad(190)),))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "app-secret"
    refusal = connect.subscribe(CONFIG, ADDRESS, (DONE, Answer(400, {}, bad(190, 463))))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "190-463"


def test_a_page_without_a_name_in_addresses_is_linked_by_its_number() -> None:
    page = Answer(200, {}, good(id=PAGE, name="Чайный мост"))
    found = connect.check(CONFIG, (page, Answer(200, {}, good(id=APP))))
    assert found == Connected("Чайный мост", {"page_id": PAGE, "page": PAGE, "app_id": APP})


def test_other_apps_of_the_page_are_not_taken_for_ours() -> None:
    def seen(*apps: dict[str, object]) -> bool:
        answer = Answer(200, {}, good(data=list(apps)))
        return connect.verify(CONFIG, ADDRESS, (answer,)) == Subscribed()

    assert seen({"id": APP, "subscribed_fields": ["messages"]})
    assert not seen({"id": "5", "subscribed_fields": ["messages"]})
    assert not seen({"id": APP, "subscribed_fields": ["feed"]})
    assert not seen({"id": APP})
    assert not seen()
