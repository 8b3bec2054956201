"""The queue is only a bell: a lost message is made up by the sweep, for the row is the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "profmin.settings")

app = Celery("profmin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["profmin.jobs", "plans"])
