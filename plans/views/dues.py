"""What is done with a due: save, report, take back, confirm, return; its proofs.

Without JavaScript each deed leads back to the page of the assignment; htmx gets the card of the
due alone. A refusal shows the form again with what was typed: 400, or 409 when somebody else was
first.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from plans.access import may_confirm, may_report, may_save, reports_for
from plans.forms.reports import DeedForm, ProofForm, ReasonForm, ReportForm
from plans.models import Due, Proof
from plans.services.execution import (
    ChangedMeanwhile,
    confirm_due,
    mark_not_applicable,
    remove_proof,
    return_due,
    take_back,
)
from plans.services.reporting import Report, add_proofs, hand_in_report, save_report
from plans.views.assignments import assignment_context, assignments_with_dues
from profmin.accounts.roles import Permission
from profmin.lib.errors import RuleBroken
from profmin.lib.htmx import asks_for_part
from schools.access import AccessRequest, requires

Deed = Callable[[], Any]


@require_POST
@requires(Permission.ASSIGNMENT_SAVE)
def due_save(request: AccessRequest, due_id: int) -> HttpResponse:
    """Keeps the words and the proofs; an assistant may."""
    due = _due(request, due_id)
    _refuse(may_save(request.access, due.assignment, today=timezone.localdate()))
    form = ReportForm(due.pk, request.POST, request.FILES, is_draft=True)

    def deed() -> None:
        save_report(
            due=due,
            version=form.cleaned_data["version"],
            report=_report(form),
            by=request.access.actor,
            now=timezone.now(),
        )

    return _answer(request, due, "report", form, deed, "Сохранено.")


@require_POST
@requires(Permission.ASSIGNMENT_REPORT)
def due_done(request: AccessRequest, due_id: int) -> HttpResponse:
    """Done: it counts at once."""
    due, today = _due(request, due_id), timezone.localdate()
    _refuse(may_report(request.access, due.assignment, today=today))
    form = ReportForm(due.pk, request.POST, request.FILES)

    def deed() -> None:
        hand_in_report(
            due=due,
            version=form.cleaned_data["version"],
            report=_report(form),
            done_on=form.cleaned_data["done_on"],
            by=request.access.actor,
            now=timezone.now(),
            today=today,
            stands_in=reports_for(request.access, due.assignment, today=today),
        )

    return _answer(request, due, "report", form, deed, "Отмечено: выполнено.")


@require_POST
@requires(Permission.ASSIGNMENT_REPORT)
def due_not_applicable(request: AccessRequest, due_id: int) -> HttpResponse:
    """The item does not concern the unit; with a reason."""
    due, today = _due(request, due_id), timezone.localdate()
    _refuse(may_report(request.access, due.assignment, today=today))
    form = ReasonForm(due.pk, request.POST, mark="refusal")

    def deed() -> None:
        mark_not_applicable(
            due=due,
            version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            by=request.access.actor,
            now=timezone.now(),
            stands_in=reports_for(request.access, due.assignment, today=today),
        )

    return _answer(request, due, "refusal", form, deed, "Отмечено: не применимо.")


@require_POST
@requires(Permission.ASSIGNMENT_REPORT)
def due_take_back(request: AccessRequest, due_id: int) -> HttpResponse:
    """Undoes one's own mark."""
    due = _due(request, due_id)
    _refuse(may_report(request.access, due.assignment, today=timezone.localdate()))
    form = DeedForm(due.pk, request.POST)

    def deed() -> None:
        take_back(
            due=due,
            version=form.cleaned_data["version"],
            by=request.access.actor,
            now=timezone.now(),
        )

    return _answer(request, due, "deed", form, deed, "Отметка отменена.")


@require_POST
@requires(Permission.ASSIGNMENT_CONFIRM)
def due_confirm(request: AccessRequest, due_id: int) -> HttpResponse:
    """The second mark, of the unit above."""
    due = _due(request, due_id)
    _refuse(may_confirm(request.access, due.assignment))
    form = DeedForm(due.pk, request.POST)

    def deed() -> None:
        confirm_due(
            due=due,
            version=form.cleaned_data["version"],
            by=request.access.actor,
            now=timezone.now(),
        )

    return _answer(request, due, "deed", form, deed, "Исполнение подтверждено.")


