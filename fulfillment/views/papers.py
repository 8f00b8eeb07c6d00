"""Opens one paper, or hands out a bundle of them as one PDF, or a pack as a ZIP."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fulfillment.errors import PaperFileMissing
from fulfillment.integrations.paper_files import paper_path
from fulfillment.integrations.paper_packs import pdf_joined, zip_stream
from fulfillment.models.papers import Paper
from fulfillment.selectors.printing import (
    Bundle,
    Pack,
    PaperView,
    bundles_of_pack,
    packs_visible,
    papers_newest,
    papers_visible,
)
from fulfillment.selectors.runs import runs_newest_first
from fulfillment.services.paper_openings import papers_opened
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role


@require_GET
@role_required(*Role)
def paper_download(request: UserRequest, pk: int) -> HttpResponseBase:
    """The PDF of a paper the acting user may see; `?save` sends it as a file to keep."""
    papers = papers_visible(request.user).select_related("run__campaign")
    paper = get_object_or_404(papers, pk=pk)
    path = _path(paper)
    papers_opened(papers=[paper], actor=request.user, now=timezone.now())
    return FileResponse(
        path.open("rb"),
        as_attachment="save" in request.GET,
        filename=_name(paper),
        content_type="application/pdf",
    )


@require_GET
@role_required(Role.WAREHOUSE, Role.DISPATCHER, Role.BUYER)
def pack_download(request: UserRequest, code: str, pack: str) -> HttpResponseBase:
    """All bundles of a pack as one ZIP, a PDF each; `?order=stops` lays routes in stop order."""
    bundles = _bundles(request, code, pack)
    if not bundles:
        raise Http404(_("There are no papers in this pack yet."))
    members = [(f"{bundle.key}.pdf", _files(bundle)) for bundle in bundles]
    _write_down(request, bundles)
    name = f"{slugify(code)}-{slugify(pack)}.zip"
    return StreamingHttpResponse(
        zip_stream(members, timezone.localtime()),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_GET
@role_required(Role.WAREHOUSE, Role.DISPATCHER, Role.BUYER)
def bundle_download(request: UserRequest, code: str, pack: str, key: str) -> HttpResponseBase:
    """The papers of one bundle as one PDF, in the order of use; `?order=` as for the pack."""
    bundle = next((b for b in _bundles(request, code, pack) if b.key == key), None)
    if bundle is None:
        raise Http404(_("There are no papers in this pack yet."))
    joined = pdf_joined(_files(bundle))
    _write_down(request, [bundle])
    name = "-".join(slugify(part) for part in (code, pack, key)) + ".pdf"
    return FileResponse(
        joined,
        as_attachment="save" in request.GET,
        filename=name,
        content_type="application/pdf",
    )


def _bundles(request: UserRequest, code: str, pack: str) -> list[Bundle]:
    if pack not in packs_visible(request.user):
        raise Http404(_("There is no such pack."))
    run = get_object_or_404(runs_newest_first(), campaign__code=code)
    for_driver = pack == Pack.ROUTE and request.GET.get("order") == "stops"
    papers = papers_newest(request.user, run)
    return bundles_of_pack(papers, Pack(pack), for_driver=for_driver)


def _files(bundle: Bundle) -> list[tuple[str, Path]]:
    """(bookmark, file) of every paper; 404 before anything is sent if a file is gone."""
    return [(_bookmark(view), _path(view.paper)) for view in bundle.papers]


def _bookmark(view: PaperView) -> str:
    return f"{view.document.label} {view.subject.title}"


def _write_down(request: UserRequest, bundles: list[Bundle]) -> None:
    papers = [view.paper for bundle in bundles for view in bundle.papers]
    papers_opened(papers=papers, actor=request.user, now=timezone.now())


def _path(paper: Paper) -> Path:
    """The paper's file, or 404 with the reason."""
    try:
        return paper_path(settings.PAPERS_ROOT, paper.run.campaign.code, paper.file)
    except PaperFileMissing as error:
        raise Http404(error.message) from error


def _name(paper: Paper) -> str:
    return paper.file.rsplit("/", 1)[-1]
