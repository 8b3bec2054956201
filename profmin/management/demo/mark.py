"""The mark of an installation that holds the people of the demo."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM, Subject, write_entry

_ACTION = "demo_loaded"


def mark_demo(now: datetime) -> None:
    """An entry of the journal, which nothing deletes."""
    about = Subject("portal", None, "Показательный регион")
    write_entry(by=SYSTEM, now=now, action=_ACTION, about=about)


def refuse_demo_data() -> None:
    """A real portal does not start on the data of the demo: its passwords lie in a file.

    Raises `ImproperlyConfigured`. A database that does not answer yet refuses nothing here.
    """
    if settings.IS_DEMO:
        return
    try:
        is_demo = JournalEntry.objects.filter(action=_ACTION).exists()
    except DatabaseError:
        return
    if is_demo:
        raise ImproperlyConfigured(
            "В этой базе лежит показательный регион с его паролями. "
            "Задайте настоящему порталу другую базу (DATABASE_URL или PORTAL_VAR_DIR)."
        )