@require_POST
@requires(Permission.ASSIGNMENT_CONFIRM)
def due_return(request: AccessRequest, due_id: int) -> HttpResponse:
    """Back for revision with a reason."""
    due = _due(request, due_id)
    _refuse(may_confirm(request.access, due.assignment))
    form = ReasonForm(due.pk, request.POST, mark="returning")

    def deed() -> None:
        return_due(
            due=due,
            version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            by=request.access.actor,
            now=timezone.now(),
        )

    return _answer(request, due, "returning", form, deed, "Возвращено на доработку.")


@require_POST
@requires(Permission.ASSIGNMENT_SAVE)
def proof_add(request: AccessRequest, due_id: int) -> HttpResponse:
    """A link, files or both."""
    due = _due(request, due_id)
    _refuse(may_save(request.access, due.assignment, today=timezone.localdate()))
    form = ProofForm(due.pk, request.POST, request.FILES)

    def deed() -> None:
        add_proofs(due=due, report=_report(form), by=request.access.actor, now=timezone.now())

    return _answer(request, due, "proof", form, deed, "Подтверждение добавлено.")


@require_POST
@requires(Permission.ASSIGNMENT_SAVE)
def proof_remove(request: AccessRequest, proof_id: int) -> HttpResponse:
    """Takes a proof back."""
    proof = get_object_or_404(
        Proof.objects.in_scope(request.access.scope).select_related(
            "file", "due__assignment__item", "due__assignment__unit", "due__assignment__roadmap"
        ),
        pk=proof_id,
    )
    due = proof.due
    _refuse(may_save(request.access, due.assignment, today=timezone.localdate()))
    form = DeedForm(due.pk, {"version": due.version})

    def deed() -> None:
        remove_proof(proof=proof, by=request.access.actor, now=timezone.now())

    return _answer(request, due, "deed", form, deed, "Подтверждение убрано.")


def _due(request: AccessRequest, due_id: int) -> Due:
    dues = Due.objects.in_scope(request.access.scope)
    return get_object_or_404(
        dues.select_related("assignment__item", "assignment__unit", "assignment__roadmap"),
        pk=due_id,
    )


def _refuse(may: bool) -> None:  # noqa: FBT001  the one question of the function
    if not may:
        raise PermissionDenied


def _report(form: ProofForm) -> Report:
    return Report(
        comment=form.cleaned_data.get("comment", ""),
        link=form.cleaned_data["link"],
        files=form.uploads,
    )


def _answer(
    request: AccessRequest, due: Due, name: str, form: BaseForm, deed: Deed, said: str
) -> HttpResponse:
    """Does the deed if the form is whole; shows the result, or the form with what is wrong."""
    status = 400
    if form.is_valid():
        try:
            deed()
        except ChangedMeanwhile as refusal:
            form.add_error(None, refusal.message)
            status = 409
        except RuleBroken as refusal:
            known = refusal.field if refusal.field in form.fields else None
            form.add_error(known, refusal.message)
        else:
            return _done(request, due, said)
    return _page(request, due, status, {name: form})


def _done(request: AccessRequest, due: Due, said: str) -> HttpResponse:
    if asks_for_part(request):
        return _page(request, due, 200, {}, said)
    messages.success(request, said, extra_tags="draft-done")
    address = reverse("plans:assignment_detail", args=[due.assignment_id])
    return redirect(f"{address}#due-{due.pk}")


def _page(
    request: AccessRequest, due: Due, status: int, bound: dict[str, BaseForm], said: str = ""
) -> HttpResponse:
    """The page, or for htmx the card, as the row stands now; a refused form keeps its text and
    takes the newest version, so that sending it again is a decision."""
    assignment = get_object_or_404(assignments_with_dues(request.access), pk=due.assignment_id)
    context = assignment_context(request, assignment, changed=due.pk, bound=bound)
    card = next(card for card in context["cards"] if card.due.pk == due.pk)
    for form in bound.values():
        _renew_version(form, card.due.version)
    if not asks_for_part(request):
        return render(request, "plans/assignment_detail.html", context, status=status)
    context |= {"card": card, "said": said, "is_part": True}
    return render(request, "plans/_due.html", context, status=status)


def _renew_version(form: BaseForm, version: int) -> None:
    form.data = {name: form.data[name] for name in form.data} | {"version": str(version)}
