"""The two worlds: region A alone, then the same with region B beside it.

Rows of A are made first, so that they have the same keys in both worlds. Every text of B, and
every text of A's neighbours, carries a word that nobody else may ever read.
"""

from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from plans.choices import ImportState, PartyKind
from plans.models import Due, ItemParty, PartyEntry, Roadmap, RoadmapImport
from plans.roadmap_draft import draft_from_document
from plans.services.execution import add_file, add_link, confirm_due, mark_done, return_due
from plans.services.imports import document_of, load_roadmap
from plans.services.parties import region_dictionary
from profmin.accounts.roles import Role
from profmin.journal.services import SYSTEM, Actor
from profmin.lib.periods import AcademicYear
from schools.choices import FilePurpose, PartnerKind, Rank, UnitKind
from schools.models import Appointment, OrgUnit
from schools.services.appointments import Post, appoint, end_appointment, invite_and_appoint
from schools.services.contacts import note_contacts_viewed
from schools.services.files import store_file
from schools.services.people import change_email
from schools.services.units import UnitCard, merge_unit, move_unit, open_unit
from tests.conventions.answers import Person
from tests.conventions.owners import OWNERS, above, below, stain
from tests.factories.cast import (
    SINCE,
    RegionCast,
    make_person,
    make_region,
)
from tests.factories.imports import UNCLEAR, table
from tests.factories.plans import Planned, in_days, planned, publish_roadmap, today

AWAY = "Канарейка"  # every text of region B
NEIGHBOUR = "Сойка"  # every text of the district beside the city
SCHOOL_BESIDE = "Зимородок"  # every text of the other school of the city
UNNAMED = "Пеликан"  # items and plans that do not name the partner
UNFINISHED = "Кукша"  # a plan whose publishing still goes on
DRAFT = "Черновик"  # documents on their way, with the key of the unit whose own they are
DOMAIN_AWAY = "ozero.test"
_HOME_KEYS, _AWAY_KEYS = 300_000, 700_000
ABSENT = 900_001
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
_CSV = "Код;Наименование;Муниципалитет;Вид;Вышестоящее\nN7;СОШ № 7;M1;СОШ;\n".encode()


@dataclass
class Sight:
    """One who asks: the unit they work at, what they see, the words they must never read."""

    person: Person
    role: str
    unit: OrgUnit
    root: int
    sees: set[int]
    above: list[int]
    forbidden: list[str] = field(default_factory=list)


@dataclass
class World:
    """Region A with everything in it; `away` once B stands beside it."""

    country: OrgUnit
    home: RegionCast
    moved: OrgUnit
    beside: Appointment  # somebody who will work in B as well
    guest: Appointment  # invited here under a name of A's making; will be somebody of B
    sights: list[Sight] = field(default_factory=list)
    away: RegionCast | None = None
    elsewhere: Appointment | None = None

    def add_away(self) -> None:
        """Region B: a row in every model, all of them stained."""
        _start_keys(_AWAY_KEYS)
        self.away = _region(self.country, code="92", name="Озёрный край", domain=DOMAIN_AWAY)
        _fill(self.away)
        units = OrgUnit.objects.filter(region=self.away.region).values_list("pk", flat=True)
        stain(list(units), AWAY)
        # Somebody of A starts to work in B as well.
        self.elsewhere = appoint(
            user=self.beside.user,
            unit=self.away.school,
            post=Post(Role.ASSISTANT, f"педагог {AWAY}", Rank.SPECIALIST, in_days(-2)),
            by=SYSTEM,
            now=timezone.now(),
        )
        self._guest_is_of_away(self.away.school)

    def _guest_is_of_away(self, school: OrgUnit) -> None:
        """Whom A invited works in B under the real name, with another address by now."""
        guest = self.guest.user
        appoint(
            user=guest,
            unit=school,
            post=Post(Role.ASSISTANT, f"педагог {AWAY}", Rank.SPECIALIST, in_days(-2)),
            by=SYSTEM,
            now=timezone.now(),
        )
        guest.full_name, guest.phone = f"Тайная Марфа {AWAY}", f"+7 {AWAY}"
        guest.email = f"guest@{DOMAIN_AWAY}"
        guest.set_password("каштан под окном 41")
        guest.save()

    def telling(self) -> dict[str, list[int]]:
        """Rows whose pages have most to hide, tried beside those by chance."""
        home = self.home
        return {
            "unit_id": [home.city.pk, home.school.pk],
            "appointment_id": [self.beside.pk, self.guest.pk],
            "user_id": [self.beside.user_id, self.guest.user_id],
        }

    def add_neighbours(self) -> None:
        """One more school in the district, with plans and people, and one more report."""
        more = _open(self.home.district, _school("S9", f"МБОУ СОШ № 9 {NEIGHBOUR}"))
        make_person("school@nine.test", role=Role.SCHOOL, unit=more)
        report_of(more)
        _people(self.home, more)
        plan = {"assignment__roadmap__unit": self.home.region, "due_on__isnull": False}
        due = Due.objects.filter(assignment__unit=more, **plan).order_by("pk")[0]
        Due.objects.filter(pk=due.pk).update(due_on=in_days(77))  # a day of its own

    @property
    def everybody(self) -> list[Sight]:
        return [*self.sights, self.stranger]

    @property
    def stranger(self) -> Sight:
        """Nobody has signed in: all words are forbidden."""
        words = [AWAY, DOMAIN_AWAY, NEIGHBOUR, SCHOOL_BESIDE, DRAFT, UNNAMED, UNFINISHED]
        return Sight(Person("anonymous"), "", self.country, 0, set(), [], words)


