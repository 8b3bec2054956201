"""Stored words of long work."""

from django.db import models


class JobState(models.TextChoices):
    """Where a piece of long work stands."""

    WAITING = "waiting", "ждёт очереди"
    RUNNING = "running", "выполняется"
    DONE = "done", "выполнена"
    FAILED = "failed", "не удалась"
    CANCELLED = "cancelled", "отменена"


FINAL_STATES = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})
