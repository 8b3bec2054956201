"""The review of a read document: its table beside the reading, one deed a request."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from plans.forms.imports import CardForm, DatesForm, PartiesForm, TargetForm
from plans.models import RoadmapImport
from plans.parties import Party
from plans.services import review
from plans.services.parties import Target, remember
from plans.services.schedule import outside_words
from plans.views.review_page import review_page
from profmin.accounts.roles import Permission
from profmin.lib.errors import RuleBroken
from schools.access import AccessRequest, requires

_LONGEST_NUMBER = 9  # digits


def own_import(request: AccessRequest, import_id: int) -> RoadmapImport:
    """A draft is its unit's own: anybody else's does not exist."""
    own = RoadmapImport.objects.of_unit(request.access.unit_id)
    return get_object_or_404(own.select_related("unit", "file", "job", "roadmap"), pk=import_id)


def whole_number(text: str) -> int | None:
    """A version or a place out of an address or a hidden field; nonsense is no number."""
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_NUMBER else None


def review_response(
    request: AccessRequest,
    source: RoadmapImport,
    *,
    bound: dict[str, Any] | None = None,
    error: RuleBroken | None = None,
) -> HttpResponse:
    """The document's table beside its reading. `bound`: forms that were refused."""
    context = review_page(source, chosen=whole_number(request.GET.get("item", "")))
    context |= {
        "show_card": request.GET.get("card") == "1",
        "refusal": error,
        "may_remember": request.access.can(Permission.DICTIONARY_EDIT),
    }
    context |= bound or {}
    return render(request, "plans/import_review.html", context, status=400 if error else 200)


Deed = Callable[[RoadmapImport, int, datetime], None]


def _do(request: AccessRequest, import_id: int, deed: Deed) -> HttpResponse:
    """Carries out one deed of the review and comes back to the row, or to the next question."""
    source = own_import(request, import_id)
    version = whole_number(request.POST.get("version", "")) or 0
    try:
        deed(source, version, timezone.now())
    except RuleBroken as error:
        source.refresh_from_db()
        return review_response(request, source, error=error)
    return redirect(_next_address(request, source))


def _next_address(request: AccessRequest, source: RoadmapImport) -> str:
    address = reverse("plans:import_detail", args=[source.pk])
    stay = whole_number(request.POST.get("stay", ""))
    if stay is not None:
        return f"{address}?item={stay}#reading"
    left = review.open_questions(source)
    following = next((one.item for one in left if one.item is not None), None)
    return address if following is None else f"{address}?item={following}#reading"


@require_POST
@requires(Permission.ROADMAP_PUBLISH)
def import_settle(request: AccessRequest, import_id: int) -> HttpResponse:
    """«Прочитано верно»."""
    key, by = request.POST.get("key", ""), request.access.actor
    alike = request.POST.get("alike") == "1"
    return _do(
        request,
        import_id,
        lambda source, version, now: review.settle_doubt(
            source=source, version=version, key=key, alike=alike, by=by, now=now
        ),
    )


@require_POST
@requires(Permission.ROADMAP_PUBLISH)
def import_unsettle(request: AccessRequest, import_id: int) -> HttpResponse:
    """Takes an answer back."""
    key, by = request.POST.get("key", ""), request.access.actor
    return _do(
        request,
        import_id,
        lambda source, version, now: review.unsettle_doubt(
            source=source, version=version, key=key, by=by, now=now
        ),
    )


@require_POST
@requires(Permission.ROADMAP_PUBLISH)
def import_mend(request: AccessRequest, import_id: int, item: int) -> HttpResponse:
    """One field of an item written anew."""
    field, text = request.POST.get("field", ""), request.POST.get("text", "")
    by = request.access.actor
    return _do(
        request,
        import_id,
        lambda source, version, now: review.mend_field(
            source=source, version=version, item=item, field=field, text=text, by=by, now=now
        ),
    )