def make_home() -> World:
    """World 2: region A alone."""
    _start_keys(_HOME_KEYS)
    country = _open(None, UnitCard("RU", "Россия", UnitKind.COUNTRY))
    home = _region(country, code="91", name="Заречная область", domain="zarechie.test")
    moved = _open(home.city, _school("S5", "МБОУ СОШ № 5"))
    swallowed = _open(home.district, _school("S6", "МБОУ СОШ № 6"))
    _fill(home)
    beside = make_person("school@beside.test", role=Role.SCHOOL, unit=home.other_school)
    make_person("school@moved.test", role=Role.SCHOOL, unit=moved)
    end_appointment(appointment=beside, on=in_days(400), by=SYSTEM, now=timezone.now())
    report_of(moved)
    city_dues = Due.objects.filter(
        assignment__unit=moved,
        assignment__roadmap__unit=home.city,
        assignment__roadmap__published_at__isnull=False,
    )
    _done(city_dues.order_by("pk").last(), timezone.now())  # nobody has confirmed it
    deed = {"by": SYSTEM, "now": timezone.now(), "today": today(), "on": in_days(-1)}
    move_unit(unit=moved, parent=home.district, **deed)
    merge_unit(unit=swallowed, into=home.school, **deed)
    # A plan of next year, made after the move, and one of last year, of the school beside alone.
    year = AcademicYear.of(today()).first
    publish_roadmap(home.region, [_item("1", PartyKind.SCHOOL)], year=year + 1)
    beside_alone = ItemParty(
        kind=PartyKind.SCHOOL, name=home.other_school.name, unit=home.other_school
    )
    publish_roadmap(home.city, [_item("1", beside_alone, due=in_days(-300))], year=year - 1)
    # A move or a merger is told on the pages of both: only what stood there before is stained.
    stain([home.district.pk, home.far_school.pk, home.farther_school.pk, swallowed.pk], NEIGHBOUR)
    stain([home.other_school.pk], SCHOOL_BESIDE)
    world = World(country, home, moved, beside, _invited_guest(home))
    for factor in Authenticator.objects.all():
        factor.data = {"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXP")}
        factor.save(update_fields=["data"])
    world.sights = _sights(home)
    return world


def _invited_guest(home: RegionCast) -> Appointment:
    return invite_and_appoint(
        email="guest@visitor.test",
        full_name="Иволгина Софья Петровна",
        unit=home.school,
        post=_post(home.school),
        by=home.actor(Role.ADMINISTRATOR),
        now=timezone.now(),
    )


