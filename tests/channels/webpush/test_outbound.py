"""What the kit cannot know of web push: its cipher, its token, whom it speaks to."""

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from otklik.channels.webpush import connect, encryption, outbound, site
from otklik.channels.webpush.address import is_allowed, read
from otklik.ports.channel import (
    Answer,
    Connected,
    InboxConfig,
    Knock,
    Outgoing,
    OutgoingEdit,
    OutgoingFile,
    Refusal,
    RefusalKind,
    Request,
)
from otklik.ports.message import Button, MessageKind
from tests.channels.kit.declaration import refused
from tests.channels.webpush.browser import (
    AUTH,
    CURVE,
    P256DH,
    b64,
    opened,
    private_key,
    unb64,
)
from tests.channels.webpush.declaration import CONFIG, FORMER, SEND, VERA, address, public

LINK = "https://files.example.org/pu-erh.png"


def pushed(order: Outgoing | OutgoingEdit, config: InboxConfig = CONFIG) -> Request:
    request = outbound.send(order, config, ())
    assert isinstance(request, Request), request
    return request


def shown(order: Outgoing | OutgoingEdit) -> dict[str, object]:
    return msgspec.json.decode(opened(pushed(order).body), type=dict[str, object])


def with_settings(**settings: str) -> InboxConfig:
    return msgspec.structs.replace(CONFIG, settings={**CONFIG.settings, **settings})


def with_secrets(**secrets: str) -> InboxConfig:
    return msgspec.structs.replace(CONFIG, secrets={**CONFIG.secrets, **secrets})


def test_the_example_of_rfc_8291_comes_out_to_the_byte() -> None:
    sealed = encryption.sealed_with(
        b"When I grow up, I want to be a watermelon",
        unb64(P256DH),
        unb64(AUTH),
        private_key(FORMER),
        unb64("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert b64(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
        "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
        "gSxsj_Qulcy4a-fN"
    )


def test_every_push_has_a_salt_and_a_key_of_its_own() -> None:
    one, other = pushed(SEND).body, pushed(SEND).body
    assert one[:16] != other[:16]
    assert one[21:86] != other[21:86]
    assert opened(one) == opened(other)


@pytest.mark.parametrize(("size", "length"), [(encryption.LONGEST, 4096), (1, 104)])
def test_the_largest_plaintext_fills_a_push_to_the_byte(size: int, length: int) -> None:
    sealed = encryption.sealed(b"a" * size, unb64(P256DH), unb64(AUTH))
    assert len(sealed) == length
    assert opened(sealed) == b"a" * size


def test_a_plaintext_that_grew_too_large_is_refused_before_it_leaves() -> None:
    quoted = msgspec.structs.replace(SEND, text='"' * 2000)  # each is written as two
    config = with_settings(icon="https://example.org/" + "i" * 200)
    assert refused(outbound.send(quoted, config, ()), RefusalKind.TOO_LONG)
    assert pushed(msgspec.structs.replace(SEND, text="ы" * 1000), config).body


def test_the_token_names_the_service_an_end_and_a_contact() -> None:
    headers = pushed(SEND).headers
    token, _, key = headers["authorization"].removeprefix("vapid t=").partition(", k=")
    assert key == public()
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unb64(key))
    claims = jwt.decode(token, theirs, algorithms=["ES256"], audience="https://fcm.googleapis.com")
    assert claims["sub"] == "mailto:push@example.org"
    assert len(unb64(token.split(".")[2])) == 64


def test_a_subscription_made_with_a_former_key_is_pushed_to_under_it() -> None:
    old = msgspec.structs.replace(SEND, to=address(key=FORMER))
    assert pushed(old).headers["authorization"].endswith(public(FORMER))
    forgotten = outbound.send(old, with_secrets(vapid_key_previous=""), ())
    assert refused(forgotten, RefusalKind.GONE)


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://web.push.apple.com/x", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=x", True),
        ("https://fcm.googleapis.com:443/x", True),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com:x/", False),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com@evil.example/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://push.apple.com/x", False),
        ("https://evilpush.apple.com/x", False),
        ("https://127.0.0.1/x", False),
        ("https://[fcm.googleapis.com/x", False),
        ("https://push.example/x", True),
        ("http://127.0.0.1:8081/webpush/push/1", True),
        ("http://127.0.0.1:8081/webpushed", False),
    ],
)
def test_only_push_services_are_pushed_to(endpoint: str, allowed: bool) -> None:
    settings = {"push_hosts": "push.example", "api_base": "http://127.0.0.1:8081/webpush/"}
    assert is_allowed(endpoint, settings) is allowed


@pytest.mark.parametrize("to", ["", "x", "https://x.example/", VERA + ".x", VERA[:-1], f" {VERA}"])
def test_what_is_no_subscription_is_no_address(to: str) -> None:
    assert read(to) is None
    assert refused(outbound.send(msgspec.structs.replace(SEND, to=to), CONFIG, ()))


def test_a_key_that_is_no_point_of_the_curve_is_a_gone_address() -> None:
    bad = b64(b"\x04" + b"\x01" * 64)
    to = VERA.replace(P256DH, bad)
    assert read(to)
    refusal = outbound.send(msgspec.structs.replace(SEND, to=to), CONFIG, ())
    assert refused(refusal, RefusalKind.GONE)


