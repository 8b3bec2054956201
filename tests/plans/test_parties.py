"""Responsible parties: whom the words of a cell name (roadmap-reading.md, «Parties»)."""

import pytest

from plans.choices import PartyKind
from plans.parties import (
    Context,
    for_document,
    learn_abbreviations,
    level_of,
    read_parties,
    regional_authority,
    restored,
)
from plans.services.parties import general_dictionary

ISSUERS = {
    "region": ("Министерство образования Заречной области", PartyKind.REGION),
    "department": ("Департамент образования Заречной области", PartyKind.REGION),
    "district": ("Управление образования администрации города Заречного", PartyKind.MUNICIPALITY),
    "unknown": ("", None),
}


def read(text, issuer="unknown", *, names=(), texts=()):
    """Kinds of the parties and the doubt, in a document of the issuer."""
    name, level = ISSUERS[issuer]
    known = for_document(
        general_dictionary(), texts=texts, names=dict(names), issuer=name, level=level
    )
    parties, doubt = read_parties(text, known)
    return [(party.kind.value, party.name) for party in parties], doubt


def kinds(text, issuer="unknown", **more):
    parties, doubt = read(text, issuer, **more)
    assert doubt is None, doubt
    return [kind for kind, _ in parties]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Директор, заместитель директора", ["school"]),
        ("заместитель директора по ВР", ["school"]),
        ("зам.директора по УВР, ВР, классные руководители 8 – 11 классов", ["school"]),
        ("Руководители ОО, кл. руководители, педагоги-психологи, соц.педагоги", ["school"]),
        ("Руководящие/ педагогические работники, ответственные за профминимум", ["school"]),
        ("родительский комитет, классные руководители", ["school"]),
        ("Советник директора по воспитанию и взаимодействию с детскими объединениями", ["school"]),
        ("Общеобразовательные организации, не являющиеся участниками проекта «Шаг»", ["school"]),
        ("директор МБОУ СОШ № 1, МБОУ «Лицей № 2»", ["school"]),
        ("Центр «Точка роста»", ["school"]),
        ("Учителя технологии, информатики", ["school"]),
        ("колледжи, вузы, ПОО, ООВО, ОДО, работодатели", ["partner"] * 6),
        ("Отраслевые предприятия/организации", ["partner"]),
        ("Кванториум, IT-куб, МБУ ДО «Дом творчества»", ["partner"] * 3),
        ("ОГАПОУ «Индустриальный колледж», ФГБОУ ВО «Университет»", ["partner"] * 2),
        ("Центр опережающей профессиональной подготовки", ["partner"]),
        ("ГАУ ДПО «ЦОПП»", ["partner"]),
        ("РЦОКО, ГБУ КО ЦПМСС, ГБУ ДПО РЦОКО", ["partner"] * 3),
        ("ООО «Завод», АО «Комбинат»", ["partner"] * 2),
        ("ИРО", ["operator"]),
        ("ГБУ ДПО «Институт развития образования»", ["operator"]),
        ("ГАОУ ДПО СО «ИРО»", ["operator"]),
        ('ГБУ ДПО "Институт развития образования"', ["operator"]),
        (
            "Муниципальный ресурсный центр, региональный ресурсный центр",
            ["municipality", "partner"],
        ),
        ("Региональный координатор проекта «Шаг»", ["operator"]),
        ("Региональный оператор - ГАУ ДПО «Институт развития образования»", ["operator"]),
        ("Фонд Гуманитарных Проектов", ["federal_operator"]),
        ("Министерство просвещения РФ", ["other_authority"]),
        ("ГКУ ЦЗН, центр занятости населения (по согласованию)", ["other_authority"] * 2),
        ("Управление социальной политики Заречной области", ["other_authority"]),
        ("Комитет по труду и занятости населения, КДН и ЗП", ["other_authority"] * 2),
        ("Министерство образования и молодёжной политики Заречной области", ["region"]),
        ("Департамент образования и науки города Москвы", ["region"]),
        ("Минобр области", ["region"]),
        ("Управление образования и науки Заречной области", ["region"]),
        ("органы местного самоуправления, МОУО, ММС, методический кабинет", ["municipality"] * 4),
        ("МКУ «Управление образования» Заречного района", ["municipality"]),
        ("МКУ ЦОКО", ["municipality"]),
        ("Специалисты отдела образования администрации района", ["municipality"]),
        ("департамент образования администрации города", ["municipality"]),
        ("Муниципальный координатор, школьные координаторы", ["municipality", "school"]),
        ("Управления образования муниципальных районов", ["municipality"]),
        ("Директор Отдел образования", ["school", "municipality"]),
        ("ОО/МОУО", ["school", "municipality"]),
        ("Общеобразовательные организации совместно с ЦЗН", ["school", "other_authority"]),
        ("ИРО ЦОПП МОУО ОО", ["operator", "partner", "municipality", "school"]),
        ("АСОУ «Кванториум» ОО", ["operator", "partner", "school"]),
        ("Организации дополнительного образования Общеобразовательные организации", None),
        ("Руководители ПОО, руководители и педагоги ОО", ["partner", "school"]),
        ("Орлова А.Б.", ["person"]),
        ("Орлова А.Б. Уткин В. Г.", ["person", "person"]),
        ("А.Б. Орлова, Уткин Вадим Глебович", ["person", "person"]),
        ("Руководители ОО, Орлова А.Б.", ["school", "person"]),
        ("Начальник управления образования Орлова А.Б.", ["person"]),
        ("Орлова А.Б., начальник отдела образования", ["person"]),
        ("Методист ИМЦ (Орлова А.Б.)", ["municipality", "person"]),
        ("1. ИРО 2. МОУО 3. ОО", ["operator", "municipality", "school"]),
        ("1) ИРО\n2) МОУО", ["operator", "municipality"]),
        ("СОШ № 1. МОУО", ["school", "municipality"]),
        ("ОO, МOУО", ["school", "municipality"]),
        ("Oбщеобразовательные организации", ["school"]),
        ("ОО – участники проекта, МОУО", ["school", "municipality"]),
        ("отделы образования администраций муниципальных районов", ["municipality"]),
        ("РМО педагогов-психологов", ["municipality"]),
        ("МОУО, педагоги-психологи", ["municipality", "school"]),
        ("отдел общего образования Минобразования", ["region"]),
        ("отдел профессионального образования министерства", ["region"]),
        ("Отдел образования Министерство образования области", ["municipality", "region"]),
        ("вузы и ссузы", ["partner", "partner"]),
    ],
)
def test_read_parties_knows_everyday_words(text, expected):
    assert kinds(text) == (expected or ["partner", "school"])


