"""Commands about inboxes."""

import argparse
import sys

from otklik.accounts import api as accounts
from otklik.app import switchboard
from otklik.inboxes.http import NewInbox, connect
from otklik.kernel.errors import SetupError
from otklik.parts import assembled
from otklik.platform.settings import Settings


async def add_channel(settings: Settings, words: argparse.Namespace) -> int:
    """Connect an inbox after trying its token."""
    token = sys.stdin.readline().strip() if words.token == "-" else words.token  # noqa: S105
    wish = NewInbox(
        channel=words.channel,
        title=words.title,
        settings={"api_base": words.api_base} if words.api_base else {},
        secrets={"token": token} if token else {},
    )
    async with assembled(settings) as parts:
        owner = await accounts.first_owner(parts.accounts)
        if owner is None:
            raise SetupError(
                "There is no account yet. Open one: otklik setup",
                "Аккаунта ещё нет. Создайте его: otklik setup",
            )
        inbox = await connect(switchboard(parts), owner.account_id, wish)
        print(f"{inbox.id}  {inbox.channel}  {inbox.title}  {inbox.public_key}")
    return 0


async def list_channels(settings: Settings, _words: argparse.Namespace) -> int:
    """Print every inbox with its state."""
    async with assembled(settings) as parts:
        for inbox in parts.registry.all():
            reason = f" ({inbox.state_reason})" if inbox.state_reason else ""
            print(f"{inbox.id}  {inbox.channel}  {inbox.title}  {inbox.state.value}{reason}")
    return 0
