"""Secrets at rest: sealed with AES-256-GCM under a key ring, bound to the row they belong to."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from otklik.kernel.errors import SetupError

KEY_FILE_NAME = "master.key"
_KEY_BYTES = 32
_FORMAT = b"\x01"
_ID_BYTES = 4
_NONCE_BYTES = 12
_HEAD_BYTES = len(_FORMAT) + _ID_BYTES + _NONCE_BYTES
_LEAST_DISTINCT = 12  # 32 random bytes hold fewer distinct ones about once in 10^12
_decode = msgspec.msgpack.Decoder(dict[str, str]).decode


class SealBrokenError(Exception):
    """Sealed bytes that were changed, moved to another row, or sealed with an absent key."""


class SecretBox:
    """Seals and unseals. The first key seals; every key of the ring unseals.

    A sealed value is format (1 byte), key id (4), nonce (12), ciphertext and tag.
    """

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        if not keys:
            raise SetupError("There is no master key.", "Нет главного ключа.", field="master_key")
        for key in keys:
            _refuse_weak(key)
        self._keys = keys
        self._ring = {_key_id(key): AESGCM(key) for key in keys}
        self._sealing = _key_id(keys[0])

    def __repr__(self) -> str:
        """Tell nothing of the keys."""
        return f"SecretBox({len(self._ring)} keys)"

    def seal(self, values: Mapping[str, str], context: str) -> bytes:
        """Seal named secrets; they open only with the same context (account and row id)."""
        head = _FORMAT + self._sealing
        nonce = os.urandom(_NONCE_BYTES)
        plain = msgspec.msgpack.encode(dict(values))
        sealed = self._ring[self._sealing].encrypt(nonce, plain, head + context.encode())
        return head + nonce + sealed

    def unseal(self, sealed: bytes, context: str) -> dict[str, str]:
        """Open sealed secrets; raises `SealBrokenError` when they are not what was sealed."""
        key = self._ring.get(sealed[1 : 1 + _ID_BYTES])
        if sealed[:1] != _FORMAT or key is None or len(sealed) <= _HEAD_BYTES:
            raise SealBrokenError("sealed with a key that is not in the ring, or not sealed at all")
        head = sealed[: 1 + _ID_BYTES]
        nonce = sealed[1 + _ID_BYTES : _HEAD_BYTES]
        try:
            plain = key.decrypt(nonce, sealed[_HEAD_BYTES:], head + context.encode())
        except InvalidTag as error:
            raise SealBrokenError("changed, or moved from another row") from error
        return _decode(plain)

    def is_current(self, sealed: bytes) -> bool:
        """Tell whether a value was sealed with the first key of the ring."""
        return sealed[: 1 + _ID_BYTES] == _FORMAT + self._sealing

    def rotate(self, sealed: bytes, context: str) -> bytes:
        """Seal a value again with the first key; a current one comes back unchanged."""
        if self.is_current(sealed):
            return sealed
        return self.seal(self.unseal(sealed, context), context)

    def derive(self, purpose: str) -> tuple[bytes, ...]:
        """Give 32-byte keys for signing, one per key of the ring; the first one signs."""
        return tuple(
            hmac.digest(key, b"otklik derived key: " + purpose.encode(), "sha256")
            for key in self._keys
        )


def open_secret_box(master_key: str, data_dir: Path, *, may_make: bool = True) -> SecretBox:
    """Take the key ring from the setting, or from the key file, made at the first start.

    `master_key`: base64 keys separated by commas, the newest first. `may_make` is false once
    secrets are stored: then a missing file is a loss to report, not a first start.
    """
    if master_key:
        return SecretBox(_read_ring(master_key, "OTKLIK_MASTER_KEY"))
    path = data_dir / KEY_FILE_NAME
    if may_make and not path.exists():
        _make_key_file(path)
    return SecretBox(_read_ring(_read_key_file(path), str(path)))


def new_master_key() -> str:
    """Give a fresh key as base64."""
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def add_key(data_dir: Path) -> None:
    """Put a fresh key before the others of the key file; old values open with the old ones."""
    path = data_dir / KEY_FILE_NAME
    _written_private(path, new_master_key() + "\n" + _read_key_file(path)).replace(path)


def _make_key_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = _written_private(path, new_master_key() + "\n")
    try:
        os.link(fresh, path)  # whole or not at all, and never over another process's key
    except FileExistsError:
        return
    finally:
        fresh.unlink()


def _written_private(path: Path, text: str) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)  # 0600 by itself
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _read_key_file(path: Path) -> str:
    try:
        mode = path.stat().st_mode & 0o077
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(
            f"The key file {path} cannot be read ({type(error).__name__}). "
            "Restore it from its copy or mend its permissions.",
            f"Файл ключа {path} не читается ({type(error).__name__}). "
            "Верните его из копии или исправьте права.",
            field="master_key",
        ) from error
    if mode:
        raise SetupError(
            f"The key file {path} is open to others. Run: chmod 600 {path}",
            f"Файл ключа {path} открыт посторонним. Выполните: chmod 600 {path}",
            field="master_key",
        )
    return text


def _read_ring(text: str, place: str) -> tuple[bytes, ...]:
    parts = text.replace(",", " ").split()
    try:
        return tuple(base64.b64decode(part, altchars=b"-_", validate=True) for part in parts)
    except binascii.Error as error:
        raise SetupError(
            f"The master key in {place} is not base64. Make one with: openssl rand -base64 32",
            f"Главный ключ в {place} — не base64. Создайте новый: openssl rand -base64 32",
            field="master_key",
        ) from error


def _refuse_weak(key: bytes) -> None:
    if len(key) != _KEY_BYTES or len(set(key)) < _LEAST_DISTINCT:
        raise SetupError(
            "The master key is weak: it must be 32 random bytes. "
            "Make one with: openssl rand -base64 32",
            "Главный ключ слабый: нужны 32 случайных байта. "
            "Создайте новый: openssl rand -base64 32",
            field="master_key",
        )


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"otklik key id" + key).digest()[:_ID_BYTES]
