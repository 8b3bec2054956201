"""Loads a school register from a file: `manage.py import_register FILE --unit CODE`."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from profmin.journal.services import SYSTEM
from profmin.lib import wording
from profmin.lib.documents import read_file
from profmin.lib.errors import RuleBroken
from schools.register_draft import HEADINGS
from schools.services.register import (
    RegisterRefused,
    RegisterReview,
    find_root,
    import_register,
    read_register,
    review_register,
)

_UNITS = "организация,организации,организаций"


class Command(BaseCommand):
    """JSON (or words) on stdout; messages on stderr; exit status 1 where nothing was written
    because of errors."""

    help = "Загружает реестр организаций из XLSX или CSV. Столбцы: " + ", ".join(HEADINGS) + "."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="файл XLSX или CSV")
        parser.add_argument(
            "--unit",
            required=True,
            metavar="CODE",
            help="код региона или муниципалитета, в который загружается реестр",
        )
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            metavar="ДАТА",
            help="с какого дня действуют переименования и переводы, например 2026-09-01",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="только проверить, ничего не записывать"
        )
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="итог в JSON на stdout"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            review = self._carry_out(options)
        except RegisterRefused as refusal:
            self._fail([vars(error) for error in refusal.errors], as_json=options["as_json"])
        except RuleBroken as refusal:
            error = {"row": None, "column": "", "message": refusal.message}
            self._fail([error], as_json=options["as_json"])
        else:
            self._tell(review, dry_run=options["dry_run"], as_json=options["as_json"])

    def _carry_out(self, options: dict[str, Any]) -> RegisterReview:
        today = timezone.localdate()
        on = options["on"] or today
        path: Path = options["file"]
        read_file(path)  # says in words why it cannot be opened
        root = find_root(options["unit"])
        rows = read_register(path)
        if not options["dry_run"]:
            return import_register(
                rows=rows, root=root, on=on, by=SYSTEM, now=timezone.now(), today=today
            )
        review = review_register(rows=rows, root=root, on=on)
        if review.errors:
            raise RegisterRefused(review.errors)
        return review

    def _fail(self, errors: list[dict[str, Any]], *, as_json: bool) -> None:
        if as_json:
            self._print_json(0, 0, 0, errors)
        for error in errors:
            where = f"Строка {error['row']}, {error['column']}: " if error["row"] else ""
            self.stderr.write(f"{where}{error['message']}")
        count = wording.plural(len(errors), "ошибка,ошибки,ошибок")
        raise CommandError(f"Ничего не записано: {count}.")

    def _tell(self, review: RegisterReview, *, dry_run: bool, as_json: bool) -> None:
        plan = review.plan
        counts = len(plan.created), len(plan.changed), plan.unchanged
        if as_json:
            self._print_json(*counts, [])
        else:
            words = "Появятся: {}, изменятся: {}" if dry_run else "Новых: {}, изменено: {}"
            created, changed = (wording.plural(count, _UNITS) for count in counts[:2])
            self.stdout.write(f"{words.format(created, changed)}, без изменений: {counts[2]}.")
        if review.unused:
            self.stderr.write(f"Столбцы, которые не используются: {', '.join(review.unused)}.")
        if plan.missing:
            missing = wording.plural(len(plan.missing), _UNITS)
            self.stderr.write(f"В файле нет: {missing} портала. Загрузка ничего не закрывает.")

    def _print_json(
        self, created: int, updated: int, unchanged: int, errors: list[dict[str, Any]]
    ) -> None:
        told = {
            "created": created,
            "updated": updated,
            "unchanged": unchanged,
            "errors": errors,
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False))
