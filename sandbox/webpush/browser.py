"""A visitor's browser: its subscription, and how it opens what is pushed to it (RFC 8291)."""

import base64
import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sandbox.world import Chat

_CURVE = ec.SECP256R1()
_HEAD = 86


class UnreadableError(Exception):
    """The body cannot be decrypted; the text tells at which step."""


def unb64(text: str) -> bytes:
    """Bytes of base64url without padding; raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def private_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(secret, "big"), _CURVE)


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_of(secret: str) -> str:
    """The public half of a VAPID key, both as base64url."""
    return b64(point(private_key(unb64(secret))))


def generation(chat: Chat) -> int:
    """How often this browser has subscribed before."""
    return int(chat.facts.get("generation", "0"))


def device(chat: Chat) -> str:
    """The last part of the endpoint: a new one with every subscription."""
    return f"{chat.person.id}-{generation(chat)}"


def keys(chat: Chat) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    """The browser's key and its shared secret, the same for one subscription."""
    seed = f"{chat.account.id}/{device(chat)}/{chat.account.secrets['vapid_key']}".encode()
    return private_key(hashlib.sha256(b"key" + seed).digest()), hashlib.sha256(seed).digest()[:16]


def endpoint(chat: Chat) -> str:
    return f"{chat.account.shared.origin()}/webpush/push/{chat.account.id}/{device(chat)}"


def subscription(chat: Chat) -> dict[str, str]:
    """The subscription as the site's script sends it."""
    key, auth = keys(chat)
    return {
        "endpoint": endpoint(chat),
        "p256dh": b64(point(key)),
        "auth": b64(auth),
        "key": public_of(chat.account.secrets["vapid_key"]),
    }


def opened(body: bytes, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """Decrypt the one record of a push; raises UnreadableError."""
    if len(body) < _HEAD + 17 or body[20] != 65:
        raise UnreadableError("the head of RFC 8188 is not there")
    if int.from_bytes(body[16:20], "big") < len(body) - _HEAD:
        raise UnreadableError("more than one record")
    salt, sender = body[:16], body[21:_HEAD]
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sender)
    except ValueError:
        raise UnreadableError("the sender's key is no point") from None
    agreed = key.exchange(ec.ECDH(), theirs)
    secret = _derived(agreed, auth, b"WebPush: info\0" + point(key) + sender, 32)
    content_key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    try:
        padded = AESGCM(content_key).decrypt(nonce, body[_HEAD:], None).rstrip(b"\0")
    except InvalidTag:
        raise UnreadableError("the seal is broken") from None
    if padded[-1:] != b"\x02":
        raise UnreadableError("the last record has no delimiter")
    return padded[:-1]


def _derived(secret: bytes, salt: bytes, purpose: bytes, size: int) -> bytes:
    return HKDF(SHA256(), size, salt, purpose).derive(secret)
