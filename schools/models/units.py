"""The tree of units. The row holds today's place; `UnitPlace` holds every place with its dates."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from profmin.lib import paths
from schools.choices import SERVING_KINDS, FounderKind, PartnerKind, UnitKind
from schools.scope import Scope


class OrgUnitQuerySet(models.QuerySet["OrgUnit"]):
    def in_scope(self, scope: Scope) -> Self:
        return self.filter(scope.down("path"))

    def reaching(self, scope: Scope) -> Self:
        """Units at, below or above the roots: mine and those whose plans reach me."""
        return self.filter(scope.down("path") | scope.up("path"))

    def below(self, unit: "OrgUnit") -> Self:
        return self.filter(paths.under("path", unit.path)).exclude(pk=unit.pk)

    def working(self, on: date) -> Self:
        """Open on that day: already opened and not yet closed (the closing day is the first
        day on which the unit no longer works)."""
        return self.filter(
            Q(opened_on=None) | Q(opened_on__lte=on), Q(closed_on=None) | Q(closed_on__gt=on)
        )

    def of_kind(self, *kinds: UnitKind) -> Self:
        return self.filter(kind__in=kinds)

    def in_tree_order(self) -> Self:
        return self.order_by("path")

    def by_name(self) -> Self:
        return self.order_by("name", "pk")


class OrgUnit(models.Model):
    """A node of the tree: country, region, municipality, school, branch, operator, partner…

    `code` is unique within a region (and among regions): equal codes in two regions say nothing
    about each other.
    """

    code = models.CharField("код", max_length=40)
    name = models.CharField("наименование", max_length=300)
    kind = models.CharField("вид", max_length=20, choices=UnitKind.choices)
    variety = models.CharField("вид в реестре", max_length=100, blank=True)
    founder = models.CharField("учредитель", max_length=20, choices=FounderKind.choices, blank=True)
    partner_kind = models.CharField(
        "вид партнёра", max_length=20, choices=PartnerKind.choices, blank=True
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="вышестоящее",
    )
    region = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="регион"
    )
    # Null only between the two statements that open a unit: the path holds the row's own key.
    path = paths.PathField(unique=True, null=True, editable=False)  # type: ignore[misc]
    opened_on = models.DateField("открыто", null=True, blank=True)
    closed_on = models.DateField("закрыто", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name="присоединено к",
    )

    objects = OrgUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "организация"
        verbose_name_plural = "организации"
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="unit_code_in_region"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(region=None), name="unit_code_above_regions"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(opened_on=None) | Q(closed_on__gte=F("opened_on")),
                name="unit_closes_after_opening",
            ),
            models.CheckConstraint(condition=Q(kind__in=UnitKind.values), name="unit_kind_known"),
            models.CheckConstraint(
                condition=Q(parent=None, kind__in=[UnitKind.COUNTRY, UnitKind.REGION])
                | Q(parent__isnull=False),
                name="unit_has_parent",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "path"], name="unit_kind_path"),
            models.Index(fields=["region", "name"], name="unit_region_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def territory_path(self) -> str:
        """The subtree this unit's plans reach: its own, or its parent's where it serves it."""
        path = self.path or ""
        return paths.parent(path) if self.kind in SERVING_KINDS else path

    def is_working(self, on: date) -> bool:
        opened = self.opened_on is None or self.opened_on <= on
        return opened and (self.closed_on is None or self.closed_on > on)


class UnitPlaceQuerySet(models.QuerySet["UnitPlace"]):
    def in_scope(self, scope: Scope) -> Self:
        return self.filter(scope.down("path"))

    def on(self, day: date) -> Self:
        """The places that held on that day: one a unit."""
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gt=day)
        )


class UnitPlace(models.Model):
    """Where a unit stood and how it was called from `starts_on` until the day before `ends_on`.

    Open ends are null. Closed periods read the place of their time, so a move or a merger in
    mid-year changes nothing in them.
    """

    unit = models.ForeignKey(OrgUnit, models.CASCADE, related_name="places")
    parent = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=300)
    path = paths.PathField()
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    objects = UnitPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "место в дереве"
        verbose_name_plural = "места в дереве"
        constraints = [
            models.UniqueConstraint(fields=["unit", "starts_on"], name="place_starts_once"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(ends_on=None), name="place_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gt=F("starts_on")),
                name="place_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["path"], name="place_path")]

    def __str__(self) -> str:
        return f"{self.name} с {self.starts_on or 'начала'}"
