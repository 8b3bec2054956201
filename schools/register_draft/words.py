"""The words of a register: headings, kinds of units, founders, dates. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from profmin.lib.text import folded
from schools.choices import FounderKind, PartnerKind, UnitKind

CODE = "Код"
NAME = "Наименование"
MUNICIPALITY = "Муниципалитет"
KIND = "Вид"
PARENT = "Вышестоящее"
FOUNDER = "Учредитель"
OPENED = "Открыто"

REQUIRED = (CODE, NAME, MUNICIPALITY, KIND, PARENT)
OPTIONAL = (FOUNDER, OPENED)
HEADINGS = (*REQUIRED, *OPTIONAL)

_SYNONYMS: dict[str, tuple[str, ...]] = {
    CODE: (
        *("код", "код организации", "код оо", "код школы", "код учреждения"),
        *("код подразделения", "идентификатор", "id"),
    ),
    NAME: (
        *("наименование", "название", "наименование организации", "название организации"),
        *("наименование оо", "наименование школы", "название школы", "организация"),
        *("краткое наименование", "полное наименование", "наименование учреждения"),
    ),
    MUNICIPALITY: (
        *("муниципалитет", "код муниципалитета", "муниципальное образование", "мо", "код мо"),
        *("код муниципального образования", "муниципальный район", "мсу", "код мсу"),
    ),
    KIND: ("вид", "вид организации", "вид оо", "тип", "тип организации", "тип оо"),
    PARENT: (
        *("вышестоящее", "вышестоящая", "вышестоящая организация", "код вышестоящей"),
        *("код вышестоящего", "код вышестоящей организации", "головная организация"),
        *("код головной организации", "головная школа", "родитель", "подчинение"),
    ),
    FOUNDER: ("учредитель", "вид учредителя", "форма собственности"),
    OPENED: ("открыто", "открыта", "открыт", "дата открытия", "работает с"),
}
_HEADING_OF = {words: heading for heading, all_ in _SYNONYMS.items() for words in all_}
_BRACKETS = re.compile(r"\([^)]*\)")


def heading_of(cell: str) -> str | None:
    """The heading a cell of the heading row stands for, in any of its usual wordings."""
    return _HEADING_OF.get(folded(_BRACKETS.sub(" ", cell)).strip(" *.:;№"))


@dataclass(frozen=True)
class Kind:
    """What a word of the column «Вид» says."""

    kind: UnitKind
    partner_kind: str = ""


_PARTNERS = UnitKind.PARTNER
_SUPPLEMENTARY = (
    r"до|удо|дод|ддт|дт|цдт|цдо|дюц|дши|дюсш|сшор|кванториум|школа искусств|"
    r"(?:дом|дворец|центр) (?:\w+ )*творчества|(?:спортивная|музыкальная|художественная) школа|"
    r"(?:\w+ )*дополнительно\w+ образовани\w+(?: детей)?"
)
_MUNICIPALITIES = (
    r"муниципалитет|мо|мр|го|моуо|район|(?:городской|муниципальный) округ|"
    r"муниципальн\w+ (?:район|образование)|муниципальный орган управления образованием"
)
_AUTHORITIES = (
    r"орган(?: исполнительной| государственной)? власти|другой орган власти|роив|иогв|ведомство|"
    r"министерство|департамент|служба занятости|центр занятости(?: населения)?|цзн"
)
_SCHOOLS = (
    r"[нсо]ош|сш|осош|оо|оу|цо|шко|центр образования|образовательный (?:центр|комплекс)|"
    r"(?:\w+ )*общеобразовательн\w+ (?:организация|учреждение)|"
    r"(?:(?:начальная|основная|средняя|вечерняя|общеобразовательная|коррекционная|кадетская|"
    r"сменная|открытая|специальная|частная|государственная|сельская|базовая) )*школа|"
    r"школа-(?:интернат|лицей|гимназия|сад|детский сад)|кадетская школа-интернат|"
    r"(?:гимназия|лицей)(?:-интернат)?|прогимназия|кадетский корпус|интернат"
)
# The first pattern that fits decides: «спортивная школа» is no school.
_KIND_WORDS: tuple[tuple[str, Kind], ...] = (
    (
        r"филиал(?: (?:школы|сош|оош|гимназии|лицея))?|(?:структурное|обособленное) подразделение|"
        r"отделение",
        Kind(UnitKind.BRANCH),
    ),
    (r"цопп|центр опережающей профессиональной подготовки", Kind(_PARTNERS, PartnerKind.COPP)),
    (_SUPPLEMENTARY, Kind(_PARTNERS, PartnerKind.SUPPLEMENTARY)),
    (r"(?:региональный )?оператор|иро|ипк|рцоко", Kind(UnitKind.OPERATOR)),
    (
        r"территориальн\w+ (?:управление|отдел|орган)|образовательный округ",
        Kind(UnitKind.TERRITORY),
    ),
    (_MUNICIPALITIES, Kind(UnitKind.MUNICIPALITY)),
    (_AUTHORITIES, Kind(UnitKind.AUTHORITY)),
    (
        r"колледж|техникум|училище|спо|поо|профессиональная образовательная организация",
        Kind(_PARTNERS, PartnerKind.COLLEGE),
    ),
    (
        r"вуз|университет|институт|академия|образовательная организация высшего образования",
        Kind(_PARTNERS, PartnerKind.UNIVERSITY),
    ),
    (
        r"предприятие|работодатель|организация-работодатель|завод|компания|фирма",
        Kind(_PARTNERS, PartnerKind.EMPLOYER),
    ),
    (r"партнер|другой партнер", Kind(_PARTNERS, PartnerKind.OTHER)),
    (_SCHOOLS, Kind(UnitKind.SCHOOL)),
)
_KINDS = tuple((re.compile(pattern), kind) for pattern, kind in _KIND_WORDS)
_NUMBER = re.compile(r"\s*№?\s*\d+$")

KIND_EXAMPLES = (
    "школа, СОШ, гимназия, лицей, филиал, муниципалитет, колледж, вуз, предприятие, "
    "дополнительное образование, ЦОПП, региональный оператор, орган власти"
)


def kind_of(words: str) -> Kind | None:
    """What a register's word for a kind means, or None."""
    plain = _NUMBER.sub("", folded(words).replace("«", "").replace("»", "")).strip(" .,;")
    plain = re.sub(r"\s*[-\u2010-\u2015]\s*", "-", plain)
    for pattern, kind in _KINDS:
        if pattern.fullmatch(plain):
            return kind
    return None


