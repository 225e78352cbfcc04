"""Files of conversations: taken in, described by their content, and given out."""

import asyncio
import random
from collections.abc import AsyncIterable
from functools import partial
from typing import NamedTuple

import structlog
from sqlalchemy import Connection

from otklik.contacts import api as contacts
from otklik.conversations import shelf, store
from otklik.conversations.types import AttachmentRow, AttachmentState, FileRow
from otklik.delivery.api import Sender
from otklik.events.api import Journal, Ledger, settle
from otklik.inbound import api as inbound
from otklik.inboxes.api import Ground
from otklik.inboxes.types import Inbox
from otklik.kernel.clock import Clock
from otklik.kernel.errors import InvalidError, NotFoundError, TooLargeError, UnavailableError
from otklik.kernel.ids import FileId
from otklik.platform.file_types import FileType, safe_name, sniff
from otklik.platform.files import FileStore, StoredFile
from otklik.platform.http_client import GuardedClient
from otklik.platform.http_outcomes import Downloaded, TooLarge
from otklik.ports.channel import FoundFile, HeldFile, Located, Outbound, Refusal, RefusalKind
from otklik.ports.message import MessageKind
from otklik.ports.steps import converse

_LEASE_MS = 120_000
_TRIES = 6
_FIRST_DELAY_MS = 2_000
_IDLE_S = 2.0

_log = structlog.get_logger("otklik.files")


class Wanted(NamedTuple):
    """A file to fetch, by the channel's reference, and what is told of it."""

    account_id: str
    ref: str
    name: str
    mime: str


class Upload(NamedTuple):
    """What is told of a file that is being uploaded; `limit` in bytes."""

    account_id: str
    contact_id: str
    name: str
    declared: str
    limit: int


async def take_in(
    files: FileStore,
    journal: Journal,
    clock: Clock,
    chunks: AsyncIterable[bytes],
    upload: Upload,
) -> FileRow:
    """Store an uploaded file; its kind is judged by its content, not by its name."""
    stored = await files.save(chunks, upload.limit)
    found = sniff(stored.head, upload.name, upload.declared)
    if not found.agrees:
        await files.delete(stored.file_id)
        raise InvalidError(
            "The file is not what its name says. Save it again in its own format.",
            "Содержимое файла не совпадает с его названием. Сохраните его заново.",
            field="file",
        )
    owner = (upload.account_id, upload.contact_id)
    row = described(stored, found, owner, upload.name, clock.now_ms())
    await journal.database.write(lambda connection: store.insert_file(connection, row))
    return row


def described(
    stored: StoredFile, found: FileType, owner: tuple[str, str], name: str, now: int
) -> FileRow:
    """Make the row of a stored file; `owner` is its account and the contact who sent it, if any."""
    account_id, contact_id = owner
    return FileRow(
        id=stored.file_id,
        account_id=account_id,
        contact_id=contact_id,
        name=safe_name(name),
        mime=found.mime,
        kind=found.kind,
        size=stored.size,
        width=found.width,
        height=found.height,
        inline=int(found.inline),
        sha256=stored.sha256,
        created_at=now,
    )


def find(connection: Connection, account_id: str, file_id: str) -> FileRow:
    """Find a file of the account; raises `NotFoundError`."""
    row = store.files_of_ids(connection, account_id, [file_id]).get(file_id)
    if row is None:
        raise NotFoundError
    return row


