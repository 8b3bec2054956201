"""A kind of work whose every effect is a row in a ledger: shows what was lost or doubled."""

import time
from typing import Any

from django.db import transaction
from django.utils import timezone

from profmin.jobs.models import Job
from profmin.jobs.services import JobProgress, enqueue_job
from profmin.jobs.tasks import ring
from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM, Subject, write_entry

STEPS = 4
STEP_SECONDS = 0.05
KIND = "test_ledger"
EFFECT = "test_effect"


def write_effect(job: Job, progress: JobProgress) -> dict[str, Any]:
    """Slow steps, then one row: the ledger itself refuses nothing, so a double would show."""
    for step in range(STEPS):
        progress("Пишем", done=step, total=STEPS)
        time.sleep(STEP_SECONDS)
    with transaction.atomic():
        progress.confirm()
        if not JournalEntry.objects.filter(action=EFFECT, object_id=job.pk).exists():
            about = Subject(type="job", id=job.pk, name=job.title)
            write_entry(by=SYSTEM, now=job.created_at, action=EFFECT, about=about)
    return {"written": 1}


def enqueue(count: int) -> None:
    """`count` jobs, each rung for."""
    for number in range(count):
        key = f"{KIND}:{number}"
        job = enqueue_job(kind=KIND, key=key, title=key, payload={}, by=SYSTEM, now=timezone.now())
        ring(job.pk)
