"""The page that shows every component of the design system, with much data and with none.

All words are invented. It reads no row: anybody who is signed in may look.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from profmin.lib.periods import AcademicYear

_LONG_TITLE = (
    "Проведение профориентационных мероприятий для обучающихся 6–11 классов "
    "общеобразовательных организаций, в том числе дней открытых дверей в профессиональных "
    "образовательных организациях, профессиональных проб на площадках работодателей-партнёров, "
    "экскурсий на предприятия агропромышленного комплекса, встреч с представителями "
    "востребованных профессий и родительских собраний, включая обучающихся с ограниченными "
    "возможностями здоровья, с инвалидностью и не являющихся участниками проекта, "
    "во взаимодействии с региональным оператором и муниципальными координаторами"
)
_STATES = (
    "done",
    "confirmed",
    "waiting",
    "in_progress",
    "late",
    "returned",
    "not_started",
    "not_applicable",
    "question",
    "error",
)


class _FilterForm(forms.Form):
    state = forms.ChoiceField(
        label="Состояние",
        required=False,
        choices=[("", "Любое"), ("late", "просрочено"), ("done", "выполнено")],
    )
    section = forms.ChoiceField(
        label="Раздел",
        required=False,
        choices=[("", "Все разделы"), ("1", "1. Организация работы"), ("2", "2. Кадры")],
    )
    words = forms.CharField(
        label="Школа или код", required=False, widget=forms.TextInput(attrs={"type": "search"})
    )


class _SampleForm(forms.Form):
    title = forms.CharField(
        label="Название мероприятия", help_text="Как в утверждённом документе", max_length=300
    )
    hours = forms.DecimalField(
        label="Часы",
        help_text="Можно «10,5»",
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    due_on = forms.DateField(label="Срок", widget=forms.DateInput(attrs={"type": "date"}))
    level = forms.ChoiceField(
        label="Уровень",
        choices=[("basic", "базовый, 40 ч"), ("main", "основной, 60 ч")],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(label="Пояснение", required=False, widget=forms.Textarea)
    told = forms.BooleanField(label="Школы предупреждены", required=False)


class _FileForm(forms.Form):
    document = forms.FileField(label="Документ дорожной карты")


class _ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Причина",
        help_text="Её увидят в письме и на странице поручения",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def design(request: HttpRequest) -> HttpResponse:
    """All components on one page."""
    now = timezone.now()
    return render(
        request,
        "components_gallery.html",
        {
            "now": now,
            "crumbs": [{"title": "Рабочий стол", "url": "/"}],
            "states": _STATES,
            "long_title": _LONG_TITLE,
            **_blocks(timezone.localdate()),
            **_lists(request),
            **_forms(),
            **_jobs(now),
        },
    )


def _blocks(today: date) -> dict[str, Any]:
    year = AcademicYear.of(today)
    return {
        "today": today,
        "year_start": year.start,
        "year_end": year.end,
        "action": {"title": "Сдать сведения", "url": "#tasks-title"},
        "tabs": [
            {"title": "Мероприятия", "url": "#", "current": True, "count": 46},
            {"title": "Исполнение", "url": "#", "current": False, "count": 1234},
            {"title": "Журнал", "url": "#", "current": False, "count": None},
        ],
        "facts": [
            {"term": "Утверждена", "value": "приказ министерства от 28.08.2026 № 1741"},
            {"term": "Период", "value": "1 сентября 2026 – 31 августа 2027"},
            {"term": "Контролирует", "value": "Е. В. Громова", "note": "заместитель министра"},
            {"term": "Изменения", "value": None},
        ],
        "tasks": _tasks(),
        "dates": [
            {"on": today + timedelta(days=4), "title": "Сбор «Профили и договоры»", "url": "#"},
            {"on": today + timedelta(days=10), "title": "Ответ на рекомендацию № 14"},
            {"on": today + timedelta(days=29), "title": "Охват и мероприятия за полугодие"},
        ],
        "counts": {"done": 14, "in_progress": 6, "late": 1, "returned": 1, "not_started": 9},
        "counts_many": {"done": 12480, "late": 312, "not_started": 20},
        "windows": [(year.start + timedelta(days=14), year.start + timedelta(days=75))],
        "dues": [
            (year.start + timedelta(days=75), "done"),
            (date(year.first + 1, 3, 15), "late"),
            (date(year.first + 1, 5, 25), "waiting"),
        ],
        "chips": [
            {"title": "муниципальные образования", "note": "6 муниципалитетов"},
            {"title": "общеобразовательные организации", "note": "90 школ"},
            {"title": "Центр «Поиск»", "note": "кто это?", "is_question": True},
        ],
    }


def _tasks() -> list[dict[str, str]]:
    return [
        {
            "state": "late",
            "when": "просрочено 2 дня",
            "title": "Отчёт о днях открытых дверей в колледжах",
            "note": "Дорожная карта, п. 3.4.2 · подтверждение: ссылка на публикацию",
            "url": "#",
            "action": "Отчитаться",
        },
        {
            "state": "returned",
            "when": "вернули 18.11",
            "title": "Охват обучающихся, 1-е полугодие",
            "note": "Е. В. Громова: «Проверьте число девятиклассников: было 84, сейчас 184»",
            "url": "#",
            "action": "Исправить",
        },
        {
            "state": "waiting",
            "when": "до 25.11, 4 дня",
            "title": _LONG_TITLE,
            "note": "Заполнено 6 из 11 показателей",
            "url": "#",
            "action": "Продолжить",
        },
    ]


def _lists(request: HttpRequest) -> dict[str, Any]:
    paginator = Paginator(range(1234), 50)
    page: Page[int] = paginator.get_page(request.GET.get("page"))
    return {
        "page": page,
        "filter_form": _FilterForm(request.GET),
        "schools": [
            {
                "id": number,
                "name": f"СОШ № {number}" if number % 4 else "МБОУ «Гимназия имени А. С. Пушкина»",
                "students": 120 * number + 34,
                "level": ("базовый", "основной", "продвинутый")[number % 3],
                "states": [
                    {"code": _STATES[(number + shift) % 8], "day": "25.11"} for shift in range(6)
                ],
            }
            for number in range(1, 13)
        ],
        "duties": (
            "Программа",
            "Готовность",
            "Профили и договоры",
            "Охват, полугодие",
            "Олимпиада",
            "П. 3.4.2 «Дни открытых дверей»",
        ),
        "columns": [
            {"title": "Муниципалитет", "is_number": False, "key": "name"},
            {"title": "Школ", "is_number": True, "key": "schools"},
            {"title": "Выполнено, %", "is_number": True, "key": ""},
        ],
        "rows": [
            {"cells": ["г. Приозёрск", "41", "86"], "url": "#"},
            {"cells": ["Заречный муниципальный округ", "27", "79"], "url": "#"},
            {"cells": ["Каменский район", "22", "81"], "url": "#"},
        ],
        "totals": ["Всего 3", "90", "83"],
        "bulk_actions": [
            {"title": "Напомнить…", "name": "act", "value": "remind"},
            {"title": "Принять без замечаний", "name": "act", "value": "accept"},
        ],
    }


def _forms() -> dict[str, Any]:
    refused = _SampleForm({"title": "", "hours": "десять", "due_on": ""})
    refused.is_valid()
    refused.add_error(
        None, "Часы по направлениям не сходятся с итогом: распределено 58 ч из 60 ч. Добавьте 2 ч."
    )
    return {
        "sample_form": _SampleForm(auto_id="fresh_%s"),
        "refused_form": refused,
        "file_form": _FileForm(),
        "reason_form": _ReasonForm(),
    }


def _jobs(now: datetime) -> dict[str, Any]:
    return {"saved_at": now, "job_done": 128, "job_total": 500}
