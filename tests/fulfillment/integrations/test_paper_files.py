"""Files of papers, found safely."""

from pathlib import Path

import pytest

from fulfillment.errors import PaperFileMissing
from fulfillment.integrations.paper_files import paper_path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of papers with one campaign, and a secret beside it."""
    (tmp_path / "papers" / "C1").mkdir(parents=True)
    (tmp_path / "papers" / "C1" / "a.pdf").write_bytes(b"%PDF-a")
    (tmp_path / "papers" / "secret.pdf").write_bytes(b"%PDF-secret")
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-secret")
    return tmp_path / "papers"


def test_a_paper_lies_in_its_campaigns_folder(root: Path) -> None:
    assert paper_path(root, "C1", "a.pdf").read_bytes() == b"%PDF-a"


@pytest.mark.parametrize(
    "file", ["../secret.pdf", "../../secret.pdf", "/etc/passwd", "..", "", "missing.pdf"]
)
def test_no_name_leads_out_of_the_folder(root: Path, file: str) -> None:
    with pytest.raises(PaperFileMissing):
        paper_path(root, "C1", file)


@pytest.mark.parametrize("code", ["..", "../..", "/"])
def test_no_campaign_code_leads_out_of_the_papers(root: Path, code: str) -> None:
    with pytest.raises(PaperFileMissing):
        paper_path(root, code, "secret.pdf")


def test_a_link_that_leads_out_is_refused(root: Path) -> None:
    (root / "C1" / "link.pdf").symlink_to(root.parent / "secret.pdf")

    with pytest.raises(PaperFileMissing):
        paper_path(root, "C1", "link.pdf")
