"""The door of accounts: opening one, links into it, and who holds a socket."""

from otklik.accounts.passwords import Passwords
from otklik.accounts.rules import Terms, scopes_of
from otklik.accounts.service.context import Accounts
from otklik.accounts.service.keys import make_key
from otklik.accounts.service.operators import (
    add_operator,
    change_operator,
    create_account,
    first_owner,
    list_operators,
    operator_name,
    set_up_operator,
)
from otklik.accounts.service.sessions import by_credential, issue_link, still_valid
from otklik.accounts.tickets import Tickets

__all__ = [
    "Accounts",
    "Passwords",
    "Terms",
    "Tickets",
    "add_operator",
    "by_credential",
    "change_operator",
    "create_account",
    "first_owner",
    "issue_link",
    "list_operators",
    "make_key",
    "operator_name",
    "scopes_of",
    "set_up_operator",
    "still_valid",
]
