"""Opens one paper, or hands out a pack of them as a ZIP."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fulfillment.errors import PaperFileMissing
from fulfillment.integrations.paper_files import paper_path, zip_stream
from fulfillment.models.papers import Paper
from fulfillment.selectors.printing import (
    Pack,
    bundles_of_pack,
    packs_visible,
    papers_newest,
    papers_visible,
)
from fulfillment.selectors.runs import runs_newest_first
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role


@require_GET
@role_required(*Role)
def paper_download(request: UserRequest, pk: int) -> HttpResponseBase:
    """The PDF of a paper the acting user may see; `?save` sends it as a file to keep."""
    papers = papers_visible(request.user).select_related("run__campaign")
    paper = get_object_or_404(papers, pk=pk)
    return FileResponse(
        _path(paper).open("rb"),
        as_attachment="save" in request.GET,
        filename=_name(paper),
        content_type="application/pdf",
    )


@require_GET
@role_required(Role.WAREHOUSE, Role.DISPATCHER, Role.BUYER)
def pack_download(request: UserRequest, code: str, pack: str) -> HttpResponseBase:
    """All bundles of a pack as one ZIP, or the one named by `?bundle=`."""
    if pack not in packs_visible(request.user):
        raise Http404(_("There is no such pack."))
    run = get_object_or_404(runs_newest_first(), campaign__code=code)
    key = request.GET.get("bundle", "")
    bundles = [
        bundle
        for bundle in bundles_of_pack(papers_newest(request.user, run), Pack(pack))
        if key in ("", bundle.key)
    ]
    members = [
        (f"{bundle.key}/{at:02d}-{_name(view.paper)}", _path(view.paper))
        for bundle in bundles
        for at, view in enumerate(bundle.papers, start=1)
    ]
    if not members:
        raise Http404(_("There are no papers in this pack yet."))
    return StreamingHttpResponse(
        zip_stream(members, timezone.localtime()),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{_zip_name(code, pack, key)}"'},
    )


def _path(paper: Paper) -> Path:
    """The paper's file, or 404 with the reason."""
    try:
        return paper_path(settings.PAPERS_ROOT, paper.run.campaign.code, paper.file)
    except PaperFileMissing as error:
        raise Http404(error.message) from error


def _name(paper: Paper) -> str:
    return paper.file.rsplit("/", 1)[-1]


def _zip_name(code: str, pack: str, key: str) -> str:
    return "-".join(slugify(part) for part in (code, pack, key) if part) + ".zip"
