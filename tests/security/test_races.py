"""Many hands on one thing at the same moment: one winner, the others are told (409), figures
equal a recount. Real threads and transactions on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse

from plans.choices import DueState, PartyKind
from plans.models import Assignment, Due
from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from tests.factories.cast import Cast, client_of, make_cast
from tests.factories.plan_pages import finish
from tests.factories.plans import in_days, planned, publish_roadmap, today
from tests.proof.figures import note

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 50


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def due_of(cast: Cast, *, days: int = 1) -> Due:
    dues = [in_days(day + 1) for day in range(days)]
    publish_roadmap(cast.home.city, [planned("1.1", PartyKind.SCHOOL, due=dues)])
    return Due.objects.filter(assignment__unit=cast.home.school).order_by("due_on")[0]


def at_once(deeds: list[Callable[[], HttpResponse]]) -> list[int]:
    """The statuses of answers to deeds that all begin together."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], HttpResponse]) -> int:
        try:
            start.wait(60)
            return deed().status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(run, deeds))


def post(cast: Cast, role: str, name: str, due: Due, **data: Any) -> Callable[[], HttpResponse]:
    client = client_of(cast.home.person(role))
    path = reverse(f"plans:{name}", args=[due.pk])
    return lambda: client.post(path, {"version": due.version, **data})


def told(action: str) -> int:
    return JournalEntry.objects.filter(action=action).count()


def test_of_fifty_reports_one_counts(cast: Cast) -> None:
    due = due_of(cast)

    statuses = at_once(
        [
            post(cast, Role.SCHOOL, "due_done", due, done_on=today().isoformat(), comment=f"{at}")
            for at in range(HANDS)
        ]
    )

    assert statuses == [302, *[409] * (HANDS - 1)]
    due.refresh_from_db()
    assert (due.state, due.version, told("due_done")) == (DueState.DONE, 2, 1)
    note(f"threads at one report ({connection.vendor}) / winners", f"{HANDS} / 1", needed="50 / 1")


def test_of_fifty_confirmations_one_counts(cast: Cast) -> None:
    due = finish(due_of(cast))

    statuses = at_once([post(cast, Role.MUNICIPALITY, "due_confirm", due) for _ in range(HANDS)])

    assert statuses == [302, *[409] * (HANDS - 1)]
    assert (Assignment.objects.get(pk=due.assignment_id).is_confirmed, told("due_confirmed")) == (
        True,
        1,
    )


def test_a_due_is_confirmed_or_returned_but_not_both(cast: Cast) -> None:
    due = finish(due_of(cast))

    statuses = at_once(
        [
            post(cast, Role.MUNICIPALITY, "due_confirm", due),
            post(cast, Role.MINISTRY, "due_return", due, reason="Приложите приказ"),
        ]
    )

    assert statuses == [302, 409]
    assert told("due_confirmed") + told("due_returned") == 1


def test_dues_of_one_assignment_done_at_once_leave_it_done(cast: Cast) -> None:
    """Each counts the others' dues: nobody's last word is lost."""
    first = due_of(cast, days=12)
    dues = list(Due.objects.filter(assignment=first.assignment_id))

    statuses = at_once(
        [
            post(cast, Role.SCHOOL, "due_done", due, done_on=today().isoformat(), comment="Да")
            for due in dues
        ]
    )

    assert statuses == [302] * len(dues)
    assignment = Assignment.objects.get(pk=first.assignment_id)
    assert (assignment.state, assignment.open_due_on) == (DueState.DONE, None)
