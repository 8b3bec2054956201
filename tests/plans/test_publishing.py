"""Publishing: all or nothing for whoever looks, repeatable after a kill, cancelled without trace."""

import pytest

from plans.choices import ImportState
from plans.models import Assignment, Due, Roadmap, RoadmapImport
from plans.services.imports import (
    ask_publishing,
    discard_import,
    load_roadmap,
    settle_stopped,
    take_up_import,
)
from plans.services.publishing import publish_import
from profmin.accounts.roles import Role
from profmin.jobs.choices import JobState
from profmin.jobs.models import Job
from profmin.jobs.services import JobCancelled, cancel_job
from profmin.jobs.tasks import run_job
from profmin.journal.services import SYSTEM
from profmin.lib.errors import RuleBroken
from tests.factories.cast import NOW, TODAY, Cast
from tests.factories.imports import CLEAR, UNCLEAR, read_table, table

pytestmark = pytest.mark.django_db


def publish(source: RoadmapImport) -> RoadmapImport:
    ask_publishing(source=source, version=source.version, by=SYSTEM, now=NOW)
    run_job(source.job_id or 0)
    source.refresh_from_db()
    return source


def test_published_document_gives_every_named_unit_its_assignment(cast: Cast) -> None:
    source = publish(read_table(cast.home.region, *CLEAR))

    bound = Assignment.objects.filter(roadmap=source.roadmap).order_by("item__position", "path")
    assert [(row.item.number, row.unit.code) for row in bound] == [
        ("1.1", "91"),
        ("1.2", "S1"),
        ("1.2", "S2"),
        ("1.2", "S3"),
        ("1.2", "S4"),
        ("1.3", "M1"),
        ("1.3", "M2"),
    ]
    assert Due.objects.filter(assignment__item__number="1.2").count() == 8
    assert source.state == ImportState.PUBLISHED


def test_open_question_refuses_publishing(cast: Cast) -> None:
    source = read_table(cast.home.region, *CLEAR, *UNCLEAR)

    with pytest.raises(RuleBroken, match="Остались вопросы"):
        ask_publishing(source=source, version=source.version, by=SYSTEM, now=NOW)


def test_publishing_twice_makes_one_roadmap(cast: Cast) -> None:
    source = publish(read_table(cast.home.region, *CLEAR))

    publish_import(source=source, by=SYSTEM, now=NOW, today=TODAY)

    assert Roadmap.objects.count() == 1
    assert Assignment.objects.count() == 7


def test_publishing_that_was_killed_midway_is_completed_by_the_next_worker(cast: Cast) -> None:
    source = read_table(cast.home.region, *CLEAR)
    ask_publishing(source=source, version=source.version, by=SYSTEM, now=NOW)

    def die(stage: str, done: int, total: int) -> None:
        if done == 2:
            raise MemoryError

    with pytest.raises(MemoryError):
        publish_import(source=source, by=SYSTEM, now=NOW, today=TODAY, tell=die)
    scope = cast.home.access(Role.MINISTRY).scope
    assert Assignment.objects.count() == 5
    assert not Roadmap.objects.in_scope(scope).exists()
    assert not Assignment.objects.in_scope(scope).exists()

    source.refresh_from_db()
    publish_import(source=source, by=SYSTEM, now=NOW, today=TODAY)

    assert Assignment.objects.in_scope(scope).count() == 7
    assert Roadmap.objects.in_scope(scope).count() == 1


def test_cancelled_publishing_leaves_nothing_and_the_review_goes_on(cast: Cast) -> None:
    source = read_table(cast.home.region, *CLEAR)
    ask_publishing(source=source, version=source.version, by=SYSTEM, now=NOW)
    job = Job.objects.get(pk=source.job_id)
    cancel_job(job=job, by=SYSTEM, now=NOW)

    settle_stopped(NOW)

    source.refresh_from_db()
    assert source.state == ImportState.REVIEW
    assert Roadmap.objects.count() == 0


def test_running_publishing_is_cancelled_between_two_items(cast: Cast) -> None:
    source = read_table(cast.home.region, *CLEAR)
    ask_publishing(source=source, version=source.version, by=SYSTEM, now=NOW)

    def cancel(stage: str, done: int, total: int) -> None:
        raise JobCancelled

    with pytest.raises(JobCancelled):
        publish_import(source=source, by=SYSTEM, now=NOW, today=TODAY, tell=cancel)
    Job.objects.filter(pk=source.job_id).update(state=JobState.CANCELLED, finished_at=NOW)
    settle_stopped(NOW)

    assert Roadmap.objects.count() == 0
    assert Assignment.objects.count() == 0


def test_unreadable_document_says_why_and_waits(cast: Cast) -> None:
    source = load_roadmap(
        unit=cast.home.region, name="Пустая", pasted="просто слова", by=SYSTEM, now=NOW
    )
    run_job(source.job_id or 0)

    source.refresh_from_db()
    with pytest.raises(RuleBroken):
        ask_publishing(source=source, version=source.version, by=SYSTEM, now=NOW)


def test_cancelled_reading_is_told_and_can_be_discarded_and_taken_up(cast: Cast) -> None:
    source = load_roadmap(
        unit=cast.home.region, name="Таблица", pasted=table(*CLEAR), by=SYSTEM, now=NOW
    )
    cancel_job(job=Job.objects.get(pk=source.job_id), by=SYSTEM, now=NOW)
    settle_stopped(NOW)
    source.refresh_from_db()
    assert (source.state, source.error) == (ImportState.FAILED, "Чтение отменено.")

    discard_import(source=source, by=SYSTEM, now=NOW)
    source.refresh_from_db()
    assert source.state == ImportState.DISCARDED
    take_up_import(source=source, by=SYSTEM, now=NOW)
    source.refresh_from_db()
    assert source.state == ImportState.FAILED


def test_half_reviewed_document_is_seen_by_its_unit_only(cast: Cast) -> None:
    source = read_table(cast.home.city, *UNCLEAR)

    above = cast.home.access(Role.MINISTRY)
    own = cast.home.access(Role.MUNICIPALITY)
    seen = RoadmapImport.objects.in_scope(above.scope).of_unit(above.unit_id)
    assert not seen.exists()
    assert RoadmapImport.objects.in_scope(own.scope).of_unit(own.unit_id).get() == source