_FOUNDERS: tuple[tuple[str, FounderKind], ...] = (
    (r"частн|негосуд|некоммерч", FounderKind.PRIVATE),
    (
        r"госуд|област|краев|республик|регион|субъект|федерал|окружн|министерств|департамент",
        FounderKind.STATE,
    ),
    (r"муницип|город|район|округ|администрац|поселен", FounderKind.MUNICIPAL),
)


def founder_of(words: str) -> FounderKind | None:
    """What a word of the column «Учредитель» means, or None."""
    plain = folded(words)
    for pattern, founder in _FOUNDERS:
        if re.search(rf"\b(?:{pattern})", plain):
            return founder
    return None


_NAME_FOUNDERS: tuple[tuple[re.Pattern[str], FounderKind], ...] = (
    (re.compile(r"М[БАК]?(?:ОУ|ОО|У|УДО)\b|[Мм]униципальн"), FounderKind.MUNICIPAL),
    (
        re.compile(r"[А-Я]{0,3}Г[БАК]?(?:ПОУ|ОУ|ОО|ОБУ|У)\b|[Гг]осударственн|[Фф]едеральн"),
        FounderKind.STATE,
    ),
    (re.compile(r"ЧП?О?У\b|АН(?:ОО|ПОО|О)\b|НОУ\b|[Чч]астн"), FounderKind.PRIVATE),
)


def founder_in_name(name: str) -> str:
    """The founder's kind as the legal form at the beginning of a name tells it («МБОУ», «ГБОУ»,
    «Частное учреждение…»), or "" where it does not."""
    for pattern, founder in _NAME_FOUNDERS:
        if pattern.match(name):
            return founder
    return ""


_DATES = (
    re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})(?:\s?г\.?)?"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"),
)


def date_of(words: str) -> date | None:
    """«01.09.2026» or «2026-09-01» as a day, or None."""
    for pattern in _DATES:
        found = pattern.fullmatch(words.strip())
        if found:
            try:
                return date(*(int(found[part]) for part in ("year", "month", "day")))
            except ValueError:
                return None
    return None
