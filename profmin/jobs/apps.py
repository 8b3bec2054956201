from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "profmin.jobs"
    label = "jobs"
    verbose_name = "Работы"