class Downloads:
    """Fetches the files of received messages from their platforms, each by a task of its own.

    A slow file takes one of the places, and holds up nobody else's.
    """

    def __init__(
        self,
        ground: Ground,
        sender: Sender,
        client: GuardedClient,
        files: FileStore,
        *,
        at_once: int,
        limit: int,
    ) -> None:
        self._journal = ground.journal
        self._registry = ground.inboxes
        self._channels = ground.channels
        self._clock = ground.clock
        self._sender = sender
        self._client = client
        self._files = files
        self._at_once = at_once
        self._limit = limit
        self._wake = asyncio.Event()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Look for due downloads now."""
        self._wake.set()

    async def run(self) -> None:
        """Download for ever."""
        try:
            while True:
                try:
                    started = await self.round()
                except UnavailableError:
                    started = 0
                if not started:
                    await settle(_IDLE_S, self._wake)
        finally:
            for task in self._tasks.values():
                task.cancel()

    async def round(self) -> int:
        """Start fetching what is due and has a place; give how many files were started."""
        if len(self._tasks) >= self._at_once:
            return 0  # the next to end wakes the loop
        now = self._clock.now_ms()
        if not await self._journal.database.read(lambda c: self._due(c, now)):
            return 0  # nearly always: a look costs less than a turn of the writer

        def claim(connection: Connection) -> list[tuple[AttachmentRow, str]]:
            due = self._due(connection, now)
            for row, _ in due:
                values = {"due_at": now + _LEASE_MS, "tries": row.tries + 1}
                store.change_attachment(connection, row.account_id, row.id, values)
            return due

        due = await self._journal.database.write(claim)
        for row, inbox_id in due:
            task = asyncio.create_task(self._fetch(row, inbox_id))
            self._tasks[row.id] = task
            task.add_done_callback(partial(self._ended, row.id))
        return len(due)

    def _due(self, connection: Connection, now: int) -> list[tuple[AttachmentRow, str]]:
        """Give what is due and not under way here: a slow file may outlive its lease."""
        busy = len(self._tasks)
        due = store.due_attachments(connection, now, self._at_once + busy)
        return [one for one in due if one[0].id not in self._tasks][: self._at_once - busy]

    def _ended(self, attachment_id: str, task: asyncio.Task[None]) -> None:
        del self._tasks[attachment_id]
        self.wake()
        if not task.cancelled() and (error := task.exception()) is not None:
            # Its lease ends by itself, and the try is counted.
            _log.warning("files.not_noted", attachment=attachment_id, error=repr(error))

    async def _fetch(self, row: AttachmentRow, inbox_id: str) -> None:
        outcome: FileRow | AttachmentState | None = AttachmentState.FAILED
        if row.tries < _TRIES:
            try:
                outcome = await self._outcome(row, inbox_id)
            except Exception as error:  # noqa: BLE001 - whatever breaks on a file breaks it alone
                _log.warning("files.download_broke", attachment=row.id, error=repr(error))
                outcome = None
        if outcome is None and row.tries + 1 < _TRIES:
            await self._postpone(row)
        else:
            await self._settle(row, outcome or AttachmentState.FAILED)

    async def _outcome(self, row: AttachmentRow, inbox_id: str) -> FileRow | AttachmentState | None:
        inbox = self._registry.by_id(inbox_id)
        if inbox is None:  # another process may have connected it a moment ago
            await self._registry.reload()
            inbox = self._registry.by_id(inbox_id)
        outbound = None if inbox is None else self._channels[inbox.channel].outbound
        if inbox is None or outbound is None:
            return AttachmentState.FAILED
        wanted = Wanted(row.account_id, row.ref, row.name, row.mime)
        return await self._download(wanted, inbox, outbound)

    async def picture(self, account_id: str, inbox: Inbox, ref: str) -> FileRow | None:
        """Fetch a contact's picture; None when there is none to be had."""
        outbound = self._channels[inbox.channel].outbound
        if outbound is None:
            return None
        got = await self._download(Wanted(account_id, ref, "avatar", "image/jpeg"), inbox, outbound)
        return got if isinstance(got, FileRow) and got.kind is MessageKind.PICTURE else None

    async def _postpone(self, row: AttachmentRow) -> None:
        delay = _FIRST_DELAY_MS * 4**row.tries * (0.5 + random.random() / 2)  # noqa: S311
        values = {"due_at": self._clock.now_ms() + int(delay)}
        await self._journal.database.write(
            lambda connection: store.change_attachment(connection, row.account_id, row.id, values)
        )

    async def _download(
        self, row: Wanted, inbox: Inbox, outbound: Outbound
    ) -> FileRow | AttachmentState | None:
        """Give the stored file, a final state, or None to try again later."""
        found: Located | Refusal = await converse(
            self._sender.ask, lambda answers: outbound.locate(row.ref, inbox.config, answers)
        )
        if isinstance(found, Refusal):
            return _final(found)
        if isinstance(found, HeldFile):
            return await self._unpack(row, inbox, found)
        if not isinstance(found, FoundFile):
            return AttachmentState.FAILED
        if found.size > self._limit:
            return AttachmentState.TOO_LARGE
        return await self._pour(row, found)

    async def _unpack(
        self, row: Wanted, inbox: Inbox, found: HeldFile
    ) -> FileRow | AttachmentState:
        """Store a file that came inside the body that brought the message."""
        take_out = self._channels[inbox.channel].held
        body = await self._journal.database.read(
            lambda connection: inbound.body_of(connection, row.account_id, inbox.id, found.key)
        )
        if take_out is None or body is None:
            return AttachmentState.FAILED
        try:
            content = await asyncio.to_thread(take_out, bytes(body), found.path)
        except LookupError:
            return AttachmentState.FAILED
        if len(content) > self._limit:
            return AttachmentState.TOO_LARGE
        async with self._files.create(self._limit) as new:
            await new.write(content)
            stored = await new.keep()
        kind = sniff(stored.head, row.name, row.mime)
        return described(stored, kind, (row.account_id, ""), row.name, self._clock.now_ms())

    async def _pour(self, row: Wanted, found: FoundFile) -> FileRow | AttachmentState | None:
        try:
            async with self._files.create(self._limit) as new:
                got = await self._client.download(found.request, new.write, self._limit)
                if isinstance(got, TooLarge):
                    return AttachmentState.TOO_LARGE
                if not isinstance(got, Downloaded):
                    _log.info(
                        "files.download_waits", account=row.account_id, why=type(got).__name__
                    )
                    return None
                stored = await new.keep()
        except TooLargeError:
            return AttachmentState.TOO_LARGE
        if found.sha256 not in {"", stored.sha256}:  # torn on the way: another try may be whole
            _log.warning("files.other_bytes", account=row.account_id)
            await self._files.delete(stored.file_id)
            return None
        kind = sniff(stored.head, row.name, row.mime)
        return described(stored, kind, (row.account_id, ""), row.name, self._clock.now_ms())

    async def _settle(self, row: AttachmentRow, outcome: FileRow | AttachmentState) -> None:
        now = self._clock.now_ms()

        def work(connection: Connection, ledger: Ledger) -> None:
            if isinstance(outcome, FileRow):
                store.insert_file(connection, outcome)
                values = stored_values(row, outcome)
            else:
                values = {"state": outcome.value, "due_at": None}
            store.change_attachment(connection, row.account_id, row.id, values)
            message = store.message(connection, row.account_id, row.message_id)
            if message is not None:
                people = contacts.people_of_contacts(
                    connection, row.account_id, [message.contact_id]
                )
                name = people[0].contact_name if people else ""
                shelf.announce_changed(connection, ledger, [message], lambda _row: name, now)

        await self._journal.write([row.account_id], work)


def stored_values(row: AttachmentRow, file: FileRow) -> dict[str, object]:
    """Give what an attachment learns when its file is here."""
    return {
        "state": AttachmentState.STORED.value,
        "file_id": FileId(file.id),
        "mime": file.mime,
        "size": file.size,
        "width": file.width or row.width,
        "height": file.height or row.height,
        "name": row.name or file.name,
        "due_at": None,
    }


def _final(refusal: Refusal) -> AttachmentState | None:
    match refusal.kind:
        case RefusalKind.BAD_MEDIA | RefusalKind.TOO_LONG:
            return AttachmentState.TOO_LARGE
        case RefusalKind.GONE | RefusalKind.OTHER:
            return AttachmentState.FAILED
        case _:
            return None
