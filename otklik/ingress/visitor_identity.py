"""Who a visitor is: the secret of a browser, or the word of the site's backend."""

import base64
import binascii
import hashlib
import hmac
import re
from typing import Any

import jwt
import msgspec

from otklik.inboxes.types import Inbox
from otklik.ingress.visitor_types import Visitor
from otklik.kernel.clock import Clock
from otklik.kernel.errors import NotSignedInError
from otklik.kernel.ids import new_secret

SIGNED_LIFE_MS = 12 * 3_600_000
"""How long a session lives that began with the site's proof; every page load may renew it."""

PROOF_LIFE_S = 3_600
SECRET_BYTES = 32

_LEEWAY_S = 60
_ANONYMOUS = re.compile(r"v1\.[A-Za-z0-9_-]{43}")
_SIGNED = "s1."
_FIELD_LIMIT = 200
_SECRETS = ("identity_secret", "identity_secret_previous")


class NotProvenError(NotSignedInError):
    """The proof of identity does not hold; `code` tells an app what to do about it."""

    code = "identity_refused"


class ExpiredError(NotProvenError):
    """The proof or the session that began with it ran out."""

    code = "identity_expired"
    en = "The sign-in has expired. The site has to confirm it again."
    ru = "Вход устарел. Сайт должен подтвердить его снова."


class _Sealed(msgspec.Struct, frozen=True, array_like=True):
    inbox_id: str
    expires_at: int
    visitor: Visitor


_sealed = msgspec.json.Decoder(_Sealed).decode


class Identities:
    """Makes and checks visitors' tokens. The first key signs, every key verifies."""

    def __init__(self, keys: tuple[bytes, ...], clock: Clock) -> None:
        self._keys = tuple(hmac.digest(key, b"visitor sessions", "sha256") for key in keys)
        self._clock = clock

    def stranger(self, locale: str = "") -> tuple[str, Visitor]:
        """Make a new anonymous visitor with the secret only their browser knows."""
        token = f"v1.{new_secret()}"
        return token, _anonymous(token, locale)

    def prove(self, inbox: Inbox, proof: str, locale: str = "") -> tuple[str, Visitor]:
        """Believe the site's JWT; give a session token that outlives it."""
        claims = _claims(inbox, proof, self._clock.now_ms() // 1000)
        visitor = Visitor(
            external_id=f"u:{claims['sub']}",
            evidence="signed",
            name=_claim(claims, "name"),
            email=_claim(claims, "email"),
            phone=_claim(claims, "phone"),
            locale=locale,
        )
        sealed = _Sealed(inbox.id, self._clock.now_ms() + SIGNED_LIFE_MS, visitor)
        body = msgspec.json.encode(sealed)
        return f"{_SIGNED}{_text(body)}.{_text(_mac(self._keys[0], body))}", visitor

    def recognise(self, inbox: Inbox, token: str, locale: str = "") -> Visitor:
        """Tell who carries a token; raises `NotSignedInError`."""
        if _ANONYMOUS.fullmatch(token):
            return _anonymous(token, locale)
        if not token.startswith(_SIGNED):
            raise NotSignedInError
        sealed = self._open(token.removeprefix(_SIGNED))
        if sealed is None or sealed.inbox_id != inbox.id:
            raise NotSignedInError
        if sealed.expires_at <= self._clock.now_ms():
            raise ExpiredError
        return sealed.visitor

    def _open(self, text: str) -> _Sealed | None:
        head, _, tail = text.partition(".")
        try:
            body, mac = _bytes(head), _bytes(tail)
        except (binascii.Error, ValueError):
            return None
        fits = [hmac.compare_digest(_mac(key, body), mac) for key in self._keys]
        return _sealed(body) if any(fits) else None


def _anonymous(token: str, locale: str) -> Visitor:
    digest = hashlib.sha256(token.encode()).hexdigest()
    return Visitor(external_id=f"v:{digest[:32]}", locale=locale)


def _claims(inbox: Inbox, proof: str, now_s: int) -> dict[str, Any]:
    """Verify with the present secret, then with the previous one while it is being changed."""
    secrets = [inbox.config.secrets.get(name, "") for name in _SECRETS]
    secrets = [secret for secret in secrets if len(secret.encode()) >= SECRET_BYTES]
    if not secrets:
        raise NotProvenError(
            "This inbox has no identity secret of at least 32 bytes.",
            "У этого подключения нет секрета личности хотя бы в 32 байта.",
        )
    reason: jwt.InvalidTokenError | None = None
    for secret in secrets:
        try:
            return _verified(proof, secret, now_s)
        except jwt.ExpiredSignatureError as error:
            raise ExpiredError from error
        except jwt.InvalidTokenError as error:
            reason = error
    raise NotProvenError(
        f"The identity is not accepted: {reason}.", f"Личность не подтверждена: {reason}."
    ) from reason


def _verified(proof: str, secret: str, now_s: int) -> dict[str, Any]:
    # Times are compared with our own clock, which tests can move; the library has no such clock.
    claims: dict[str, Any] = jwt.decode(
        proof,
        secret,
        algorithms=["HS256"],
        options={
            "require": ["exp", "iat", "sub"],
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        },
    )
    issued, expires, subject = claims["iat"], claims["exp"], claims["sub"]
    if not isinstance(issued, int | float) or not isinstance(expires, int | float):
        raise jwt.InvalidTokenError("exp and iat must be numbers")
    if not isinstance(subject, str) or not 0 < len(subject) <= _FIELD_LIMIT:
        raise jwt.InvalidTokenError(f"sub must be a text of 1 to {_FIELD_LIMIT} characters")
    if expires - issued > PROOF_LIFE_S:
        raise jwt.InvalidTokenError("exp may be at most one hour after iat")
    if issued > now_s + _LEEWAY_S:
        raise jwt.InvalidTokenError("iat is in the future")
    if expires <= now_s - _LEEWAY_S:
        raise jwt.ExpiredSignatureError("the proof has expired")
    return claims


def _claim(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name, "")
    return value.strip()[:_FIELD_LIMIT] if isinstance(value, str) else ""


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, "sha256")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    padded = text + "=" * (-len(text) % 4)
    return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
