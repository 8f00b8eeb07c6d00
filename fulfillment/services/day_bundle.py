"""A day bundle from its directory to what was understood, with its wording."""

from collections.abc import Mapping
from pathlib import Path

from fulfillment.domain.bundle import DayBundle, StoppedBundle
from fulfillment.domain.bundle_understanding import understand
from fulfillment.errors import BundleUnreadable
from fulfillment.integrations.bundle_files import bundle_read
from fulfillment.services.bundle_wording import import_message


def bundle_open(directory: Path) -> DayBundle:
    """Read and understand the bundle in `directory`; writes nothing.

    Raises `BundleUnreadable` when a file cannot be read as a whole, or when
    there is no campaign or no warehouse to import a day for.
    """
    understood = understand(bundle_read(directory))
    if isinstance(understood, StoppedBundle):
        first = understood.reasons[0]
        raise BundleUnreadable(
            " ".join(f"{reason.file}: {import_message(reason)}" for reason in understood.reasons),
            file=first.file,
            reason=first.finding.value,
        )
    return understood


def bundle_notes(bundle: DayBundle) -> Mapping[int, str]:
    """The wording of every warning by its position, in the active language."""
    return {position: import_message(warning) for position, warning in enumerate(bundle.warnings)}
