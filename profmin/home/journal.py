"""The journal on screen: who changed what, from what to what, and why."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render

from plans.choices import DueState, PartyKind
from profmin.accounts.roles import Permission, Role
from profmin.home.filters import MOST_FOLDED, JournalFilter
from profmin.journal.choices import ACTIONS, FIELDS, OTHER_ACTION, SUBJECTS
from profmin.journal.models import JournalEntry
from profmin.lib import wording
from schools.access import Access, AccessRequest, requires
from schools.choices import FounderKind, PartnerKind, Rank, UnitKind
from schools.models import OrgUnit

PAGE = 50
_VIEWS = "просмотр контактов,просмотра контактов,просмотров контактов"
_PEOPLE_MATTERS = ("user", "appointment")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CODE = re.compile(r"(?:^|: )[a-z_]+$")
_WORDS: Mapping[str, tuple[type[models.TextChoices], ...]] = {
    "role": (Role,),
    "kind": (UnitKind, PartyKind),
    "rank": (Rank,),
    "state": (DueState,),
    "founder": (FounderKind,),
    "partner_kind": (PartnerKind,),
}


@requires(Permission.JOURNAL_VIEW)
def journal(request: AccessRequest) -> HttpResponse:
    """Entries about what one may see, the latest first; pages go back in time."""
    access = request.access
    unit = _asked_unit(access, request.GET)
    filters = JournalFilter(
        request.GET,
        entries=_readable(access, unit),
        may_see_people=access.can(Permission.PERSON_VIEW),
    )
    entries = filters.found().order_by("-pk")
    before = request.GET.get("before", "")
    if before:
        entries = entries.filter(pk__lt=_key(before))
    listed = list(entries[: PAGE + 1])
    context = {
        "filters": filters,
        "unit": unit,
        "rows": [_row(entry) for entry in listed[:PAGE]],
        "next": listed[PAGE - 1].pk if len(listed) > PAGE else None,
        "is_first": not before,
        "folded": _folded_words(filters.folded()),
    }
    return render(request, "journal.html", context, status=200 if filters.is_valid() else 400)


def _folded_words(count: int) -> str:
    """«12 просмотров контактов»; nothing where none is folded."""
    words = wording.plural(min(count, MOST_FOLDED), _VIEWS) if count else ""
    return f"больше {words}" if count > MOST_FOLDED else words


def _key(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return int(text)


def _asked_unit(access: Access, query: Mapping[str, str]) -> OrgUnit | None:
    """The organisation whose journal is asked for, if one may see it."""
    key = query.get("id", "")
    if query.get("type") != "unit" or not key.isdecimal() or len(key) > 18:
        return None
    return OrgUnit.objects.in_scope(access.scope).filter(pk=int(key)).first()


def _readable(access: Access, unit: OrgUnit | None) -> models.QuerySet[JournalEntry]:
    """Entries of units that lay in one's subtree at that moment, and all of a unit that lies
    there now. Matters of people are for those who may see people; a document on its way is its
    unit's own."""
    entries = JournalEntry.objects.in_scope(access.scope)
    if unit is not None:
        entries = JournalEntry.objects.about("unit", unit.pk)
    if not access.can(Permission.PERSON_VIEW):
        entries = entries.exclude(Q(object_type__in=_PEOPLE_MATTERS) | Q(action="contacts_viewed"))
    return entries.without_drafts_of_others(access.unit_id)


def _row(entry: JournalEntry) -> dict[str, Any]:
    return {
        "entry": entry,
        "action": ACTIONS.get(entry.action, OTHER_ACTION),
        "matter": SUBJECTS.get(entry.object_type, ""),
        "unit_id": entry.object_id if entry.object_type == "unit" else None,
        "changes": changes(entry.before, entry.after),
    }


def changes(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[dict[str, str]]:
    """What differs: [{field, before, after}] in words, "" where a side says nothing of it."""
    old, new = before or {}, after or {}
    names = [*old, *(name for name in new if name not in old)]
    return [
        {
            "field": FIELDS[name],
            "before": _words(name, old[name]) if name in old else "",
            "after": _words(name, new[name]) if name in new else "",
        }
        for name in names
        if name in FIELDS and (name not in old or name not in new or old[name] != new[name])
    ]


def _words(name: str, value: Any) -> str:
    """A stored value as a person reads it; never a code."""
    if value is None or value == "":
        return wording.NOTHING
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, list):
        return ", ".join(_words(name, one) for one in value) or wording.NOTHING
    if isinstance(value, dict):
        return ", ".join(_words(key, one) for key, one in value.items())
    return _text(name, str(value))


def _text(name: str, text: str) -> str:
    for words in _WORDS.get(name, ()):
        if text in words.values:
            return str(words(text).label)
    day = _day(text) if _DAY.fullmatch(text) else None
    return wording.short_date(day) if day else _CODE.sub("", text) or wording.NOTHING


def _day(text: str) -> date | None:
    """People type what looks like a day and is none: «2026-99-99» in a comment."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
