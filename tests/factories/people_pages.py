"""What tests of people and their addresses share: who asks whom for a change, and its letters."""

import re

from django.test import Client
from django.utils import timezone

from profmin.accounts.roles import Role
from profmin.journal.services import SYSTEM
from schools.choices import Rank
from schools.models import Appointment
from schools.services.appointments import (
    Post,
    end_appointment,
    invite_and_appoint,
)
from tests.factories.cast import PASSWORD
from tests.factories.letters import delivered
from tests.factories.plans import in_days

EVIL = "evil@attacker.test"
NEWCOMER = "novaya@zarechie.test"
OTHERS = "работает не только в ваших организациях"


def text(answer):
    return answer.content.decode().replace("\u00a0", " ")


def link(letter, what):
    return re.search(rf"/{what}/[^/\s]+/(cancel/)?", letter.body).group(0)


def ask(client, held, email=EVIL):
    data = {"full_name": held.user.full_name, "email": email, "reason": ""}
    return client.post(f"/people/{held.pk}/edit/", data)


def confirm(place, **data):
    return Client().post(place, {"password": PASSWORD} | data)


def invite(region, email, *, role=Role.OBSERVER, name="Приглашённый Иван", unit=None):
    """An administrator of a region invites; the appointment and the link."""
    row = invite_and_appoint(
        email=email,
        full_name=name,
        unit=unit or region.region,
        post=Post(role, "эксперт", Rank.DEPARTMENT, in_days(0)),
        by=region.actor(Role.ADMINISTRATOR),
        now=timezone.now(),
        scope=region.access(Role.ADMINISTRATOR).scope,
    )
    return row, link(delivered()[-1], "invitations")


def end(row):
    end_appointment(appointment=row, on=in_days(-1), by=SYSTEM, now=timezone.now())


def works_elsewhere(cast, held):
    post = Post(Role.MINISTRY, "начальник", Rank.DEPARTMENT, in_days(0))
    Appointment.objects.create(user=held.user, unit=cast.away.region, **vars(post))
