"""Which unit a row belongs to, found by the rows themselves: the tests' own sight of access.

Nothing here asks `Scope`: whose rows somebody may see is told by walking up `parent`.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Model, QuerySet, URLField, Value
from django.db.models.fields import CharField, TextField
from django.db.models.functions import Concat, Left

from plans import models as plans
from profmin.accounts.models import EmailChange, Invitation, User
from profmin.jobs.models import Job
from profmin.journal.models import JournalEntry
from schools import models as schools

# Every model that leads to a unit, and the way there.
OWNERS: Mapping[type[Model], str] = {
    schools.OrgUnit: "pk",
    schools.UnitPlace: "unit_id",
    schools.Appointment: "unit_id",
    schools.StoredFile: "unit_id",
    plans.Roadmap: "unit_id",
    plans.RoadmapSection: "roadmap__unit_id",
    plans.RoadmapItem: "roadmap__unit_id",
    plans.ItemParty: "item__roadmap__unit_id",
    plans.Assignment: "unit_id",
    plans.Due: "assignment__unit_id",
    plans.Proof: "due__assignment__unit_id",
    plans.RoadmapImport: "unit_id",
    plans.PartyEntry: "region_id",
    JournalEntry: "unit_id",
    Job: "unit_id",
    User: "appointments__unit_id",
    Invitation: "user__appointments__unit_id",
    EmailChange: "unit_id",
}
# Rows that belong to no unit.
NOBODYS = frozenset({"SignInDelay", "Letter"})

# Words with a meaning for the program: keys, codes, names of files on the disk.
_KEPT = frozenset(
    (
        *("path", "unit_path", "file", "token_hash", "sha256", "password", "email", "code"),
        *("content_type", "action", "object_type", "request_id", "kind", "key", "token", "number"),
    )
)


def rows_of(model: type[Model], unit_ids: Any) -> QuerySet[Any]:
    """Rows of a model that belong to one of these units."""
    found = model._default_manager.filter(**{f"{OWNERS[model]}__in": list(unit_ids)})
    return model._default_manager.filter(pk__in=found.values("pk"))


def stain(unit_ids: Any, word: str) -> None:
    """Writes `word` into every text of every row of these units: it may be seen nowhere else."""
    for model in OWNERS:
        if model is not JournalEntry:
            for field in model._meta.concrete_fields:
                if isinstance(field, CharField | TextField) and not field.choices:
                    _stain_field(model, field, unit_ids, word)
    _stain_journal(unit_ids, word)


def _stain_journal(unit_ids: Any, word: str) -> None:
    """The journal is only added to: each kind of entry once more with the word in every text."""
    told: dict[tuple[int | None, str], JournalEntry] = {}
    for row in rows_of(JournalEntry, unit_ids):
        told.setdefault((row.unit_id, row.action), row)
    for row in told.values():
        row.pk = None
        row.actor_name = row.object_name = row.reason = f"{row.object_name} {word}"
        row.after = {"name": word}
        row.save(force_insert=True)


def _stain_field(model: type[Model], field: Any, unit_ids: Any, word: str) -> None:
    if field.name in _KEPT:
        return
    sign = "#" if isinstance(field, URLField) or field.name == "link" else " "
    added = f"{sign}{word}"
    text: Any = F(field.name)
    if field.max_length:
        text = Left(text, field.max_length - len(added))
    rows = rows_of(model, unit_ids).exclude(**{field.name: ""})
    rows.update(**{field.name: Concat(text, Value(added))})


def above(unit: schools.OrgUnit) -> list[int]:
    """Keys of the unit and of all above it."""
    keys = []
    here: schools.OrgUnit | None = unit
    while here is not None:
        keys.append(here.pk)
        here = here.parent
    return keys


def below(root: int) -> set[int]:
    """Keys of the unit and of all below it."""
    parents = dict(schools.OrgUnit.objects.values_list("pk", "parent_id"))
    found = {root}
    while True:
        more = {key for key, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more
