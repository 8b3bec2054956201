"""Documents on their way to a roadmap, read by the real path from a pasted table."""

from plans.models import RoadmapImport
from plans.services.imports import load_roadmap
from profmin.jobs.tasks import run_job
from profmin.journal.services import SYSTEM, Actor
from schools.models import OrgUnit
from tests.factories.cast import NOW

HEAD = "№\tМероприятие\tСрок\tОтветственный\tОжидаемый результат"
CLEAR = [
    "1. Организация работы",
    "1.1\tПриказ о назначении ответственных\tДо 15.10.2026\tМинистерство образования\tПриказ",
    "1.2\tДни открытых дверей\tЕжегодно до 20 декабря и 25 мая\tРуководители ОО\tОтчёт",
    "1.3\tСовещание координаторов\t27.11.2026\tМуниципальные органы управления образованием\tПротокол",
]
UNCLEAR = [
    "1.4\tВыставка профессий\tкогда получится\tРуководители ОО\tАльбом",
    "1.5\tПробы в мастерских\tдо 01.03.2027\tКолледжи\tСписки",
]
TITLE = "План мероприятий (дорожная карта) на 2026-2027 учебный год"


def table(*rows: str) -> str:
    """A pasted document: a title, the head and these rows."""
    return "\n".join([TITLE, "", HEAD, *rows])


def read_table(unit: OrgUnit, *rows: str, by: Actor = SYSTEM) -> RoadmapImport:
    """A table loaded for `unit` and read by its job."""
    source = load_roadmap(
        unit=unit, name="Вставленная таблица", pasted=table(*rows), by=by, now=NOW
    )
    run_job(source.job_id or 0)
    source.refresh_from_db()
    return source
