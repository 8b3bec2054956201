"""Documents written as rows of strings, and what a draft of them says in short."""

from plans.readers.document import Cell, Document, Paragraph, Row, Table
from plans.roadmap_draft import draft_from_document
from plans.services.parties import general_dictionary

TITLE = "План мероприятий Заречного района на 2023/2024 учебный год"
HEAD = "№ п/п | Мероприятие | Срок | Ответственный"
ORDER = (
    "УПРАВЛЕНИЕ ОБРАЗОВАНИЯ\nадминистрации города Заречного",
    "П Р И К А З",
    "«18» июля 2023 г.",
    "№ 953",
    "Об утверждении плана по профориентации",
    "1. Утвердить план по профориентации на 2023-2024 годы (далее – План) (приложение).",
    "ПЛАН МЕРОПРИЯТИЙ («ДОРОЖНАЯ КАРТА»)\nпо профориентации\nна 2023-2024 годы",
    "Пояснительная записка",
    "План мероприятий разработан на основании закона:",
    "Цель – помочь каждому выбрать профессию.",
    "Задачи:",
    "1. узнать интересы;\n2. показать профессии.",
    "План мероприятий",
    "Цель: помочь каждому выбрать профессию;",
)


def table(*rows, cut=()):
    """Rows of cells between strokes: `^` goes on the cell above, `3>text` covers 3 columns."""
    return Table(tuple(_row(row, cut=place in cut) for place, row in enumerate(rows)))


def _row(row, *, cut):
    cells = []
    for written in row.split("|"):
        text, span = written.strip(), 1
        if text[:1].isdigit() and text[1:2] == ">":
            text, span = text[2:], int(text[0])
        cells.append(Cell("" if text == "^" else text, span, text == "^"))
    return Row(tuple(cells), cut)


def document(*blocks, grid=True):
    made = (Paragraph(block) if isinstance(block, str) else block for block in blocks)
    return Document(tuple(made), grid)


def draft(*blocks, grid=True, **options):
    return draft_from_document(
        document(*blocks, grid=grid), dictionary=general_dictionary(), **options
    )


def plan(*rows, head=HEAD, title=TITLE, grid=True, cut=(), **options):
    """A draft of one table under a title; `cut` counts rows after the head."""
    cuts = {place + 1 for place in cut}
    return draft(title, table(head, *rows, cut=cuts), grid=grid, **options)


def asked(read):
    return [(doubt.row, doubt.field) for doubt in read.doubts]


def fates(read):
    return [row.fate.value for row in read.rows]


def short(read):
    """Each item as number, section, title."""
    return [(item.number, item.section, item.title) for item in read.items]