def test_a_notification_holds_what_the_worker_needs() -> None:
    picture = OutgoingFile(MessageKind.PICTURE, "f", "pu-erh.png", "image/png", 4, link=LINK)
    link = Button("Сайт", url="https://shop.pay.example/1")
    order = msgspec.structs.replace(
        SEND,
        kind=MessageKind.PICTURE,
        files=(picture,),
        buttons=((Button("Беру", payload="yes"), link),),
    )
    told = shown(order)
    proofs = [told.pop("proof"), *(key.pop("proof", "") for key in _actions(told))]
    assert len({*proofs}) == 3
    assert told == {
        "id": "m1",
        "title": "Чайный мост",
        "body": "Пуэр пришёл",
        "url": "https://example.org/",
        "image": LINK,
        "actions": [
            {"title": "Беру", "payload": "yes"},
            {"title": "Сайт", "url": "https://shop.pay.example/1"},
        ],
    }
    assert pushed(order).headers["ttl"] == "3600"


def test_a_file_is_a_notification_that_opens_it() -> None:
    file = OutgoingFile(MessageKind.FILE, "f", "Счёт.pdf", "application/pdf", 4, link=LINK)
    order = msgspec.structs.replace(SEND, kind=MessageKind.FILE, text="", files=(file,))
    told = shown(order)
    assert (told["body"], told["url"]) == ("Счёт.pdf", LINK)
    unlinked = msgspec.structs.replace(file, link="")
    refusal = outbound.send(msgspec.structs.replace(order, files=(unlinked,)), CONFIG, ())
    assert refused(refusal, RefusalKind.BAD_MEDIA)


def test_a_button_leads_to_the_site_or_where_the_inbox_allows() -> None:
    elsewhere = Button("Сайт", url="https://evil.example/")
    order = msgspec.structs.replace(SEND, buttons=((elsewhere,),))
    assert refused(outbound.send(order, CONFIG, ()), RefusalKind.OTHER)
    assert pushed(order, with_settings(links="evil.example")).body


def test_a_change_takes_the_place_of_what_was_shown_in_silence() -> None:
    edit = OutgoingEdit("m1", msgspec.structs.replace(SEND, text="Пуэр закончился"))
    told = shown(edit)
    assert (told["id"], told["again"], told["silent"]) == ("m1", True, True)
    assert pushed(edit).headers["topic"] == pushed(SEND).headers["topic"]
    assert len(pushed(SEND).headers["topic"]) == 32


@pytest.mark.parametrize(
    ("asked", "ttl"),
    [("", "86400"), ("60", "60"), ("0", "0"), ("9999999", "2419200"), ("-1", "86400")],
)
def test_a_push_waits_as_long_as_the_inbox_says(asked: str, ttl: str) -> None:
    assert pushed(SEND, with_settings(ttl_s=asked)).headers["ttl"] == ttl


@pytest.mark.parametrize(
    ("by", "urgency"), [("operator", "high"), ("bot", "normal"), ("campaign", "low")]
)
def test_a_campaign_is_not_urgent(by: str, urgency: str) -> None:
    order = msgspec.convert({**msgspec.structs.asdict(SEND), "by": by}, Outgoing)
    assert pushed(order).headers["urgency"] == urgency


@pytest.mark.parametrize(("told", "wait_s"), [("7", 7.0), ("", 60.0), ("soon", 60.0)])
def test_a_service_is_left_alone_for_as_long_as_it_asks(told: str, wait_s: float) -> None:
    refusal = outbound.send(SEND, CONFIG, (Answer(429, {"retry-after": told}, b""),))
    assert isinstance(refusal, Refusal)
    assert refusal.retry_after_s == wait_s


@pytest.mark.parametrize(
    ("config", "code"),
    [
        (with_secrets(vapid_key=""), "key"),
        (with_secrets(vapid_key="short"), "key"),
        (with_secrets(vapid_key="_" * 43), "key"),
        (with_secrets(vapid_key_previous="short"), "key"),
        (with_settings(subject=""), "subject"),
        (with_settings(subject="http://example.org"), "subject"),
        (with_settings(site=""), "site"),
        (with_settings(site="example.org"), "site"),
    ],
)
def test_an_inbox_that_could_not_push_is_not_connected(config: InboxConfig, code: str) -> None:
    told = connect.check(config, ())
    assert isinstance(told, Refusal)
    assert told.code == code


def test_a_new_inbox_names_the_public_key_of_its_site() -> None:
    assert connect.check(CONFIG, ()) == Connected("Чайный мост", {"vapid_public": public()})


def test_the_sites_scripts_know_every_key_and_the_inboxs_words() -> None:
    config = with_settings(prompt="Сообщить </script> о заказе?")
    for query in ({}, {"part": "worker"}):
        reply = site.greet(Knock("GET", query, {}, b""), config)
        assert reply is not None
        assert reply.content_type.startswith("text/javascript")
        assert all(key.encode() in reply.body for key in (public(), public(FORMER)))
        assert not any(secret.encode() in reply.body for secret in CONFIG.secrets.values())
    assert site.greet(Knock("POST", {}, {}, b"{}"), CONFIG) is None
    keyless = site.greet(
        Knock("GET", {}, {}, b""), with_secrets(vapid_key="", vapid_key_previous="")
    )
    assert keyless is not None
    assert keyless.status == 404


def _actions(told: dict[str, object]) -> list[dict[str, str]]:
    actions = told["actions"]
    assert isinstance(actions, list)
    return actions
