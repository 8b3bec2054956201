"""Loading a document, its review and its publishing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from plans.choices import ImportState
from plans.forms.imports import LoadForm
from plans.models import RoadmapImport
from plans.services import imports
from plans.views.review import own_import, review_response, whole_number
from profmin.accounts.roles import Permission
from profmin.jobs.services import cancel_job
from profmin.jobs.tasks import ring
from profmin.lib.errors import RuleBroken
from profmin.lib.wording import plural
from schools.access import AccessRequest, requires
from schools.choices import FilePurpose
from schools.models import StoredFile
from schools.services.files import atomic_with_files, store_file

BUSY = (ImportState.READING, ImportState.PUBLISHING)


@requires(Permission.ROADMAP_PUBLISH)
def import_list(request: AccessRequest) -> HttpResponse:
    """Documents of the unit: what waits for review first."""
    own = RoadmapImport.objects.of_unit(request.access.unit_id)
    shown = own.defer("draft", "pasted").select_related("roadmap", "created_by")
    context = {
        "waiting": shown.unfinished().order_by("-changed_at"),
        "finished": shown.filter(state__in=[ImportState.PUBLISHED, ImportState.DISCARDED]).order_by(
            "-changed_at"
        )[:50],
        "action": {"title": "Загрузить документ", "url": reverse("plans:import_new")},
    }
    return render(request, "plans/import_list.html", context)


@requires(Permission.ROADMAP_PUBLISH)
def import_new(request: AccessRequest) -> HttpResponse:
    """Choose a file or paste a table."""
    form = LoadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            source = _load(request, form.cleaned_data)
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect("plans:import_detail", source.pk)
    status = 400 if form.errors else 200
    return render(request, "plans/import_new.html", {"form": form}, status=status)


def _load(request: AccessRequest, data: dict[str, Any]) -> RoadmapImport:
    """The document and its file, both or none; then the bell."""
    access, now = request.access, timezone.now()
    unit = access.appointment.unit
    file: StoredFile | None = None
    with atomic_with_files():
        if data["file"]:
            file = store_file(
                unit=unit,
                path=unit.path or "",
                purpose=FilePurpose.ROADMAP,
                upload=data["file"],
                by=access.actor,
                now=now,
            )
        source = imports.load_roadmap(
            unit=unit,
            name=data["file"].name if data["file"] else "Вставленная таблица",
            file=file,
            pasted="" if file else data["pasted"],
            year=data["year"],
            by=access.actor,
            now=now,
        )
    ring(source.job_id or 0)
    return source


@requires(Permission.ROADMAP_PUBLISH)
def import_detail(request: AccessRequest, import_id: int) -> HttpResponse:
    """One document in whatever state it is: read, reviewed, published, refused."""
    source = own_import(request, import_id)
    if source.state == ImportState.REVIEW:
        return review_response(request, source)
    return render(request, "plans/import_detail.html", _work(source))


def _work(source: RoadmapImport) -> dict[str, Any]:
    return {
        "source": source,
        "job": source.job,
        "is_busy": source.state in BUSY,
        "given": _given_words(source),
    }


def _given_words(source: RoadmapImport) -> str:
    """Who got what of the published roadmap, told as it is now."""
    if source.state != ImportState.PUBLISHED or source.roadmap is None:
        return ""
    idle = source.roadmap.items.duties().filter(assignments=None).count()
    if not idle:
        return "Поручения розданы по всем мероприятиям."
    return (
        f"Никому не поручено: {plural(idle, 'мероприятие,мероприятия,мероприятий')}. "
        "Остальные мероприятия поручены тем, кого называет документ."
    )


@requires(Permission.ROADMAP_PUBLISH)
def import_progress(request: AccessRequest, import_id: int) -> HttpResponse:
    """How far the reading or the publishing is; asked every two seconds."""
    source = own_import(request, import_id)
    if source.state not in BUSY:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("plans:import_detail", args=[source.pk])
        return response
    return render(request, "plans/_import_progress.html", _work(source))


@require_POST
@requires(Permission.ROADMAP_PUBLISH)
def import_publish(request: AccessRequest, import_id: int) -> HttpResponse:
    """Hands the reviewed document over to publishing."""
    source = own_import(request, import_id)
    try:
        imports.ask_publishing(
            source=source,
            version=whole_number(request.POST.get("version", "")) or 0,
            by=request.access.actor,
            now=timezone.now(),
        )
    except RuleBroken as error:
        source.refresh_from_db()
        if source.state != ImportState.REVIEW:
            messages.error(request, error.message)
            return redirect("plans:import_detail", source.pk)
        return review_response(request, source, error=error)
    ring(source.job_id or 0)
    return redirect("plans:import_detail", source.pk)


@require_POST
@requires(Permission.ROADMAP_PUBLISH)
def import_cancel(request: AccessRequest, import_id: int) -> HttpResponse:
    """Stops the reading or the publishing."""
    source = own_import(request, import_id)
    try:
        if source.job is not None:
            cancel_job(job=source.job, by=request.access.actor, now=timezone.now())
        imports.settle_stopped(timezone.now())
        messages.info(request, "Отменяем: работа остановится на ближайшем шаге.")
    except RuleBroken as error:
        messages.error(request, error.message)
    return redirect("plans:import_detail", source.pk)


@require_POST
@requires(Permission.ROADMAP_PUBLISH)
def import_discard(request: AccessRequest, import_id: int) -> HttpResponse:
    """The document is not needed; it can be taken up again."""
    source = own_import(request, import_id)
    try:
        imports.discard_import(source=source, by=request.access.actor, now=timezone.now())
        messages.success(request, "Документ убран. Его можно вернуть со страницы загрузки.")
    except RuleBroken as error:
        messages.error(request, error.message)
    return redirect("plans:import_list")


@require_POST
@requires(Permission.ROADMAP_PUBLISH)
def import_take_up(request: AccessRequest, import_id: int) -> HttpResponse:
    """Takes a discarded document up again."""
    source = own_import(request, import_id)
    imports.take_up_import(source=source, by=request.access.actor, now=timezone.now())
    return redirect("plans:import_detail", source.pk)


@require_POST
@requires(Permission.ROADMAP_PUBLISH)
def import_read_again(request: AccessRequest, import_id: int) -> HttpResponse:
    """Reads a refused document once more."""
    source = own_import(request, import_id)
    try:
        imports.read_again(source=source, by=request.access.actor, now=timezone.now())
    except RuleBroken as error:
        messages.error(request, error.message)
    else:
        ring(source.job_id or 0)
    return redirect("plans:import_detail", source.pk)
