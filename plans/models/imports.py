"""A document on its way to a roadmap, and the words by which a region calls its parties."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from plans.choices import ImportState, PartyKind
from plans.models.roadmaps import Roadmap
from schools.choices import PartnerKind
from schools.models import OrgUnit, StoredFile
from schools.scope import Scope


class RoadmapImportQuerySet(models.QuerySet["RoadmapImport"]):
    def in_scope(self, scope: Scope) -> Self:
        return self.filter(scope.down("unit__path"))

    def of_unit(self, unit_id: int) -> Self:
        """A draft is its unit's own: even the level above sees it only when published."""
        return self.filter(unit_id=unit_id)

    def unfinished(self) -> Self:
        return self.exclude(state__in=[ImportState.PUBLISHED, ImportState.DISCARDED])


class RoadmapImport(models.Model):
    """One loaded document: the reading (`draft`, see `plans.roadmap_draft`) and the answers a
    person gave to its doubts. Waits half-reviewed as long as it takes.

    `settled` lists the keys of doubts a person has answered. `bindings` says whom a named party
    means here: "kind|name" → {"unit": id}, {"partner_kind": code} or {"nobody": true}.
    `version` grows with every change: two people at once see the conflict.
    """

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="roadmap_imports")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    pasted = models.TextField(blank=True)
    name = models.CharField("документ", max_length=300)
    year = models.PositiveSmallIntegerField("учебный год", null=True, blank=True)
    state = models.CharField(max_length=20, choices=ImportState.choices)
    error = models.TextField(blank=True)
    draft = models.JSONField(null=True)
    settled = models.JSONField(default=list)
    bindings = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    job = models.ForeignKey(
        "jobs.Job", models.SET_NULL, null=True, related_name="+", verbose_name="работа"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    roadmap = models.OneToOneField(Roadmap, models.SET_NULL, null=True, related_name="source")

    objects = RoadmapImportQuerySet.as_manager()

    class Meta:
        verbose_name = "загрузка дорожной карты"
        verbose_name_plural = "загрузки дорожных карт"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ImportState.values), name="import_state_known"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PartyEntryQuerySet(models.QuerySet["PartyEntry"]):
    def in_scope(self, scope: Scope) -> Self:
        return self.filter(scope.down("region__path"))

    def of_region(self, region_id: int) -> Self:
        return self.filter(region_id=region_id)


class PartyEntry(models.Model):
    """How a region's documents call a party: words → kind, and the unit where it
    is one, or the kind of partners where it is all of them."""

    region = models.ForeignKey(OrgUnit, models.CASCADE, related_name="party_entries")
    words = models.CharField("слова в документе", max_length=300)
    kind = models.CharField("вид", max_length=20, choices=PartyKind.choices)
    unit = models.ForeignKey(
        OrgUnit, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="кто это"
    )
    partner_kind = models.CharField(
        "все партнёры вида", max_length=20, choices=PartnerKind.choices, blank=True
    )

    objects = PartyEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "слово об ответственном"
        verbose_name_plural = "словарь ответственных"
        constraints = [
            models.UniqueConstraint("region", Lower("words"), name="party_words_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=PartyKind.values), name="party_entry_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.words
