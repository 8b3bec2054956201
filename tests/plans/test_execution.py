"""Deeds on a due: saved, done, not applicable, taken back, confirmed, returned; proofs."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest

from plans.choices import DueState, PartyKind, ProofKind
from plans.models import Due, Proof, Roadmap
from plans.services.execution import (
    CONFLICT,
    ChangedMeanwhile,
    add_link,
    confirm_due,
    mark_done,
    mark_not_applicable,
    remove_proof,
    return_due,
    save_progress,
    take_back,
)
from plans.services.reporting import Report, hand_in_report
from plans.services.schedule import set_due_date
from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from profmin.journal.services import Actor
from profmin.lib.errors import RuleBroken
from tests.factories.cast import NOW, Cast
from tests.factories.plans import (
    assignment_of,
    due_of,
    in_days,
    item_of,
    planned,
    publish_roadmap,
    today,
)


@pytest.fixture
def roadmap(cast: Cast) -> Roadmap:
    return publish_roadmap(
        cast.home.region,
        [
            planned("1", PartyKind.SCHOOL, due=in_days(-5)),
            planned("2", PartyKind.SCHOOL),
        ],
    )


@pytest.fixture
def due(cast: Cast, roadmap: Roadmap) -> Due:
    return due_of(roadmap, "1", cast.home.school)


@pytest.fixture
def school(cast: Cast) -> Actor:
    return cast.home.actor(Role.SCHOOL)


@pytest.fixture
def city(cast: Cast) -> Actor:
    return cast.home.actor(Role.MUNICIPALITY)


def done(due: Due, by: Actor, done_on: date | None = None) -> Due:
    return mark_done(
        due=due,
        version=due.version,
        done_on=done_on or today(),
        comment=" Провели ",
        by=by,
        now=NOW,
        today=today(),
    )


def test_saving_puts_a_due_in_progress(due: Due, school: Actor) -> None:
    saved = save_progress(due=due, version=1, comment=" начали ", by=school, now=NOW)

    assert (saved.state, saved.comment, saved.version) == (DueState.IN_PROGRESS, "начали", 2)
    assert saved.prepared_by_id == school.user_id


def test_done_counts_at_once(due: Due, school: Actor) -> None:
    assert due.assignment.open_due_on == in_days(-5)

    done(due, school)

    due.assignment.refresh_from_db()
    assert (due.assignment.state, due.assignment.open_due_on) == (DueState.DONE, None)
    assert due.assignment.is_confirmed is False


@pytest.mark.parametrize(
    ("done_on", "words"),
    [
        pytest.param(
            today() + timedelta(days=1),
            "Дата исполнения ещё не наступила. Укажите сегодняшнюю или более раннюю.",
            id="tomorrow",
        ),
        pytest.param(date(206, 5, 1), "Проверьте год даты исполнения.", id="a year cut short"),
    ],
)
def test_done_refuses_an_impossible_day(due: Due, school: Actor, done_on: date, words: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        done(due, school, done_on)

    assert (refusal.value.message, refusal.value.field) == (words, "done_on")


def test_report_without_a_day_is_refused(due: Due, school: Actor) -> None:
    with pytest.raises(RuleBroken) as refusal:
        hand_in_report(
            due=due,
            version=1,
            report=Report(),
            done_on=None,
            by=school,
            now=NOW,
            today=today(),
        )

    assert refusal.value.field == "done_on"


def test_not_applicable_needs_a_reason(due: Due, school: Actor) -> None:
    with pytest.raises(RuleBroken) as refusal:
        mark_not_applicable(due=due, version=1, reason=" ", by=school, now=NOW)

    assert refusal.value.field == "reason"


def test_not_applicable_leaves_the_count(due: Due, school: Actor) -> None:
    mark_not_applicable(due=due, version=1, reason="нет 9 классов", by=school, now=NOW)

    due.assignment.refresh_from_db()
    assert due.assignment.state == DueState.NOT_APPLICABLE


def test_confirmation_is_a_second_mark(due: Due, school: Actor, city: Actor) -> None:
    done(due, school)

    confirmed = confirm_due(due=due, version=2, by=city, now=NOW)

    due.assignment.refresh_from_db()
    assert (confirmed.state, confirmed.confirmed_by_id) == (DueState.DONE, city.user_id)
    assert due.assignment.is_confirmed is True


def test_returning_takes_the_confirmation_away(due: Due, school: Actor, city: Actor) -> None:
    done(due, school)
    confirm_due(due=due, version=2, by=city, now=NOW)

    returned = return_due(due=due, version=3, reason="Нет приказа", by=city, now=NOW)

    assert (returned.state, returned.reason) == (DueState.RETURNED, "Нет приказа")
    assert (returned.confirmed_at, returned.confirmed_by_id) == (None, None)
    due.assignment.refresh_from_db()
    assert (due.assignment.state, due.assignment.is_confirmed) == (DueState.RETURNED, False)


def test_saving_a_returned_due_keeps_it_returned(due: Due, school: Actor, city: Actor) -> None:
    done(due, school)
    return_due(due=due, version=2, reason="Нет приказа", by=city, now=NOW)

    saved = save_progress(due=due, version=3, comment="добавим", by=school, now=NOW)

    assert (saved.state, saved.reason) == (DueState.RETURNED, "Нет приказа")


def test_taking_back_opens_the_due_again(due: Due, school: Actor) -> None:
    done(due, school)

    opened = take_back(due=due, version=2, by=school, now=NOW)

    assert (opened.state, opened.done_on, opened.comment) == (
        DueState.IN_PROGRESS,
        None,
        "Провели",
    )


def _save(due: Due, by: Actor) -> None:
    save_progress(due=due, version=due.version, comment="", by=by, now=NOW)


def _take_back(due: Due, by: Actor) -> None:
    take_back(due=due, version=due.version, by=by, now=NOW)


def _confirm(due: Due, by: Actor) -> None:
    confirm_due(due=due, version=due.version, by=by, now=NOW)


def _return(due: Due, by: Actor, reason: str = "Нет приказа") -> None:
    return_due(due=due, version=due.version, reason=reason, by=by, now=NOW)


def _refuse(due: Due, by: Actor) -> None:
    mark_not_applicable(due=due, version=due.version, reason="не наше", by=by, now=NOW)


Deed = Callable[[Due, Actor], object]


@pytest.mark.parametrize(
    ("before", "deed"),
    [
        pytest.param([], _take_back, id="nothing to take back"),
        pytest.param([], _confirm, id="nothing to confirm"),
        pytest.param([], _return, id="nothing to return"),
        pytest.param([done], done, id="done twice"),
        pytest.param([done], _save, id="save what is done"),
        pytest.param([done], _refuse, id="done, then not applicable"),
        pytest.param([done], partial(_return, reason=""), id="return without a reason"),
        pytest.param([done, _confirm], _confirm, id="confirm twice"),
        pytest.param([done, _confirm], _take_back, id="take back what is confirmed"),
    ],
)
def test_deed_out_of_turn_is_refused(
    due: Due, school: Actor, before: list[Deed], deed: Deed
) -> None:
    for step in before:
        step(due, school)
    stored = Due.objects.values().get(pk=due.pk)

    with pytest.raises(RuleBroken):
        deed(due, school)

    assert Due.objects.values().get(pk=due.pk) == stored


def test_second_of_two_people_sees_the_conflict(due: Due, school: Actor) -> None:
    seen_by_another = Due.objects.select_related("assignment__item").get(pk=due.pk)
    done(due, school)

    with pytest.raises(ChangedMeanwhile) as refusal:
        save_progress(due=seen_by_another, version=1, comment="моё", by=school, now=NOW)

    assert refusal.value.message == CONFLICT


def test_stale_version_is_told_before_every_other_refusal(due: Due, school: Actor) -> None:
    done(due, school)

    with pytest.raises(ChangedMeanwhile):
        save_progress(due=due, version=1, comment="моё", by=school, now=NOW)


def test_every_deed_is_in_the_journal(due: Due, school: Actor, city: Actor) -> None:
    _save(due, school)
    done(due, school)
    _confirm(due, city)
    _return(due, city)
    _refuse(due, school)

    entries = JournalEntry.objects.filter(object_type="due", object_id=due.pk).order_by("pk")
    assert [(row.action, row.actor_id, row.reason) for row in entries] == [
        ("due_saved", school.user_id, ""),
        ("due_done", school.user_id, ""),
        ("due_confirmed", city.user_id, ""),
        ("due_returned", city.user_id, "Нет приказа"),
        ("due_not_applicable", school.user_id, "не наше"),
    ]
    assert (entries[1].before["state"], entries[1].after["state"]) == ("in_progress", "done")


# --- Proofs -----------------------------------------------------------------------------------


def test_link_with_unseen_signs_is_refused_in_words(due: Due, school: Actor) -> None:
    with pytest.raises(RuleBroken, match="невидимые знаки"):
        add_link(due=due, link="https://school.test/\u202egnp", by=school, now=NOW)


def test_link_starts_the_due(due: Due, school: Actor) -> None:
    proof = add_link(due=due, link=" https://school.test/order ", by=school, now=NOW)

    due.refresh_from_db()
    assert (proof.kind, proof.link) == (ProofKind.LINK, "https://school.test/order")
    assert due.state == DueState.IN_PROGRESS


@pytest.mark.parametrize(
    "link",
    [
        pytest.param("javascript:alert(1)", id="script"),
        pytest.param("приказ № 5", id="words"),
        pytest.param("ftp://school.test/a", id="another protocol"),
        pytest.param("", id="nothing"),
        pytest.param("https://school.test/\u202egnp.exe", id="direction mark"),
        pytest.param("https://school.test/\u2066order\u2069", id="isolated direction"),
        pytest.param("https://school.test/\u200border", id="unseen blank"),
        pytest.param("https://school.test/\x07order", id="control sign"),
        pytest.param("https://school.test/\u0085order", id="end of line"),
        pytest.param("https://school.test/\u2028order", id="separator of lines"),
    ],
)
def test_link_must_be_an_address_of_the_web(due: Due, school: Actor, link: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        add_link(due=due, link=link, by=school, now=NOW)

    assert (refusal.value.field, Proof.objects.count()) == ("link", 0)


def test_proofs_of_what_is_confirmed_stay(due: Due, school: Actor, city: Actor) -> None:
    proof = add_link(due=due, link="https://school.test/order", by=school, now=NOW)
    due.refresh_from_db()
    done(due, school)
    _confirm(due, city)
    proof.due.refresh_from_db()

    with pytest.raises(RuleBroken):
        remove_proof(proof=proof, by=school, now=NOW)
    with pytest.raises(RuleBroken):
        add_link(due=due, link="https://school.test/other", by=school, now=NOW)

    assert Proof.objects.count() == 1


def test_removed_proof_is_in_the_journal(due: Due, school: Actor) -> None:
    proof = add_link(due=due, link="https://school.test/order", by=school, now=NOW)

    remove_proof(proof=proof, by=school, now=NOW)

    entry = JournalEntry.objects.get(action="proof_removed")
    assert (entry.before, Proof.objects.count()) == ({"proof": "https://school.test/order"}, 0)


# --- The date of an item without one ----------------------------------------------------------


def test_date_is_set_for_every_due_of_the_item(cast: Cast, roadmap: Roadmap) -> None:
    item = item_of(roadmap, "2")
    by = cast.home.actor(Role.MINISTRY)
    working = due_of(roadmap, "2", cast.home.school)
    _save(working, cast.home.actor(Role.SCHOOL))

    set_due_date(item=item, due_on=roadmap.period_end, by=by, now=NOW)

    assert set(Due.objects.filter(assignment__item=item).values_list("due_on", flat=True)) == {
        roadmap.period_end
    }
    working.refresh_from_db()
    assert (working.state, working.version) == (DueState.IN_PROGRESS, 2)
    assert assignment_of(roadmap, "2", cast.home.school).open_due_on == roadmap.period_end
    entry = JournalEntry.objects.get(action="item_due_set")
    assert entry.after == {"due_on": roadmap.period_end.isoformat()}


def test_date_set_once_may_be_moved(cast: Cast, roadmap: Roadmap) -> None:
    item, by = item_of(roadmap, "2"), cast.home.actor(Role.MINISTRY)
    set_due_date(item=item, due_on=roadmap.period_end, by=by, now=NOW)

    moved = set_due_date(item=item, due_on=roadmap.period_start, by=by, now=NOW)
    set_due_date(item=item, due_on=roadmap.period_start, by=by, now=NOW)

    assert moved.windows == [{"start": None, "end": roadmap.period_start.isoformat()}]
    assert set(Due.objects.filter(assignment__item=item).values_list("due_on", flat=True)) == {
        roadmap.period_start
    }
    assert JournalEntry.objects.filter(action="item_due_set").count() == 2


def test_date_of_the_document_is_not_changed(cast: Cast, roadmap: Roadmap) -> None:
    with pytest.raises(RuleBroken):
        set_due_date(
            item=item_of(roadmap, "1"),
            due_on=roadmap.period_end,
            by=cast.home.actor(Role.MINISTRY),
            now=NOW,
        )


def test_date_outside_the_plan_is_taken(cast: Cast, roadmap: Roadmap) -> None:
    day = roadmap.period_end + timedelta(days=1)

    item = set_due_date(
        item=item_of(roadmap, "2"), due_on=day, by=cast.home.actor(Role.MINISTRY), now=NOW
    )

    assert set(Due.objects.filter(assignment__item=item).values_list("due_on", flat=True)) == {day}


@pytest.mark.parametrize("year", [1, 206, 1999, 2101])
def test_date_of_an_impossible_year_is_refused(cast: Cast, roadmap: Roadmap, year: int) -> None:
    with pytest.raises(RuleBroken, match="Проверьте год") as refusal:
        set_due_date(
            item=item_of(roadmap, "2"),
            due_on=date(year, 5, 1),
            by=cast.home.actor(Role.MINISTRY),
            now=NOW,
        )

    assert refusal.value.field == "due_on"
