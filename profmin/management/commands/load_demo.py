"""Loads the demo region: `manage.py load_demo`. A second time there is nothing to do."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from profmin.lib.errors import RuleBroken
from profmin.management.demo.load import accounts_path, load_demo


class Command(BaseCommand):
    help = "Загружает показательный регион с людьми, дорожными картами и половиной учебного года."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            loaded = load_demo(today=timezone.localdate(), note=self._note)
        except RuleBroken as refusal:
            raise CommandError(refusal.message) from refusal
        if not loaded:
            self.stdout.write("Показательный регион уже загружен.")
            return
        self.stdout.write(f"Загружено за {time.monotonic() - began:.0f} с: {', '.join(loaded)}.")
        self.stdout.write(f"Учётные записи: {accounts_path()}")

    def _note(self, words: str) -> None:
        if self.verbosity > 1:
            self.stderr.write(words)

    def execute(self, *args: Any, **options: Any) -> Any:
        self.verbosity = options["verbosity"]
        return super().execute(*args, **options)
