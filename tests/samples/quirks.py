"""One plan with every quirk of real documents, and a small one whose numbers run through.

Our own words; every organisation and person is invented. The rows stand as the pages of a
document show them: head and «1 2 3 …» again on each page, a row cut in the middle of a word.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.samples import docx_files, pdf_files, plans, xlsx_files
from tests.samples.plans import Cell, Rows

Page = list[tuple[Cell, ...]]

HEAD: tuple[Cell, ...] = (
    "№ п/п",
    "Мероприятие",
    "Показатели",
    "Срок",
    "Ответственный",
    "Результат",
)
COUNTED: tuple[Cell, ...] = ("1", "2", "3", "4", "5", "6")
WIDTHS = (55, 205, 110, 115, 115, 140)
_PRINT = (
    "@page{size:297mm 110mm;margin:12mm}body{font:11pt sans-serif}"
    "table{border-collapse:collapse;width:100%}"
    "td{border:1px solid black;padding:3px;vertical-align:top;orphans:1;widows:1}"
)

PREFACE = (
    "МИНИСТЕРСТВО ОБРАЗОВАНИЯ ОЗЁРНОГО КРАЯ",
    "ПРИКАЗ",
    "от 3 июня 2024 г. № 217-п",
    "Об утверждении плана сопровождения выбора профессии",
    "Пояснительная записка",
    "Министерство образования Озёрного края (далее – МОК) составило план для школ края. "
    "Региональный оператор – «Академия развития учителя» (далее – АРУ). Вместе с ними "
    "работают муниципальные органы управления образованием (далее – МОУО) и образовательные "
    "организации (далее – ОО). Итоги будут опубликованы на сайтах школ.",
    "План мероприятий («дорожная карта») по сопровождению выбора профессии",
    "Цель: помочь каждому ученику выбрать дело по душе.",
    "Задачи:",
    "- познакомить учеников с предприятиями края;",
    "- научить школы профориентационной работе.",
)

SEVEN = (
    "Провести семь событий года:\n"
    "1) День профессий – 15.10.2024;\n"
    "2) Неделя мастеров – 18.11.2024;\n"
    "3) Ярмарка колледжей – 10.12.2024;\n"
    "4) Турнир ремёсел – 23.01.2025;\n"
    "5) Выставка ремёсел – 20.02.2025;\n"
    "6) Праздник труда – 28.04.2025;\n"
    "7) Слёт вожатых – 22.05.2025"
)

# Upper part of a row which the page cuts inside words, its lower part on the next page.
CUT: tuple[Cell, ...] = (
    "3.4. 13.3 .",
    "Составить план профориентационн",
    "Число школ",
    "до 30.09.2024",
    "ОО",
    "Планы опублико",
)
REST: tuple[Cell, ...] = ("", "ой работы школы", "", "", "", "ваны на сайтах")

PAGES: tuple[Page, ...] = (
    [
        HEAD,
        COUNTED,
        ("1", "Создать рабочую группу", "Одна группа", "до 10.07.2024", "Орлова А. Б.", "Приказ"),
        (("III. Подготовка", 6),),
        (
            "1.3. 2.",
            "<p>Назначить <b>ответственных</b> в школах</p>",
            "Число школ",
            "до 01.09.2024",
            "МОК АРУ МОУО ОО",
            "<ul><li>Приказ</li></ul>",
        ),
        ("3.4.5.", "Обучить навигаторов", "Число обученных", "Октябрь 2024 г.", "АРУ", "Справка"),
        ("3.4.12.", "Работа по уровням", "", "", "", ""),
        (
            "3.4.12.1.",
            "Базовый уровень",
            "Число школ",
            "в течение учебного года",
            "ОО",
            "Не менее 40 часов",
        ),
        CUT,
    ],
    [
        HEAD,
        COUNTED,
        REST,
        (("5. Работа с учениками", 6),),
        (("4.1. Встречи", 6),),
        (
            "4.1.1.",
            "Рассказать о предприятиях края",
            "Число встреч",
            "Ежегодно до 20 декабря и 25 мая",
            "ОО",
            "Ученики узнали о предприятиях",
        ),
        (None, None, "Доля охваченных учеников", None, None, None),
        ("4.1.2.", "Рассказать о колледжах", "Число учеников", None, None, "Справка школы"),
        (("4.2. События", 6),),
        ("4.2.1.", SEVEN, "Число событий", "по отдельному графику", "МОУО, ОО", "Отчёт"),
    ],
    [
        HEAD,
        COUNTED,
        (("4.3. Родители", 6),),
        (
            "4.3.1.",
            "Вести беседы с родителями",
            "Число бесед",
            "постоянно",
            "Классные руководители",
            "Журнал",
        ),
        (("4.4. Итоги", 6),),
        ("4.4.1.", "Обобщить опыт школ", "Один сборник", "28.05.2025", "АРУ", "Сборник"),
        ("4.4.2.", "Подвести итоги", "Одна справка", "до 15.06.2025", "МОК", "Справка"),
    ],
)
ROWS: Rows = [row for page in PAGES for row in page]


def _whole(upper: tuple[Cell, ...], lower: tuple[Cell, ...]) -> tuple[Cell, ...]:
    return tuple(f"{above}{below}" for above, below in zip(upper, lower, strict=True))


ONCE: Rows = [
    HEAD,
    COUNTED,
    *(
        _whole(CUT, REST) if row is CUT else row
        for page in PAGES
        for row in page
        if row not in (HEAD, COUNTED, REST)
    ),
]

RUNNING_TITLE = "План работы школ Озёрного края на 2024/2025 учебный год"
RUNNING: Rows = (
    ("№", "Мероприятие", "Срок", "Ответственный"),
    (("1. Подготовка", 4),),
    ("1", "Назначить ответственных", "до 01.09.2024", "Школы"),
    ("2", "Составить планы", "до 20.09.2024", "Школы"),
    (("2. Работа", 4),),
    ("3", "Провести встречи", "Октябрь 2024 г.", "Школы"),
    ("4", "Провести опрос", "Ноябрь 2024 г.", "Муниципалитеты"),
    (("3. Итоги", 4),),
    ("5", "Собрать сведения", "до 25.05.2025", "Муниципалитеты"),
)


# File name, encoding, and how the rows are laid out in text.
_LAYOUTS: Mapping[str, tuple[str, str, Callable[[Rows], str]]] = {
    "tabs": ("план.txt", "utf-8", plans.as_tabbed),
    "cells": ("план.txt", "cp1251", plans.as_indented),
    "pipes": ("план.txt", "cp1251", plans.as_markdown),
    "markdown": ("план.md", "utf-8", plans.as_markdown),
    "listed": ("план.txt", "utf-8", plans.as_listed),
}
FORMATS = frozenset(
    ("docx", "pdf", "printed pdf", "xlsx", "html", "tabs", "cells", "pipes", "markdown")
)
# With no empty cells a plan can also be given as cells alone, one a line.
RUNNING_FORMATS = FORMATS - {"printed pdf"} | {"listed"}


def document(kind: str) -> tuple[str, bytes]:
    """The plan of all quirks in a format or layout: (file name, bytes)."""
    if kind == "pdf":
        return "план.pdf", _drawn()
    if kind == "printed pdf":
        return "план.pdf", _printed()
    return _written(kind, PREFACE, ROWS)


def running_document(kind: str) -> tuple[str, bytes]:
    """The plan whose numbers run through its sections: (file name, bytes)."""
    if kind == "pdf":
        return "план.pdf", pdf_files.plan(RUNNING, (40, 400, 150, 150), RUNNING_TITLE)
    return _written(kind, (RUNNING_TITLE,), RUNNING)


def _written(kind: str, preface: Sequence[str], rows: Rows) -> tuple[str, bytes]:
    if kind == "docx":
        said = "".join(map(docx_files.paragraph, preface))
        return "план.docx", docx_files.document(said + docx_files.plan_table(rows))
    if kind == "xlsx":
        return "план.xlsx", _workbook(preface, rows)
    if kind == "html":
        said = "".join(f"<p>{escape(text)}</p>" for text in preface)
        return "план.html", plans.as_html(rows, "x").replace("<h1>x</h1>", said).encode()
    name, encoding, write = _LAYOUTS[kind]
    said = "\n\n".join(preface)
    return name, f"{said}\n\n{write(rows)}\n".encode(encoding)


def _workbook(preface: Sequence[str], rows: Rows) -> bytes:
    """A workbook of one sheet: the preface over the table, a row a paragraph."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for place, text in enumerate(preface, 1):
        sheet.cell(place, 1, text)
    xlsx_files.write(sheet, rows, first=len(preface) + 2)
    return xlsx_files.saved(book)


