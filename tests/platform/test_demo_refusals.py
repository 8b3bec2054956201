"""When the demo region is not loaded, or not wholly."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from profmin.accounts.models import User
from profmin.lib.errors import RuleBroken
from profmin.management.demo.load import load_demo
from schools.choices import UnitKind
from schools.models import OrgUnit

TODAY = date(2026, 11, 21)


def test_real_installation_refuses_the_demo(db: None, settings) -> None:
    settings.IS_DEMO = False

    with pytest.raises(RuleBroken, match="настоящий портал"):
        load_demo(today=TODAY)
    with pytest.raises(CommandError, match="настоящий портал"):
        call_command("load_demo")
    assert not OrgUnit.objects.exists()


def test_part_that_is_stopped_leaves_nothing(db: None, file_store, settings, tmp_path: Path):
    """The parts before it stay; the next start does it anew."""
    settings.VAR_DIR = tmp_path

    def stop(words: str) -> None:
        if words.endswith("07.2025"):  # two months after the first document
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(today=TODAY, note=stop)
    assert OrgUnit.objects.filter(kind=UnitKind.SCHOOL).count() == 90
    assert User.objects.filter(email="school@demo.example").exists()
    assert [path.name for path in file_store.rglob("*") if path.is_file()] == []
