"""Commands that serve, look and describe."""

import argparse
import shutil
import tempfile

import msgspec

from otklik import serving
from otklik.accounts import api as accounts
from otklik.app import DESK, WIDGET, application, openapi_of
from otklik.health import Health
from otklik.inboxes.types import InboxState
from otklik.parts import Parts, assembled
from otklik.platform.backup import restored_marker
from otklik.platform.settings import Settings

_MEBIBYTE = 1_048_576


async def serve(settings: Settings, _words: argparse.Namespace) -> int:
    """Serve until stopped."""
    with serving.listen(settings.host, settings.port) as listening:
        async with assembled(settings) as parts:

            async def ready(address: str) -> None:
                print(f"Otklik: {settings.public_url or address}", flush=True)
                if await accounts.first_owner(parts.accounts) is None:
                    print("There is no account yet: otklik setup", flush=True)

            await serving.serve(application(parts), listening, ready)
    return 0


async def doctor(settings: Settings, _words: argparse.Namespace) -> int:
    """Print what is in order and what is not; 1 when something needs a person."""
    async with assembled(settings) as parts:
        found = await _findings(parts)
    for good, line in found:
        print(f"{'ok  ' if good else 'FAIL'}  {line}")
    return 0 if all(good for good, _ in found) else 1


async def _findings(parts: Parts) -> list[tuple[bool, str]]:
    settings = parts.settings
    state = await Health(parts).readiness()
    free = shutil.disk_usage(settings.folder).free // _MEBIBYTE
    found = [(good, name) for name, good in state.checks.items()]
    found.append((free > 512, f"free disk: {free} MB"))
    found.append((DESK.exists(), "the desk is built (make demo builds it)"))
    found.append((WIDGET.exists(), "the widget is built (make demo builds it)"))
    owner = await accounts.first_owner(parts.accounts)
    found.append((owner is not None, "there is an account (otklik setup)"))
    found.append((restored_marker(settings.folder) is None, "sending is not held by a restore"))
    found += [
        (
            inbox.state is not InboxState.NEEDS_ATTENTION,
            f"inbox {inbox.title}: {inbox.state.value} {inbox.state_reason}".rstrip(),
        )
        for inbox in parts.registry.all()
    ]
    return found


async def openapi(settings: Settings, _words: argparse.Namespace) -> int:
    """Print the description of the API; needs no data folder."""
    with tempfile.TemporaryDirectory() as folder:
        aside = msgspec.structs.replace(settings, data_dir=folder, database_url="")
        async with assembled(aside) as parts:
            print(openapi_of(parts))
    return 0