@pytest.mark.parametrize(
    ("text", "issuer", "expected"),
    [
        ("Управление образования", "district", "municipality"),
        ("Управление образования", "region", "municipality"),
        ("Департамент образования", "department", "region"),
        ("Департамент", "department", "region"),
        ("Департамент образования", "district", "region"),
        ("Министерство", "region", "region"),
        ("Комитет образования", "region", "municipality"),
        ("Отдел образования", "region", "municipality"),
        ("Главный специалист", "district", "municipality"),
        ("Начальник отдела", "district", "municipality"),
        ("начальник и специалисты управления образования", "district", "municipality"),
        ("методист", "district", "municipality"),
    ],
)
def test_read_parties_asks_the_issuer_whose_authority_it_is(text, issuer, expected):
    assert kinds(text, issuer) == [expected]


@pytest.mark.parametrize(
    ("text", "found", "unknown"),
    [
        ("Ассоциация выпускников, ОО", ["school"], "«Ассоциация выпускников»"),
        ("общеобразователные организации", [], "«общеобразователные организации»"),
        ("ОО Ассоциация выпускников", ["school"], "«Ассоциация выпускников»"),
        ("ИРО ЦРТД ОО", ["operator", "school"], "«ЦРТД»"),
        ("ДОУ, ОО", ["school"], "«ДОУ»"),
        ("руководители", [], "«руководители»"),
        ("методисты", [], "«методисты»"),
        ("«Вымпел»", [], "««Вымпел»»"),
        ("Юридический отдел", [], "«Юридический отдел»"),
    ],
)
def test_read_parties_names_what_it_does_not_know(text, found, unknown):
    parties, doubt = read(text)

    assert [kind for kind, _ in parties] == found
    assert doubt == f"Не распознано в графе ответственных: {unknown}."


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("", None),
        ("-", None),
        (
            "Не ниже заместителя директора по воспитательной работе",
            "В графе указана только квалификация, а не ответственный.",
        ),
        ("по согласованию", "Ответственный не распознан: «по согласованию»."),
        ("слово " * 1000, "Слишком длинный текст: укажите ответственных."),
    ],
)
def test_read_parties_of_a_cell_that_names_nobody(text, doubt):
    assert read(text) == ([], doubt)


