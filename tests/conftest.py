"""What all tests share: servers of their own and the signals of the test run itself.

The database is SQLite; `make test-postgres` sets `DATABASE_URL` and runs the same tests again.
"""

import signal
from collections.abc import Iterator

import pytest

from tests.factories.cast import cast, file_store, sign_in
from tests.servers import postgres_server, redis_server

__all__ = ["cast", "file_store", "sign_in"]  # fixtures which every test may take


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server of this run, its one database empty."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of an empty Redis server of this run."""
    with redis_server() as url:
        yield url


@pytest.fixture
def kept_signals() -> Iterator[None]:
    """Puts back the signal handlers of the test run after a test that sets its own."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)
