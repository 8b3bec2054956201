"""The queue is only a bell: a lost message is made up by the sweep, for the row is the truth."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "profmin.settings")

app = Celery("profmin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["profmin.jobs", "plans"])


@worker_init.connect
@beat_init.connect
def refuse_demo_data(**kwargs: object) -> None:
    """As the web server: a real portal does not work on the data of the demo."""
    from profmin.journal import services  # noqa: PLC0415  the apps are not ready above

    services.refuse_demo_data()