def _region(country: OrgUnit, *, code: str, name: str, domain: str) -> RegionCast:
    cast = make_region(country, code=code, name=name, domain=domain)
    more = {
        "city_administrator": (Role.ADMINISTRATOR, cast.city),
        "city_observer": (Role.OBSERVER, cast.city),
        "district_coordinator": (Role.MUNICIPALITY, cast.district),
    }
    for who, (role, unit) in more.items():
        cast.people[who] = make_person(f"{who}@{domain}", role=role, unit=unit)
    return cast


def _fill(cast: RegionCast) -> None:
    """Plans, reports, documents, files, invitations, words: at every level of the region."""
    _plans(cast)
    for unit in (cast.city, cast.district, cast.school, cast.other_school, cast.far_school):
        report_of(unit)
    report_of(cast.partner)
    issuers = (cast.region, cast.operator, cast.city, cast.district)
    for unit in issuers:
        document(unit)
        file(unit, FilePurpose.REGISTER, _CSV, "реестр.csv")
    for unit in (cast.city, cast.school, cast.other_school, cast.far_school, cast.branch):
        _people(cast, unit)
    _words(cast)
    change_email(
        user=cast.person(Role.ASSISTANT),
        unit=cast.school,
        email=f"new-{cast.person(Role.ASSISTANT).email}",
        by=cast.actor(Role.ADMINISTRATOR),
        now=timezone.now(),
        today=today(),
        scope=cast.access(Role.ADMINISTRATOR).scope,
    )


def _plans(cast: RegionCast) -> None:
    college = ItemParty(kind=PartyKind.PARTNER, name=cast.partner.name, unit=cast.partner)
    publish_roadmap(
        cast.region,
        [
            _item("1", PartyKind.SCHOOL, due=[in_days(-9), in_days(20)], branches=True),
            _item("2", PartyKind.MUNICIPALITY, due=in_days(30)),
            _item("3", PartyKind.REGION, PartyKind.OPERATOR),
            planned("4", college, due=in_days(-2), links=["https://example.org/"]),
        ],
        title=f"План {cast.region.name}",
    )
    for unit in (cast.city, cast.district):
        publish_roadmap(
            unit,
            [
                _item("1", PartyKind.SCHOOL, due=[in_days(-3), in_days(40)]),
                _item("2", PartyKind.MUNICIPALITY),
            ],
            title=f"План {UNNAMED}, {unit.name}",
        )
    waiting = publish_roadmap(
        cast.city, [planned("1", PartyKind.SCHOOL, title=UNFINISHED)], title=UNFINISHED
    )
    Roadmap.objects.filter(pk=waiting.pk).update(published_at=None)


def _item(number: str, *parties: str | ItemParty, **options: object) -> Planned:
    return planned(number, *parties, title=f"Мероприятие {number} {UNNAMED}", **options)


def report_of(unit: OrgUnit) -> None:
    """Something done with proofs, something returned, at one unit."""
    now, deed = timezone.now(), {"by": SYSTEM, "now": timezone.now()}
    dues = list(
        Due.objects.filter(assignment__unit=unit, assignment__roadmap__published_at__isnull=False)
        .select_related("assignment__item", "assignment__unit")
        .order_by("pk")
    )
    for due in dues[:3]:
        add_link(due=due, link="https://example.org/отчёт", **deed)
        due.refresh_from_db()
    first, *others = dues
    stored = file(unit, FilePurpose.PROOF, PDF, "отчёт.pdf")
    add_file(due=first, file=stored, **deed)
    first.refresh_from_db()
    _done(first, now)
    for due in others[:1]:
        _done(due, now)
        return_due(due=due, version=due.version, reason="Приложите список", **deed)
    for due in others[1:2]:
        _done(due, now)
        confirm_due(due=due, version=due.version, **deed)


def _done(due: Due, now: datetime) -> None:
    mark_done(
        due=due,
        version=due.version,
        done_on=in_days(-1),
        comment="Провели встречу",
        by=SYSTEM,
        now=now,
        today=today(),
    )


def file(unit: OrgUnit, purpose: str, content: bytes, name: str):
    return store_file(
        unit=unit,
        path=unit.path or "",
        purpose=purpose,
        upload=SimpleUploadedFile(name, content),
        by=SYSTEM,
        now=timezone.now(),
    )


