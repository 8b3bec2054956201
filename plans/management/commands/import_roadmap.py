"""Read a roadmap's document: `manage.py import_roadmap FILE --dry-run --json [--year 2023]`."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from plans.readers import read_document
from plans.roadmap_draft import RoadmapDraft, draft_from_document
from plans.services.parties import general_dictionary
from profmin.lib.errors import RuleBroken


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
        parser.add_argument("--year", type=int, help="первый год плана, если его нет в названии")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            draft = self._read(options["file"], options["year"])
        except RuleBroken as refusal:
            self._refuse(refusal.message)
        if not options["dry_run"]:
            self._refuse("Укажите --dry-run: без него публиковать нечего.")
        self.stdout.write(_json(draft) if options["json"] else _summary(draft))

    def _read(self, path: Path, year: int | None) -> RoadmapDraft:
        if year is not None and not 2000 <= year <= 2100:
            raise RuleBroken("Укажите год четырьмя цифрами, например 2026.")
        if not path.is_file():
            raise RuleBroken(f"Файл не найден: {path}.")
        try:
            document = read_document(path, name=path.name)
        except OSError as failure:
            raise RuleBroken(f"Файл не открывается: {path}.") from failure
        return draft_from_document(document, dictionary=general_dictionary(), year=year)

    def _refuse(self, sentence: str) -> NoReturn:
        """One sentence on standard error and status 1."""
        self.stderr.write(sentence)
        sys.exit(1)


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
