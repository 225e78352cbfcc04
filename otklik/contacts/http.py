"""Contacts over HTTP."""

from dataclasses import dataclass

from litestar import Router, get, patch
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody, SkipValidation

from otklik.accounts.http import TheCaller
from otklik.accounts.types import Scope
from otklik.contacts import service
from otklik.contacts.types import ContactPatch, ContactView
from otklik.events.api import Journal
from otklik.kernel.clock import Clock
from otklik.platform.web import require


@dataclass(frozen=True, slots=True)
class ContactBook:
    """What the handlers of contacts work with."""

    journal: Journal
    clock: Clock


TheBook = NamedDependency[SkipValidation[ContactBook]]


@get("/contacts/{contact_id:str}", guards=[require(Scope.CONTACTS_READ)], tags=["contacts"])
async def get_contact(contact_id: FromPath[str], caller: TheCaller, book: TheBook) -> ContactView:
    """Show a contact with their addresses and where they came from."""
    return await book.journal.database.read(
        lambda connection: service.view(connection, caller.account_id, contact_id)
    )


@patch("/contacts/{contact_id:str}", guards=[require(Scope.CONTACTS_WRITE)], tags=["contacts"])
async def change_contact(
    contact_id: FromPath[str], data: JSONBody[ContactPatch], caller: TheCaller, book: TheBook
) -> ContactView:
    """Change what we know of a contact."""
    now = book.clock.now_ms()
    return await book.journal.write(
        [caller.account_id],
        lambda connection, ledger: service.change(
            connection, ledger, caller.account_id, contact_id, data, now
        ),
    )


def contacts_router(book: ContactBook) -> Router:
    """Give the routes of contacts."""
    return Router(
        path="/api/v1",
        route_handlers=[get_contact, change_contact],
        dependencies={"book": Provide(lambda: book, sync_to_thread=False)},
    )
