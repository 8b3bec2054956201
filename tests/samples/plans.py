"""Small roadmaps as rows of cells, and writers of the layouts of plain text and of pages.

A cell is its text; `(text, span)` covers several columns; `None` goes on the cell above it
(a vertical merge). All organisations and people are invented.
"""

from collections.abc import Sequence
from html import escape

Cell = str | tuple[str, int] | None
Rows = Sequence[Sequence[Cell]]

TITLE = "План мероприятий («дорожная карта») Заречной области на 2023/2024 учебный год"
NOTE = "План подготовлен в целях сопровождения выбора профессии (далее – план)."

REGION: Rows = (
    ("№ п/п", "Мероприятие", "Срок", "Ответственный", "Ожидаемый результат"),
    ("1", "2", "3", "4", "5"),
    (("I. Организационные меры", 5),),
    ("1.1", "Назначить ответственных", "До 10.07.2023", "Департамент", "Приказ департамента"),
    ("1.2", "Утвердить перечень школ", "Июль 2023 г.", "Департамент", "Перечень утверждён"),
    ("1.3.", "Работа по уровням", "", "", ""),
    ("1.3. 1.", "Базовый уровень", "в течение года", "Школы", "Не менее 40 часов"),
    (("II. Мониторинг", 5),),
    ("2.1", "Собрать сведения", "Ежегодно до 25 мая", "Школы", "Справка"),
    ("2.2", "Провести опрос родителей", "постоянно", "Муниципалитеты", "Отчёт"),
)

DISTRICT: Rows = (
    ("№", "Направления работы", "Показатели", "Сроки", "Ответственные"),
    (("1. Изучение предпочтений", 5),),
    ("1.1.", "Опрос по степени влияния родителей", "", "до 01.06.2022", "Руководители школ"),
    ("1.2.", "Участие в олимпиаде:\n- школьный этап", "Число участников", "до 25 мая", "Школы"),
    (("2. Сопровождение выбора", 5),),
    ("2.1.", "Рассказать о профессиях", "Число встреч", "до 20 декабря", "Классные руководители"),
    (None, None, "Доля охваченных", None, None),
    ("2.2.", "Вести маршруты учеников", "Число маршрутов", None, "Педагоги-психологи"),
)


def text_of(cell: Cell) -> str:
    """What a cell says."""
    return (cell[0] if isinstance(cell, tuple) else cell) or ""


def span_of(cell: Cell) -> int:
    """How many columns a cell covers."""
    return cell[1] if isinstance(cell, tuple) else 1


def flat(row: Sequence[Cell]) -> list[str]:
    """The texts of a row as plain text has them: the columns a cell covers follow empty."""
    return [text for cell in row for text in [text_of(cell), *[""] * (span_of(cell) - 1)]]


def many(count: int) -> list[Sequence[Cell]]:
    """A plan of `count` items with sections, of the length of real texts."""
    rows: list[Sequence[Cell]] = [REGION[0]]
    for index in range(count):
        if index % 20 == 0:
            rows.append(((f"{index // 20 + 1}. Раздел о работе со школьниками", 5),))
        rows.append(
            (
                f"{index // 20 + 1}.{index % 20 + 1}",
                "Провести встречу учеников с представителями предприятий области " * 2,
                "Ежегодно до 20 декабря и 25 мая",
                "Департамент, муниципалитеты, руководители школ",
                "Ученики узнали о предприятиях области и сделали выбор " * 3,
            )
        )
    return rows


def as_tabbed(rows: Rows) -> str:
    """A row a line, cells between tabs."""
    return "\n".join("\t".join(flat(row)) for row in rows)


def as_markdown(rows: Rows) -> str:
    """A table of Markdown with its rule under the first row."""
    lines = [f"| {' | '.join(text.replace(chr(10), ' ') for text in flat(row))} |" for row in rows]
    return "\n".join([lines[0], f"|{'---|' * len(flat(rows[0]))}", *lines[1:]])


def as_indented(rows: Rows) -> str:
    """One cell a line after a tab, a blank line after each row."""
    return "\n\n".join("\n".join(f"\t{text_of(cell)}" for cell in row) for row in rows)


def as_listed(rows: Rows) -> str:
    """One cell a line and nothing else; empty cells leave no trace."""
    return "\n".join(text_of(cell) for row in rows for cell in row if text_of(cell))


def as_html(rows: Rows, title: str = TITLE) -> str:
    """A page; a cell merged downwards has its rowspan."""
    made = "".join(
        f"<tr>{''.join(_html_cell(rows, y, x) for x in range(len(rows[y])))}</tr>"
        for y in range(len(rows))
    )
    return (
        f"<!DOCTYPE html><html><head><title>x</title></head><body><h1>{escape(title)}</h1>"
        f"<table border=1>{made}</table></body></html>"
    )


def _html_cell(rows: Rows, y: int, x: int) -> str:
    cell = rows[y][x]
    if cell is None:
        return ""
    below = 1
    while y + below < len(rows) and x < len(rows[y + below]) and rows[y + below][x] is None:
        below += 1
    text = escape(text_of(cell)).replace("\n", "<br>")
    return f'<td colspan="{span_of(cell)}" rowspan="{below}">{text}</td>'
