"""A person of a school, the administrator over it, and a change of address asked by one of the other."""

import pytest

from profmin.accounts.roles import Role
from tests.factories.letters import delivered
from tests.factories.people_pages import ask, link


@pytest.fixture
def held(cast):
    return cast.home.people[Role.SCHOOL]


@pytest.fixture
def boss(cast, sign_in):
    return sign_in(cast.home.person(Role.ADMINISTRATOR))


@pytest.fixture
def asked(boss, held):
    """The link in the letter to the new address, and the one that cancels."""
    assert ask(boss, held).status_code == 302
    to_new, to_former = delivered()
    return link(to_new, "email"), link(to_former, "email")
