"""The shop's accounts at the sandbox's messengers, each connected to an inbox of its own."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from otklik.accounts.types import Operator
from otklik.app import switchboard
from otklik.channels import CHANNELS
from otklik.inboxes.api import change_columns
from otklik.inboxes.http import NewInbox, connect
from otklik.inboxes.types import Inbox
from otklik.kernel.errors import OtklikError
from otklik.parts import Parts
from otklik.platform.writes import json_text
from sandbox.orders import NewAccount
from sandbox.platform import Platform
from sandbox.server import Sandbox
from sandbox.tea_shop import CUSTOMERS
from sandbox.world import Account

_KEPT = "sandbox.json"


class Stall(NamedTuple):
    """The shop at one messenger: what to fill into an inbox of that channel."""

    platform: Platform
    account: Account
    settings: Mapping[str, str]
    secrets: Mapping[str, str]


def set_up(sandbox: Sandbox, folder: Path, shop: str) -> list[Stall]:
    """Give the shop an account at every messenger we have a channel for; the same at every run."""
    kept_in = folder / _KEPT
    kept = (
        msgspec.json.decode(kept_in.read_bytes(), type=dict[str, NewAccount])
        if kept_in.exists()
        else {}
    )
    stalls = []
    for name, (platform, world) in sandbox.messengers.items():
        if name in CHANNELS:
            ask = kept.get(name) or NewAccount(title=shop)
            account = world.add(platform.new_account(world, ask))
            stalls.append(_stall(sandbox, platform, account))
            kept[name] = NewAccount(
                id=account.id,
                token=account.token,
                title=account.title,
                username=account.username,
                secrets=account.secrets,
            )
    folder.mkdir(parents=True, exist_ok=True)
    kept_in.write_bytes(msgspec.json.encode(kept))
    return stalls


def _stall(sandbox: Sandbox, platform: Platform, account: Account) -> Stall:
    manifest = CHANNELS[platform.id].manifest
    settings = {**account.settings, "api_base": f"{sandbox.origin}/{platform.id}"}
    secrets = {**account.secrets, "token": account.token}
    return Stall(
        platform,
        account,
        {name: settings[name] for name in manifest.settings if name in settings},
        {name: secrets[name] for name in manifest.secrets if name in secrets},
    )


def vouched_for(stalls: Iterable[Stall]) -> Iterator[str]:
    """Name the local servers of messengers that do not speak HTTP."""
    for stall in stalls:
        for name, host in stall.settings.items():
            port = stall.settings.get(name.replace("_host", "_port"))
            if name.endswith("_host") and port:
                yield f"{host}:{port}"


async def connect_all(parts: Parts, owner: Operator, stalls: Iterable[Stall]) -> None:
    """Connect what is not connected yet; point the rest at this run's addresses."""
    for stall in stalls:
        inbox = inbox_of(parts, stall.platform.id)
        if inbox is not None:
            await point_at(parts, inbox, stall.settings)
        elif not await _connected(parts, owner, stall):
            continue
        await _paste(parts, stall)


async def _connected(parts: Parts, owner: Operator, stall: Stall) -> bool:
    wish = NewInbox(
        channel=stall.platform.id, settings=dict(stall.settings), secrets=dict(stall.secrets)
    )
    try:
        await connect(switchboard(parts), owner.account_id, wish)
    except OtklikError as problem:
        print(f"  {stall.platform.title}: {problem.ru} {problem.en}", flush=True)
        return False
    return True


async def _paste(parts: Parts, stall: Stall) -> None:
    """Do what a business does by hand on the messenger's own settings page."""
    inbox = inbox_of(parts, stall.platform.id)
    if stall.platform.paste is None or inbox is None:
        return
    address = switchboard(parts).address_of(inbox.channel, inbox.public_key)
    if CHANNELS[inbox.channel].manifest.transport == "live":  # whose people come to us
        address = f"{parts.settings.public_url}/{inbox.channel}/v1/{inbox.public_key}"
    token = inbox.config.secrets.get("verify_token", "")
    await stall.platform.paste(stall.account, address, token)


async def point_at(parts: Parts, inbox: Inbox, addresses: Mapping[str, str]) -> None:
    """Change the settings of an inbox where they differ; the port may be another one."""
    known = inbox.config.settings
    if all(known.get(name) == value for name, value in addresses.items()):
        return
    settings = json_text({**known, **addresses})
    await parts.database.write(
        lambda connection: change_columns(
            connection, inbox.account_id, inbox.id, {"settings": settings}
        )
    )
    await parts.registry.reload()


def inbox_of(parts: Parts, channel: str) -> Inbox | None:
    """Find the demo's inbox of a channel."""
    return next((inbox for inbox in parts.registry.all() if inbox.channel == channel), None)


def guests(channels: Iterable[str]) -> dict[str, list[str]]:
    """Tell which customers write where: each at the first of their messengers that is there."""
    there = set(channels)
    found: dict[str, list[str]] = {}
    for customer in CUSTOMERS:
        place = next((name for name in customer.messengers if name in there), "telegram")
        found.setdefault(place, []).append(customer.username)
    return found
