"""One view answers a page or its part."""

import pytest
from django.test import RequestFactory

from profmin.lib.htmx import asks_for_part, render_page


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        pytest.param({}, False, id="a plain request"),
        pytest.param({"HX-Request": "true"}, True, id="htmx"),
        pytest.param({"HX-Request": "true", "HX-Boosted": "true"}, False, id="a boosted link"),
        pytest.param(
            {"HX-Request": "true", "HX-History-Restore-Request": "true"}, False, id="going back"
        ),
    ],
)
def test_part_is_asked_by_htmx_alone(headers: dict[str, str], wanted: bool) -> None:
    assert asks_for_part(RequestFactory().get("/", headers=headers)) == wanted


def test_render_page_answers_the_part_and_varies() -> None:
    request = RequestFactory().get("/", headers={"HX-Request": "true"})

    response = render_page(
        request, "404.html", {"title": "Пусто"}, part="components/_empty.html", status=422
    )

    assert (response.status_code, response["Vary"]) == (422, "HX-Request")
    assert "Пусто" in response.content.decode()
    assert "<html" not in response.content.decode()
