import jwt
import pytest

from otklik.inboxes.types import Inbox, InboxState
from otklik.ingress.visitor_identity import (
    SIGNED_LIFE_MS,
    ExpiredError,
    Identities,
    NotProvenError,
)
from otklik.kernel.errors import NotSignedInError
from otklik.kernel.ids import AccountId, InboxId
from otklik.ports.channel import InboxConfig

NOW_S = 1_795_000_000
SECRET = "an-invented-secret-of-the-site-backend-1"
OLD_SECRET = "an-invented-secret-of-the-site-backend-0"
KEYS = (b"k" * 32,)


class Clock:
    def __init__(self) -> None:
        self.ms = NOW_S * 1000

    def now_ms(self) -> int:
        return self.ms


def inbox(inbox_id: str = "i-1", **secrets: str) -> Inbox:
    return Inbox(
        id=InboxId(inbox_id),
        account_id=AccountId("a-1"),
        channel="widget",
        title="Чайный мост",
        public_key="public",
        config=InboxConfig(inbox_id, {}, secrets or {"identity_secret": SECRET}),
        state=InboxState.ACTIVE,
    )


def proof(secret: str = SECRET, algorithm: str = "HS256", **claims: object) -> str:
    all_claims = {"sub": "501", "iat": NOW_S, "exp": NOW_S + 600, **claims}
    kept = {name: value for name, value in all_claims.items() if value is not None}
    return jwt.encode(kept, secret, algorithm=algorithm)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def identities(clock: Clock) -> Identities:
    return Identities(KEYS, clock)


def test_a_stranger_is_known_again_by_their_secret_and_by_nothing_else(
    identities: Identities,
) -> None:
    token, visitor = identities.stranger("ru")
    assert identities.recognise(inbox(), token).external_id == visitor.external_id
    assert visitor.external_id.startswith("v:")
    assert token not in visitor.external_id
    assert identities.stranger()[1] != visitor


@pytest.mark.parametrize(
    "token",
    ["", "v1.", "v1.short", "v1." + "a" * 42, "v1." + "a" * 44, "v1." + "ы" * 43, "v2." + "a" * 43,
     "s1.", "s1.a.b", "s1..", "s1." + "a" * 40 + "." + "b" * 43, "null", "v1." + "a" * 42 + "\n"],
)  # fmt: skip
def test_a_made_up_token_is_nobody(identities: Identities, token: str) -> None:
    with pytest.raises(NotSignedInError):
        identities.recognise(inbox(), token)


def test_the_word_of_the_site_is_believed(identities: Identities) -> None:
    token, visitor = identities.prove(
        inbox(), proof(name=" Вера ", email="vera@tea.example", phone="+70000000000"), "ru"
    )
    assert (visitor.external_id, visitor.evidence) == ("u:501", "signed")
    assert (visitor.name, visitor.email, visitor.phone) == (
        "Вера", "vera@tea.example", "+70000000000",
    )  # fmt: skip
    assert identities.recognise(inbox(), token) == visitor


@pytest.mark.parametrize(
    "claims",
    [{"exp": None}, {"iat": None}, {"sub": None}, {"sub": ""}, {"sub": "x" * 201},
     {"exp": NOW_S + 3601}, {"iat": NOW_S + 120}, {"exp": "tomorrow"}, {"exp": NOW_S + 99_999}],
)  # fmt: skip
def test_a_proof_that_says_too_little_or_too_much_is_refused(
    identities: Identities, claims: dict[str, object]
) -> None:
    with pytest.raises(NotProvenError) as caught:
        identities.prove(inbox(), proof(SECRET, "HS256", **claims))
    assert caught.value.code == "identity_refused"


def test_an_old_proof_asks_for_a_fresh_one(identities: Identities) -> None:
    with pytest.raises(ExpiredError) as caught:
        identities.prove(inbox(), proof(iat=NOW_S - 3600, exp=NOW_S - 61))
    assert caught.value.code == "identity_expired"


def test_a_clock_that_is_a_little_off_is_forgiven(identities: Identities) -> None:
    assert identities.prove(inbox(), proof(iat=NOW_S + 50, exp=NOW_S + 900))
    assert identities.prove(inbox(), proof(iat=NOW_S - 900, exp=NOW_S - 50))


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_only_one_algorithm_is_taken(identities: Identities, algorithm: str) -> None:
    secret = SECRET * 2
    with pytest.raises(NotProvenError):
        identities.prove(inbox(identity_secret=secret), proof(secret, algorithm))


def test_an_unsigned_proof_is_refused(identities: Identities) -> None:
    unsigned = jwt.encode({"sub": "1", "iat": NOW_S, "exp": NOW_S + 60}, "", algorithm="none")
    for forged in (unsigned, unsigned + "a", proof() + "x", proof()[:-2], "a.b.c", ""):
        with pytest.raises(NotProvenError):
            identities.prove(inbox(), forged)


def test_a_secret_of_somebody_else_or_of_no_length_proves_nothing(identities: Identities) -> None:
    with pytest.raises(NotProvenError):
        identities.prove(inbox(), proof("another-secret-that-is-long-enough-too"))
    for bare in (inbox(identity_secret=""), inbox(identity_secret="short"), inbox(other="x")):
        with pytest.raises(NotProvenError, match="identity secret"):
            identities.prove(bare, proof())


def test_both_secrets_hold_while_one_is_being_changed(identities: Identities) -> None:
    both = inbox(identity_secret=SECRET, identity_secret_previous=OLD_SECRET)
    assert identities.prove(both, proof(OLD_SECRET))
    assert identities.prove(both, proof(SECRET))


def test_a_signed_session_belongs_to_its_inbox_and_ends(
    identities: Identities, clock: Clock
) -> None:
    token, _ = identities.prove(inbox(), proof())
    with pytest.raises(NotSignedInError):
        identities.recognise(inbox("i-2"), token)
    clock.ms += SIGNED_LIFE_MS
    with pytest.raises(ExpiredError):
        identities.recognise(inbox(), token)


def test_no_changed_letter_of_a_signed_session_is_believed(identities: Identities) -> None:
    token, visitor = identities.prove(inbox(), proof())
    for place in range(3, len(token)):
        letter = "A" if token[place] != "A" else "B"
        forged = token[:place] + letter + token[place + 1 :]
        try:
            assert identities.recognise(inbox(), forged) == visitor  # an unused bit of base64
        except NotSignedInError:
            continue
        assert place in {token.rindex(".") - 1, len(token) - 1}


def test_a_new_key_signs_and_the_old_one_still_opens(clock: Clock) -> None:
    token, visitor = Identities((b"old" * 11,), clock).prove(inbox(), proof())
    rotated = Identities((b"new" * 11, b"old" * 11), clock)
    assert rotated.recognise(inbox(), token) == visitor
    with pytest.raises(NotSignedInError):
        Identities((b"new" * 11,), clock).recognise(inbox(), token)
