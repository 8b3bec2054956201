"""Files and pasted text become a `Document`; what its rows mean is decided elsewhere.

A file is hostile: its kind is told by its content, its size is counted before anything is
built from it, and it is parsed in a limited child process.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from plans.readers.document import Document, UnreadableFile, pack, unpack
from plans.readers.text import parse_text
from profmin.lib.documents import FileType, check_container
from profmin.lib.errors import RuleBroken
from profmin.lib.sandbox import Reason, SandboxFailed, run_limited

__all__ = ["Document", "UnreadableFile", "read_document", "read_pasted"]

MEMORY = 512 * 1024**2  # bytes of address space; the longest real document takes 60 MB
SECONDS = 20.0  # of processor and of wall clock; 150 pages of PDF take 15
PASTED = 300_000  # characters; the longest real document has 73 000

_MODULES = {
    FileType.DOCX: "plans.readers.docx",
    FileType.PDF: "plans.readers.pdf",
    FileType.XLSX: "plans.readers.xlsx",
    FileType.HTML: "plans.readers.html",
    FileType.TEXT: "plans.readers.text",
}
_ADVICE = {
    FileType.DOC: "Это документ старого формата Word (.doc): сохраните его как DOCX и загрузите снова.",
    FileType.XLS: "Это книга старого формата Excel (.xls): сохраните её как XLSX и загрузите снова.",
    FileType.RTF: "Это документ RTF: сохраните его как DOCX и загрузите снова.",
    FileType.ODT: "Это документ OpenDocument: сохраните его как DOCX и загрузите снова.",
    FileType.ODS: "Это таблица OpenDocument: сохраните её как XLSX и загрузите снова.",
    FileType.XLSB: "Это двоичная книга Excel (.xlsb): сохраните её как XLSX и загрузите снова.",
    FileType.MHT: "Это веб-страница одним файлом: сохраните её как DOCX и загрузите снова.",
    FileType.ZIP: "Это архив: распакуйте его и загрузите сам документ.",
}
_KNOWN = "Такой файл прочитать нельзя: нужен документ DOCX, PDF, XLSX, HTML или текст."
_COMPLEX = "Файл слишком сложен: оставьте в нём только таблицу плана и загрузите снова."
_DAMAGED = "Файл повреждён или устроен необычно: откройте его, сохраните заново и загрузите снова."
_EMPTY = "В файле нет текста."
_RENAMED = (
    "Файл назван {0}, но это простой текст: сохраните документ как {1} или переименуйте файл "
    "в .txt и загрузите снова."
)
_NOT_TEXT_NAMES = (".docx", ".xlsx", ".pdf")


def read_document(path: Path, *, name: str) -> Document:
    """The document in the file at `path`; `name` is what its owner called it.

    Raises `UnreadableFile` with one Russian sentence for everything that cannot be read:
    hostile, damaged, empty, too large or of another kind.
    """
    if not path.is_file():
        raise UnreadableFile("Такого файла нет.")
    try:
        plain = run_limited(
            "plans.readers:parse_file", str(path.resolve()), name, memory=MEMORY, seconds=SECONDS
        )
    except RuleBroken as refusal:
        raise UnreadableFile(refusal.message) from refusal
    except SandboxFailed as failure:
        broken = failure.reason is Reason.ERROR
        raise UnreadableFile(_DAMAGED if broken else _COMPLEX) from failure
    return _not_empty(unpack(plain))


def read_pasted(text: str) -> Document:
    """The document in text pasted into a form: cells between tabs, one cell a line or a
    Markdown table."""
    if len(text) > PASTED:
        raise UnreadableFile("Текст слишком длинный: вставьте только таблицу плана.")
    return _not_empty(parse_text(text), "Вставлен пустой текст.")


def parse_file(path: str, name: str) -> list[Any]:
    """The child's part of `read_document`: checks, then the reader of the file's kind."""
    return pack(parse(Path(path), name=name))


def parse(path: Path, *, name: str) -> Document:
    """The document read in this very process: for the child and for tests only."""
    kind = check_container(path)
    ending = Path(name).suffix.lower()
    if kind is FileType.TEXT and ending in _NOT_TEXT_NAMES:
        raise UnreadableFile(_RENAMED.format(ending, ending.removeprefix(".").upper()))
    if kind is FileType.TEXT and ending in (".htm", ".html"):
        kind = FileType.HTML
    if kind not in _MODULES:
        raise UnreadableFile(_ADVICE.get(kind, _KNOWN))
    document: Document = import_module(_MODULES[kind]).read(path)
    return document


def _not_empty(document: Document, otherwise: str = _EMPTY) -> Document:
    if not document.blocks:
        raise UnreadableFile(otherwise)
    return document
