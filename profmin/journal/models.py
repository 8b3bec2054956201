"""The journal: who changed what, when, from what to what, and why. Rows are only added."""

from datetime import datetime
from typing import Protocol, Self

from django.db import models

from profmin.accounts.roles import Role
from profmin.lib.paths import PathField


class Covering(Protocol):
    """What the journal needs of a Scope (which stands above it)."""

    def down(self, field: str) -> models.Q: ...


class JournalEntryQuerySet(models.QuerySet["JournalEntry"]):
    def in_scope(self, scope: Covering) -> Self:
        return self.filter(scope.down("unit_path"))

    def about(self, object_type: str, object_id: int) -> Self:
        return self.filter(object_type=object_type, object_id=object_id)

    def without_drafts_of_others(self, unit_id: int) -> Self:
        """A document on its way is its unit's own, and so is what is told of it."""
        return self.exclude(models.Q(object_type="import") & ~models.Q(unit_id=unit_id))

    def before_moment(self, moment: datetime) -> Self:
        return self.filter(at__lt=moment)


class JournalEntry(models.Model):
    """One deed. No foreign keys: the journal outlives what it tells of.

    `unit_path` is the path of the object's unit at that moment; entries that belong to no unit
    (a failed sign-in) have an empty path, which lies in no Scope.
    """

    at = models.DateTimeField("когда", db_index=True)
    actor_id = models.BigIntegerField("кто (код)", null=True)
    actor_name = models.CharField("кто", max_length=200, blank=True)
    role = models.CharField("роль", max_length=20, choices=Role.choices, blank=True)
    unit_id = models.BigIntegerField("организация (код)", null=True)
    unit_path = PathField(blank=True)
    action = models.CharField("действие", max_length=40)
    object_type = models.CharField("предмет", max_length=40)
    object_id = models.BigIntegerField("предмет (код)", null=True)
    object_name = models.CharField("название предмета", max_length=300, blank=True)
    before = models.JSONField("было", null=True)
    after = models.JSONField("стало", null=True)
    reason = models.TextField("причина", blank=True)
    request_id = models.CharField("запрос", max_length=40, blank=True)

    objects = JournalEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "запись журнала"
        verbose_name_plural = "журнал"
        indexes = [
            models.Index(fields=["object_type", "object_id", "-at"], name="journal_object"),
            models.Index(fields=["unit_path", "-at"], name="journal_unit_path"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.action} {self.object_type}"