@require_POST
@requires(Permission.ROADMAP_PUBLISH)
def import_dates(request: AccessRequest, import_id: int, item: int) -> HttpResponse:
    """Dates of an item set by hand."""
    form, by = DatesForm(request.POST), request.access.actor
    if not form.is_valid():
        refusal = RuleBroken(" ".join(map(str, form.errors["days"])), field="days")
        return review_response(
            request, own_import(request, import_id), bound={"dates_form": form}, error=refusal
        )
    days = form.cleaned_data["days"]

    def deed(source: RoadmapImport, version: int, now: datetime) -> None:
        review.mend_due_dates(source=source, version=version, item=item, days=days, by=by, now=now)
        plan = review.draft_of(source).plan
        warning = outside_words(plan.reach, days) if plan else ""
        if warning:
            messages.warning(request, warning)

    return _do(request, import_id, deed)


@require_POST
@requires(Permission.ROADMAP_PUBLISH)
def import_parties(request: AccessRequest, import_id: int, item: int) -> HttpResponse:
    """Parties of an item ticked by hand."""
    form, by = PartiesForm(request.POST), request.access.actor
    form.is_valid()

    def deed(source: RoadmapImport, version: int, now: datetime) -> None:
        items = review.draft_of(source).items
        known = items[item].responsible.parties if item < len(items) else ()
        review.mend_parties(
            source=source,
            version=version,
            item=item,
            parties=form.parties(known) if not form.errors else list(known),
            by=by,
            now=now,
        )

    return _do(request, import_id, deed)


@require_POST
@requires(Permission.ROADMAP_PUBLISH)
def import_group(request: AccessRequest, import_id: int, item: int) -> HttpResponse:
    """A row is a heading of a group, or an item after all."""
    group, by = request.POST.get("group") == "1", request.access.actor
    return _do(
        request,
        import_id,
        lambda source, version, now: review.mend_group(
            source=source, version=version, item=item, group=group, by=by, now=now
        ),
    )


@require_POST
@requires(Permission.ROADMAP_PUBLISH)
def import_target(request: AccessRequest, import_id: int) -> HttpResponse:
    """Which organisation a named party is.

    Remembered for the next documents on the wish of whoever keeps the region's dictionary.
    """
    form, access = TargetForm(request.POST), request.access
    wished = request.POST.get("remember") == "1" and access.can(Permission.DICTIONARY_EDIT)
    key = request.POST.get("key", "")
    target = Target(nobody=request.POST.get("nobody") == "1")
    if form.is_valid() and not target.nobody:
        data = form.cleaned_data
        target = Target(data["unit"], "" if data["unit"] else data["partner_kind"])

    def deed(source: RoadmapImport, version: int, now: datetime) -> None:
        party = _party(source, key)
        review.choose_target(
            source=source,
            version=version,
            party_key=key,
            target=target,
            by=access.actor,
            now=now,
        )
        region = source.unit.region
        if wished and region and not target.nobody:
            remember(region=region, party=party, target=target, by=access.actor, now=now)

    return _do(request, import_id, deed)


def _party(source: RoadmapImport, key: str) -> Party:
    for question in review.open_questions(source):
        if question.key == key and question.party is not None:
            return question.party
    raise RuleBroken("На этот вопрос уже ответили.")


@require_POST
@requires(Permission.ROADMAP_PUBLISH)
def import_card(request: AccessRequest, import_id: int) -> HttpResponse:
    """Title, year, issuing authority, order and aims."""
    form, by = CardForm(request.POST), request.access.actor
    if not form.is_valid():
        return review_response(
            request,
            own_import(request, import_id),
            bound={"card_form": form, "show_card": True},
            error=RuleBroken("Исправьте сведения о документе."),
        )
    card = form.card()
    return _do(
        request,
        import_id,
        lambda source, version, now: review.mend_card(
            source=source, version=version, card=card, by=by, now=now
        ),
    )
