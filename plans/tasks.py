"""Long work of plans: handlers of jobs. They read the clock and call one service."""

from typing import Any

from django.utils import timezone

from plans.models import RoadmapImport
from plans.services.imports import read_import
from plans.services.publishing import drop_unpublished, publish_import
from profmin.jobs.models import Job
from profmin.jobs.services import JobCancelled, JobProgress
from profmin.journal.services import SYSTEM, Actor
from profmin.lib.errors import RuleBroken


def read_job(job: Job, progress: JobProgress) -> dict[str, Any]:
    """Reads a loaded document."""
    source = RoadmapImport.objects.select_related("unit", "file").get(pk=job.payload["import"])
    return read_import(source=source, now=timezone.now(), progress=progress)


def publish_job(job: Job, progress: JobProgress) -> dict[str, Any]:
    """Publishes a reviewed document; a cancelled publishing leaves nothing behind."""
    source = RoadmapImport.objects.select_related("unit", "roadmap").get(pk=job.payload["import"])
    try:
        roadmap = publish_import(
            source=source,
            by=_actor(job),
            now=timezone.now(),
            today=timezone.localdate(),
            tell=lambda stage, done, total: progress(stage, done=done, total=total),
            confirm=progress.confirm,
        )
    except (JobCancelled, RuleBroken):
        drop_unpublished(source)
        raise
    return {"roadmap": roadmap.pk, "assignments": roadmap.assignments.count()}


def _actor(job: Job) -> Actor:
    if job.created_by is None:
        return SYSTEM
    payload = job.payload
    return Actor(job.created_by.pk, job.created_by.full_name, payload["role"], payload["unit"])