def document(unit: OrgUnit) -> RoadmapImport:
    """A read document with open questions, its file kept beside it."""
    word = draft_word(unit)
    rows = [f"{row} {word}" for row in UNCLEAR]
    rows.append(f"1.6\tЭкскурсии {word}\tдо 01.04.2027\tПолитехнический колледж\tСписки")
    source = load_roadmap(
        unit=unit, name=f"План {word}", pasted=table(*rows), by=SYSTEM, now=timezone.now()
    )
    draft = draft_from_document(
        document_of(source), dictionary=region_dictionary(unit.region_id), year=source.year
    )
    stored = file(unit, FilePurpose.ROADMAP, table(*rows).encode(), f"план {word}.txt")
    RoadmapImport.objects.filter(pk=source.pk).update(
        state=ImportState.REVIEW, draft=draft.to_store(), file=stored
    )
    return source


def draft_word(unit: OrgUnit) -> str:
    return f"{DRAFT}{unit.pk}"


def _people(cast: RegionCast, unit: OrgUnit) -> None:
    """Somebody invited who has not answered, and a look at the contacts."""
    email = f"invited-{unit.code}@{cast.people[Role.SCHOOL].user.email.split('@')[1]}".lower()
    invite_and_appoint(
        email=email,
        full_name="Иволгина Софья Петровна",
        unit=unit,
        post=_post(unit),
        by=Actor(cast.person(Role.MINISTRY).pk, "Министерство", Role.MINISTRY, cast.region.pk),
        now=timezone.now(),
    )
    note_contacts_viewed(unit=unit, by=cast.actor(Role.MINISTRY), now=timezone.now(), today=today())


def _post(unit: OrgUnit) -> Post:
    role = Role.MUNICIPALITY if unit.kind == UnitKind.MUNICIPALITY else Role.SCHOOL
    return Post(role, "заместитель", Rank.DEPUTY, SINCE, act_number="12")


def _words(cast: RegionCast) -> None:
    for words, unit in (("базовый колледж", cast.partner), ("институт развития", cast.operator)):
        PartyEntry.objects.create(
            region=cast.region, words=words, kind=PartyKind.PARTNER, unit=unit
        )
    PartyEntry.objects.create(
        region=cast.region,
        words="вузы края",
        kind=PartyKind.PARTNER,
        partner_kind=PartnerKind.UNIVERSITY,
    )


def _open(parent: OrgUnit | None, card: UnitCard) -> OrgUnit:
    return open_unit(parent=parent, card=card, by=SYSTEM, now=timezone.now(), today=today())


def _school(code: str, name: str) -> UnitCard:
    return UnitCard(code, name, UnitKind.SCHOOL, variety="СОШ")


def _start_keys(start: int) -> None:
    """New rows get keys from `start` on, each model in a thousand of its own: they are known at
    sight in any answer."""
    with connection.cursor() as cursor:
        for place, model in enumerate(OWNERS):
            table_name, number = model._meta.db_table, start + 1000 * place
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table_name, number]
                )
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table_name])
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)",
                    [table_name, number],
                )


# --- Who asks ---------------------------------------------------------------------------------


def _sights(home: RegionCast) -> list[Sight]:
    left_out = ("district_coordinator",)
    return [_sight(home, who) for who in home.people if who not in left_out]


def _sight(home: RegionCast, who: str) -> Sight:
    held = home.people[who]
    root = home.region if held.role == Role.OPERATOR else held.unit
    sees = below(root.pk)
    sight = Sight(
        person=Person(who, held.user),
        role=held.role,
        unit=held.unit,
        root=root.pk,
        sees=sees,
        above=above(root),
    )
    issuers = (home.region, home.operator, home.city, home.district)
    sight.forbidden = [
        AWAY,
        DOMAIN_AWAY,
        f"{DRAFT}{_AWAY_KEYS}"[:-5],
        *([] if home.district.pk in sees else [NEIGHBOUR]),
        *([] if home.other_school.pk in sees else [SCHOOL_BESIDE]),
        *([UNNAMED] if held.role == Role.PARTNER else []),
        UNFINISHED,
        *(draft_word(unit) for unit in issuers if unit.pk != held.unit_id),
    ]
    return sight
