from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "profmin.journal"
    label = "journal"
    verbose_name = "Журнал"
