"""Learn the roads around a warehouse from the drives of the last four weeks."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fulfillment.models.warehouse import Warehouse
from fulfillment.route_errors import CalibrationNotPossible
from fulfillment.selectors.travel import newest_calibration, travel_estimate
from fulfillment.services.travel import travel_calibrate, travel_measure

HOUR_S = 3_600


class Command(BaseCommand):
    """`calibrate_travel --warehouse CODE [--apply]`: shows old and new; applies when told to."""

    help = "Learn road factor, speed and traffic by the hour from what drivers reported."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--warehouse", required=True, metavar="CODE")
        parser.add_argument("--apply", action="store_true", help="plan by it from now on")

    def handle(self, *args: object, **options: object) -> None:
        """Measure, print both, and write the new one if asked to."""
        warehouse = Warehouse.objects.filter(code=options["warehouse"]).first()
        if warehouse is None:
            raise CommandError(f"There is no warehouse {options['warehouse']}.")
        now = timezone.now()
        try:
            measured = travel_measure(warehouse=warehouse, now=now)
        except CalibrationNotPossible as error:
            details = error.details
            raise CommandError(
                f"{error.message} {details['legs']} of at least {details['least']}."
            ) from error
        estimate, present = travel_estimate(warehouse), newest_calibration(warehouse)
        self._row("", "now", "measured")
        self._row(
            "road / line",
            f"{estimate.road_factor:.2f}",
            f"{measured.road_factor_percent / 100:.2f}",
        )
        self._row("km/h", f"{estimate.speed_km_h:.1f}", f"{measured.speed_m_per_h / 1000:.1f}")
        hours = dict(present.hour_percents if present else [])
        for start_s in sorted({*hours, *dict(measured.hour_percents)}):
            self._row(
                f"from {start_s // HOUR_S:02d}:00",
                _percent_at(start_s, tuple(hours.items())),
                _percent_at(start_s, measured.hour_percents),
            )
        self.stdout.write(f"{measured.legs} legs of the last four weeks")
        if options["apply"]:
            travel_calibrate(warehouse=warehouse, actor=None, now=now)
            self.stdout.write("applied")

    def _row(self, what: str, now: str, measured: str) -> None:
        self.stdout.write(f"{what:<12}{now:>10}{measured:>10}")


def _percent_at(second: int, pairs: tuple[tuple[int, int], ...]) -> str:
    began = [percent for start_s, percent in sorted(pairs) if start_s <= second]
    return f"{began[-1]} %" if began else "100 %"
