"""The two worlds, made once for all tests of a module and forgotten after it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from tests.conventions.answers import Answer
from tests.conventions.probes import Question, questions, sampled
from tests.conventions.strangers import Rows
from tests.conventions.world import World, make_home
from tests.proof.extent import Extent, extent


@dataclass
class TwoWorlds:
    """Both worlds in one: what was answered in world 2, then B came. `first`: those answers."""

    world: World
    rows: Rows
    extent: Extent
    asked: list[tuple[Question, Answer]] = field(default_factory=list)


@contextmanager
def silence() -> Iterator[None]:
    """Thousands of refusals are asked for: nobody needs their log."""
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security")]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.CRITICAL)
    yield
    for one, level in zip(loggers, levels, strict=True):
        one.setLevel(level)


@contextmanager
def forgotten(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written inside is there for all tests of a module, and gone after it.

    The end of a test closes the connection, which would take it away at once.
    """
    close = connection.close
    with silence(), blocker.unblock(), transaction.atomic():
        connection.close = lambda: None
        try:
            yield
        finally:
            connection.close = close
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def two_worlds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[TwoWorlds]:
    """World 2 answers a sample of questions (all of them in a proof), then B comes beside it."""
    with forgotten(django_db_blocker):
        world, far = make_home(), extent()
        found = list(questions(world, Rows(world), most=far.rows))
        asked = sampled(found, far.questions)
        answers = [(one, one.answer()) for one in asked]
        world.add_away()
        yield TwoWorlds(world, Rows(world), far, answers)


@pytest.fixture(scope="module")
def one_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[TwoWorlds]:
    """Both regions from the start, for tests that compare nothing."""
    with forgotten(django_db_blocker):
        world = make_home()
        world.add_away()
        yield TwoWorlds(world, Rows(world), extent())
