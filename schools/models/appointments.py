"""Who holds which role at which unit, from when to when, by which act."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When

from profmin.accounts.models import Invitation
from profmin.accounts.roles import Role
from schools.choices import RESPONSIBLE_RANKS, Rank
from schools.models.units import OrgUnit
from schools.scope import Scope


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def in_scope(self, scope: Scope) -> Self:
        return self.filter(scope.down("unit__path"))

    def current(self, on: date) -> Self:
        """In force on that day, both ends included."""
        return self.filter(Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gte=on))

    def lasting(self, on: date) -> Self:
        """In force on that day or later."""
        return self.exclude(ends_on__lt=on)

    def ended(self, on: date) -> Self:
        return self.filter(ends_on__lt=on)

    def accepted(self) -> Self:
        """Those that waited for nobody's agreement, or got it."""
        return self.filter(Q(invitation=None) | Q(invitation__used_at__isnull=False))

    def invited(self) -> Self:
        """Those whose person has not followed the link of the letter yet."""
        return self.filter(invitation__isnull=False, invitation__used_at=None)

    def with_seen_name(self) -> Self:
        """Adds `seen_name`, `Appointment.shown_name` for searching and sorting."""
        hidden = When(invitation__isnull=False, invitation__used_at=None, then=F("stated_name"))
        former = When(~Q(former_name=""), then=F("former_name"))
        return self.annotate(seen_name=Case(hidden, former, default=F("user__full_name")))


class Appointment(models.Model):
    """A person holds a role at a unit. A substitution is an appointment that names another one.

    By e-mail anybody may be named, also a person of another region. Until that person follows
    the link of the letter, the appointment gives no rights and shows only what the appointer
    wrote (`stated_name`): nobody learns who else works in the portal. `former_name` is the name
    as it was at the end, once the person has got another one.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments", verbose_name="кто"
    )
    unit = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="appointments", verbose_name="где"
    )
    role = models.CharField("роль", max_length=20, choices=Role.choices)
    post = models.CharField("должность", max_length=200)
    rank = models.CharField("ранг должности", max_length=20, choices=Rank.choices)
    starts_on = models.DateField("с")
    ends_on = models.DateField("по", null=True, blank=True)
    act_number = models.CharField("номер приказа", max_length=60, blank=True)
    act_date = models.DateField("дата приказа", null=True, blank=True)
    act_link = models.URLField("ссылка на приказ", max_length=500, blank=True)
    act_file = models.ForeignKey(
        "schools.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    substitutes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="substitutions",
        verbose_name="замещает",
    )
    invitation = models.ForeignKey(
        Invitation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="приглашение",
    )
    stated_name = models.CharField("имя в приглашении", max_length=200, blank=True)
    former_name = models.CharField("имя в то время", max_length=200, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = "назначение"
        verbose_name_plural = "назначения"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="appointment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.SCHOOL) | Q(rank__in=sorted(RESPONSIBLE_RANKS)),
                name="appointment_responsible_rank",
            ),
            models.CheckConstraint(
                condition=Q(substitutes=None) | Q(ends_on__isnull=False),
                name="appointment_substitution_ends",
            ),
        ]
        indexes = [models.Index(fields=["unit", "role"], name="appointment_unit_role")]

    def __str__(self) -> str:
        return f"{self.shown_name}, {self.post}"

    @property
    def is_accepted(self) -> bool:
        """Fetch with `select_related("invitation")`."""
        return self.invitation is None or self.invitation.used_at is not None

    @property
    def shown_name(self) -> str:
        """The name others may see. Fetch with `select_related("user", "invitation")`."""
        if not self.is_accepted:
            return self.stated_name
        return self.former_name or self.user.full_name

    @property
    def invited_email(self) -> str:
        """The mailbox the invitation was sent to. Fetch with `select_related("invitation")`."""
        return self.invitation.email if self.invitation else ""

    def is_lasting(self, on: date) -> bool:
        return self.ends_on is None or self.ends_on >= on

    def is_current(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)
