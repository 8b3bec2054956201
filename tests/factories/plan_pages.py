"""What tests of the plans' pages share: the roadmaps they look at and the ways of looking."""

import re
from datetime import date

from django.test import Client
from django.urls import reverse

from plans.choices import PartyKind
from plans.models import Due, ItemParty, Roadmap
from plans.services.execution import mark_done
from profmin.accounts.roles import Role
from profmin.journal.services import SYSTEM
from tests.factories.cast import NOW, Cast
from tests.factories.plans import in_days, planned, publish_roadmap, today

READERS = [Role.MINISTRY, Role.OPERATOR, Role.MUNICIPALITY, Role.SCHOOL, Role.OBSERVER]
HTMX = {"HX-Request": "true"}


def page(client: Client, name: str, *args: int, **query: object) -> str:
    response = client.get(reverse(f"plans:{name}", args=args), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def words(html: str) -> str:
    """The text of a page: tags off, blanks single."""
    html = re.sub(r"<(style|script|svg).*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def main_part(html: str) -> str:
    """What the page itself says, without the frame and what is new in every answer."""
    html = html[html.index('<main class="page"') : html.index("</main>")]
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


def finish(due: Due, done_on: date | None = None) -> Due:
    return mark_done(
        due=due,
        version=due.version,
        done_on=done_on or today(),
        comment="Провели неделю профориентации",
        by=SYSTEM,
        now=NOW,
        today=today(),
    )


def regional_roadmap(cast: Cast) -> Roadmap:
    """Two sections: schools, the municipality, a college; late, to come and without a date."""
    college = ItemParty(kind=PartyKind.PARTNER, name="колледж", unit=cast.home.partner)
    return publish_roadmap(
        cast.home.region,
        [
            planned("1.1", PartyKind.SCHOOL, due=in_days(-5), title="Дни открытых дверей"),
            planned("1.2", PartyKind.SCHOOL, PartyKind.MUNICIPALITY, due=in_days(20)),
            planned("2", PartyKind.REGION, group=True, title="Группа дел", section="Второй"),
            planned("2.1", college, due=in_days(3), section="Второй"),
            planned("2.2", PartyKind.SCHOOL, section="Второй", title="Экскурсии"),
        ],
        title="Областная дорожная карта",
    )


def reported_roadmap(cast: Cast) -> Roadmap:
    """One task of each kind of unit, with one due and with several."""
    college = ItemParty(kind=PartyKind.PARTNER, name="колледж", unit=cast.home.partner)
    return publish_roadmap(
        cast.home.region,
        [
            planned("1", PartyKind.SCHOOL, due=in_days(-5)),
            planned("2", PartyKind.SCHOOL, due=[in_days(-9), in_days(9)], branches=True),
            planned("3", college, due=in_days(3)),
            planned("4", PartyKind.MUNICIPALITY, PartyKind.REGION, due=in_days(3)),
        ],
    )


def send(client: Client, name: str, due: Due, headers=None, **data: object):
    """Posts to an address of a due with the version that stands now."""
    due.refresh_from_db()
    body = {"version": due.version, **data}
    return client.post(reverse(f"plans:{name}", args=[due.pk]), body, headers=headers or {})


def report(client: Client, due: Due, **data: object):
    body = {"comment": "Провели", "done_on": today().isoformat(), **data}
    return send(client, "due_done", due, **body)


def shown(client: Client, due: Due) -> str:
    answer = client.get(reverse("plans:assignment_detail", args=[due.assignment_id]))
    assert answer.status_code == 200
    return answer.content.decode()
