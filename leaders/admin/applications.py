"""Applications of people who want to become leaders."""

from datetime import time
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import moment
from leaders.admin.records import ShownAdmin
from leaders.domain.phones import mask_phone
from leaders.errors import DomainError
from leaders.models.accounts import User
from leaders.models.applications import LeaderApplication
from leaders.models.commission_plans import CommissionPlan
from leaders.services.recruitment import LeaderTerms, application_approve, application_reject


class DecisionForm(ActionForm):
    """What a decision needs: terms for a yes, a reason for a no."""

    plan = forms.ModelChoiceField(
        CommissionPlan.objects.all(), label=_("commission plan"), required=False
    )
    opens_at = forms.TimeField(label=_("opens at"), initial=time(7), required=False)
    closes_at = forms.TimeField(label=_("closes at"), initial=time(20), required=False)
    note = forms.CharField(label=_("review note"), max_length=200, required=False)


@admin.register(LeaderApplication)
class LeaderApplicationAdmin(ShownAdmin[LeaderApplication]):
    """The review queue: open applications first."""

    shown_submitted_at = moment("submitted_at", _("submitted at"))
    shown_reviewed_at = moment("reviewed_at", _("reviewed at"))
    list_display = (
        "applicant_name",
        "masked_phone",
        "community_name",
        "district",
        "point_kind",
        "state",
        "shown_submitted_at",
        "shown_reviewed_at",
    )
    list_filter = ("state", "point_kind", "district")
    search_fields = ("applicant_name", "phone", "community_name", "address")
    date_hierarchy = "submitted_at"
    ordering = ("-state", "-submitted_at")
    fieldsets = (
        (_("Applicant"), {"fields": ("applicant_name", "phone", "submitted_at")}),
        (
            _("Place"),
            {"fields": ("community_name", "district", "address", "point_kind", ("lng", "lat"))},
        ),
        (
            _("Review"),
            {"fields": ("state", "reviewed_at", "reviewed_by", "review_note", "leader")},
        ),
    )

    action_form = DecisionForm
    actions = ("approve", "reject")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whether the acting person may decide."""
        return request.user.has_perm("leaders.change_leaderapplication")

    @admin.action(description=_("Approve: a trial leader comes of it"), permissions=["decide"])
    def approve(self, request: HttpRequest, applications: QuerySet[LeaderApplication]) -> None:
        """Accept the chosen applications on the given terms."""
        given = _decision(request)
        if not (given.get("plan") and given.get("opens_at") and given.get("closes_at")):
            text = gettext("Choose a commission plan and the opening hours.")
            self.message_user(request, text, messages.ERROR)
            return
        terms = LeaderTerms(
            plan=given["plan"], opens_at=given["opens_at"], closes_at=given["closes_at"]
        )
        for application in applications:
            try:
                leader = application_approve(
                    application_id=application.pk,
                    terms=terms,
                    actor=cast(User, request.user),
                    now=timezone.now(),
                    note=given["note"],
                )
            except DomainError as error:
                self.message_user(request, f"{application}: {error.message}", messages.ERROR)
                continue
            text = gettext("{leader} is a leader on trial.").format(leader=leader)
            self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=_("Reject, with the reason in the note"), permissions=["decide"])
    def reject(self, request: HttpRequest, applications: QuerySet[LeaderApplication]) -> None:
        """Turn the chosen applications down."""
        note = _decision(request).get("note")
        if not note:
            self.message_user(request, gettext("Write the reason in the note."), messages.ERROR)
            return
        for application in applications:
            try:
                application_reject(
                    application_id=application.pk,
                    actor=cast(User, request.user),
                    now=timezone.now(),
                    note=note,
                )
            except DomainError as error:
                self.message_user(request, f"{application}: {error.message}", messages.ERROR)
                continue
            text = gettext("{application} is rejected.").format(application=application)
            self.message_user(request, text, messages.SUCCESS)

    @admin.display(description=_("phone"))
    def masked_phone(self, application: LeaderApplication) -> str:
        """Lists show the last four digits; the page shows the number."""
        return mask_phone(application.phone)


def _decision(request: HttpRequest) -> dict[str, Any]:
    """What was entered beside the actions; the admin itself reads the action only."""
    form = DecisionForm(request.POST)
    form.fields.pop("action")
    form.is_valid()
    return form.cleaned_data
