"""Contacts over HTTP."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from litestar import Router, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody, SkipValidation

from otklik.accounts.http import TheCaller
from otklik.accounts.types import Caller, Scope
from otklik.contacts import deciding, editing, service, store
from otklik.contacts.deciding import Decision
from otklik.contacts.regrouping import Follow
from otklik.contacts.types import (
    ContactPatch,
    ContactView,
    LinkingRules,
    MergeWish,
    ProposalView,
    SplitWish,
)
from otklik.events.api import Journal
from otklik.kernel.clock import Clock
from otklik.platform.web import require

T = TypeVar("T")
READ, WRITE = require(Scope.CONTACTS_READ), require(Scope.CONTACTS_WRITE)


@dataclass(frozen=True, slots=True)
class ContactBook:
    """What the handlers of contacts work with; `follow` lets conversations go with their people."""

    journal: Journal
    clock: Clock
    follow: Follow

    async def decide(self, caller: Caller, work: Callable[[Decision], T]) -> T:
        """Let an operator decide who is who, in one transaction."""
        now, by = self.clock.now_ms(), author_of(caller)
        return await self.journal.write(
            [caller.account_id],
            lambda connection, ledger: work(
                Decision(connection, ledger, caller.account_id, by, now, self.follow)
            ),
        )


def author_of(caller: Caller) -> str:
    """Name who decides: an operator, or the key of a program."""
    return str(caller.operator_id or caller.api_key_id)


TheBook = NamedDependency[SkipValidation[ContactBook]]


@get("/contacts/{contact_id:str}", guards=[READ], tags=["contacts"])
async def get_contact(contact_id: FromPath[str], caller: TheCaller, book: TheBook) -> ContactView:
    """Show a contact with their addresses, what links them, and where they came from."""
    return await book.journal.database.read(
        lambda connection: service.view(connection, caller.account_id, contact_id)
    )


@patch("/contacts/{contact_id:str}", guards=[WRITE], tags=["contacts"])
async def change_contact(
    contact_id: FromPath[str], data: JSONBody[ContactPatch], caller: TheCaller, book: TheBook
) -> ContactView:
    """Change what we know of a contact."""
    return await book.decide(caller, lambda decision: editing.change(decision, contact_id, data))


@get("/contacts/{contact_id:str}/proposals", guards=[READ], tags=["contacts"])
async def list_proposals(
    contact_id: FromPath[str], caller: TheCaller, book: TheBook
) -> list[ProposalView]:
    """Show who might be the same person, and why."""
    return await book.journal.database.read(
        lambda connection: deciding.proposals(connection, caller.account_id, contact_id)
    )


@post(
    "/contacts/{contact_id:str}/proposals/{other_id:str}/accept",
    guards=[WRITE],
    status_code=200,
    tags=["contacts"],
)
async def accept_proposal(
    contact_id: FromPath[str], other_id: FromPath[str], caller: TheCaller, book: TheBook
) -> ContactView:
    """Say that they are one person: makes one contact of two."""
    return await book.decide(caller, lambda decision: decision.merge(contact_id, other_id))


@post(
    "/contacts/{contact_id:str}/proposals/{other_id:str}/refuse",
    guards=[WRITE],
    status_code=200,
    tags=["contacts"],
)
async def refuse_proposal(
    contact_id: FromPath[str], other_id: FromPath[str], caller: TheCaller, book: TheBook
) -> list[ProposalView]:
    """Say that they are different people; gives the proposals that are left."""
    return await book.decide(caller, lambda decision: decision.refuse(contact_id, other_id))


@post("/contacts/{contact_id:str}/merge", guards=[WRITE], status_code=200, tags=["contacts"])
async def merge_contact(
    contact_id: FromPath[str], data: JSONBody[MergeWish], caller: TheCaller, book: TheBook
) -> ContactView:
    """Make one person of two contacts; can be taken back by `split`."""
    return await book.decide(caller, lambda decision: decision.merge(contact_id, data.contact_id))


@post("/contacts/{contact_id:str}/split", guards=[WRITE], status_code=200, tags=["contacts"])
async def split_contact(
    contact_id: FromPath[str], data: JSONBody[SplitWish], caller: TheCaller, book: TheBook
) -> ContactView:
    """Take a link away: its two sides become two contacts again, each with what was theirs."""
    return await book.decide(caller, lambda decision: decision.split(contact_id, data.link_id))


@get("/linking", guards=[READ], tags=["contacts"])
async def get_linking(caller: TheCaller, book: TheBook) -> LinkingRules:
    """Show how phones and e-mails are compared."""
    return await book.journal.database.read(
        lambda connection: store.rules_of(connection, caller.account_id)
    )


@put("/linking", guards=[require(Scope.INBOXES_WRITE)], tags=["contacts"])
async def change_linking(
    data: JSONBody[LinkingRules], caller: TheCaller, book: TheBook
) -> LinkingRules:
    """Change how phones and e-mails are compared."""
    return await book.decide(caller, lambda decision: editing.change_rules(decision, data))


def contacts_router(book: ContactBook) -> Router:
    """Give the routes of contacts."""
    return Router(
        path="/api/v1",
        route_handlers=[
            get_contact,
            change_contact,
            list_proposals,
            accept_proposal,
            refuse_proposal,
            merge_contact,
            split_contact,
            get_linking,
            change_linking,
        ],
        dependencies={"book": Provide(lambda: book, sync_to_thread=False)},
    )
