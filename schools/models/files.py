"""Files people load: kept outside the web root under names of our own."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from profmin.lib.paths import PathField
from schools.choices import FilePurpose
from schools.models.units import OrgUnit
from schools.scope import Scope


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def in_scope(self, scope: Scope) -> Self:
        """A proof is seen with its assignment: by whom the time belonged to. Everything else is
        seen with its unit, wherever that stands today: orders are about people, and people are
        seen by today's tree; documents and registers wait for today's work."""
        of_its_time = scope.down("path") | scope.own("unit_id")
        return self.filter(
            Q(of_its_time, purpose=FilePurpose.PROOF)
            | Q(scope.down("unit__path")) & ~Q(purpose=FilePurpose.PROOF)
        )


class StoredFile(models.Model):
    """A file with its unit. `path` is the unit's path at the time it belongs to (see Assignment);
    it decides who sees a proof, and nothing else."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="files")
    path = PathField(db_index=True)
    purpose = models.CharField(max_length=20, choices=FilePurpose.choices)
    file = models.FileField(max_length=200)
    name = models.CharField("имя файла", max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "файл"
        verbose_name_plural = "файлы"

    def __str__(self) -> str:
        return self.name
