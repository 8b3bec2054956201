"""Units of the demo region, through the import of a school register."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from plans.choices import PartyKind
from plans.parties import Party
from plans.services.parties import Target, remember
from profmin.journal.services import SYSTEM
from profmin.lib.spreadsheets import workbook
from schools.choices import UnitKind
from schools.models import OrgUnit
from schools.services.register import import_register, read_register
from schools.services.units import UnitCard, open_unit

COUNTRY = UnitCard("RU", "Россия", UnitKind.COUNTRY)
_HEADINGS = ["Код", "Наименование", "Муниципалитет", "Вид", "Вышестоящее", "Учредитель"]
_VARIETIES = {"Гимназия": "гимназия", "Лицей": "лицей", "ООШ": "ООШ", "СОШ": "СОШ"}


def find_region(data: Mapping[str, Any]) -> OrgUnit | None:
    """The demo region, if it is there."""
    code = data["region"]["code"]
    return OrgUnit.objects.of_kind(UnitKind.REGION).filter(code=code).first()


def load_region(*, data: Mapping[str, Any], folder: Path, now: datetime) -> OrgUnit:
    """Opens the region, loads its register from a workbook written into `folder`."""
    today = now.date()
    country = OrgUnit.objects.filter(code=COUNTRY.code, parent=None).first()
    if country is None:
        country = open_unit(parent=None, card=COUNTRY, by=SYSTEM, now=now, today=today)
    card = UnitCard(data["region"]["code"], data["region"]["name"], UnitKind.REGION)
    region = open_unit(parent=country, card=card, by=SYSTEM, now=now, today=today)
    path = folder / "Реестр организаций Приозёрской области.xlsx"
    path.write_bytes(workbook(title="Реестр", headings=_HEADINGS, rows=list(register_rows(data))))
    rows = read_register(path)
    import_register(rows=rows, root=region, on=today, by=SYSTEM, now=now, today=today)
    _remember_words(data, region, now)
    return region


def units_by_code(region: OrgUnit) -> dict[str, OrgUnit]:
    """Every unit of the region, itself included, with its parent."""
    units = OrgUnit.objects.filter(region=region).select_related("parent").in_tree_order()
    return {unit.code: unit for unit in units}


def register_rows(data: Mapping[str, Any]) -> Iterator[list[str]]:
    """The lines of the register, under its headings."""
    for town in data["municipality"]:
        yield [town["code"], town["name"], "", "муниципалитет", "", ""]
        for place, name in enumerate(town["schools"], 1):
            code = f"{town['code']}-{place:02}"
            yield [code, name, town["code"], _variety(name), "", ""]
            for number, branch in enumerate(data["branches"].get(code, []), 1):
                yield [f"{code}-{number}", branch, town["code"], "филиал", code, ""]
    for one in data["other"]:
        founder, town = one.get("founder", ""), one.get("in", "")
        yield [one["code"], one["name"], town, one["kind"], "", founder]


def _variety(name: str) -> str:
    return next((kind for word, kind in _VARIETIES.items() if word in name), "школа")


def _remember_words(data: Mapping[str, Any], region: OrgUnit, now: datetime) -> None:
    """The region's dictionary of responsible parties."""
    units = units_by_code(region)
    for word in data["word"]:
        code = word.get("unit")
        remember(
            region=region,
            party=Party(PartyKind(word["kind"]), word["words"]),
            target=Target(
                unit_id=units[code].pk if code else None,
                partner_kind=word.get("partner_kind", ""),
            ),
            by=SYSTEM,
            now=now,
        )
