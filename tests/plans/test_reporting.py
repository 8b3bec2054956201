"""Reports are kept whole or not at all, down to the bytes on the disk."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plans.choices import DueState
from plans.models import Due, Proof
from plans.services.execution import ChangedMeanwhile
from plans.services.reporting import Report, add_proofs, hand_in_report, save_report
from profmin.accounts.roles import Role
from profmin.lib.errors import RuleBroken
from schools.models import StoredFile
from tests.factories.cast import NOW, Cast
from tests.factories.plan_pages import reported_roadmap
from tests.factories.plans import due_of, today

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def whole(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def broken() -> SimpleUploadedFile:
    return SimpleUploadedFile("Запуск.pdf", b"MZ\x90\0" + b"\1" * 200)


@pytest.fixture
def due(cast: Cast) -> Due:
    return due_of(reported_roadmap(cast), "1", cast.home.school)


def files_on(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("way", ["save", "hand in", "add"])
def test_second_file_refused_leaves_nothing_of_the_first(
    cast: Cast, due: Due, file_store: Path, way: str
) -> None:
    by = cast.home.actor(Role.SCHOOL)
    told = Report(files=(whole("Приказ.pdf"), broken()))
    who = {"due": due, "report": told, "by": by, "now": NOW}
    deeds = {
        "save": lambda: save_report(version=1, **who),
        "hand in": lambda: hand_in_report(version=1, done_on=today(), today=today(), **who),
        "add": lambda: add_proofs(**who),
    }

    with pytest.raises(RuleBroken) as refusal:
        deeds[way]()

    due.refresh_from_db()
    assert (refusal.value.field, due.state, due.version) == ("files", DueState.NOT_STARTED, 1)
    assert (StoredFile.objects.count(), Proof.objects.count()) == (0, 0)
    assert files_on(file_store) == []


def test_stale_report_stores_no_file(cast: Cast, due: Due, file_store: Path) -> None:
    report = Report(files=(whole("Приказ.pdf"),))

    with pytest.raises(ChangedMeanwhile):
        save_report(due=due, version=7, report=report, by=cast.home.actor(Role.SCHOOL), now=NOW)

    assert files_on(file_store) == []


def test_kept_report_keeps_its_files(cast: Cast, due: Due, file_store: Path) -> None:
    report = Report(files=(whole("Приказ.pdf"), whole("Фото.pdf")))

    save_report(due=due, version=1, report=report, by=cast.home.actor(Role.SCHOOL), now=NOW)

    assert (Proof.objects.count(), len(files_on(file_store))) == (2, 2)