def test_read_parties_asks_whose_an_authority_is_without_issuer():
    parties, doubt = read("Управление образования")
    department, _ = read_parties(
        "Департамент",
        for_document(general_dictionary(), texts=[], names={}, issuer="", level=PartyKind.REGION),
    )

    assert [party.kind for party in department] == [PartyKind.REGION]
    assert parties == [("municipality", "Управление образования")]
    assert doubt == ("Неясно, региональный это орган или муниципальный: «управление образования».")


def test_read_parties_joins_all_of_a_school_under_the_written_words():
    parties, _ = read("Директор, ИРО, классные руководители; ИРО")

    assert parties == [("school", "Директор, классные руководители"), ("operator", "ИРО")]


def test_read_parties_gives_full_names_of_the_documents_abbreviations():
    names = {
        "МОЗО": "Министерство образования Заречной области",
        "АЗУ": "Государственное учреждение высшего образования «Академия социального управления»",
        "ОО": "образовательные организации",
        "«ПК» Луч»": "Государственное автономное учреждение «Подгорный колледж «Луч»",
        "план": "план мероприятий по профориентации",
    }

    parties, doubt = read("МОЗО АЗУ «ПК» Луч» ОО МОУО", "region", names=names)

    assert doubt is None
    assert parties == [
        ("region", names["МОЗО"]),
        ("operator", names["АЗУ"]),
        ("partner", names["«ПК» Луч»"]),
        ("school", names["ОО"]),
        ("municipality", "МОУО"),
    ]


@pytest.mark.parametrize(
    "said",
    [
        "Отчёт регионального координатора ЦОПП",
        "Региональный оператор – Центр опережающей профессиональной подготовки.",
        "Закреплены функции регионального оператора за ЦОПП",
        "Определить региональным оператором по внедрению модели ЦОПП.",
        "ЦОПП (региональный оператор) готовит отчёт",
    ],
)
def test_for_document_finds_the_operator_the_document_names(said):
    names = {"ЦОПП": "Центр опережающей профессиональной подготовки", "ОО": "школы"}

    assert kinds("ЦОПП, ИРО", names=names, texts=[said]) == ["operator", "partner"]


@pytest.mark.parametrize(
    "said",
    [
        "Размещён на ресурсах регионального оператора и ЦОПП",
        "Взаимодействие регионального оператора с ЦОПП",
        "перечень, предложенный региональным оператором проекта «Шаг»",
        "Региональный оператор – Министерство образования",
        "школы, колледжи (региональный оператор)",
        "ОО (региональный координатор)",
    ],
)
def test_for_document_takes_nobody_else_for_the_operator(said):
    assert kinds("ЦОПП, ИРО", texts=[said]) == ["partner", "operator"]


def test_with_words_puts_a_region_on_top():
    region = general_dictionary().with_words(
        {"ЦОПП": PartyKind.OPERATOR, "Дом науки": PartyKind.PARTNER}
    )

    parties, doubt = read_parties(
        "Центр опережающей профессиональной подготовки, Дом науки", region
    )

    assert doubt is None
    assert [party.kind for party in parties] == [PartyKind.OPERATOR, PartyKind.PARTNER]


