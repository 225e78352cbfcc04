from tests.visitors.conftest import http, shop

__all__ = ["http", "shop"]
