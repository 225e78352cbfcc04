"""Commands about accounts and sign-in links."""

import argparse

from otklik.accounts import api as accounts
from otklik.kernel.errors import ConflictError, InvalidError, SetupError
from otklik.parts import Parts, assembled
from otklik.platform.settings import Settings


async def setup(settings: Settings, words: argparse.Namespace) -> int:
    """Open the first account and print where its owner signs in."""
    async with assembled(settings) as parts:
        if await accounts.first_owner(parts.accounts) is not None:
            raise ConflictError(
                "There is an account already. For a new sign-in link: otklik link",
                "Аккаунт уже есть. Новая ссылка для входа: otklik link",
            )
        owner = await accounts.create_account(parts.accounts, words.title, locale=settings.locale)
        print(await sign_in_address(parts, owner.account_id, owner.id))
    return 0


async def link(settings: Settings, words: argparse.Namespace) -> int:
    """Print a one-time sign-in link."""
    async with assembled(settings) as parts:
        owner = await accounts.first_owner(parts.accounts)
        if owner is None:
            raise SetupError(
                "There is no account yet. Open one: otklik setup",
                "Аккаунта ещё нет. Создайте его: otklik setup",
            )
        operator_id = str(owner.id)
        if words.email:
            operator_id = await _by_email(parts, owner.account_id, words.email)
        print(await sign_in_address(parts, owner.account_id, operator_id))
    return 0


async def sign_in_address(parts: Parts, account_id: str, operator_id: str) -> str:
    """Give a one-time link as an address to open."""
    issued = await accounts.issue_link(parts.accounts, account_id, operator_id)
    if parts.settings.public_url:
        return issued
    return f"http://{_reachable(parts.settings.host)}:{parts.settings.port}{issued}"


def _reachable(host: str) -> str:
    """Give a host a browser on this machine can open: one that means "everywhere" is none."""
    if host in {"", "0.0.0.0", "::"}:  # noqa: S104 - compared with, not bound to
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


async def _by_email(parts: Parts, account_id: str, email: str) -> str:
    for operator in await accounts.list_operators(parts.accounts, account_id):
        if operator.email.lower() == email.lower() and operator.active:
            return operator.id
    raise InvalidError(
        f"No active operator has the e-mail {email}.",
        f"Нет активного оператора с почтой {email}.",
        field="--email",
    )