def _drawn() -> bytes:
    """Pages as drawn by hand: each has head and «1 2 3 …»; a cut row goes on below them."""
    flow = pdf_files.Flow()
    for text in PREFACE:
        flow.paragraph(text)
    for place, page in enumerate(PAGES):
        if place or flow.y > pdf_files.BOTTOM / 2:
            flow.pages.append(pdf_files.Page())
            flow.y = pdf_files.TOP
        flow.border(WIDTHS)
        flow.table(page, WIDTHS, head=0)
    return flow.done()


def _printed() -> bytes:
    """The plan printed as a browser does: the engine itself cuts low pages and repeats the
    two rows of the head, so the rows are given whole and once."""
    from weasyprint import HTML  # noqa: PLC0415  slow to import

    made = plans.as_html(ONCE).partition("<table border=1>")[2].partition("</table>")[0]
    *head, rest = made.split("</tr>", 2)
    said = "".join(f"<p>{escape(text)}</p>" for text in PREFACE)
    widths = "".join(f'<col style="width:{width}pt">' for width in WIDTHS)
    table = f"{widths}<thead>{'</tr>'.join(head)}</tr></thead><tbody>{rest}</tbody>"
    page = f"<style>{_PRINT}</style>{said}<table>{table}</table>"
    return bytes(HTML(string=page).write_pdf())
