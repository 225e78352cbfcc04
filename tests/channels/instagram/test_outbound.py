"""What leaves the adapter by either login, and what it refuses beforehand."""

import msgspec
import pytest
from msgspec.structs import replace

from otklik.channels.instagram import outbound
from otklik.channels.instagram.wire import ERRORS
from otklik.ports.channel import (
    Answer,
    InboxConfig,
    Outgoing,
    OutgoingFile,
    OutgoingReaction,
    ProfileAsked,
    Refusal,
    RefusalKind,
    Request,
    Sent,
    Template,
)
from otklik.ports.message import Button, MessageKind
from tests.channels.instagram.bodies import ACCOUNT, PAGE
from tests.channels.instagram.declaration import CONFIG, PROFILE, SEND, bad
from tests.channels.kit.declaration import refused

BY_PAGE = replace(
    CONFIG,
    settings={"login": "facebook", "account_id": ACCOUNT, "page_id": PAGE},
    secrets={**CONFIG.secrets, "token": "EAAinventedTokenForTests"},
)


def first(order: Outgoing, config: InboxConfig = CONFIG) -> Request:
    request = outbound.send(order, config, ())
    assert isinstance(request, Request), request
    return request


def body(order: Outgoing) -> dict[str, object]:
    return msgspec.json.decode(first(order).body, type=dict[str, object])


def test_each_login_has_its_own_host_and_node() -> None:
    assert first(SEND).url == f"https://graph.instagram.com/v26.0/{ACCOUNT}/messages"
    assert first(SEND, BY_PAGE).url == f"https://graph.facebook.com/v26.0/{PAGE}/messages"


@pytest.mark.parametrize(
    ("token", "host"),
    [("IGAAx", "graph.instagram.com"), ("IGQVx", "graph.instagram.com"),
     ("EAAx", "graph.facebook.com"), ("", "graph.facebook.com")],
)  # fmt: skip
def test_the_token_tells_the_login_until_it_was_checked(token: str, host: str) -> None:
    blank = InboxConfig("i", {}, {"token": token})
    assert first(SEND, blank).url == f"https://{host}/v26.0/me/messages"


def test_a_text_carries_no_type_and_nothing_of_ours() -> None:
    assert body(SEND) == {"recipient": {"id": SEND.to}, "message": {"text": SEND.text}}


def test_after_a_day_a_person_answers_with_a_tag_alone() -> None:
    told = body(replace(SEND, window="human"))
    assert told["tag"] == "HUMAN_AGENT"
    assert "messaging_type" not in told


@pytest.mark.parametrize("text", ["❤", "❤️"])
def test_a_lone_heart_is_the_big_one(text: str) -> None:
    assert body(replace(SEND, text=text))["message"] == {"attachment": {"type": "like_heart"}}
    keyed = replace(SEND, text=text, buttons=((Button("Да", payload="yes"),),))
    assert "like_heart" not in str(body(keyed))


def test_an_upload_says_for_which_platform_it_is() -> None:
    file = OutgoingFile(MessageKind.VIDEO, "file-1", "a.mp4", "video/mp4", size=9)
    upload = first(replace(SEND, kind=MessageKind.VIDEO, text="", files=(file,)), BY_PAGE)
    assert upload.fields["platform"] == "instagram"


REFUSED = {
    "reply": (replace(SEND, reply_to="aW_1"), RefusalKind.OTHER),
    "template": (replace(SEND, template=Template("ready", "ru")), RefusalKind.OTHER),
    "phone": (replace(SEND, buttons=((Button("Т", request="phone"),),)), RefusalKind.OTHER),
    "closed": (replace(SEND, window="closed"), RefusalKind.WINDOW_CLOSED),
    "bytes": (replace(SEND, text="ы" * 500 + "a"), RefusalKind.TOO_LONG),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_instagram_would_refuse_is_not_sent(name: str) -> None:
    order, kind = REFUSED[name]
    assert refused(outbound.send(order, CONFIG, ()), kind)


def test_labels_are_counted_in_letters_though_texts_are_in_bytes() -> None:
    def keyed(label: str) -> Outgoing:
        return replace(SEND, buttons=((Button(label, payload="x"),),))

    assert isinstance(outbound.send(keyed("ы" * 20), CONFIG, ()), Request)
    assert refused(outbound.send(keyed("ы" * 21), CONFIG, ()), RefusalKind.TOO_LONG)


def test_only_a_heart_can_be_a_reaction() -> None:
    heart = outbound.send(OutgoingReaction("6", "aW_1", "❤️"), CONFIG, ())
    assert isinstance(heart, Request)
    assert b'"reaction":"love"' in heart.body
    other = outbound.send(OutgoingReaction("6", "aW_1", "👍"), CONFIG, ())
    assert refused(other, RefusalKind.OTHER)
    assert isinstance(outbound.send(OutgoingReaction("6", "aW_1", ""), CONFIG, ()), Request)


def test_a_profile_leaves_out_what_instagram_does_not_tell() -> None:
    told = outbound.send(ProfileAsked("6"), CONFIG, (Answer(200, {}, PROFILE),))
    assert isinstance(told, Sent)
    assert told.profile is not None
    assert (told.profile.name, told.profile.username) == ("Вера Лис", "vera.tea")
    assert told.profile.details == {"follower_count": "7", "follows_us": "true"}


@pytest.mark.parametrize("code", sorted(ERRORS.known))
def test_every_listed_error_is_understood_as_listed(code: str) -> None:
    if code == "app-secret":
        return  # not a code of Meta: see the test of connecting
    number, _, subcode = code.partition("-")
    answer = Answer(400, {}, bad(int(number), int(subcode or 0)))
    outcome = outbound.send(SEND, CONFIG, (answer,))
    assert isinstance(outcome, Refusal)
    clock = "1545041" in code  # the person wrote a moment ago: the window cannot be closed
    assert outcome.kind is (RefusalKind.BLOCKED if clock else ERRORS.known[code].kind)
