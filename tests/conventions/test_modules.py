"""House rules of modules, models and services that no tool checks."""

import ast
import importlib
import inspect
import pkgutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from tests.conventions.owners import NOBODYS, OWNERS

ROOT = Path(settings.BASE_DIR)
APPS = ("profmin.accounts", "profmin.journal", "profmin.jobs", "schools", "plans")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

# Nouns for what a file keeps. A new file of lib is a decision: write it here.
LIB = {
    "charts",
    "constraints",
    "documents",
    "errors",
    "form_fields",
    "htmx",
    "logs",
    "paths",
    "planner",
    "periods",
    "problems",
    "progress",
    "recurrence",
    "sandbox",
    "shares",
    "spreadsheets",
    "template_tags",
    "text",
    "wording",
}
_VAGUE = {"utils", "helpers", "common", "misc", "tools", "base", "core", "shared", "functions"}
# Files of lib that know Django, the web or a library of files: all others are rules.
_LIB_AT_THE_EDGE = {
    "constraints",
    "documents",
    "form_fields",
    "htmx",
    "paths",
    "planner",
    "problems",
    "progress",
    "sandbox",
    "spreadsheets",
    "template_tags",
}
_KNOWS_MORE = {"readers", "scope", "roles", "choices"}
# Tables that hang on a row which is always fetched first, in scope.
PARTS = {
    "RoadmapSection": "roadmap",
    "ItemParty": "item",
    "Invitation": "appointment",
    "EmailChange": "appointment",
    "User": "appointment",
    "Job": "import",
}
# Services that do not name who and when, and why.
WITHOUT_ACTOR = {
    # accounts: before anybody is known, or called by a deed that has its actor
    "accept_invitation": "whoever has the link",
    "confirm_email": "a part of accept_invitation",
    "end_sessions": "a part of a deed",
    "forget_failures": "before sign-in",
    "forget_old_failures": "the sweep",
    "mark_demo": "the loader of the demo",
    "refuse_demo_data": "asks before anybody is there",
    "note_failure": "before sign-in",
    "note_sign_in": "the sign-in itself",
    "take_email": "whoever has the link",
    "confirm_email_change": "whoever has the link",
    "cancel_email_change": "whoever has the link",
    "end_email_changes": "a part of a deed",
    "post_letter": "a part of a deed",
    "post_reset": "before sign-in",
    "send_letter": "a worker",
    "postpone_letter": "a worker",
    "drop_expired_letters": "the sweep",
    "tell_sign_in": "the sign-in itself",
    "write_entries": "entries that were made with their actor",
    "review_register": "only reads",
    # jobs: a worker does them for whoever asked
    "claim_job": "a worker",
    "report_progress": "a worker",
    "confirm_hold": "a worker",
    "finish_job": "a worker",
    "fail_job": "a worker",
    "stop_cancelled_job": "a worker",
    "sweep_jobs": "the sweep",
    "settle_stopped": "the sweep",
    "drop_unpublished": "a part of a worker's deed",
    "read_import": "a worker",
    "delete_orphans": "the sweep",
    "delete_old_registers": "the sweep",
    "sweep_files": "the sweep",
    "discard_file": "a part of a deed",
    "atomic_with_files": "a transaction",
    "lock_regions": "a lock",
    # plans: parts of a deed that has its actor
    "bind_item": "a part of publishing and of changes of the tree",
    "follow_tree": "a listener: the change names its actor",
    "tell_tree_changed": "the change names its actor",
    "refresh_standing": "a part of a deed",
}
_WRITES = {"create", "bulk_create", "update", "bulk_update", "delete", "save", "update_or_create"}
_WRITES |= {"get_or_create"}


def stem_names(folder: Path) -> set[str]:
    found = {path.stem for path in folder.glob("*.py")}
    found |= {path.parent.name for path in folder.glob("*/__init__.py")}
    return found - {"__init__"}


def test_files_of_lib_are_the_agreed_nouns() -> None:
    assert stem_names(ROOT / "profmin" / "lib") - LIB == set()


def test_no_module_has_a_vague_name() -> None:
    folders = ("profmin", "schools", "plans", "monitoring", "reports", "tests")
    names = {path.stem for folder in folders for path in (ROOT / folder).rglob("*.py")}
    assert names & _VAGUE == set()


# --- import-linter's list of rules ------------------------------------------------------------


def _contract(name: str) -> dict[str, Any]:
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    return next(one for one in contracts if one["name"].startswith(name))


def _stair(line: str) -> set[str]:
    return {word.strip().strip("()") for word in line.split("|")}


