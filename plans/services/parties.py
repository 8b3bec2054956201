"""Whom the parties of a document mean: the import's own choices, then the region's dictionary."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction

from plans.choices import PartyKind
from plans.models import ItemParty, PartyEntry, Roadmap
from plans.parties import Party, PartyDictionary
from plans.services.binding import bound_by
from profmin.journal.services import Actor, Subject, write_entry
from profmin.lib.errors import RuleBroken
from schools.choices import PartnerKind
from schools.models import OrgUnit

# Parties that mean units only by name; the others are known by their kind.
NAMED_KINDS = frozenset({PartyKind.OPERATOR, PartyKind.PARTNER, PartyKind.OTHER_AUTHORITY})


@dataclass(frozen=True)
class Target:
    """Whom a party means: one unit, all partners of a kind, or on purpose nobody."""

    unit_id: int | None = None
    partner_kind: str = ""
    nobody: bool = False

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Target":
        return cls(data.get("unit"), data.get("partner_kind", ""), data.get("nobody", False))

    def as_json(self) -> dict[str, Any]:
        if self.nobody:
            return {"nobody": True}
        return {"unit": self.unit_id} if self.unit_id else {"partner_kind": self.partner_kind}


def key_of(party: Party) -> str:
    """The key of a party in `RoadmapImport.bindings`."""
    return f"{party.kind}|{party.name.casefold()}"


@cache
def general_dictionary() -> PartyDictionary:
    """The words every region knows (`fixtures/parties.toml`)."""
    with (settings.BASE_DIR / "fixtures" / "parties.toml").open("rb") as file:
        return PartyDictionary.from_data(tomllib.load(file))


def region_dictionary(region_id: int | None) -> PartyDictionary:
    """The general words with the region's own on top."""
    rows = PartyEntry.objects.of_region(region_id or 0).order_by("pk")
    return general_dictionary().with_words({row.words: PartyKind(row.kind) for row in rows})


def targets(
    parties: set[Party], *, region_id: int | None, bindings: dict[str, Any]
) -> dict[Party, Target]:
    """What is known of these parties; those without an answer are missing."""
    entries = {
        row.words.casefold(): Target(row.unit_id, row.partner_kind)
        for row in PartyEntry.objects.of_region(region_id or 0)
        if row.unit_id or row.partner_kind
    }
    found: dict[Party, Target] = {}
    for party in parties:
        if key_of(party) in bindings:
            found[party] = Target.from_json(bindings[key_of(party)])
        elif party.name.casefold() in entries:
            found[party] = entries[party.name.casefold()]
    return found


def item_party(party: Party, position: int, target: Target | None) -> ItemParty:
    """An unsaved row of a party."""
    known = target or Target()
    return ItemParty(
        position=position,
        kind=party.kind,
        name=party.name[:500],
        unit_id=known.unit_id,
        partner_kind=known.partner_kind,
        is_binding=not known.nobody,
    )


def bound_count(
    party: Party, target: Target | None, *, unit: OrgUnit, branches: bool = False
) -> int:
    """How many working units a party would bind in a roadmap of `unit`."""
    roadmap = Roadmap(unit=unit, path=unit.territory_path)
    means = bound_by(item_party(party, 0, target), roadmap, branches=branches)
    return OrgUnit.objects.filter(means, closed_on=None).count()


def remember(
    *, region: OrgUnit, party: Party, target: Target, by: Actor, now: datetime
) -> PartyEntry:
    """Writes a choice into the region's dictionary, for the next documents."""
    if target.nobody:
        raise RuleBroken("«Никого» запоминается только для этого документа.")
    if target.partner_kind and target.partner_kind not in PartnerKind.values:
        raise RuleBroken("Выберите вид партнёра из списка.", field="partner_kind")
    with transaction.atomic():
        entry, _ = PartyEntry.objects.update_or_create(
            region=region,
            words__iexact=party.name[:300],
            defaults={
                "kind": party.kind,
                "unit_id": target.unit_id,
                "partner_kind": target.partner_kind,
            },
            create_defaults={
                "words": party.name[:300],
                "kind": party.kind,
                "unit_id": target.unit_id,
                "partner_kind": target.partner_kind,
            },
        )
        write_entry(
            by=by,
            now=now,
            action="party_remembered",
            about=Subject("party", entry.pk, entry.words, region.pk, region.path or ""),
            after={"kind": entry.kind, **target.as_json()},
        )
    return entry


def forget(*, entry: PartyEntry, by: Actor, now: datetime) -> None:
    """Takes words out of a region's dictionary; published roadmaps keep what they read."""
    with transaction.atomic():
        write_entry(
            by=by,
            now=now,
            action="party_forgotten",
            about=Subject("party", entry.pk, entry.words, entry.region_id, entry.region.path or ""),
            before={"kind": entry.kind, **Target(entry.unit_id, entry.partner_kind).as_json()},
        )
        entry.delete()
