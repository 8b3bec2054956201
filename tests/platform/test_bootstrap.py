"""The first steps on a bare machine."""

import subprocess
import sys
from pathlib import Path

import pytest

from profmin import bootstrap
from profmin.management.commands.demo import OWN_STEPS, STEPS

ROOT = Path(__file__).resolve().parents[2]


def test_bootstrap_counts_the_steps_of_the_demo() -> None:
    assert len(STEPS) + OWN_STEPS == bootstrap.DEMO_LATER_STEPS


def test_bootstrap_needs_nothing_but_the_standard_library() -> None:
    # Isolated from site-packages, as on a machine where nothing is installed yet.
    answer = subprocess.run(
        [sys.executable, "-S", "-m", "profmin.bootstrap", "nonsense"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, answer.stderr) == (2, "Назовите цель: demo или tools.\n")


def test_missing_packages_are_those_dpkg_does_not_know() -> None:
    wanted = ["no-such-package-for-the-portal", "dpkg"]
    assert bootstrap.missing_packages(wanted) == ["no-such-package-for-the-portal"]


def test_without_rights_a_person_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_root_prefix", lambda: None)
    with pytest.raises(bootstrap.SetupFailed) as raised:
        bootstrap.install_packages(["no-such-package-for-the-portal"], str)
    assert str(raised.value) == (
        "Поставьте пакеты Debian от имени администратора: "
        "apt-get install no-such-package-for-the-portal"
    )


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_lock_has_hashes_and_no_addresses(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    entries = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert [line for line in entries if not line.endswith(" \\")] == []
    assert [line for line in lines if "://" in line or line.startswith("--")] == []
