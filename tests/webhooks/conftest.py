"""The same database and house as the front door's own tests."""

from tests.accounts.conftest import database, house

__all__ = ["database", "house"]
