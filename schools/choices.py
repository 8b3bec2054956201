"""Stored words of schools: kinds of units, founders, ranks."""

from django.db import models


class UnitKind(models.TextChoices):
    """Kinds of nodes of the tree (architecture.md, glossary)."""

    COUNTRY = "country", "страна"
    REGION = "region", "регион"
    OPERATOR = "operator", "региональный оператор"
    AUTHORITY = "authority", "орган власти"
    TERRITORY = "territory", "территориальное управление"
    MUNICIPALITY = "municipality", "муниципалитет"
    SCHOOL = "school", "школа"
    BRANCH = "branch", "филиал"
    PARTNER = "partner", "партнёр"


# One, few and many of a kind, for counts in words.
KIND_FORMS: dict[str, str] = {
    UnitKind.COUNTRY: "страна,страны,стран",
    UnitKind.REGION: "регион,региона,регионов",
    UnitKind.OPERATOR: "региональный оператор,региональных оператора,региональных операторов",
    UnitKind.AUTHORITY: "орган власти,органа власти,органов власти",
    UnitKind.TERRITORY: (
        "территориальное управление,территориальных управления,территориальных управлений"
    ),
    UnitKind.MUNICIPALITY: "муниципалитет,муниципалитета,муниципалитетов",
    UnitKind.SCHOOL: "школа,школы,школ",
    UnitKind.BRANCH: "филиал,филиала,филиалов",
    UnitKind.PARTNER: "партнёр,партнёра,партнёров",
}

# Where a unit of a kind may hang. A state school stands directly under the region.
PARENT_KINDS: dict[str, frozenset[str]] = {
    UnitKind.COUNTRY: frozenset(),
    UnitKind.REGION: frozenset({UnitKind.COUNTRY}),
    UnitKind.OPERATOR: frozenset({UnitKind.REGION}),
    UnitKind.AUTHORITY: frozenset({UnitKind.REGION, UnitKind.MUNICIPALITY}),
    UnitKind.TERRITORY: frozenset({UnitKind.REGION}),
    UnitKind.MUNICIPALITY: frozenset({UnitKind.REGION, UnitKind.TERRITORY}),
    UnitKind.SCHOOL: frozenset({UnitKind.REGION, UnitKind.TERRITORY, UnitKind.MUNICIPALITY}),
    UnitKind.BRANCH: frozenset({UnitKind.SCHOOL}),
    UnitKind.PARTNER: frozenset({UnitKind.REGION, UnitKind.TERRITORY, UnitKind.MUNICIPALITY}),
}

# Units that serve the unit above them: their territory is that of their parent.
SERVING_KINDS = frozenset({UnitKind.OPERATOR, UnitKind.AUTHORITY})


class FounderKind(models.TextChoices):
    """Who founded the organisation."""

    MUNICIPAL = "municipal", "муниципальная"
    STATE = "state", "государственная"
    PRIVATE = "private", "частная"


class PartnerKind(models.TextChoices):
    """What kind of partner an organisation is."""

    COLLEGE = "college", "колледж, техникум"
    UNIVERSITY = "university", "вуз"
    EMPLOYER = "employer", "работодатель"
    SUPPLEMENTARY = "supplementary", "дополнительное образование"
    COPP = "copp", "ЦОПП"
    OTHER = "other", "другое"


class Rank(models.TextChoices):
    """Rank of a post; a school's responsible may not stand below a deputy director."""

    HEAD = "head", "руководитель, директор"
    DEPUTY = "deputy", "заместитель руководителя"
    DEPARTMENT = "department", "начальник отдела, методист"
    SPECIALIST = "specialist", "специалист, педагог"


RESPONSIBLE_RANKS = frozenset({Rank.HEAD, Rank.DEPUTY})


class FilePurpose(models.TextChoices):
    """What a stored file is kept for; it decides the permission that opens it."""

    ROADMAP = "roadmap", "документ дорожной карты"
    PROOF = "proof", "подтверждение исполнения"
    ACT = "act", "приказ о назначении"
    REGISTER = "register", "реестр организаций"
