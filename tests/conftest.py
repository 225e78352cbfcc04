"""What every test may ask for; the fixtures themselves are in tests/fixtures."""

pytest_plugins = [
    "tests.fixtures.honesty",
    "tests.fixtures.postgres",
    "tests.fixtures.chromium",
    "tests.fixtures.store",
    "tests.fixtures.house",
    "tests.fixtures.hurry",
]
