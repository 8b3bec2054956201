"""People of the demo, all invented: appointed level by level, each by the level above."""

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from profmin.accounts.models import User
from profmin.accounts.roles import Role
from profmin.accounts.services import confirm_email, end_sessions
from profmin.journal.services import SYSTEM, Actor
from profmin.management.demo.dates import Days
from profmin.management.demo.times import moment
from schools.choices import Rank, UnitKind
from schools.models import Appointment, OrgUnit
from schools.services.appointments import Post, appoint, invite_and_appoint, substitute

SHOWN = 8  # the first people of the list, one of each role: their passwords are printed
WORDS = 4  # of a password
_APPOINTERS = {Role.ADMINISTRATOR: None, Role.MINISTRY: Role.ADMINISTRATOR}


@dataclass(frozen=True)
class _Appointing:
    """Who is appointed where, for the loading of people."""

    data: Mapping[str, Any]
    units: Mapping[str, OrgUnit]
    days: Days

    def actor_of(self, role: str, unit: OrgUnit) -> Actor:
        """Whoever holds the role at the unit; the portal itself if nobody does."""
        held = Appointment.objects.filter(role=role, unit=unit).select_related("user").first()
        return actor_of(held) if held else SYSTEM


def actor_of(held: Appointment) -> Actor:
    return Actor(held.user.pk, held.user.full_name, held.role, held.unit_id)


def is_there(data: Mapping[str, Any]) -> bool:
    """Whether the people have been loaded."""
    return User.objects.filter(email=data["person"][0]["email"]).exists()


def load_people(
    *, data: Mapping[str, Any], units: Mapping[str, OrgUnit], days: Days, accounts: Path
) -> None:
    """Appoints everybody; writes the accounts with a password into the file `accounts`."""
    work = _Appointing(data, units, days)
    order = [Role.ADMINISTRATOR, Role.MINISTRY]
    named = sorted(data["person"], key=lambda one: one["role"] not in order)
    named.sort(key=lambda one: one["role"] != Role.ADMINISTRATOR)
    for one in named:
        if one["role"] not in (Role.SCHOOL, Role.ASSISTANT):
            _appoint_named(work, one, work.units["90"], delay=4)
    _appoint_schools(work)
    _substitute(work)
    issue_passwords(data=data, accounts=accounts)
    _note_visits(days)


def _appoint_named(work: _Appointing, one: Mapping[str, str], over: OrgUnit, delay: int) -> None:
    appointer = {Role.ADMINISTRATOR: "", Role.MINISTRY: Role.ADMINISTRATOR}.get(
        Role(one["role"]), Role.MINISTRY
    )
    by = work.actor_of(appointer, over) if appointer else SYSTEM
    post = {"role": one["role"], "post": one["post"], "rank": one["rank"]}
    _appoint(work, one["email"], one["name"], work.units[one["unit"]], post, by, delay)


def _appoint(
    work: _Appointing,
    email: str,
    name: str,
    unit: OrgUnit,
    post: Mapping[str, str],
    by: Actor,
    delay: int,
) -> None:
    """Somebody who has worked in the portal from the `delay`-th day of it."""
    day = work.days.opened + timedelta(days=delay)
    user = User.objects.create_user(email, full_name=name)
    confirm_email(user)
    appoint(
        user=user,
        unit=unit,
        post=Post(
            **post, starts_on=day, act_number=f"{delay + unit.pk % 90}-О", act_date=day
        ),
        by=by,
        now=moment(day, Random(email)),
    )


# Schools


def _appoint_schools(work: _Appointing) -> None:
    schools, named = work.data["schools"], {}
    for one in work.data["person"]:
        named.setdefault(one["role"], {})[one["unit"]] = one
    names = _names(work.data["names"])
    for code, unit in work.units.items():
        name = next(names)
        if unit.kind != UnitKind.SCHOOL or code in schools["empty"]:
            continue
        by = work.actor_of(_role_above(unit), unit.parent or unit)
        rng = Random(code)
        one = named[Role.SCHOOL].get(code) or {
            "email": f"school-{code}@demo.example",
            "name": name,
            "post": rng.choice(schools["posts"]),
            "rank": Rank.DEPUTY,
        }
        if code in schools["invited"]:
            _invite(work, one, unit, by)
            continue
        post = {"role": Role.SCHOOL, "post": one["post"], "rank": one["rank"]}
        _appoint(work, one["email"], one["name"], unit, post, by, rng.randint(14, 60))
        assistant = named[Role.ASSISTANT].get(code)
        if assistant or code in schools["assisted"]:
            _appoint_assistant(work, unit, assistant, next(names))


