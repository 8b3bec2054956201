"""The portal's processes under one supervisor: web server, workers, scheduler."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from profmin.supervisor import AlreadyRunning, Supervisor, only_one, portal_programs


class Command(BaseCommand):
    help = "Запускает веб-сервер, обработчики и расписание и поднимает каждый, если он упал."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--bind",
            default=f"127.0.0.1:{settings.DEMO_PORT}",
            help="адрес и порт веб-сервера",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        supervisor = Supervisor(
            programs=portal_programs(bind=options["bind"], with_redis=bool(settings.REDIS_URL)),
            var_dir=settings.VAR_DIR,
            say=self.stdout.write,
        )
        try:
            with only_one(settings.VAR_DIR):
                supervisor.start()
                supervisor.run()
                supervisor.stop()
        except AlreadyRunning:
            raise CommandError("Портал из этой папки уже запущен.") from None
