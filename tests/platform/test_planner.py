"""PostgreSQL learns how many rows a table has as soon as a large write is committed."""

import pytest
from django.db import connection

from profmin.accounts.models import User
from profmin.lib.planner import refresh_statistics


@pytest.mark.django_db
def test_refresh_statistics_counts_rows_after_commit(django_capture_on_commit_callbacks) -> None:
    User.objects.bulk_create(User(email=f"many-{at}@example.test") for at in range(500))

    with django_capture_on_commit_callbacks(execute=True):
        refresh_statistics(User)

    assert believed(User) == {"postgresql": 500}.get(connection.vendor)


def believed(model) -> int | None:
    """How many rows PostgreSQL believes the table to have; None where nothing believes."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [model._meta.db_table])
        return int(cursor.fetchone()[0])
