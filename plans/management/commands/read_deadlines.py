"""`manage.py read_deadlines`: phrases in, their readings out (roadmap-reading.md, «Commands»)."""

import io
import json
import sys
from datetime import MAXYEAR, MINYEAR
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plans.deadlines import PlanPeriod, read_deadline


class Command(BaseCommand):
    """Reads deadline phrases, one a line, and prints the reading of each as one JSON line."""

    help = "Читает сроки со стандартного ввода, по одному в строке, и печатает прочитанное в JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--year", type=int, required=True, help="первый год плана: 2023 для 2023/24"
        )
        parser.add_argument("--calendar-year", action="store_true", help="план на календарный год")

    def handle(self, *args: Any, **options: Any) -> None:
        if not MINYEAR < options["year"] < MAXYEAR:
            raise CommandError("Год плана не похож на год.")
        plan = PlanPeriod(options["year"], calendar=options["calendar_year"])
        for line in io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="replace"):
            reading = read_deadline(line.rstrip("\r\n"), plan).as_json()
            self.stdout.write(json.dumps(reading, ensure_ascii=False))
