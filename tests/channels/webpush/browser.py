"""A browser of our own: the key pair of RFC 8291, and how it opens what is pushed to it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CURVE = ec.SECP256R1()
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def b64(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def private_key(text: str = PRIVATE) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unb64(text), "big"), CURVE)


def opened(body: bytes) -> bytes:
    """Decrypt one record for this browser, step by step as RFC 8291 §4 and RFC 8188 §2 say."""
    salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    sender = body[21 : 21 + length]
    assert (size, length) == (4096, 65)
    assert len(body) <= 4096
    point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
    agreed = private_key().exchange(ec.ECDH(), point)
    secret = HKDF(SHA256(), 32, unb64(AUTH), b"WebPush: info\0" + unb64(P256DH) + sender)
    ikm = secret.derive(agreed)
    key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(ikm)
    nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(ikm)
    padded = AESGCM(key).decrypt(nonce, body[86:], None).rstrip(b"\0")
    assert padded[-1:] == b"\x02"
    return padded[:-1]
