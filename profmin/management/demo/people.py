"""People of the demo, all invented: appointed level by level, each by the level above."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from profmin.accounts.models import User
from profmin.accounts.roles import Role
from profmin.accounts.services import confirm_email, end_sessions
from profmin.journal.services import SYSTEM, Actor
from profmin.management.demo.dates import Days
from profmin.management.demo.timeline import Event
from profmin.management.demo.times import chance, moment
from schools.choices import Rank, UnitKind
from schools.models import Appointment, OrgUnit
from schools.services.appointments import Post, appoint, invite_and_appoint, substitute

SHOWN = 8  # the first people of the list, one of each role: their passwords are printed
WORDS = 4  # of a password
# Who appoints whom at the region; the portal itself appoints the administrator.
_FROM_TOP = (Role.ADMINISTRATOR, Role.MINISTRY)


@dataclass(frozen=True)
class _Somebody:
    """A person with the one post held."""

    email: str
    name: str
    role: str
    post: str
    rank: str

    def post_from(self, day: date, **act: Any) -> Post:
        return Post(self.role, self.post, self.rank, starts_on=day, **act)


def _named(one: Mapping[str, str]) -> _Somebody:
    return _Somebody(one["email"], one["name"], one["role"], one["post"], one["rank"])


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

    def above(self, unit: OrgUnit) -> Actor:
        """Whoever leads the unit above."""
        above = unit.parent or unit
        region = above.kind == UnitKind.REGION
        return self.actor_of(Role.MINISTRY if region else Role.MUNICIPALITY, above)

    def named(self, *roles: Role) -> list[Mapping[str, str]]:
        """The people of the list with these roles."""
        return [one for one in self.data["person"] if one["role"] in roles]


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
    _appoint_leaders(work)
    _appoint_schools(work)
    issue_passwords(data=data, accounts=accounts)


def _appoint_leaders(work: _Appointing) -> None:
    """Everybody above the schools, and the partners."""
    region = work.units["90"]
    by = SYSTEM
    for role in _FROM_TOP:
        for one in work.named(role):
            _appoint(work, _named(one), work.units[one["unit"]], by, delay=3)
        by = work.actor_of(role, region)
    others = set(Role) - {*_FROM_TOP, Role.SCHOOL, Role.ASSISTANT}
    for one in work.named(*others):
        _appoint(work, _named(one), work.units[one["unit"]], by, delay=5)


def _appoint(work: _Appointing, one: _Somebody, unit: OrgUnit, by: Actor, delay: int) -> None:
    """Somebody who has worked in the portal from its `delay`-th day on."""
    day = work.days.opened + timedelta(days=delay)
    day -= timedelta(days=max(day.weekday() - 4, 0))
    user = User.objects.create_user(one.email, full_name=one.name)
    confirm_email(user)
    appoint(
        user=user,
        unit=unit,
        post=one.post_from(day, act_number=f"{delay + unit.pk % 90}-О", act_date=day),
        by=by,
        now=moment(day, chance(one.email)),
    )


# Schools


def _appoint_schools(work: _Appointing) -> None:
    schools, names = work.data["schools"], _names(work.data["names"])
    shown = {one["unit"]: _named(one) for one in work.named(Role.SCHOOL)}
    helpers = {one["unit"]: _named(one) for one in work.named(Role.ASSISTANT)}
    waiting = {*schools["empty"], *schools["invited"]}
    for code, unit in work.units.items():
        if unit.kind != UnitKind.SCHOOL or code in waiting:
            continue
        one = shown.get(code) or _deputy(code, next(names), schools["posts"])
        _appoint(work, one, unit, work.above(unit), delay=chance(code).randint(14, 60))
        helper = helpers.get(code)
        if helper is None and code in schools["assisted"]:
            helper = _helper(code, next(names), schools["assistant_posts"])
        if helper:
            _appoint(work, helper, unit, work.actor_of(Role.SCHOOL, unit), delay=70)


def _deputy(code: str, name: str, posts: Sequence[str]) -> _Somebody:
    email = f"school-{code}@demo.example"
    return _Somebody(email, name, Role.SCHOOL, chance(code).choice(posts), Rank.DEPUTY)


def _helper(code: str, name: str, posts: Sequence[str]) -> _Somebody:
    email = f"assistant-{code}@demo.example"
    return _Somebody(email, name, Role.ASSISTANT, chance(code).choice(posts), Rank.SPECIALIST)


def appoint_opened(
    *,
    data: Mapping[str, Any],
    units: Mapping[str, OrgUnit],
    days: Days,
    unit: OrgUnit,
    now: datetime,
) -> None:
    """The responsible of a school that was opened in mid-year, by the municipality."""
    work, names = _Appointing(data, units, days), _names(data["names"], seed="opened")
    one = _deputy(unit.code, next(names), data["schools"]["posts"])
    user = User.objects.create_user(one.email, full_name=one.name)
    confirm_email(user)
    post = one.post_from(now.date())
    appoint(user=user, unit=unit, post=post, by=work.above(unit), now=now)


# Of late


def late_events(
    *, data: Mapping[str, Any], units: Mapping[str, OrgUnit], days: Days
) -> Iterator[Event]:
    """Some were invited days ago and nobody has followed the link; one stands in for another."""
    work, names = _Appointing(data, units, days), _names(data["names"], seed="invited")
    for code in data["schools"]["invited"]:
        one = _deputy(code, next(names), data["schools"]["posts"])
        day = days.today - timedelta(days=5)
        yield Event(moment(day, chance(code)), partial(_invite, work, one, units[code]))
    day = days.today - timedelta(days=10)
    yield Event(moment(day, chance("substitution")), partial(_substitute, work))


def _invite(work: _Appointing, one: _Somebody, unit: OrgUnit, now: datetime) -> tuple[Event, ...]:
    invite_and_appoint(
        email=one.email,
        full_name=one.name,
        unit=unit,
        post=one.post_from(now.date()),
        by=work.above(unit),
        now=now,
    )
    return ()


def _substitute(work: _Appointing, now: datetime) -> tuple[Event, ...]:
    one = work.data["substitution"]
    unit = work.units[one["unit"]]
    user = User.objects.create_user(one["email"], full_name=one["name"])
    confirm_email(user)
    substitute(
        absent=Appointment.objects.select_related("unit").get(role=Role.SCHOOL, unit=unit),
        user=user,
        post=one["post"],
        rank=one["rank"],
        starts_on=now.date(),
        ends_on=work.days.today + timedelta(days=18),
        by=work.above(unit),
        now=now,
    )
    return ()


def _names(data: Mapping[str, list[str]], seed: str = "names of the demo") -> Iterator[str]:
    """Full names without end, each once."""
    rng, seen = chance(seed), set[str]()
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


def note_visits(days: Days) -> None:
    """Everybody who works in the portal was here in the last three weeks."""
    users = list(User.objects.filter(email__endswith="@demo.example", last_login=None))
    invited = set(Appointment.objects.invited().values_list("user_id", flat=True))
    for user in users:
        rng = chance(user.email)
        user.created_at = moment(days.opened, rng)
        if user.pk not in invited:
            day = days.yesterday - timedelta(days=rng.randint(0, 20))
            user.last_login = moment(day, rng)
    User.objects.bulk_update(users, ["last_login", "created_at"])
