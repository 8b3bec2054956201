"""Writing the journal: called by every service inside its own transaction."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from profmin.accounts.services import SignIn
from profmin.journal.models import JournalEntry

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


@dataclass(frozen=True)
class Actor:
    """Who does a deed: a person in a role, or the portal itself (`SYSTEM`).

    `unit_id` is the unit of the appointment the person acts by.
    """

    user_id: int | None
    name: str
    role: str = ""
    unit_id: int | None = None


SYSTEM = Actor(user_id=None, name="Портал")


@dataclass(frozen=True)
class Subject:
    """What a deed is about. `unit_path` decides who may read the entry."""

    type: str
    id: int | None
    name: str
    unit_id: int | None = None
    unit_path: str = ""


def entry(
    *,
    by: Actor,
    now: datetime,
    action: str,
    about: Subject,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> JournalEntry:
    """An unsaved entry, for writing many at once; values must fit JSON."""
    return JournalEntry(
        at=now,
        actor_id=by.user_id,
        actor_name=by.name[:200],
        role=by.role,
        unit_id=about.unit_id,
        unit_path=about.unit_path,
        action=action,
        object_type=about.type,
        object_id=about.id,
        object_name=about.name[:300],
        before=before,
        after=after,
        reason=reason,
        request_id=REQUEST_ID.get(),
    )


def write_entry(
    *,
    by: Actor,
    now: datetime,
    action: str,
    about: Subject,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> JournalEntry:
    """Writes one entry."""
    row = entry(
        by=by, now=now, action=action, about=about, before=before, after=after, reason=reason
    )
    row.save(force_insert=True)
    return row


def note_sign_in(sign_in: SignIn, now: datetime) -> None:
    """A sign-in or its refusal; the words of a wrong address are not kept."""
    user = sign_in.user
    write_entry(
        by=Actor(user.pk, user.full_name) if user else SYSTEM,
        now=now,
        action=sign_in.action,
        about=Subject("user", user.pk if user else None, user.full_name if user else ""),
        reason=sign_in.reason,
    )


def write_entries(entries: list[JournalEntry]) -> None:
    """Writes many entries in one statement per thousand."""
    JournalEntry.objects.bulk_create(entries, batch_size=1000)


# --- The mark of an installation that holds the people of the demo ------------------------------

_DEMO = "demo_loaded"


def mark_demo(*, now: datetime) -> None:
    """An entry of the journal, which nothing deletes."""
    about = Subject("portal", None, "Показательный регион")
    write_entry(by=SYSTEM, now=now, action=_DEMO, about=about)


def refuse_demo_data() -> None:
    """A real portal does not start on the data of the demo: its passwords lie in a file.

    Raises `ImproperlyConfigured`. A database that does not answer yet refuses nothing here.
    """
    if settings.IS_DEMO:
        return
    try:
        is_demo = JournalEntry.objects.filter(action=_DEMO).exists()
    except DatabaseError:
        return
    if is_demo:
        raise ImproperlyConfigured(
            "В этой базе лежит показательный регион с его паролями. "
            "Задайте настоящему порталу другую базу (DATABASE_URL или PORTAL_VAR_DIR)."
        )