def test_rules_of_the_linter_are_all_modules_below_the_models() -> None:
    contract = _contract("Inside an app")
    stairs = [_stair(line) for line in contract["layers"]]
    below = set().union(*stairs[stairs.index({"models"}) + 1 :]) - _KNOWS_MORE
    expected = {
        f"{app}.{name}"
        for app in contract["containers"]
        for name in stem_names(ROOT / Path(*app.split("."))) & below
    }
    lib = stem_names(ROOT / "profmin" / "lib") - _LIB_AT_THE_EDGE
    expected |= {f"profmin.lib.{name}" for name in lib}
    assert set(_contract("Rules know nothing")["source_modules"]) == expected


# --- Models -----------------------------------------------------------------------------------


def models() -> list[type[Model]]:
    names = [name.split(".")[-1] for name in APPS]
    return [model for name in names for model in apps.get_app_config(name).get_models()]


MODELS = pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)


@MODELS
def test_models_lean_on_no_order_of_their_own(model: type[Model]) -> None:
    assert list(model._meta.ordering) == []


@MODELS
def test_models_save_and_delete_as_django_does(model: type[Model]) -> None:
    own = {
        name for base in model.__mro__ if base.__module__.startswith(APPS) for name in vars(base)
    }
    assert own & {"save", "delete", "full_clean"} == set()


@MODELS
def test_constraints_and_indexes_have_names(model: type[Model]) -> None:
    names = [one.name for one in (*model._meta.constraints, *model._meta.indexes)]
    assert all(names)
    assert not any(field.unique and not _may_be_unique(field) for field in model._meta.fields)


def _may_be_unique(field: Any) -> bool:
    """Keys, one-to-one rows, and columns that say `unique` where no better word is needed."""
    return field.primary_key or field.one_to_one or field.name in {"path", "token_hash"}


@MODELS
def test_models_are_called_in_russian(model: type[Model]) -> None:
    words = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
    assert all(any("а" <= letter <= "я" for letter in word.lower()) for word in words)


@MODELS
def test_rows_of_units_are_asked_for_in_scope(model: type[Model]) -> None:
    """Every model that leads to a unit has `in_scope`, or is a part of one that has."""
    if model.__name__ in NOBODYS:
        assert model not in OWNERS
        return
    assert model in OWNERS
    assert hasattr(model._default_manager.all(), "in_scope") == (model.__name__ not in PARTS)


def test_nothing_listens_to_signals_of_models() -> None:
    listening = [
        module.__name__
        for module in _modules()
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("signals")
        if node.module != "celery.signals"  # the start of a worker, nothing of a model
    ]
    assert listening == []


# --- Services ---------------------------------------------------------------------------------


def _modules() -> list[ModuleType]:
    found: list[ModuleType] = []
    for app in ("profmin", "schools", "plans"):
        package = importlib.import_module(app)
        found += [
            importlib.import_module(info.name)
            for info in pkgutil.walk_packages(package.__path__, f"{app}.")
            if not info.ispkg and ".migrations" not in info.name and "wsgi" not in info.name
        ]
    return found


def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(Path(str(module.__file__)).read_text())


def services() -> Iterator[Callable[..., Any]]:
    """Public functions of the services that write."""
    for module in _modules():
        if ".services" not in module.__name__:
            continue
        writers = _writers(module)
        for name, function in vars(module).items():
            is_own = inspect.isfunction(function) and function.__module__ == module.__name__
            if is_own and not name.startswith("_") and name in writers:
                yield function


def _writers(module: ModuleType) -> set[str]:
    """Functions of a module that write themselves, or through others of the same module."""
    calls: dict[str, set[str]] = {}
    for node in _tree(module).body:
        if isinstance(node, ast.FunctionDef):
            inside = [one.func for one in ast.walk(node) if isinstance(one, ast.Call)]
            calls[node.name] = {
                one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "")
                for one in inside
            }
    writing = set(_WRITES) | {"write_entry", "write_entries"}
    while True:
        more = {name for name, called in calls.items() if called & writing} - writing
        if not more:
            return writing
        writing |= more


SERVICES = pytest.mark.parametrize(
    "service",
    [one for one in services() if one.__name__ not in WITHOUT_ACTOR],
    ids=lambda one: f"{one.__module__}.{one.__name__}",
)


@SERVICES
def test_services_are_told_all_by_name(service: Callable[..., Any]) -> None:
    kinds = {one.name: one.kind for one in inspect.signature(service).parameters.values()}
    assert kinds == dict.fromkeys(kinds, inspect.Parameter.KEYWORD_ONLY)


@SERVICES
def test_services_know_who_does_it_and_when(service: Callable[..., Any]) -> None:
    names = set(inspect.signature(service).parameters)
    assert "by" in names
    assert names & {"now", "today"}


def test_exceptions_of_services_are_still_there() -> None:
    known = {one.__name__ for one in services()}
    everything = {name for module in _modules() for name in vars(module)}
    assert set(WITHOUT_ACTOR) - known - everything == set()