def _role_above(unit: OrgUnit) -> Role:
    above = unit.parent
    return Role.MINISTRY if above and above.kind == UnitKind.REGION else Role.MUNICIPALITY


def _appoint_assistant(
    work: _Appointing, unit: OrgUnit, one: Mapping[str, str] | None, name: str
) -> None:
    posts = work.data["schools"]["assistant_posts"]
    email = one["email"] if one else f"assistant-{unit.code}@demo.example"
    post = {
        "role": Role.ASSISTANT,
        "post": one["post"] if one else Random(unit.code).choice(posts),
        "rank": Rank.SPECIALIST,
    }
    by = work.actor_of(Role.SCHOOL, unit)
    _appoint(work, email, one["name"] if one else name, unit, post, by, delay=70)


def _invite(work: _Appointing, one: Mapping[str, str], unit: OrgUnit, by: Actor) -> None:
    """Invited some days ago; nobody has followed the link."""
    day = work.days.today - timedelta(days=5)
    invite_and_appoint(
        email=one["email"],
        full_name=one["name"],
        unit=unit,
        post=Post(role=Role.SCHOOL, post=one["post"], rank=one["rank"], starts_on=day),
        by=by,
        now=moment(day, Random(unit.code)),
    )


def _substitute(work: _Appointing) -> None:
    """One person stands in for another, over today."""
    one, today = work.data["substitution"], work.days.today
    unit = work.units[one["unit"]]
    user = User.objects.create_user(one["email"], full_name=one["name"])
    confirm_email(user)
    day = today - timedelta(days=10)
    substitute(
        absent=Appointment.objects.select_related("unit").get(role=Role.SCHOOL, unit=unit),
        user=user,
        post=one["post"],
        rank=one["rank"],
        starts_on=day,
        ends_on=today + timedelta(days=18),
        by=work.actor_of(Role.MUNICIPALITY, unit.parent or unit),
        now=moment(day, Random(unit.code)),
    )


def _names(data: Mapping[str, list[str]]) -> Iterable[str]:
    """Full names without end, each once."""
    rng, seen = Random("names of the demo"), set[str]()
    while True:
        surname, father = rng.choice(data["surnames"]), rng.choice(data["fathers"])
        if rng.random() < 0.8:
            name = f"{_of_woman(surname)} {rng.choice(data['women'])} {_patronymic(father)}вна"
        else:
            name = f"{surname} {rng.choice(data['men'])} {_patronymic(father)}вич"
        if name not in seen:
            seen.add(name)
            yield name


def _of_woman(surname: str) -> str:
    return surname.removesuffix("ой") + "ая" if surname.endswith("ой") else f"{surname}а"


def _patronymic(father: str) -> str:
    """«Сергее», «Олего»: what stands before «-вич» and «-вна»."""
    if father.endswith("й"):
        return father[:-2] + ("ье" if father.endswith("ий") else father[-2] + "е")
    return f"{father}о"


# Passwords


def issue_passwords(*, data: Mapping[str, Any], accounts: Path) -> None:
    """New passwords for one person of each role, kept in a file that only its owner reads."""
    rows = []
    for one in data["person"][:SHOWN]:
        user = User.objects.get(email=one["email"])
        password = "-".join(secrets.choice(data["passwords"]["words"]) for _ in range(WORDS))
        user.set_password(password)
        user.save(update_fields=["password"])
        end_sessions([user.pk])
        row = {"role": Role(one["role"]).label, "email": user.email, "password": password}
        if one["role"] == Role.ADMINISTRATOR:
            row["totp_secret"] = _enrol(user)
        rows.append({**row, "code": one["role"]})
    _write_accounts(accounts, rows)


def _enrol(user: User) -> str:
    """The second factor with its recovery codes, by the sign-in library's own means."""
    Authenticator.objects.filter(user=user).delete()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def _write_accounts(path: Path, rows: list[dict[str, str]]) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)
    fresh.replace(path)


def _note_visits(days: Days) -> None:
    """Everybody who works in the portal was here in the last three weeks."""
    users = list(User.objects.filter(email__endswith="@demo.example", last_login=None))
    invited = set(Appointment.objects.invited().values_list("user_id", flat=True))
    for user in users:
        rng = Random(user.email)
        user.created_at = moment(days.opened, rng)
        if user.pk not in invited:
            day = days.yesterday - timedelta(days=rng.randint(0, 20))
            user.last_login = moment(day, rng)
    User.objects.bulk_update(users, ["last_login", "created_at"])
