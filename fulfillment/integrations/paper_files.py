"""The files behind the papers, found safely."""

from pathlib import Path

from django.utils.translation import gettext as _

from fulfillment.errors import PaperFileMissing


def paper_forget(root: Path, campaign_code: str, file: str) -> bool:
    """Delete the file of a paper; return whether there was one."""
    try:
        paper_path(root, campaign_code, file).unlink()
    except (PaperFileMissing, FileNotFoundError):
        return False
    return True


def paper_path(root: Path, campaign_code: str, file: str) -> Path:
    """The file of a paper under `<root>/<campaign code>/`.

    Raises `PaperFileMissing` if there is no such file, or if the name leads
    out of the campaign's folder.
    """
    folder = (root / campaign_code).resolve()
    path = (folder / file).resolve()
    if not folder.is_relative_to(root.resolve()) or not path.is_relative_to(folder):
        raise PaperFileMissing(_("This name is not a file of the campaign."), file=file)
    if not path.is_file():
        raise PaperFileMissing(_("The file of this paper is gone; print it again."), file=file)
    return path
