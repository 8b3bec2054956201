"""The database itself keeps the journal: rows are added and never changed or removed."""

import pytest
from django.db import DatabaseError, transaction

from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM, Subject, write_entry
from tests.factories.cast import NOW


@pytest.fixture
def entry(db):
    return write_entry(
        by=SYSTEM, now=NOW, action="unit_opened", about=Subject("unit", 1, "Школа", 1, "000001")
    )


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda rows: rows.update(reason="другое"), id="update"),
        pytest.param(lambda rows: rows.delete(), id="delete"),
        pytest.param(lambda rows: rows._raw_delete(rows.db), id="raw delete"),
    ],
)
def test_journal_refuses_change(entry, change):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(JournalEntry.objects.filter(pk=entry.pk))
    entry.refresh_from_db()
    assert (entry.action, entry.reason) == ("unit_opened", "")


def test_journal_refuses_saving_again(entry):
    entry.reason = "другое"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.save()


@pytest.mark.django_db(transaction=True)
def test_committed_entry_is_emptied_between_tests():
    """The tests themselves may empty the database; the next test finds the guard in place."""
    write_entry(by=SYSTEM, now=NOW, action="unit_opened", about=Subject("unit", 1, "Школа"))
    assert JournalEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_guard_stands_after_emptying():
    assert JournalEntry.objects.count() == 0
    row = write_entry(by=SYSTEM, now=NOW, action="unit_opened", about=Subject("unit", 1, "Школа"))
    with pytest.raises(DatabaseError, match="append-only"):
        JournalEntry.objects.filter(pk=row.pk).delete()
