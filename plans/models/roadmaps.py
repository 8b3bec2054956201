"""The approved roadmap: card, sections, items, responsible parties, as written and as read."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from plans.choices import DeadlineKind, PartyKind
from profmin.lib.paths import PathField
from profmin.lib.periods import AcademicYear
from schools.choices import PartnerKind
from schools.models import OrgUnit
from schools.scope import Scope


class RoadmapQuerySet(models.QuerySet["Roadmap"]):
    def in_scope(self, scope: Scope) -> Self:
        """Published below me, or by a unit whose plans reach me; a partner sees only those that
        name its unit."""
        if scope.named_only:
            named = RoadmapItem.objects.in_scope(scope).values("roadmap_id")
            return self.published().filter(pk__in=named)
        mine = Q(pk__in=_own_assignments(scope).values("roadmap_id"))
        return self.published().filter(scope.down("path") | scope.up("path") | mine)

    def published(self) -> Self:
        """Without those whose publishing still goes on: they exist for nobody."""
        return self.filter(published_at__isnull=False)

    def for_year(self, year: AcademicYear) -> Self:
        return self.filter(year=year.first)

    def running(self, on: date) -> Self:
        """Not over on that day: changes of the tree still bind units."""
        return self.filter(period_end__gte=on)

    def reaching_path(self, path: str) -> Self:
        return self.filter(Scope(roots=(path,)).up("path"))


class Roadmap(models.Model):
    """A plan of one issuing unit, approved by its act. `path` is the subtree it reaches."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="roadmaps", verbose_name="кто")
    path = PathField(db_index=True)
    title = models.TextField("название")
    issuer = models.CharField("утвердивший орган", max_length=500, blank=True)
    basis = models.CharField("приказ", max_length=500, blank=True)
    aims = models.TextField("цели", blank=True)
    year = models.PositiveSmallIntegerField("учебный год")
    period_start = models.DateField("начало")
    period_end = models.DateField("конец")
    abbreviations = models.JSONField(default=dict)
    published_at = models.DateTimeField("опубликована", null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = RoadmapQuerySet.as_manager()

    class Meta:
        verbose_name = "дорожная карта"
        verbose_name_plural = "дорожные карты"
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="roadmap_period_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def seen_on(self, today: date) -> date:
        """The day for which the roadmap is shown: today, or its last day once it is over."""
        return min(today, self.period_end)


class RoadmapSection(models.Model):
    roadmap = models.ForeignKey(Roadmap, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    number = models.CharField("номер", max_length=40, blank=True)
    title = models.TextField("название")

    class Meta:
        verbose_name = "раздел"
        verbose_name_plural = "разделы"
        constraints = [
            models.UniqueConstraint(fields=["roadmap", "position"], name="section_position")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class RoadmapItemQuerySet(models.QuerySet["RoadmapItem"]):
    def in_scope(self, scope: Scope) -> Self:
        published = self.filter(roadmap__published_at__isnull=False)
        if scope.named_only:
            return published.filter(pk__in=_items_named_in(scope))
        mine = Q(roadmap_id__in=_own_assignments(scope).values("roadmap_id"))
        return published.filter(scope.down("roadmap__path") | scope.up("roadmap__path") | mine)

    def duties(self) -> Self:
        """Items proper, without group rows."""
        return self.filter(is_group=False)

    def in_order(self) -> Self:
        return self.order_by("position")


def _items_named_in(scope: Scope) -> models.QuerySet[Any, Any]:
    assignments = apps.get_model("plans", "Assignment")._default_manager
    return assignments.filter(scope.down("path") | scope.own("unit_id")).values("item_id")


def _own_assignments(scope: Scope) -> models.QuerySet[Any, Any]:
    """A unit that moved still sees the plans of its former place that gave a task to it, or to
    what stood below it then."""
    assignments = apps.get_model("plans", "Assignment")._default_manager
    return assignments.filter(scope.own("unit_id") | scope.before("path"))


class RoadmapItem(models.Model):
    """One item (or a group row). `number` repaired, `number_text` as written.

    `windows` holds the reading: a list of {"start": ISO date or null, "end": ISO date}, ordered
    by end; each is one due of every assignment.
    """

    roadmap = models.ForeignKey(Roadmap, models.CASCADE, related_name="items")
    section = models.ForeignKey(RoadmapSection, models.CASCADE, null=True, related_name="items")
    position = models.PositiveSmallIntegerField()
    number = models.CharField("номер", max_length=40, blank=True)
    number_text = models.CharField("номер в документе", max_length=40, blank=True)
    is_group = models.BooleanField("строка-группа", default=False)
    title = models.TextField("мероприятие")
    deadline_text = models.TextField("срок в документе", blank=True)
    deadline_kind = models.CharField("срок", max_length=20, choices=DeadlineKind.choices)
    windows = models.JSONField("даты", default=list)
    deadline_rule = models.TextField("правило", blank=True)
    deadline_inherited = models.BooleanField(default=False)
    binds_branches = models.BooleanField("также филиалам", default=False)
    responsible_text = models.TextField("ответственные в документе", blank=True)
    expected_result = models.TextField("ожидаемый результат", blank=True)
    documents = models.TextField("документы", blank=True)
    links = models.JSONField("ссылки", default=list)
    indicators = models.JSONField("показатели", default=list)

    objects = RoadmapItemQuerySet.as_manager()

    class Meta:
        verbose_name = "мероприятие"
        verbose_name_plural = "мероприятия"
        constraints = [
            models.UniqueConstraint(fields=["roadmap", "position"], name="item_position"),
            models.CheckConstraint(
                condition=Q(deadline_kind__in=DeadlineKind.values), name="item_deadline_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class ItemParty(models.Model):
    """A responsible party of an item as read; `unit` where the dictionary names one unit,
    `partner_kind` where it names all partners of a kind."""

    item = models.ForeignKey(RoadmapItem, models.CASCADE, related_name="parties")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField("вид", max_length=20, choices=PartyKind.choices)
    name = models.CharField("название", max_length=500)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    partner_kind = models.CharField(max_length=20, choices=PartnerKind.choices, blank=True)
    is_binding = models.BooleanField("даёт поручения", default=True)

    class Meta:
        verbose_name = "ответственный"
        verbose_name_plural = "ответственные"
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="party_position"),
            models.CheckConstraint(condition=Q(kind__in=PartyKind.values), name="party_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name
