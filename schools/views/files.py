"""The only way to a stored file: through access, as a download, never as a page."""

from collections.abc import Mapping

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from profmin.accounts.roles import Permission
from schools.access import AccessRequest, requires
from schools.choices import FilePurpose
from schools.models import StoredFile

# Who may open a file besides seeing its unit.
OPENS: Mapping[str, Permission] = {
    FilePurpose.ROADMAP: Permission.ROADMAP_PUBLISH,
    FilePurpose.PROOF: Permission.ASSIGNMENT_VIEW,
    FilePurpose.ACT: Permission.PERSON_VIEW,
    FilePurpose.REGISTER: Permission.UNIT_EDIT,
}
_OWN_UNIT_ONLY = frozenset({FilePurpose.ROADMAP})  # a draft is its unit's own


@require_safe
@requires(Permission.UNIT_VIEW)
def file_open(request: AccessRequest, file_id: int) -> FileResponse:
    """Downloads a file of one's scope whose purpose one may read."""
    access = request.access
    stored = get_object_or_404(StoredFile.objects.in_scope(access.scope), pk=file_id)
    if stored.purpose in _OWN_UNIT_ONLY and stored.unit_id != access.unit_id:
        raise Http404
    access.require(OPENS[stored.purpose])
    try:
        content = default_storage.open(str(stored.file.name))
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
