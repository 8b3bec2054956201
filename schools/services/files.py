"""Files people load: checked by content, kept under names of our own, outside the web root."""

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM, Actor, Subject, write_entry
from profmin.lib.documents import FILE_BYTES, FileType, check_upload
from profmin.lib.errors import RuleBroken
from profmin.lib.sandbox import SandboxFailed, run_limited
from schools.choices import FilePurpose
from schools.models import OrgUnit, StoredFile


@dataclass(frozen=True)
class _Form:
    """How files of a kind are called and served."""

    content_type: str
    suffixes: tuple[str, ...]  # the first is added to a name that has none of them


_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_FORMS: Mapping[FileType, _Form] = {
    FileType.PDF: _Form("application/pdf", (".pdf",)),
    FileType.DOCX: _Form(f"{_OFFICE}.wordprocessingml.document", (".docx",)),
    FileType.XLSX: _Form(f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",)),
    FileType.ODT: _Form(f"{_OPEN_DOCUMENT}.text", (".odt",)),
    FileType.ODS: _Form(f"{_OPEN_DOCUMENT}.spreadsheet", (".ods",)),
    FileType.PNG: _Form("image/png", (".png",)),
    FileType.JPEG: _Form("image/jpeg", (".jpg", ".jpeg")),
    FileType.TEXT: _Form("text/plain; charset=utf-8", (".txt", ".csv", ".md")),
    FileType.HTML: _Form("application/octet-stream", (".html", ".htm")),
    FileType.MHT: _Form("application/octet-stream", (".mht", ".mhtml")),
}
_EVIDENCE = frozenset(
    (FileType.PDF, FileType.DOCX, FileType.XLSX, FileType.ODT, FileType.PNG, FileType.JPEG)
)
_ALLOWED: Mapping[str, frozenset[FileType]] = {
    FilePurpose.PROOF: _EVIDENCE,
    FilePurpose.ACT: _EVIDENCE,
    FilePurpose.ROADMAP: frozenset(
        (FileType.PDF, FileType.DOCX, FileType.XLSX, FileType.TEXT, FileType.HTML)
    ),
    FilePurpose.REGISTER: frozenset((FileType.XLSX, FileType.TEXT)),
}
_WORDS: Mapping[str, str] = {
    FilePurpose.PROOF: "PDF, DOCX, XLSX, ODT, PNG или JPEG",
    FilePurpose.ACT: "PDF, DOCX, XLSX, ODT, PNG или JPEG",
    FilePurpose.ROADMAP: "DOCX, PDF, XLSX, HTML или текст",
    FilePurpose.REGISTER: "таблица XLSX или CSV",
}
_ADVICE: Mapping[FileType, str] = {
    FileType.DOC: "Это документ старого Word (.doc): сохраните его как DOCX или PDF.",
    FileType.RTF: "Это документ RTF: сохраните его как DOCX или PDF.",
    FileType.XLS: "Это книга старого Excel (.xls): сохраните её как XLSX.",
    FileType.XLSB: "Это двоичная книга Excel (.xlsb): сохраните её как XLSX.",
    FileType.ZIP: "Это архив: распакуйте его и загрузите сам документ.",
    FileType.RAR: "Это архив: распакуйте его и загрузите сам документ.",
    FileType.SEVEN_ZIP: "Это архив: распакуйте его и загрузите сам документ.",
}
_NAME_LENGTH = 200
_LARGE = "Файл больше 20 МБ: уменьшите его и загрузите снова."
_LOCKED = "Файл защищён паролем: снимите защиту и загрузите снова."
_COMPLEX = "Файл слишком сложен и не принимается: сохраните его заново и загрузите снова."
_SMALL = 256 * 1024  # bytes; whatever they hold is checked sooner than a child begins
_CHECK_MEMORY = 512 * 1024**2
_CHECK_SECONDS = 20.0
_KEPT: ContextVar[list[str] | None] = ContextVar("kept_files", default=None)
_ORPHAN_AGE = timedelta(days=1)
_REGISTER_AGE = timedelta(days=30)
_SWEEP_PAUSE = timedelta(days=1)
SWEPT = "files_swept"
_STORE = Subject("files", None, "Хранилище файлов")


@contextmanager
def atomic_with_files() -> Iterator[list[str]]:
    """A transaction whose stored files vanish from the disk when it is rolled back. Yields
    their names."""
    outer = _KEPT.get()
    names: list[str] = []
    mark = _KEPT.set(names)
    try:
        with transaction.atomic():
            yield names
    except BaseException:
        for name in names:
            default_storage.delete(name)
        raise
    else:
        if outer is not None:
            outer.extend(names)
    finally:
        _KEPT.reset(mark)


def store_file(
    *,
    unit: OrgUnit,
    path: str,
    purpose: str,
    upload: UploadedFile,
    by: Actor,
    now: datetime,
) -> StoredFile:
    """Checks and keeps a file. `path`: the unit's path at the time the file belongs to.

    Raises `RuleBroken` (field `file`) for another kind than the purpose takes, for macros,
    passwords, bombs, files over 20 MB. Called inside `atomic_with_files`, the file goes with
    the transaction.
    """
    name = f"{now:%Y/%m}/{secrets.token_hex(16)}"
    with atomic_with_files() as kept:
        kept.append(name)
        digest, size = _write(name, upload)
        kind = _checked(Path(default_storage.path(name)), purpose)
        return StoredFile.objects.create(
            unit=unit,
            path=path,
            purpose=purpose,
            file=name,
            name=safe_name(upload.name or "", kind),
            content_type=_FORMS[kind].content_type,
            size=size,
            sha256=digest,
            uploaded_by_id=by.user_id,
            uploaded_at=now,
        )


def file_path(stored: StoredFile) -> Path:
    """Where the bytes lie on the disk."""
    return Path(default_storage.path(str(stored.file.name)))


def discard_file(stored: StoredFile) -> None:
    """Forgets a file that is of no use; its bytes go when that is certain."""
    name = str(stored.file.name)
    with transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).delete()
        transaction.on_commit(lambda: default_storage.delete(name))


