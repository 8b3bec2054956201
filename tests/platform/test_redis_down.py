"""Redis is a queue and nothing else: stopped, pages and saving work; emptied, nothing is lost."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis

from tests.servers import redis_server

ROOT = Path(__file__).resolve().parents[2]

# Run in a process of its own: the address of the queue is settled when the settings are read.
STORY = """
import json, os, sys, time
import django
django.setup()
from django.core.management import call_command
from django.test.utils import setup_test_environment
setup_test_environment()
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from django.test import Client
from plans.choices import PartyKind
from plans.models import Due
from profmin.accounts.models import Letter
from profmin.accounts.roles import Role
from profmin.celery import app
from profmin.jobs.models import Job
from profmin.jobs.tasks import run_job
from tests.factories.cast import PASSWORD, make_cast
from tests.factories.plans import in_days, planned, publish_roadmap

cast = make_cast()
publish_roadmap(cast.home.region, [planned("1", PartyKind.SCHOOL, due=in_days(5))])
due = Due.objects.get(assignment__unit=cast.home.school)
email = cast.home.person(Role.SCHOOL).email
told = {"queue": app.conf.broker_url}
print(json.dumps(told), flush=True)
sys.stdin.readline()  # the server is stopped, or emptied, meanwhile

started = time.monotonic()
client, wrong = Client(), Client()
told["wrong"] = [
    wrong.post("/accounts/login/", {"login": email, "password": "не тот"}).status_code
    for _ in range(6)
]
told["waits"] = "Подождите" in wrong.post(
    "/accounts/login/", {"login": email, "password": "не тот"}
).content.decode()
other = Client(REMOTE_ADDR="192.0.2.7")
told["sign_in"] = other.post("/accounts/login/", {"login": email, "password": PASSWORD}).status_code
pages = ("/", "/roadmaps/", "/units/", "/account/", f"/assignments/{due.assignment_id}/")
told["pages"] = [other.get(page).status_code for page in pages]
report = {"version": 1, "done_on": in_days(0).isoformat(), "comment": "Провели встречу"}
told["report"] = other.post(f"/dues/{due.pk}/done/", report).status_code
told["state"] = Due.objects.get(pk=due.pk).state
told["reset"] = client.post("/accounts/password/reset/", {"email": email}).status_code
told["seconds"] = time.monotonic() - started
told["waiting"] = [Letter.objects.count(), Job.objects.filter(state="waiting").count()]
for key in Job.objects.order_by("pk").values_list("pk", flat=True):
    run_job(key)  # as the sweep would ring
told["left"] = [Letter.objects.count(), Job.objects.filter(state="done").count()]
print(json.dumps(told), flush=True)
"""


def story(tmp_path, *, stop):
    """What the portal tells when Redis was stopped, or else emptied, after it had started."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PORTAL_VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
    }
    with ExitStack() as servers:
        address = servers.enter_context(redis_server())
        process = subprocess.Popen(
            [sys.executable, "-c", STORY],
            cwd=ROOT,
            env=environment | {"REDIS_URL": address},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert json.loads(process.stdout.readline())["queue"] == address
            if stop:
                servers.close()
            else:
                redis.Redis.from_url(address).flushall()
            said, _ = process.communicate("on\n", timeout=120)
        finally:
            process.kill()
            process.wait()
    return json.loads(said)


@pytest.mark.parametrize(
    "stop", [pytest.param(True, id="stopped"), pytest.param(False, id="emptied")]
)
def test_portal_works_and_loses_nothing_without_redis(tmp_path, stop):
    told = story(tmp_path, stop=stop)
    assert told["pages"] == [200] * 5
    assert (told["sign_in"], told["report"], told["state"]) == (302, 302, "done")
    assert (told["reset"], told["waiting"], told["left"]) == (302, [1, 1], [0, 1])
    assert (told["wrong"], told["waits"]) == ([200] * 6, True)  # the limits hold
    assert told["seconds"] < 60  # no page waits long for the queue
