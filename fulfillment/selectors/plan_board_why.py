"""Why a stop is where it is, and where else it could go, as the board says it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fulfillment.routing.explain import Explanation, KindAlone, Option, explain_stop
from fulfillment.routing.replanning import plan_duties
from fulfillment.selectors.plan_board_view import BoardDay, BoardView
from fulfillment.selectors.plan_wording import rule_words

OPTIONS_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A trip a stop can be moved to; `to` is what the form sends."""

    to: str
    label: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionView:
    """Another place for a stop, what it costs more, and what forbids it in words."""

    to: str
    label: str
    position: int
    extra_fen: int
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindView:
    """Vehicles of one kind, and what stops them in words."""

    name: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Everything the page of a stop says beside the stop itself."""

    told: Explanation
    options: tuple[OptionView, ...]
    kinds: tuple[KindView, ...]
    targets: tuple[Target, ...]

    @property
    def trip_label(self) -> str:
        """The trip that serves it, as the board names it."""
        return f"{self.told.vehicle_key}-{self.told.trip}"


def stop_why(board: BoardView, stop_key: str) -> Why:
    """Explain a stop of the board; it must be one of its problem's."""
    problem, plan = board.verdict.problem, board.verdict.plan
    node = next(node for node in problem.nodes if problem.stop_at(node).key == stop_key)
    told = explain_stop(problem, plan_duties(problem, plan), node)
    sizes = {day.vehicle.code: day.vehicle.get_size_display() for day in board.days}
    return Why(
        told=told,
        options=tuple(_option(option) for option in _shown(told.options)),
        kinds=tuple(_kind(kind, sizes) for kind in told.kinds),
        targets=tuple(target for day in board.days for target in _targets(day, told)),
    )


def _shown(options: Sequence[Option]) -> list[Option]:
    """The first options, and of trips of its own the best allowed one or the first forbidden."""
    joining = [option for option in options if not option.is_new_trip]
    own = next((option for option in options if option.is_new_trip), None)
    shown = joining[: OPTIONS_SHOWN - 1]
    return sorted([*shown, own] if own else shown, key=lambda o: (o.rule is not None, o.extra_fen))


def _option(option: Option) -> OptionView:
    if option.is_new_trip:
        label = _("%(vehicle)s, a trip of its own") % {"vehicle": option.vehicle_key}
    else:
        label = _("%(trip)s as stop %(place)d") % {
            "trip": f"{option.vehicle_key}-{option.trip}",
            "place": option.position,
        }
    return OptionView(
        to=f"{option.vehicle_key}/{option.trip}",
        label=label,
        position=option.position,
        extra_fen=option.extra_fen,
        rule=rule_words(option.rule) if option.rule else "",
    )


def _kind(kind: KindAlone, sizes: dict[str, str]) -> KindView:
    first, *others = kind.vehicle_keys
    name = f"{sizes[first]} {first}"
    if others:
        name = _("%(name)s and %(count)d more") % {"name": name, "count": len(others)}
    return KindView(name=name, rule=rule_words(kind.rule) if kind.rule else "")


def _targets(day: BoardDay, told: Explanation) -> Iterator[Target]:
    code = day.vehicle.code
    for trip in day.trips:
        if not trip.is_closed:
            is_here = (told.vehicle_key, told.trip) == (code, trip.trip_no)
            text = _("%(trip)s, %(count)d stops") % {"trip": trip.label, "count": len(trip.stops)}
            yield Target(to=f"{code}/{trip.trip_no}", label=text, is_here=is_here)
    if day.can_take_trip:
        text = _("%(vehicle)s, a new trip") % {"vehicle": code}
        yield Target(to=f"{code}/{len(day.trips) + 1}", label=text, is_here=False)
