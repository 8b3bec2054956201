"""Two regions with the same few units and the same eight people each, made by the services.

A test takes the fixture `cast`: `cast.home` is where the story plays, `cast.away` the foreign
region whose every row must stay unseen. Codes are the same in both regions on purpose.
`sign_in(person)` answers a test client of that person.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from profmin.accounts.models import User
from profmin.accounts.roles import Role
from profmin.accounts.services import confirm_email
from profmin.journal.services import SYSTEM, Actor
from schools.access import Access, access_by
from schools.choices import FounderKind, PartnerKind, Rank, UnitKind
from schools.models import Appointment, OrgUnit
from schools.services.appointments import Post, appoint
from schools.services.units import UnitCard, open_unit, open_units

PASSWORD = "каштан под окном 41"
TODAY = date(2026, 10, 1)
NOW = datetime(2026, 10, 1, 9, 0, tzinfo=timezone.get_fixed_timezone(180))
SINCE = date(2025, 9, 1)

NAMES = {
    Role.MINISTRY: ("Лебедева Анна Сергеевна", "начальник отдела", Rank.DEPARTMENT),
    Role.OPERATOR: ("Журавлёв Пётр Ильич", "методист", Rank.DEPARTMENT),
    Role.MUNICIPALITY: ("Соколова Вера Павловна", "муниципальный координатор", Rank.DEPARTMENT),
    Role.SCHOOL: ("Синицын Олег Юрьевич", "заместитель директора", Rank.DEPUTY),
    Role.ASSISTANT: ("Чижова Дарья Львовна", "педагог-навигатор", Rank.SPECIALIST),
    Role.PARTNER: ("Грачёв Илья Маркович", "заведующий отделением", Rank.DEPARTMENT),
    Role.OBSERVER: ("Дятлова Нина Андреевна", "аудитор", Rank.SPECIALIST),
    Role.ADMINISTRATOR: ("Кукушкин Лев Денисович", "администратор портала", Rank.SPECIALIST),
}


@dataclass
class RegionCast:
    """One region: its units by short names, its people by role."""

    region: OrgUnit
    operator: OrgUnit
    partner: OrgUnit
    city: OrgUnit  # has `school`, `other_school` and the branch
    district: OrgUnit  # has `far_school`, `farther_school`
    school: OrgUnit
    other_school: OrgUnit
    branch: OrgUnit
    far_school: OrgUnit
    farther_school: OrgUnit
    people: dict[str, Appointment] = field(default_factory=dict)

    def person(self, role: str) -> User:
        return self.people[role].user

    def actor(self, role: str) -> Actor:
        return self.access(role).actor

    def access(self, role: str) -> Access:
        """The access of the person of a role; the unit as it stands in the database now."""
        held = Appointment.objects.select_related("user", "unit").get(pk=self.people[role].pk)
        return access_by(held)

    @property
    def units(self) -> list[OrgUnit]:
        return [value for value in vars(self).values() if isinstance(value, OrgUnit)]


@dataclass
class Cast:
    country: OrgUnit
    home: RegionCast
    away: RegionCast


def make_cast() -> Cast:
    country = _open(None, UnitCard("RU", "Россия", UnitKind.COUNTRY))
    return Cast(
        country=country,
        home=make_region(country, code="91", name="Заречная область", domain="zarechie.test"),
        away=make_region(country, code="92", name="Озёрный край", domain="ozero.test"),
    )


def make_region(parent: OrgUnit | None, *, code: str, name: str, domain: str) -> RegionCast:
    """A region with its units and one person for each role."""
    region = _open(parent, UnitCard(code, name, UnitKind.REGION))
    operator = _open(region, UnitCard("OP", "Институт развития образования", UnitKind.OPERATOR))
    partner = _open(
        region,
        UnitCard(
            "PT", "Политехнический колледж", UnitKind.PARTNER, partner_kind=PartnerKind.COLLEGE
        ),
    )
    city, district = _open_all(
        region,
        UnitCard("M1", "Город Заречный", UnitKind.MUNICIPALITY),
        UnitCard("M2", "Лесной район", UnitKind.MUNICIPALITY),
    )
    school, other_school = _open_all(
        city, _school("S1", "МБОУ СОШ № 1"), _school("S2", "МБОУ «Гимназия № 2»", "гимназия")
    )
    far_school, farther_school = _open_all(
        district, _school("S3", "МБОУ СОШ № 3"), _school("S4", "МБОУ ООШ № 4", "ООШ")
    )
    branch = _open(school, UnitCard("S1-1", "Филиал в селе Ольховка", UnitKind.BRANCH))
    cast = RegionCast(
        region=region,
        operator=operator,
        partner=partner,
        city=city,
        district=district,
        school=school,
        other_school=other_school,
        branch=branch,
        far_school=far_school,
        farther_school=farther_school,
    )
    cast.people = _people(cast, domain)
    return cast


def _people(cast: RegionCast, domain: str) -> dict[str, Appointment]:
    places = {
        Role.MINISTRY: cast.region,
        Role.OPERATOR: cast.operator,
        Role.MUNICIPALITY: cast.city,
        Role.SCHOOL: cast.school,
        Role.ASSISTANT: cast.school,
        Role.PARTNER: cast.partner,
        Role.OBSERVER: cast.region,
        Role.ADMINISTRATOR: cast.region,
    }
    return {
        role: make_person(f"{role}@{domain}", role=role, unit=unit) for role, unit in places.items()
    }


def make_person(
    email: str, *, role: str, unit: OrgUnit, full_name: str = "", starts_on: date = SINCE
) -> Appointment:
    """A person with a password who holds a role at a unit; an administrator with TOTP."""
    usual_name, post, rank = NAMES[Role(role)]
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, PASSWORD, full_name=full_name or usual_name)
        confirm_email(user)
    if role == Role.ADMINISTRATOR:
        Authenticator.objects.get_or_create(
            user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": ""}}
        )
    return appoint(
        user=user,
        unit=unit,
        post=Post(role=role, post=post, rank=rank, starts_on=starts_on),
        by=SYSTEM,
        now=NOW,
    )


def _school(code: str, name: str, variety: str = "СОШ") -> UnitCard:
    return UnitCard(code, name, UnitKind.SCHOOL, founder=FounderKind.MUNICIPAL, variety=variety)


def _open(parent: OrgUnit | None, card: UnitCard) -> OrgUnit:
    return open_unit(parent=parent, card=card, by=SYSTEM, now=NOW, today=TODAY)


def _open_all(parent: OrgUnit, *cards: UnitCard) -> list[OrgUnit]:
    return open_units(parent=parent, cards=list(cards), by=SYSTEM, now=NOW, today=TODAY)


def client_of(user: User) -> Client:
    """A test client signed in as this person (past the second factor)."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def cast(db: None) -> Cast:
    """Two regions with their people."""
    return make_cast()


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """`sign_in(cast.home.person(Role.SCHOOL)).get(…)`."""
    return client_of


@pytest.fixture
def file_store(settings, tmp_path: Path) -> Path:
    """Stored files of this test lie in a directory of its own, which this answers."""
    place = tmp_path / "files"
    settings.FILES_DIR = place
    storages = {name: dict(value) for name, value in settings.STORAGES.items()}
    storages["default"]["OPTIONS"] = {"location": str(place), "base_url": None}
    settings.STORAGES = storages
    assert Path(default_storage.path("x")).parent == place
    return place