def test_with_words_of_a_region_outweighs_the_documents_full_name():
    region = general_dictionary().with_words({"ЗЦ": PartyKind.OPERATOR})
    known = for_document(region, texts=[], names={"ЗЦ": "Заречный колледж"}, issuer="", level=None)

    parties, _ = read_parties("ЗЦ", known)

    assert [(party.kind, party.name) for party in parties] == [
        (PartyKind.OPERATOR, "Заречный колледж")
    ]


def test_restored_reads_as_the_document_was_read():
    context = Context(
        issuer="Департамент образования",
        level=PartyKind.REGION,
        abbreviations={"ЗЦ": "Заречный центр оценки качества образования"},
        operators=frozenset({"зц"}),
    )

    parties, doubt = read_parties("ЗЦ, департамент", restored(general_dictionary(), context))

    assert doubt is None
    assert [party.kind for party in parties] == [PartyKind.OPERATOR, PartyKind.REGION]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Министерство образования Заречной области (далее – МОЗО)",
            {"МОЗО": "Министерство образования Заречной области"},
        ),
        (
            "начального, основного, среднего общего образования (далее – НОО, ООО, СОО)",
            {
                "НОО": "начального общего образования",
                "ООО": "основного общего образования",
                "СОО": "среднего общего образования",
            },
        ),
        (
            "с профессиональными образовательными организациями (далее - ПОО), организациями "
            "дополнительного образования (далее по тексту — ОДО)",
            {
                "ПОО": "профессиональные образовательные организации",
                "ОДО": "организации дополнительного образования",
            },
        ),
        (
            "между школами и образовательными организациями высшего образования (далее – ВУЗ)",
            {"ВУЗ": "образовательные организации высшего образования"},
        ),
        (
            "внедрение профориентационного минимума на выбор школы (далее – профминимум)",
            {"профминимум": "профориентационного минимума"},
        ),
        (
            "Утвердить прилагаемый план мероприятий на 2024 год (далее – план).",
            {"план": "план мероприятий на 2024 год"},
        ),
        (
            "Утвердить комплекс мер по развитию (далее - План мероприятий)",
            {"План мероприятий": "комплекс мер по развитию"},
        ),
        (
            "оператор – Заречное учреждение «Институт развития» (далее – ЗУ «Институт развития»)",
            {"ЗУ «Институт развития»": "Заречное учреждение «Институт развития»"},
        ),
        (
            "МОЗО Заречное учреждение «Колледж «Луч» (далее – «К» Луч»)",
            {"«К» Луч»": "Заречное учреждение «Колледж «Луч»"},
        ),
        (
            "Руководители органов самоуправления, ведающих образованием (далее – МОУО)",
            {"МОУО": "Руководители органов самоуправления, ведающих образованием"},
        ),
        (
            "Центр опережающей профессиональной подготовки (ЦОПП) и лица с ОВЗ (дети)",
            {"ЦОПП": "Центр опережающей профессиональной подготовки"},
        ),
        ("ОО – образовательная организация;", {"ОО": "образовательная организация"}),
        (
            "оператор – Высшая школа (далее – ЦПК)",
            {"ЦПК": "Высшая школа"},
        ),
        (
            "ИРО и Государственное учреждение «Академия социального управления» (далее – АСОУ)",
            {"АСОУ": "Государственное учреждение «Академия социального управления»"},
        ),
        (
            "План мероприятий («дорожная карта») по труду (далее – Дорожная карта)",
            {"Дорожная карта": "План мероприятий («дорожная карта») по труду"},
        ),
        ("орган власти области (далее – ОВ)", {"ОВ": "орган власти области"}),
        ("всех средних школ (далее – СШ)", {"СШ": "средние школы"}),
        ("слово и дело (далее – АБ, ВГ)", {"АБ": "дело", "ВГ": "дело"}),
        ("первый, второй этап (далее – ЭП, ВЭ)", {"ЭП": "второй этап", "ВЭ": "второй этап"}),
        ("дети (Дети) школы (ОВЗ)", {}),
        ("12 (далее – Я)", {}),
        ("слово (далее – Я)", {"Я": "слово"}),
        ("а вместе (далее – АБВ)", {"АБВ": "а вместе"}),
        ("Приказ (далее – )", {}),
        ("текст без сокращений (2023)", {}),
    ],
)
def test_learn_abbreviations_takes_the_phrase_as_written(text, expected):
    assert learn_abbreviations(text) == expected


