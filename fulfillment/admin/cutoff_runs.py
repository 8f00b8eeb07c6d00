"""Cut-off runs: their steps, and what imports met."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.models.cutoff_run import CutoffRun, ImportNote, StepRecord, StepState
from fulfillment.selectors.day_progress import STEP_LABELS, figures_worded
from fulfillment.services.cutoff_run import run_retry
from fulfillment.services.receiving import receiving_close
from leaders.admin.columns import moment
from leaders.admin.records import ShownAdmin, ShownInline


class StepInline(ShownInline[StepRecord, CutoffRun]):
    """The steps in their order, with what each did."""

    model = StepRecord
    shown_finished_at = moment("finished_at", gettext_lazy("finished at"))
    fields = ("step", "state", "attempts", "shown_finished_at", "worded_figures", "error")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("step"))
    def step(self, record: StepRecord) -> str:
        """The step in words."""
        return str(STEP_LABELS.get(record.name, record.name))

    @admin.display(description=gettext_lazy("figures"))
    def worded_figures(self, record: StepRecord) -> str:
        """The figures on one line."""
        return " · ".join(f"{label} {text}" for label, text in figures_worded(record.figures))


@admin.register(CutoffRun)
class CutoffRunAdmin(ShownAdmin[CutoffRun]):
    """Everything that happens to one campaign's demand."""

    shown_created_at = moment("created_at", gettext_lazy("created at"))
    shown_receiving_closed_at = moment("receiving_closed_at", gettext_lazy("receiving closed at"))
    list_display = (
        "campaign",
        "warehouse",
        "step_now",
        "shown_receiving_closed_at",
        "shown_created_at",
    )
    list_filter = ("campaign__state", "campaign__city", "warehouse")
    list_select_related = ("campaign", "warehouse")
    search_fields = ("campaign__code",)
    fields = (
        "campaign",
        "warehouse",
        "bundle_hash",
        "shown_receiving_closed_at",
        "shown_created_at",
    )
    readonly_fields = fields
    inlines = (StepInline,)
    actions = ("close_receiving", "try_again")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CutoffRun]:
        """Fetch the steps of the whole list in one more query."""
        return super().get_queryset(request).prefetch_related("steps")

    def page_title(self, row: CutoffRun) -> str:
        """The campaign's code."""
        return row.campaign.code

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Whether the acting person may move runs on."""
        return request.user.has_perm("fulfillment.change_cutoffrun")

    @admin.display(description=gettext_lazy("step"))
    def step_now(self, run: CutoffRun) -> str:
        """The step the run is at."""
        undone = [step for step in run.steps.all() if step.state != StepState.DONE]
        if not undone:
            return _("Done")
        first = min(undone, key=lambda step: step.position)
        return f"{STEP_LABELS.get(first.name, first.name)} · {first.get_state_display()}"

    @admin.action(
        description=gettext_lazy("Close receiving: the counts become final"), permissions=["run"]
    )
    def close_receiving(self, request: HttpRequest, runs: QuerySet[CutoffRun]) -> None:
        """Make the counts of the chosen runs final."""
        now = timezone.now()
        for run in runs:
            receiving_close(run=run, now=now)
            self.message_user(
                request,
                _("Receiving of {run} is closed.").format(run=run.campaign),
                messages.SUCCESS,
            )

    @admin.action(
        description=gettext_lazy("Try again the step that was given up"), permissions=["run"]
    )
    def try_again(self, request: HttpRequest, runs: QuerySet[CutoffRun]) -> None:
        """Let the schedule go on with the chosen runs."""
        for run in runs:
            if run_retry(run=run):
                text, level = _("The schedule tries {run} again."), messages.SUCCESS
            else:
                text, level = _("{run} has no failed step."), messages.WARNING
            self.message_user(request, text.format(run=run.campaign), level)


@admin.register(ImportNote)
class ImportNoteAdmin(ShownAdmin[ImportNote]):
    """What imports met in their files, and what they did about it."""

    list_display = ("run_code", "severity", "file", "row", "code", "message")
    list_filter = ("severity", "file", "code", "run__campaign")
    list_select_related = ("run__campaign",)
    search_fields = ("code", "message")

    @admin.display(description=gettext_lazy("campaign"), ordering="run__campaign__code")
    def run_code(self, note: ImportNote) -> str:
        """The campaign the file belongs to."""
        return note.run.campaign.code
