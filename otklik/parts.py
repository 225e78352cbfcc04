"""The parts of a running installation, put together from its settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple, TypedDict

from sqlalchemy import Connection

from otklik.accounts.api import Accounts, Passwords, Terms, Tickets
from otklik.channels import CHANNELS
from otklik.conversations.api import Avatars, Downloads, apply_results
from otklik.delivery.api import Sender
from otklik.delivery.jobs import DeliveryLoop, Outside
from otklik.events.api import Bell, Journal
from otklik.inboxes import api as inboxes
from otklik.inboxes.api import Ground, InboxRegistry
from otklik.ingress.append import Appender
from otklik.ingress.connections import Connections
from otklik.ingress.dispatcher import Dispatcher
from otklik.ingress.live import Hub
from otklik.ingress.mailbox import Watch
from otklik.ingress.platform_files import PlatformFiles
from otklik.ingress.presence import Presence
from otklik.ingress.replay import Replay
from otklik.kernel.clock import Clock, SystemClock
from otklik.platform.addresses import AddressPolicy, parse_vouched
from otklik.platform.backup import DATABASE_FILE, restored_marker
from otklik.platform.database import Database, open_database
from otklik.platform.file_links import FileLinks
from otklik.platform.files import FolderStore
from otklik.platform.http_client import GuardedClient, trusting
from otklik.platform.http_client import Limits as ClientLimits
from otklik.platform.loops import Loop
from otklik.platform.mail_client import MailClient
from otklik.platform.migrate import migrate
from otklik.platform.secret_box import SecretBox, open_secret_box
from otklik.platform.settings import Settings
from otklik.platform.signals import Signal
from otklik.retention import Retention
from otklik.search.jobs import Indexer
from otklik.webhooks import api as webhooks
from otklik.webhooks.jobs import WebhookLoop

_HOUR_MS = 3_600_000
_REGISTRY_EVERY_S = 3.0


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a process of the installation works with."""

    settings: Settings
    clock: Clock
    database: Database
    journal: Journal
    box: SecretBox
    files: FolderStore
    registry: InboxRegistry
    accounts: Accounts
    tickets: Tickets
    client: GuardedClient
    mail: MailClient
    hook_client: GuardedClient
    sender: Sender
    appender: Appender
    dispatcher: Dispatcher
    delivery: DeliveryLoop
    downloads: Downloads
    platform_files: PlatformFiles
    connections: Connections
    hub: Hub
    presence: Presence
    replay: Replay
    indexer: Indexer
    webhooks: WebhookLoop

    def loops(self) -> dict[str, Loop]:
        """Give the background loops of a serving process."""
        loops: dict[str, Loop] = {
            "append": self.appender.run,
            "live": self.hub.run,
            "inboxes": lambda: self.registry.follow(_REGISTRY_EVERY_S),
            "downloads": self.downloads.run,
            "connections": self.connections.run,
            "search": self.indexer.run,
            "retention": Retention(self.database, self.settings, self.clock).run,
        }
        if self.database.dialect == "postgresql":
            loops["dispatch"] = self.dispatcher.run
        if restored_marker(self.settings.folder) is None:
            # After a restore nothing leaves until a person confirms that it may.
            loops["delivery"] = self.delivery.run
            loops["webhooks"] = self.webhooks.run
        return loops


def database_of(settings: Settings) -> Database:
    """Open the database the settings name."""
    if settings.database_url:
        return open_database(settings.database_url)
    return open_database(f"sqlite:///{settings.folder / DATABASE_FILE}")


