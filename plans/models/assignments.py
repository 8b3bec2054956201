"""What every bound unit does about an item: one Assignment, one Due per due date."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When

from plans.choices import OPEN_STATES, DueState, ProofKind
from plans.models.roadmaps import Roadmap, RoadmapItem
from profmin.lib.paths import PathField
from schools.models import OrgUnit, StoredFile
from schools.scope import Scope

LATE = "late"

# How the reason of a due begins that the portal closed when its unit left the plan.
LET_GO = "Организация закрыта или переведена"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def in_scope(self, scope: Scope) -> Self:
        """At or below me as the tree stood when the plan ran, and my own wherever I stood."""
        return self.filter(
            scope.down("path") | scope.own("unit_id"), roadmap__published_at__isnull=False
        )

    def of_unit(self, unit_id: int) -> Self:
        return self.filter(unit_id=unit_id)

    def overdue(self, today: date) -> Self:
        """With a due date that passed before `today` and is not done; no date is never late."""
        return self.filter(open_due_on__lt=today)

    def waiting(self) -> Self:
        """Something is still to be done."""
        return self.filter(state__in=OPEN_STATES)

    def with_standing(self, today: date) -> Self:
        """Adds `standing`: the state as counted on `today`, "late" before every other."""
        return self.annotate(
            standing=Case(
                When(open_due_on__lt=today, then=Value(LATE)),
                default=F("state"),
                output_field=CharField(),
            )
        )


class Assignment(models.Model):
    """The task of one unit for one item.

    `state` is that of its worst due, `open_due_on` the nearest day of a due that is not done,
    `is_confirmed` says that it is done and every due is confirmed: all three are kept by `plans.services` in the transaction that changes a due, and always equal a
    recount. `path` is the unit's path; it follows moves while the roadmap runs and stays as it
    was when the roadmap is over.
    """

    roadmap = models.ForeignKey(Roadmap, models.CASCADE, related_name="assignments")
    item = models.ForeignKey(RoadmapItem, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="assignments")
    path = PathField()
    state = models.CharField("состояние", max_length=20, choices=DueState.choices)
    open_due_on = models.DateField("ближайший срок", null=True)
    is_confirmed = models.BooleanField("подтверждено", default=False)
    created_at = models.DateTimeField()

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "поручение"
        verbose_name_plural = "поручения"
        constraints = [
            models.UniqueConstraint(fields=["item", "unit"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(state__in=DueState.values), name="assignment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(open_due_on=None) | Q(state__in=sorted(OPEN_STATES)),
                name="assignment_closed_has_no_open_due",
            ),
        ]
        indexes = [
            models.Index(fields=["roadmap", "path"], name="assignment_roadmap_path"),
            models.Index(fields=["path", "open_due_on"], name="assignment_path_due"),
            models.Index(fields=["unit", "state"], name="assignment_unit_state"),
        ]

    def __str__(self) -> str:
        return f"{self.item} — {self.unit}"


class DueQuerySet(models.QuerySet["Due"]):
    def in_scope(self, scope: Scope) -> Self:
        return self.filter(
            scope.down("assignment__path") | scope.own("assignment__unit_id"),
            assignment__roadmap__published_at__isnull=False,
        )

    def overdue(self, today: date) -> Self:
        return self.filter(state__in=OPEN_STATES, due_on__lt=today)

    def unconfirmed(self) -> Self:
        """Done, and waiting for the second mark of the unit above."""
        return self.filter(state=DueState.DONE, confirmed_at=None)

    def let_go(self) -> Self:
        """Closed by the portal itself when the unit left the plan (see `Due.is_let_go`)."""
        return self.filter(
            state=DueState.NOT_APPLICABLE, reported_by=None, reason__startswith=LET_GO
        )

    def in_order(self) -> Self:
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")


class Due(models.Model):
    """One due date of an assignment with its own state; `due_on` null: no date, never late."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="dues")
    starts_on = models.DateField("начало", null=True)
    due_on = models.DateField("срок", null=True)
    state = models.CharField("состояние", max_length=20, choices=DueState.choices)
    done_on = models.DateField("дата исполнения", null=True)
    comment = models.TextField("что сделано", blank=True)
    reason = models.TextField("причина", blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    reported_at = models.DateTimeField(null=True)
    is_reported_for = models.BooleanField("отчитался оператор", default=False)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name = "срок поручения"
        verbose_name_plural = "сроки поручений"
        constraints = [
            models.UniqueConstraint(fields=["assignment", "due_on"], name="due_day_once"),
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(due_on=None), name="due_undated_once"
            ),
            models.CheckConstraint(condition=Q(state__in=DueState.values), name="due_state_known"),
            models.CheckConstraint(
                condition=~Q(state=DueState.DONE) | Q(done_on__isnull=False),
                name="due_done_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DueState.NOT_APPLICABLE, DueState.RETURNED])
                | ~Q(reason=""),
                name="due_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None)
                | Q(state__in=[DueState.DONE, DueState.NOT_APPLICABLE]),
                name="due_confirmed_when_closed",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="due_state_day")]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.due_on or 'без даты'}"

    @property
    def is_let_go(self) -> bool:
        """Whether the portal closed it because the unit left the plan; nobody has reported."""
        return (
            self.state == DueState.NOT_APPLICABLE
            and self.reported_by_id is None
            and self.reason.startswith(LET_GO)
        )


class ProofQuerySet(models.QuerySet["Proof"]):
    def in_scope(self, scope: Scope) -> Self:
        return self.filter(
            scope.down("due__assignment__path") | scope.own("due__assignment__unit_id"),
            due__assignment__roadmap__published_at__isnull=False,
        )


class Proof(models.Model):
    """A link or a stored file that proves a due done."""

    due = models.ForeignKey(Due, models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=10, choices=ProofKind.choices)
    link = models.URLField("ссылка", max_length=1000, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="proofs")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField()

    objects = ProofQuerySet.as_manager()

    class Meta:
        verbose_name = "подтверждение"
        verbose_name_plural = "подтверждения"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ProofKind.LINK, file=None) & ~Q(link="")
                | Q(kind=ProofKind.FILE, file__isnull=False, link=""),
                name="proof_link_or_file",
            )
        ]

    def __str__(self) -> str:
        return self.link or str(self.file)
