"""Printed papers: which file shows which scope of which run."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.cutoff_run import CutoffRun


class Document(models.TextChoices):
    """The kinds of paper, in the order the day needs them."""

    PURCHASE_ORDER = "purchase_order", _("Purchase order")
    RECEIVING_SHEET = "receiving_sheet", _("Receiving sheet")
    MASTER_LIST = "master_list", _("Master list")
    SOW_CARDS = "sow_cards", _("Sow cards")
    CHECK_LIST = "check_list", _("Check list")
    LOAD_SHEET = "load_sheet", _("Load sheet")
    ROUTE_SHEET = "route_sheet", _("Route sheet")
    DELIVERY_NOTE = "delivery_note", _("Delivery note")
    HAND_OUT_LIST = "hand_out_list", _("Hand-out list")
    EXCEPTION_SHEET = "exception_sheet", _("Exception sheet")
    DAY_CLOSE = "day_close", _("Day close")
    SHOPPING_LIST = "shopping_list", _("Shopping list")
    LABELS = "labels", _("Labels")


class Paper(models.Model):
    """One PDF file; a new revision is a new row."""

    run = models.ForeignKey(
        CutoffRun, on_delete=models.PROTECT, related_name="papers", verbose_name=_("cut-off run")
    )
    document = models.CharField(_("document"), max_length=20, choices=Document)
    scope = models.CharField(
        _("scope"), max_length=40, help_text=_("Supplier, wave, route or leader.")
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    file = models.CharField(
        _("file"), max_length=200, help_text=_("Relative to the campaign's folder of papers.")
    )
    pages = models.PositiveIntegerField(_("pages"))
    lines = models.PositiveIntegerField(_("lines"))
    pieces = models.PositiveIntegerField(_("pieces"))
    control_code = models.CharField(_("control code"), max_length=8)
    content_hash = models.CharField(
        _("hash of the content"),
        max_length=64,
        blank=True,
        help_text=_("The same content is not printed again under a new revision."),
    )
    printed_at = models.DateTimeField(_("made at"))
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["run", "document", "scope", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "document", "scope", "revision"],
                name="paper_unique",
                violation_error_message=_("This paper already exists."),
            ),
            models.UniqueConstraint(
                fields=["run", "file"],
                name="paper_file_unique",
                violation_error_message=_("This file already exists."),
            ),
        ]

    def __str__(self) -> str:
        return self.file


class PaperSheet(models.Model):
    """One sheet within a paper: the card of a SKU, the list of a slot.

    A paper that is drawn again keeps the revision of every sheet that is the
    same as before, so that the code on a card nobody had to replace goes on
    leading to its work.
    """

    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="sheets", verbose_name=_("paper")
    )
    scope = models.CharField(
        _("scope"), max_length=40, help_text=_("As the code on the sheet names it.")
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    content_hash = models.CharField(_("hash of the content"), max_length=64)

    class Meta:
        verbose_name = _("sheet of a paper")
        verbose_name_plural = _("sheets of papers")
        ordering = ["paper", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "scope"],
                name="paper_sheet_unique",
                violation_error_message=_("This paper already has this sheet."),
            ),
        ]
        indexes = [models.Index(fields=["scope"], name="paper_sheet_by_scope")]

    def __str__(self) -> str:
        return f"{self.scope} r{self.revision}"


class PaperOpening(models.Model):
    """Who took which paper away and when: papers carry names. Rows are only added."""

    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="openings", verbose_name=_("paper")
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("opened by"),
    )
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("paper opening")
        verbose_name_plural = _("paper openings")
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["paper"], name="paper_opening_by_paper")]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.opened_by_id}"
