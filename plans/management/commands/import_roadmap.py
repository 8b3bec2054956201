"""Read a roadmap's document, or load and publish it:
`manage.py import_roadmap FILE --dry-run --json [--year 2023]`,
`manage.py import_roadmap FILE --unit CODE --publish [--year 2023]`.
"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand
from django.utils import timezone

from plans.choices import ImportState
from plans.models import RoadmapImport
from plans.readers import read_document
from plans.roadmap_draft import RoadmapDraft, draft_from_document, refuse_without_plan
from plans.services.imports import ask_publishing, load_roadmap
from plans.services.parties import general_dictionary
from plans.services.review import open_questions
from profmin.jobs.tasks import run_job
from profmin.journal.services import SYSTEM
from profmin.lib.documents import read_file
from profmin.lib.errors import RuleBroken
from schools.choices import FilePurpose
from schools.models import OrgUnit
from schools.services.files import atomic_with_files, store_file


class Command(BaseCommand):
    """Standard output holds only JSON; a refusal is one Russian sentence on standard error.

    What is printed is fixed by the design's page «Reading a roadmap: the stable contract».
    """

    help = "Читает документ дорожной карты и печатает прочитанное (JSON)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="документ: DOCX, PDF, XLSX, HTML или текст")
        parser.add_argument("--dry-run", action="store_true", help="только прочитать")
        parser.add_argument("--json", action="store_true", help="напечатать JSON")
        parser.add_argument("--unit", help="код организации, которая утвердила карту")
        parser.add_argument(
            "--publish", action="store_true", help="опубликовать, если вопросов нет"
        )
        parser.add_argument("--year", type=int, help="первый год плана, если его нет в названии")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["unit"] and not options["dry_run"]:
                self._load(options)
            elif options["dry_run"]:
                draft = self._read(options["file"], options["year"])
                self.stdout.write(_json(draft) if options["json"] else _summary(draft))
            else:
                raise RuleBroken("Укажите --dry-run, чтобы прочитать, или --unit, чтобы загрузить.")
        except RuleBroken as refusal:
            self._refuse(refusal.message)

    def _load(self, options: dict[str, Any]) -> None:
        """Loads the document for a unit and, on wish, publishes it; questions wait on the page."""
        now = timezone.now()
        unit = _unit(options["unit"])
        path: Path = options["file"]
        data = read_file(path)
        with atomic_with_files():
            file = store_file(
                unit=unit,
                path=unit.path or "",
                purpose=FilePurpose.ROADMAP,
                upload=SimpleUploadedFile(path.name, data),
                by=SYSTEM,
                now=now,
            )
            source = load_roadmap(
                unit=unit, name=path.name, file=file, year=options["year"], by=SYSTEM, now=now
            )
        run_job(source.job_id or 0)
        source.refresh_from_db()
        if source.state != ImportState.REVIEW:
            raise RuleBroken(source.error or "Документ не прочитан.")
        questions = open_questions(source)
        for question in questions:
            self.stderr.write(f"{question.row or '—'}: {question.message}")
        waits = f"Документ загружен и ждёт проверки на портале. Вопросов: {len(questions)}."
        if options["publish"] and questions:
            raise RuleBroken(waits)
        if options["publish"]:
            self._publish(source)
        else:
            self.stderr.write(waits)

    def _publish(self, source: RoadmapImport) -> None:
        ask_publishing(source=source, version=source.version, by=SYSTEM, now=timezone.now())
        run_job(source.job_id or 0)
        source.refresh_from_db()
        if source.roadmap is None or source.state != ImportState.PUBLISHED:
            raise RuleBroken("Карта не опубликована: откройте документ на портале.")
        count = source.roadmap.assignments.count()
        self.stdout.write(json.dumps({"roadmap": source.roadmap.pk, "assignments": count}))

    def _read(self, path: Path, year: int | None) -> RoadmapDraft:
        if year is not None and not 2000 <= year <= 2100:
            raise RuleBroken("Укажите год четырьмя цифрами, например 2026.")
        read_file(path)  # says in words why it cannot be opened
        document = read_document(path, name=path.name)
        draft = draft_from_document(document, dictionary=general_dictionary(), year=year)
        refuse_without_plan(draft)
        return draft

    def _refuse(self, sentence: str) -> NoReturn:
        """One sentence on standard error and status 1."""
        self.stderr.write(sentence)
        sys.exit(1)


def _unit(code: str) -> OrgUnit:
    """The unit with this code; a code of several regions names none."""
    found = list(OrgUnit.objects.filter(code=code, closed_on=None)[:2])
    if len(found) != 1:
        several = "несколько" if found else "нет"
        raise RuleBroken(f"Организаций с кодом «{code}»: {several}. Проверьте код.")
    return found[0]


def _json(draft: RoadmapDraft) -> str:
    return json.dumps(draft.as_json(), ensure_ascii=False, indent=1)


def _summary(draft: RoadmapDraft) -> str:
    """What was read in a few lines, for a person."""
    groups = sum(item.group for item in draft.items)
    counts = (
        f"Мероприятий: {len(draft.items) - groups}, подзаголовков: {groups}, "
        f"разделов: {len(draft.sections)}, вопросов: {len(draft.doubts)}."
    )
    doubts = [f"{doubt.row or '—'}: {doubt.message}" for doubt in draft.doubts]
    return "\n".join([draft.title, counts, *doubts])
