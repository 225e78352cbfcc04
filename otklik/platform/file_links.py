"""Signed links to files: short-lived, bound to one file and one reader."""

import hmac
from base64 import urlsafe_b64encode

_STEP_S = 300
_LONGEST_S = 900


class FileLinks:
    """Signs with the first key (32 bytes each), accepts every one.

    `reader` is whom the link is for (an account, a visitor's conversation): the same file and
    expiry signed for another one does not open.
    """

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        self._keys = keys

    def link(self, file_id: str, reader: str, now_ms: int) -> str:
        """Give a path that opens for 10 to 15 minutes; the same one for 5, so browsers cache it."""
        expires = (now_ms // 1_000 // _STEP_S) * _STEP_S + _LONGEST_S
        sig = _sign(self._keys[0], file_id, reader, expires)
        return f"/files/{file_id}?expires={expires}&sig={sig}"

    def opens(self, file_id: str, reader: str, expires: str, sig: str, now_ms: int) -> bool:
        """Tell whether a link's parts are ours and still good."""
        if not (expires.isascii() and expires.isdigit() and len(expires) <= 12):
            return False
        until = int(expires)
        if not 0 < until - now_ms // 1_000 <= _LONGEST_S:
            return False
        given = sig.encode(errors="replace")
        return any(
            hmac.compare_digest(_sign(key, file_id, reader, until).encode(), given)
            for key in self._keys
        )


def _sign(key: bytes, file_id: str, reader: str, expires: int) -> str:
    said = "\0".join((file_id, reader, str(expires)))  # NUL is in none of them
    return urlsafe_b64encode(hmac.digest(key, said.encode(), "sha256")).decode().rstrip("=")
