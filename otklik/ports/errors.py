"""The table of a platform's errors, `errors.toml`: what each code means and what to do about it."""

from collections.abc import Mapping
from importlib.resources import files

import msgspec

from otklik.ports.outbound import Refusal, RefusalKind


class KnownError(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One code of a platform, with a sentence and a remedy a person can act on."""

    code: str
    kind: RefusalKind
    en: str
    ru: str
    remedy_en: str
    remedy_ru: str
    everywhere: bool = False
    """It concerns the whole credential, not one chat."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    error: tuple[KnownError, ...]


class ErrorTable(msgspec.Struct, frozen=True):
    """What a platform's codes mean."""

    known: Mapping[str, KnownError]

    @classmethod
    def load(cls, package: str) -> "ErrorTable":
        """Read the table of a channel's package; raises when it is not one."""
        text = files(package).joinpath("errors.toml").read_bytes()
        rows = msgspec.toml.decode(text, type=_File).error
        table = {row.code: row for row in rows}
        if len(table) != len(rows):
            raise ValueError(f"{package}: a code stands twice in errors.toml")
        return cls(table)

    def refusal(
        self,
        code: str,
        detail: str,
        *,
        retry_after_s: float = 0.0,
        otherwise: RefusalKind = RefusalKind.OTHER,
    ) -> Refusal:
        """Say in our words why a platform refused; `otherwise`: for a code not in the table."""
        row = self.known.get(code)
        return Refusal(
            kind=otherwise if row is None else row.kind,
            detail=detail[:300] or f"error {code}",
            retry_after_s=retry_after_s,
            everywhere=row is not None and row.everywhere,
            code=code if row is not None else "",
        )
