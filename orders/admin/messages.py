"""Messages to people: what waits, what went out, what was given up and may be tried again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leaders.admin.columns import figure, moment
from leaders.admin.records import ShownAdmin
from leaders.domain.phones import mask_phone
from orders.domain.messages import Topic, facts_missing
from orders.models import outbox
from orders.models.outbox import OutboxMessage
from orders.services.message_wording import message_text
from orders.services.outbox_relay import message_retry


class StandFilter(admin.SimpleListFilter):
    """Waiting, sent or given up: which columns say so is nobody's business."""

    title = gettext_lazy("stand")
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """The three stands."""
        return [("waiting", _("Waiting")), ("sent", _("Sent")), ("given_up", _("Given up"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[OutboxMessage]
    ) -> QuerySet[OutboxMessage]:
        """The messages of the chosen stand."""
        if self.value() == "waiting":
            return queryset.filter(done_at=None)
        if self.value() == "sent":
            return queryset.filter(done_at__isnull=False).exclude(channel="")
        if self.value() == "given_up":
            return queryset.filter(done_at__isnull=False, channel="")
        return queryset


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ShownAdmin[OutboxMessage]):
    """The outbox. Log-in codes are left out: who reads one can log in as somebody else."""

    num_attempts = figure("attempts", gettext_lazy("attempts"))
    shown_available_at = moment("available_at", gettext_lazy("available at"))
    shown_done_at = moment("done_at", gettext_lazy("done at"))
    list_display = (
        "topic",
        "dedupe_key",
        "masked_phone",
        "stand",
        "channel",
        "num_attempts",
        "shown_available_at",
        "shown_done_at",
    )
    list_filter = (StandFilter, "topic", "channel")
    search_fields = ("dedupe_key",)
    fields = (
        "topic",
        "dedupe_key",
        "masked_phone",
        "text",
        "stand",
        "channel",
        "attempts",
        "available_at",
        "done_at",
        "error",
    )
    readonly_fields = fields
    actions = ("try_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboxMessage]:
        """Everything but log-in codes."""
        return super().get_queryset(request).exclude(topic=outbox.Topic.LOGIN_CODE)

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Whether the acting person may have messages sent again."""
        return request.user.has_perm("orders.change_outboxmessage")

    @admin.display(description=gettext_lazy("phone"))
    def masked_phone(self, message: OutboxMessage) -> str:
        """The number as strangers may see it."""
        return mask_phone(message.phone)

    @admin.display(description=gettext_lazy("stand"))
    def stand(self, message: OutboxMessage) -> str:
        """Where the message stands."""
        if message.done_at is None:
            return _("Waiting")
        return _("Sent") if message.channel else _("Given up")

    @admin.display(description=gettext_lazy("text"))
    def text(self, message: OutboxMessage) -> str:
        """The message in words, or what it lacks to be one."""
        topic = Topic(message.topic)
        if missing := facts_missing(topic, message.facts):
            return _("Missing: %(names)s") % {"names": ", ".join(sorted(missing))}
        return message_text(topic, message.facts)

    @admin.action(description=gettext_lazy("Try again what was given up"), permissions=["run"])
    def try_again(self, request: HttpRequest, rows: QuerySet[OutboxMessage]) -> None:
        """Let the chosen messages wait for the relay again."""
        now = timezone.now()
        count = sum(message_retry(message_id=row.pk, now=now) for row in rows)
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(
            request, _("Messages that wait again: %(count)d.") % {"count": count}, level
        )
