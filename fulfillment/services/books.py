"""The last step of a run: nothing leaves before the books agree."""

from collections.abc import Mapping

from fulfillment.errors import BooksDoNotAgree
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.books import books_check


def books_require_clean(*, run: CutoffRun) -> Mapping[str, int]:
    """Check all books and return the figures; raise `BooksDoNotAgree` otherwise."""
    results = books_check()
    broken = [result for result in results if result.violations]
    if broken:
        raise BooksDoNotAgree(
            "Two figures that must be equal are not; see the checks.",
            campaign=run.campaign.code,
            checks={result.law: list(result.offenders) for result in broken},
        )
    return {"checks": len(results), "violations": 0}
