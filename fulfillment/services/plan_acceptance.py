"""A draft becomes the plan that holds, and a plan is published to the drivers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from fulfillment.domain.lifecycle import DELIVERY_RUN_LIFECYCLE, DeliveryRunState
from fulfillment.domain.plan_board import Board, board_read
from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.delivery import DeliveryRun, Trip, Vehicle
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState
from fulfillment.models.totes import LoadCheck, ToteCount
from fulfillment.models.warehouse import Drop, Tote, ToteState
from fulfillment.route_errors import PlanDraftNotPossible, PlanDraftOutdated, PlanRefused
from fulfillment.routing.checker import check_plan
from fulfillment.routing.day_model import Day
from fulfillment.routing.plan import RoutePlan
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import build_plan
from fulfillment.selectors.drop_parts import trips_of_totes
from fulfillment.selectors.plan_drafts import (
    accepted_duties,
    day_problem,
    draft_day,
    duties_read,
    moves,
)
from fulfillment.selectors.plan_stand import (
    StopStand,
    TripStand,
    accepted_plan,
    plan_stand,
    stop_key_read,
)
from fulfillment.services.day_guard import run_open_locked
from fulfillment.services.plan_drafts import draft_decide
from fulfillment.services.plan_rows import plan_rows_write, slots_give
from fulfillment.services.tote_moves import MoveNote, totes_move
from fulfillment.services.travel import travel_provider
from leaders.domain.crashpoints import crashpoint
from leaders.models.accounts import User


def draft_accept(*, draft_id: int, actor: User | None, now: datetime) -> DeliveryRun:
    """Make a draft the plan that holds; return it with its next revision.

    The plan is reckoned and judged on the rows as they are now, outside the
    transaction because roads may have to be asked for; the transaction then
    makes sure that nothing has changed since. A published plan stays
    published.

    Raises
    ------
    PlanDraftOutdated
        If another plan was accepted since the draft was made, or goods or
        loads changed this very moment.
    PlanRefused
        If the plan breaks a rule that the plan before does not, or would move
        what is loaded.
    PlanDraftNotPossible
        If the draft does not wait for a decision, or is a first plan: those
        are stored together by the run.
    DayClosed
        After the day.
    """
    draft = PlanDraft.objects.select_related("cutoff_run__campaign", "warehouse").get(pk=draft_id)
    accepted = accepted_plan(draft.cutoff_run, draft.warehouse)
    if accepted is None:
        raise PlanDraftNotPossible(_("The first plans of a run are stored by the run itself."))
    day = draft_day(draft)
    problem = day_problem(day, travel_provider(draft.warehouse))
    plan = build_plan(problem, duties_read(problem, draft.duties))
    _require_loads_stay(draft, day)
    _require_sound(problem, plan, accepted)
    return _store(draft, day, plan, actor=actor, now=now)


@transaction.atomic
def plan_publish(*, delivery_run_id: int, actor: User | None, now: datetime) -> DeliveryRun:
    """Show a plan to its drivers; publishing again changes nothing.

    Every trip gets the driver of its vehicle. Raises `DayClosed` after the day.
    """
    run_open_locked(DeliveryRun.objects.values_list("cutoff_run_id").get(pk=delivery_run_id)[0])
    plans = DeliveryRun.objects.filter(pk=delivery_run_id)
    if plans.filter(published_at__isnull=True).update(published_at=now, published_by=actor):
        plans.filter(state__in=DELIVERY_RUN_LIFECYCLE.sources_of(DeliveryRunState.RELEASED)).update(
            state=DeliveryRunState.RELEASED
        )
        trips = Trip.objects.filter(delivery_run=delivery_run_id, driver__isnull=True)
        for trip in trips.select_related("vehicle").order_by("pk"):
            Trip.objects.filter(pk=trip.pk).update(driver=trip.vehicle.driver_id)
    return plans.get()


def _require_loads_stay(draft: PlanDraft, day: Day) -> None:
    """Refuse a plan in which a closed trip is not as it stands."""
    wanted = board_read(draft.duties).days
    for fixed in day.fixed:
        if not fixed.is_closed:
            continue
        code = day.vehicles[fixed.vehicle].key
        stands = tuple(day.stops[node - 1].key for node in fixed.nodes)
        trips = wanted.get(code, ())
        if len(trips) < fixed.trip or trips[fixed.trip - 1] != stands:
            slots = _slots(stands)
            raise PlanRefused(
                _("Loaded stops stay where they are: %(slots)s on %(vehicle)s.")
                % {"slots": ", ".join(slots), "vehicle": code},
                slots=slots,
                vehicle=code,
            )


def _slots(keys: Sequence[str]) -> list[str]:
    drop_ids = {stop_key_read(key)[0] for key in keys}
    drops = Drop.objects.filter(pk__in=drop_ids).order_by("slot_code")
    return list(drops.values_list("slot_code", flat=True))


def _require_sound(problem: RoutingProblem, plan: RoutePlan, accepted: DeliveryRun) -> None:
    """Refuse a plan that breaks a rule, but for what the plan before breaks just so.

    A trip that goods made late since is not the fault of a plan that leaves it
    as it is.
    """
    violations = check_plan(problem, plan)
    if not violations:
        return
    before = build_plan(problem, duties_read(problem, accepted_duties(accepted)))
    known = set(check_plan(problem, before))
    if new := [str(violation) for violation in violations if violation not in known]:
        raise PlanRefused(
            _("The plan breaks %(count)d rules and cannot be accepted.") % {"count": len(new)},
            violations=new,
        )


@transaction.atomic
def _store(
    draft: PlanDraft, day: Day, plan: RoutePlan, *, actor: User | None, now: datetime
) -> DeliveryRun:
    run_open_locked(draft.cutoff_run_id)
    accepted = accepted_plan(draft.cutoff_run, draft.warehouse)
    if accepted is None or accepted.revision != draft.based_on_revision:
        raise PlanDraftOutdated(
            _("Another plan was accepted since this draft was made: make a new one.")
        )
    draft.refresh_from_db(fields=["duties", "state"])
    if draft_day(draft) != day:
        raise PlanDraftOutdated(_("Goods or loads have just changed: look again and accept."))
    crashpoint("plan_acceptance.checked")
    draft_decide(draft_id=draft.pk, state=PlanDraftState.ACCEPTED, actor=actor, now=now)
    request = PlanRequest.from_json(draft.request)
    before, after = board_read(accepted_duties(accepted)), board_read(draft.duties)
    if request.transships:
        _transship(plan_stand(accepted), after, draft, actor=actor, now=now)
    plan_rows_write(delivery_run=accepted, plan=plan, left_out=request.drops_out)
    slots_give(draft.cutoff_run)
    moved = moves(before, after)
    DeliveryRun.objects.filter(pk=accepted.pk).update(
        revision=F("revision") + 1,
        engine=draft.engine or accepted.engine,
        seed=draft.seed,
        solver_seconds=draft.solver_seconds,
        cost_fen=plan.cost_fen,
        distance_m=plan.distance_m,
        planned_at=now,
        details={
            **draft.details,
            "draft": draft.pk,
            "origin": draft.origin,
            "note": request.note,
            "moved": [stop.stop_key for stop in moved],
        },
    )
    accepted.refresh_from_db()
    return accepted


def _transship(
    stand: Sequence[TripStand],
    after: Board,
    draft: PlanDraft,
    *,
    actor: User | None,
    now: datetime,
) -> None:
    """Take off their vehicle the totes of stops that go on by another one."""
    seats = after.seats()
    for trip in stand:
        leaving = [
            stop
            for stop in trip.stops
            if stop.is_loaded
            and not stop.is_done
            and seats.get(stop.key) != (trip.vehicle_code, trip.trip_no)
        ]
        if leaving:
            key = uuid5(NAMESPACE_URL, f"plan draft {draft.pk} trip {trip.trip_id}")
            note = MoveNote(
                key=key,
                actor=actor,
                now=now,
                trip_id=trip.trip_id,
                reason=_("Goes on by another vehicle."),
            )
            _unload(trip, leaving, note)


def _unload(trip: TripStand, leaving: Sequence[StopStand], note: MoveNote) -> None:
    rows = list(
        Tote.objects.select_for_update()
        .filter(drop__in={stop.drop_id for stop in leaving}, state=ToteState.LOADED)
        .order_by("pk")
    )
    # Of a drop in parts, others stay on other vehicles.
    trip_of = trips_of_totes(row.pk for row in rows)
    totes = [row for row in rows if trip_of[row.pk] == trip.trip_id]
    totes_move(totes=totes, to_state=ToteState.SEALED, note=note)
    signed = LoadCheck.objects.filter(trip=trip.trip_id)
    if totes and signed.update(loaded_totes=F("loaded_totes") - len(totes)):
        ToteCount.objects.create(
            event_id=_count_id(note.key),
            vehicle=Vehicle.objects.get(code=trip.vehicle_code),
            trip_id=trip.trip_id,
            in_qty=len(totes),
            reason=note.reason,
            actor=note.actor,
            at=note.now,
        )


def _count_id(key: UUID) -> UUID:
    return uuid5(key, "vehicle gives totes")
