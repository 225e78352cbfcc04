"""Encryption of a push message for one browser: RFC 8291 over RFC 8188, one record."""

import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LONGEST = 3993
"""Bytes of a plaintext: sealed it is 4,096, and more no push service takes."""

_RECORD = 4096
_LAST = b"\x02"
_CURVE = ec.SECP256R1()


def sealed(plain: bytes, p256dh: bytes, auth: bytes) -> bytes:
    """Encrypt under a fresh key; raises `ValueError` when the browser's key is no point."""
    return sealed_with(plain, p256dh, auth, ec.generate_private_key(_CURVE), os.urandom(16))


def sealed_with(
    plain: bytes, p256dh: bytes, auth: bytes, ours: ec.EllipticCurvePrivateKey, salt: bytes
) -> bytes:
    """Encrypt under a given key and salt, each to be used once."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, p256dh)
    point = public_point(ours)
    agreed = ours.exchange(ec.ECDH(), theirs)
    secret = _derived(agreed, auth, b"WebPush: info\0" + p256dh + point, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + _RECORD.to_bytes(4, "big") + bytes((len(point),)) + point
    return head + AESGCM(key).encrypt(nonce, plain + _LAST, None)


def public_point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Give the public half, 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, purpose: bytes, size: int) -> bytes:
    return HKDF(SHA256(), size, salt, purpose).derive(secret)
