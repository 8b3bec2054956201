"""Template words: states, dates, numbers, small pictures, sorting in the address."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from profmin.lib import template_tags

NBSP = "\u00a0"


def render(source: str, address: str = "/", **context: object) -> str:
    request = RequestFactory().get(address)
    return Template(source).render(Context({"request": request, **context})).strip()


def test_state_mark_has_shape_word_and_colour() -> None:
    assert render('{% state_mark "late" %}') == (
        '<span class="state state-late">'
        '<svg class="mark" aria-hidden="true" focusable="false"><use href="#m-late"/></svg>'
        "просрочено</span>"
    )


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        pytest.param("25.11", '<span class="visually-hidden">ожидается: </span>25.11', id="date"),
        pytest.param("ожидается завтра", "</svg>ожидается завтра", id="the word is in the text"),
    ],
)
def test_state_mark_speaks_the_word_that_is_not_seen(text: str, spoken: str) -> None:
    assert spoken in render('{% state_mark "waiting" text %}', text=text)


def test_state_mark_escapes_its_text() -> None:
    assert "&lt;b&gt;" in render('{% state_mark "done" text %}', text="<b>")


def test_state_mark_of_an_unknown_state_is_an_error() -> None:
    with pytest.raises(KeyError):
        template_tags.state_mark("unheard")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("{{ day|ru_date }}", f"20{NBSP}декабря{NBSP}2026", id="long"),
        pytest.param("{{ day|ru_date_short }}", f"20.12.2026,{NBSP}вс", id="short"),
        pytest.param("{{ day|ru_day }}", f"20.12,{NBSP}вс", id="day"),
        pytest.param("{{ day|ru_day_month }}", f"20{NBSP}декабря", id="day and month"),
        pytest.param("{{ day|days_to:today }}", f"осталось{NBSP}10{NBSP}дней", id="days to"),
        pytest.param("{{ nothing|ru_date }}", "—", id="no date, long"),
        pytest.param("{{ nothing|ru_date_short }}", "—", id="no date, short"),
        pytest.param("{{ nothing|ru_day }}", "—", id="no date, day"),
        pytest.param("{{ nothing|ru_day_month }}", "—", id="no date, day and month"),
        pytest.param("{{ nothing|ru_moment }}", "—", id="no moment"),
        pytest.param("{{ nothing|ru_time }}", "—", id="no time"),
        pytest.param("{{ nothing|days_to:today }}", "", id="no due day"),
        pytest.param("{{ at|ru_moment }}", f"21.12.2026,{NBSP}00:30", id="moment of Moscow"),
        pytest.param("{{ at|ru_time }}", "00:30", id="time of Moscow"),
        pytest.param("{{ at|ru_date_short }}", "21.12.2026", id="day of Moscow"),
        pytest.param('{{ 5|plural:"школа,школы,школ" }}', f"5{NBSP}школ", id="plural"),
        pytest.param('{{ 5|plural_word:"школа,школы,школ" }}', "школ", id="plural word"),
        pytest.param("{{ 1234|number }}", f"1{NBSP}234", id="number"),
        pytest.param("{{ nothing|number }}", "—", id="no number"),
        pytest.param("{{ 0.864|percent }}", f"86{NBSP}%", id="percent"),
        pytest.param("{{ 0.864|percent:1 }}", f"86,4{NBSP}%", id="percent with a place"),
        pytest.param('{{ "Firefox/1"|browser }}', "Firefox", id="browser"),
        pytest.param("{{ words|nbsp }}", f"12{NBSP}ч &lt;b&gt;", id="nbsp escapes"),
        pytest.param("{{ html|nbsp }}", f"<b title='5 ч'>12{NBSP}ч</b>", id="tags stay whole"),
        pytest.param('{{ "late"|state_word }}', "просрочено", id="state word"),
    ],
)
def test_filter_says_it_in_russian(text: str, shown: str) -> None:
    context = {
        "day": date(2026, 12, 20),
        "today": date(2026, 12, 10),
        "at": datetime(2026, 12, 20, 21, 30, tzinfo=UTC),
        "nothing": None,
        "words": "12 ч <b>",
        "html": mark_safe("<b title='5 ч'>12 ч</b>"),
    }

    assert render(text, **context) == shown


def test_beside_pairs_cells_with_columns() -> None:
    assert template_tags.beside("аб", [1, 2]) == [("а", 1), ("б", 2)]


def test_stacked_bar_leaves_out_empty_states_and_links_its_words() -> None:
    made = template_tags.stacked_bar({"done": 3, "late": 0, "not_started": 1}, "/items/")

    assert made["total"] == 4
    assert made["link_to"] == "/items/"
    assert [(part["state"], part["piece"].width, part["text"]) for part in made["parts"]] == [
        ("done", "75%", "выполнено 3"),
        ("not_started", "25%", "не начато 1"),
    ]


def test_stacked_bar_of_nothing_says_so() -> None:
    assert "Считать пока нечего" in render("{% stacked_bar counts %}", counts={"done": 0})


@pytest.mark.parametrize(
    ("value", "total", "width"),
    [
        pytest.param(8, 10, "80%", id="part"),
        pytest.param(12, 10, "100%", id="more than planned"),
        pytest.param(0, 0, "0%", id="nothing planned"),
    ],
)
def test_share_bar_is_as_wide_as_the_share(value: int, total: int, width: str) -> None:
    assert template_tags.share_bar(value, total)["width"] == width


def test_timeline_draws_what_lies_on_its_days_and_says_it() -> None:
    made = template_tags.timeline(
        date(2026, 9, 1),
        date(2026, 9, 10),
        windows=[(date(2026, 9, 1), date(2026, 9, 5)), (date(2025, 1, 1), date(2025, 1, 2))],
        dues=[(date(2026, 9, 5), "done"), (date(2027, 1, 1), "late")],
        today=date(2026, 9, 10),
    )

    assert [piece.width for piece in made["pieces"]] == ["50%"]
    assert made["dues"] == [{"x": "45%", "state": "done"}]
    assert made["today"] == "95%"
    assert made["spoken"] == (
        f"1–5{NBSP}сентября{NBSP}2026; 1–2{NBSP}января{NBSP}2025; "
        f"срок 5{NBSP}сентября{NBSP}2026, выполнено; срок 1{NBSP}января{NBSP}2027, просрочено"
    )


def test_timeline_without_dates_says_so() -> None:
    shown = render("{% timeline day day %}", day=date(2026, 9, 1))

    assert 'role="img" aria-label="без дат"' in shown


def test_timeline_months_names_them() -> None:
    shown = render("{% timeline_months day day %}", day=date(2026, 9, 1))

    assert ">сен</text>" in shown


@pytest.mark.parametrize(
    ("address", "link", "order"),
    [
        pytest.param("/?state=late&page=3", "?state=late&amp;sort=name", "", id="not sorted"),
        pytest.param("/?sort=name", "?sort=-name", "ascending", id="up, next is down"),
        pytest.param("/?sort=-name", "?sort=name", "descending", id="down, next is up"),
        pytest.param("/?sort=other", "?sort=name", "", id="by another"),
    ],
)
def test_sort_heading_keeps_filters_and_tells_the_order(
    address: str, link: str, order: str
) -> None:
    shown = render('{% sort_heading "Школа" "name" "num" %}', address)

    assert f'href="{link}"' in shown
    assert ('aria-sort="' + order + '"' in shown) == bool(order)


def test_sort_heading_takes_the_default_from_the_context() -> None:
    assert 'aria-sort="ascending"' in render('{% sort_heading "Школа" "name" %}', sort="name")


def test_hidden_query_carries_names_of_the_address() -> None:
    shown = render('{% hidden_query "sort" "kind" %}', "/?sort=%22name&kind=a&kind=b&page=2")

    assert shown == (
        '<input type="hidden" name="sort" value="&quot;name">'
        '<input type="hidden" name="kind" value="a">'
        '<input type="hidden" name="kind" value="b">'
    )


class FilterForm(forms.Form):
    state = forms.ChoiceField(
        label="Состояние", required=False, choices=[("", "Любое"), ("late", "просрочено")]
    )
    kinds = forms.MultipleChoiceField(
        label="Вид", required=False, choices=[("school", "школа"), ("partner", "партнёр")]
    )
    words = forms.CharField(label="Слова", required=False)


@pytest.mark.parametrize(
    ("data", "chosen"),
    [
        pytest.param({}, [], id="none"),
        pytest.param({"state": "late"}, ["Состояние: просрочено"], id="choice"),
        pytest.param(
            {"kinds": ["school", "partner"], "words": "СОШ"},
            ["Вид: школа, партнёр", "Слова: СОШ"],
            id="several and words",
        ),
        pytest.param({"state": "unheard"}, [], id="an unknown choice says nothing"),
    ],
)
def test_chosen_filters_are_words(data: dict[str, object], chosen: list[str]) -> None:
    assert template_tags.chosen_filters(FilterForm(data)) == chosen


class AskingForm(forms.Form):
    words = forms.CharField(label="Должность")
    choice = forms.ChoiceField(label="Роль", choices=[("a", "а")])
    file = forms.FileField(label="Файл")
    day = forms.DateField(label="С какого дня", widget=forms.DateInput({"type": "date"}))
    told = forms.CharField(label="Причина", error_messages={"required": "Напишите причину."})


@pytest.mark.parametrize(
    ("field", "said"),
    [
        pytest.param("words", "Заполните это поле.", id="words"),
        pytest.param("choice", "Выберите из списка.", id="choice"),
        pytest.param("file", "Выберите файл.", id="file"),
        pytest.param("day", "Укажите дату.", id="day"),
        pytest.param("told", "Напишите причину.", id="the form's own words"),
    ],
)
def test_an_empty_field_says_what_to_do(field: str, said: str) -> None:
    form = AskingForm({}, {})
    assert template_tags.faults(form[field]) == [said]


@pytest.mark.parametrize(
    ("fault", "label", "said"),
    [
        pytest.param("Выберите из списка.", "Роль", "Роль: выберите из списка.", id="after colon"),
        pytest.param("Файл повреждён.", "Файл", "Файл повреждён.", id="not twice"),
        pytest.param("PDF не подходит.", "Файл", "Файл: PDF не подходит.", id="an abbreviation"),
        pytest.param("Нет такой.", "", "Нет такой.", id="no label"),
    ],
)
def test_a_fault_of_the_summary_names_its_field_once(fault: str, label: str, said: str) -> None:
    assert template_tags.named(fault, label) == said


def test_the_summary_and_the_field_say_the_same() -> None:
    form = AskingForm({"words": "методист"}, {})
    page = render('{% include "components/_error_summary.html" %}', form=form)
    assert '<a href="#id_choice">Роль: выберите из списка.</a>' in page
    assert "Должность" not in page
