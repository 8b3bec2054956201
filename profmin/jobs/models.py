"""Long work as a row: the row is the truth, the queue only a bell."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from profmin.jobs.choices import FINAL_STATES, JobState


class JobQuerySet(models.QuerySet["Job"]):
    def due(self, now: datetime) -> Self:
        """Waiting, and their time has come."""
        return self.filter(state=JobState.WAITING, due_at__lte=now)

    def lapsed(self, now: datetime) -> Self:
        """Claimed by a worker that has not been heard of since its lease ran out."""
        return self.filter(state=JobState.RUNNING, lease_until__lt=now)

    def held(self, token: str) -> Self:
        """Claimed with this token and not given to anybody else since."""
        return self.filter(state=JobState.RUNNING, token=token)

    def unfinished(self) -> Self:
        return self.exclude(state__in=FINAL_STATES)


class Job(models.Model):
    """One piece of long work: an import, a publishing, a report.

    `kind` names its handler in `services.JOB_HANDLERS`. `key` makes repeats of one wish one job.
    A worker holds the row with `token` until `lease_until`. Counts are in the handler's own
    units; a total that is not known is empty. `unit_id` names the unit it is done for: the tree
    stands above this app.
    """

    kind = models.CharField("вид работы", max_length=60)
    key = models.CharField("ключ", max_length=200)
    title = models.CharField("название", max_length=300)
    payload = models.JSONField("задание", default=dict, blank=True, encoder=DjangoJSONEncoder)
    unit_id = models.BigIntegerField("подразделение", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="кто поручил",
    )

    state = models.CharField(
        "состояние", max_length=10, choices=JobState.choices, default=JobState.WAITING
    )
    stage = models.CharField("что делается", max_length=200, blank=True)
    done_count = models.PositiveIntegerField("сделано", default=0)
    total_count = models.PositiveIntegerField("всего", null=True, blank=True)
    result = models.JSONField("итог", null=True, blank=True, encoder=DjangoJSONEncoder)
    error = models.TextField("почему не удалось", blank=True)

    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    token = models.CharField("метка исполнителя", max_length=32, blank=True)
    lease_until = models.DateTimeField("исполнитель жив до", null=True, blank=True)

    created_at = models.DateTimeField("создана")
    due_at = models.DateTimeField("начать не раньше")
    started_at = models.DateTimeField("начата", null=True, blank=True)
    finished_at = models.DateTimeField("закончена", null=True, blank=True)
    cancel_requested_at = models.DateTimeField("отмена запрошена", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "работа"
        verbose_name_plural = "работы"
        constraints = [
            models.UniqueConstraint(fields=["key"], name="job_key_unique"),
            models.CheckConstraint(
                condition=models.Q(state__in=JobState.values), name="job_state_known"
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state=JobState.RUNNING, lease_until__isnull=False)
                    & ~models.Q(token="")
                )
                | (~models.Q(state=JobState.RUNNING) & models.Q(lease_until=None, token="")),
                name="job_held_only_while_running",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(FINAL_STATES), finished_at__isnull=False)
                | (~models.Q(state__in=sorted(FINAL_STATES)) & models.Q(finished_at=None)),
                name="job_finished_when_final",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="job_due"),
            models.Index(fields=["state", "lease_until"], name="job_lapsed"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in FINAL_STATES
