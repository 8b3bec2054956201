"""Views of people's contacts: the only personal data of the portal, so looking is written down."""

from datetime import date, datetime, time

from django.utils import timezone

from profmin.journal.models import JournalEntry
from profmin.journal.services import Actor, Subject, write_entry
from schools.models import OrgUnit

VIEWED = "contacts_viewed"


def note_contacts_viewed(*, unit: OrgUnit, by: Actor, now: datetime, today: date) -> None:
    """Writes that somebody saw the contacts of a unit's people: once a day, person and unit.

    The one thing a GET writes: a log of reading, which changes nothing anybody works with.
    """
    midnight = datetime.combine(today, time.min, tzinfo=timezone.get_current_timezone())
    noted = JournalEntry.objects.about("unit", unit.pk).filter(
        action=VIEWED, actor_id=by.user_id, at__gte=midnight
    )
    if not noted.exists():
        write_entry(
            by=by,
            now=now,
            action=VIEWED,
            about=Subject("unit", unit.pk, unit.name, unit.pk, unit.path or ""),
        )