@asynccontextmanager
async def assembled(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Parts]:
    """Put a process together on a migrated store; let go of everything at the end."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    database = database_of(settings)
    policy = AddressPolicy(parse_vouched(settings.allow_private_hosts))
    limits = ClientLimits(connections=settings.outgoing_connections)
    try:
        await migrate(database)
        async with (
            GuardedClient(
                policy, limits=limits, authorities=trusting({"max": settings.ca_max})
            ) as client,
            GuardedClient(policy) as hook_client,
        ):
            stored = await database.read(_has_secrets)
            box = open_secret_box(settings.master_key, settings.folder, may_make=not stored)
            made = _made(settings, clock or SystemClock(), database, box, client, hook_client)
            await made.registry.reload()
            try:
                yield made
            finally:
                await made.mail.close()
    finally:
        await database.close()


def _has_secrets(connection: Connection) -> bool:
    return bool(inboxes.every(connection)) or webhooks.has_endpoints(connection)


def _made(
    settings: Settings,
    clock: Clock,
    database: Database,
    box: SecretBox,
    client: GuardedClient,
    hook_client: GuardedClient,
) -> Parts:
    bell = Bell()
    journal = Journal(database, bell)
    files = FolderStore(settings.folder / "files")
    registry = InboxRegistry(database, box)
    mail = MailClient(AddressPolicy(parse_vouched(settings.allow_private_hosts)))
    sender = Sender(client, mail, CHANNELS, files.open)
    ground = Ground(journal, registry, CHANNELS, clock)
    path = _hot_path(ground, sender, box, Watch(mail.policy, clock), settings.public_url)
    sending = _sending(ground, sender, client, files, (settings, box, path))
    return Parts(
        settings=settings,
        clock=clock,
        database=database,
        journal=journal,
        box=box,
        files=files,
        registry=registry,
        accounts=_accounts(settings, database, clock),
        tickets=Tickets(box.derive("tickets"), clock),
        client=client,
        mail=mail,
        hook_client=hook_client,
        sender=sender,
        appender=path.appender,
        dispatcher=path.dispatcher,
        connections=path.connections,
        delivery=sending.delivery,
        downloads=sending.downloads,
        platform_files=sending.platform_files,
        presence=Presence(),
        replay=Replay(ground),
        **_readers(bell, database, box, hook_client, clock),
    )


class _HotPath(NamedTuple):
    appender: Appender
    dispatcher: Dispatcher
    connections: Connections
    applied: Signal


def _hot_path(
    ground: Ground, sender: Sender, box: SecretBox, watch: Watch, public_url: str
) -> _HotPath:
    log_grew, applied = Signal(), Signal()
    appender = Appender(ground, log_grew, applied)
    dispatcher = Dispatcher(ground, applied)
    log_grew.connect(dispatcher.wake)
    connections = Connections(ground, sender, appender, box, watch, public_url)
    return _HotPath(appender, dispatcher, connections, applied)


class _Sending(NamedTuple):
    delivery: DeliveryLoop
    downloads: Downloads
    platform_files: PlatformFiles


def _sending(
    ground: Ground,
    sender: Sender,
    client: GuardedClient,
    files: FolderStore,
    around: tuple[Settings, SecretBox, _HotPath],
) -> _Sending:
    """Make what goes out to platforms and fetches from them."""
    settings, box, path = around
    links = FileLinks(box.derive("platform files"))
    platform_files = PlatformFiles(ground, files, links, settings.public_url)
    downloads = Downloads(
        ground,
        sender,
        client,
        files,
        at_once=settings.download_concurrency,
        limit=settings.upload_limit_bytes,
    )
    delivery = DeliveryLoop(
        ground,
        sender,
        apply_results,
        path.connections.refused,
        Outside(platform_files.link, Avatars(ground.journal, downloads, ground.clock).keep),
    )
    path.applied.connect(delivery.wake)
    path.applied.connect(downloads.wake)
    return _Sending(delivery, downloads, platform_files)


class _Readers(TypedDict):
    hub: Hub
    indexer: Indexer
    webhooks: WebhookLoop


def _readers(
    bell: Bell, database: Database, box: SecretBox, client: GuardedClient, clock: Clock
) -> _Readers:
    """Make whoever follows the announced changes."""
    hub = Hub(database)
    indexer = Indexer(database)
    sending = WebhookLoop(database, box, client, clock)
    bell.listen(hub.ring)
    bell.listen(indexer.ring)
    bell.listen(lambda _accounts: sending.wake())
    return {"hub": hub, "indexer": indexer, "webhooks": sending}


def _accounts(settings: Settings, database: Database, clock: Clock) -> Accounts:
    terms = Terms(settings.session_idle_hours * _HOUR_MS, settings.session_days * 24 * _HOUR_MS)
    return Accounts(database, clock, Passwords(), terms, settings.public_url)
