"""What tests of the plans' pages take: people at their browsers, a foreign roadmap."""

import pytest
from django.test import Client

from plans.choices import PartyKind
from plans.models import Roadmap
from profmin.accounts.roles import Role
from tests.factories.cast import Cast, client_of
from tests.factories.plans import in_days, planned, publish_roadmap


@pytest.fixture
def school(cast: Cast) -> Client:
    return client_of(cast.home.person(Role.SCHOOL))


@pytest.fixture
def city(cast: Cast) -> Client:
    return client_of(cast.home.person(Role.MUNICIPALITY))


@pytest.fixture
def foreign(cast: Cast) -> Roadmap:
    return publish_roadmap(
        cast.away.region,
        [planned("1.1", PartyKind.SCHOOL, due=in_days(-5), title="Чужое мероприятие")],
        title="Чужая дорожная карта",
    )
