"""Lets the processes that `test_kills` starts know the work of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tests.jobs"
    label = "ledger"

    def ready(self) -> None:
        from profmin.jobs.services import JOB_HANDLERS
        from tests.jobs.ledger import KIND, write_effect

        JOB_HANDLERS[KIND] = write_effect