@pytest.mark.parametrize(
    ("names", "level"),
    [
        (["Министерство образования области", "план муниципальных школ"], PartyKind.REGION),
        (["Управление образования администрации города"], PartyKind.MUNICIPALITY),
        (["", "Муниципальный план работы школ Заречного района"], PartyKind.MUNICIPALITY),
        (["", "План Заречного городского округа"], PartyKind.MUNICIPALITY),
        (["", "План школ Заречного автономного округа"], PartyKind.REGION),
        (["", "План Заречной области"], PartyKind.REGION),
        (["", "План МБОУ СОШ № 5"], PartyKind.SCHOOL),
        (["", "План"], None),
    ],
)
def test_level_of_a_plan_is_told_by_its_names(names, level):
    assert level_of(*names) == level


def test_regional_authority_is_put_in_the_nominative():
    said = ["Закон", "приказ управления образования и науки Заречной области от 01.09.2023"]

    assert regional_authority(said) == "управление образования и науки заречной области"
    assert regional_authority(["управление образования города"]) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "утверждён департаментом образования Заречной области (далее – ДО)",
            {"ДО": "департамент образования Заречной области"},
            id="instrumental",
        ),
        pytest.param(
            "при участии Управления образования города (далее – УО)",
            {"УО": "Управление образования города"},
            id="a capital says that it is one",
        ),
        pytest.param(
            "полномочия управления образования (далее – УО)",
            {"УО": "управления образования"},
            id="one or several: as written",
        ),
        pytest.param(
            "совместно с Региональным центром занятости (далее – РЦЗ)",
            {"РЦЗ": "Региональный центр занятости"},
            id="an adjective",
        ),
        pytest.param(
            "Государственной службой занятости (далее – ГСЗ)",
            {"ГСЗ": "Государственная служба занятости"},
            id="feminine",
        ),
        pytest.param(
            "устав муниципального казённого учреждения (далее – МКУ)",
            {"МКУ": "муниципальное казённое учреждение"},
            id="an adjective says that it is one",
        ),
        pytest.param(
            "Центром, осуществляющим приём (далее – Центр)",
            {"Центр": "Центром, осуществляющим приём"},
            id="more words would have to agree",
        ),
        pytest.param(
            "Комитетом по образованию (далее – Комитет)",
            {"Комитет": "Комитет по образованию"},
            id="a short form in words",
        ),
        pytest.param(
            "отделами образования районов (далее – отделы)",
            {"отделы": "отделы образования районов"},
            id="plural",
        ),
        pytest.param(
            "органами самоуправления, осуществляющими управление (далее – ОС)",
            {"ОС": "органы самоуправления, осуществляющие управление"},
            id="a participle in the plural",
        ),
        pytest.param(
            "Бюджетным учреждением образования «Институт развития (далее – БУО ИР)",
            {"БУО ИР": "Бюджетное учреждение образования «Институт развития»"},
            id="a quotation that never ended",
        ),
        pytest.param(
            "Сокращения: ОО – образовательные организации; ИРО – институт развития образования.",
            {"ОО": "образовательные организации", "ИРО": "институт развития образования"},
            id="a list in one paragraph",
        ),
    ],
)
def test_learn_abbreviations_names_in_the_nominative_where_it_is_safe(text, expected):
    assert learn_abbreviations(text) == expected