def _write(name: str, upload: UploadedFile) -> tuple[str, int]:
    """The bytes under our own name, on the disk for certain. Answers SHA-256 and size."""
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in upload.chunks():
            size += len(piece)
            if size > FILE_BYTES:
                raise RuleBroken(_LARGE, field="file")
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    _sync_directory(path.parent)
    return digest.hexdigest(), size


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checked(path: Path, purpose: str) -> FileType:
    """The kind by content; refuses what the purpose does not take."""
    kind, locked = _looked_at(path)
    if kind not in _ALLOWED[purpose]:
        advice = _ADVICE.get(kind, "Такой файл не подходит.")
        raise RuleBroken(f"{advice} Можно загрузить: {_WORDS[purpose]}, до 20 МБ.", field="file")
    if locked:
        raise RuleBroken(_LOCKED, field="file")
    return kind


def _looked_at(path: Path) -> tuple[FileType, bool]:
    """The kind, and whether a password locks the file. A large file is opened in a child
    process only: no file may hold up the pages of other people."""
    try:
        if path.stat().st_size <= _SMALL:
            kind, locked = check_upload(str(path))
        else:
            kind, locked = run_limited(
                "profmin.lib.documents:check_upload",
                str(path),
                memory=_CHECK_MEMORY,
                seconds=_CHECK_SECONDS,
            )
    except RuleBroken as refusal:
        raise RuleBroken(refusal.message, field="file") from refusal
    except SandboxFailed as failure:
        raise RuleBroken(_COMPLEX, field="file") from failure
    return FileType(kind), locked


def safe_name(name: str, kind: FileType) -> str:
    """The name to show and to save under: no directories, no unseen or direction marks, an
    ending that tells the truth («отчёт.exe» that is a PDF becomes «отчёт.exe.pdf»)."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(sign if sign.isprintable() else " " for sign in last)
    stem = " ".join(re.sub(r'[<>:"|?*]', " ", seen).split()).strip(". ")
    suffixes = _FORMS[kind].suffixes
    ending = next((suffix for suffix in suffixes if stem.lower().endswith(suffix)), "")
    stem = stem[: len(stem) - len(ending)].rstrip(". ") or "файл"
    ending = ending or suffixes[0]
    return stem[: _NAME_LENGTH - len(ending)] + ending


def delete_orphans(*, now: datetime) -> int:
    """Deletes files a day old that no row names (a crash between disk and database). Answers
    how many."""
    root = Path(default_storage.path(""))
    if not root.is_dir():
        return 0
    before = (now - _ORPHAN_AGE).timestamp()
    old = {
        path.relative_to(root).as_posix(): path
        for path in root.rglob("*")
        if path.is_file() and path.stat().st_mtime < before
    }
    orphans = set(old) - set(StoredFile.objects.values_list("file", flat=True))
    for name in orphans:
        old[name].unlink(missing_ok=True)
    return len(orphans)


def delete_old_registers(*, now: datetime) -> int:
    """Deletes loaded registers after thirty days. Answers how many.

    Whatever a register said stands in the tree and in the journal by then, or was never
    confirmed and is out of date. The file itself may hold columns the portal does not read, with
    people's telephones in them: it is not kept longer than a person needs to look into it.
    """
    old = StoredFile.objects.filter(
        purpose=FilePurpose.REGISTER, uploaded_at__lt=now - _REGISTER_AGE
    )
    rows = list(old.order_by("pk"))
    for stored in rows:
        discard_file(stored)
    return len(rows)


def sweep_files(now: datetime) -> None:
    """Once a day: files that nobody needs go. The journal's entry is also the mark of the day."""
    swept = JournalEntry.objects.filter(
        object_type=_STORE.type, object_id=None, action=SWEPT, at__gt=now - _SWEEP_PAUSE
    )
    if swept.exists():
        return
    with transaction.atomic():
        orphans = delete_orphans(now=now)  # first: it must not see what is only about to go
        registers = delete_old_registers(now=now)
        write_entry(
            by=SYSTEM,
            now=now,
            action=SWEPT,
            about=_STORE,
            after={"orphans": orphans, "registers": registers},
        )
