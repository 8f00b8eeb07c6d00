"""What a buyer types while a campaign is built: lines, drafts, changes to think about."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.admin.money import YuanField
from orders.domain.what_if import WhatIf
from orders.models.campaigns import BelowCostReason, Campaign, Offer, StrikeMeaning
from orders.models.presets import CampaignPreset, Weekday
from orders.services.campaign_drafts import DraftWish
from orders.services.offer_lines import LineTerms

BP_PER_PERCENT = 100
COMMISSION_MAX_PERCENT = 30
PIECES_MAX = 1_000_000
_MOMENT = re.compile(r"(?:(\d{1,2})-(\d{1,2})\s+)?(\d{1,2}):(\d{2})")


class SlotField(forms.Field):
    """A moment of a campaign as people type it: `10:00`, or `03-11 10:00` on another day.

    An hour alone is its first one from the opening on.
    """

    default_error_messages = {"not_moment": _("Enter an hour such as 10:00, or 03-11 10:00.")}

    def __init__(self, opens_at: datetime, **kwargs: Any) -> None:
        self._opens_at = timezone.localtime(opens_at)
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        """Return an aware moment, or None."""
        if value in self.empty_values or not str(value).strip():
            return None
        found = _MOMENT.fullmatch(str(value).strip().replace("：", ":"))
        if found is None:
            raise ValidationError(self.error_messages["not_moment"], code="not_moment")
        month, day, hour, minute = (int(part) if part else None for part in found.groups())
        try:
            clock = time(hour or 0, minute or 0)
            if month is None or day is None:
                return self._first(clock)
            date = self._opens_at.date().replace(month=month, day=day)
        except ValueError:
            raise ValidationError(self.error_messages["not_moment"], code="not_moment") from None
        if date < self._opens_at.date():
            date = date.replace(year=date.year + 1)
        return timezone.make_aware(datetime.combine(date, clock))

    def _first(self, clock: time) -> datetime:
        moment = timezone.make_aware(datetime.combine(self._opens_at.date(), clock))
        return moment if moment >= self._opens_at else moment + timedelta(days=1)


class LineForm(forms.Form):
    """One line of the table as it is typed; `terms` is what the service takes."""

    price = YuanField(label=_("price"))
    cap = forms.IntegerField(
        label=_("stock cap"), required=False, min_value=0, max_value=PIECES_MAX
    )
    limit = forms.IntegerField(
        label=_("limit per resident"), required=False, min_value=0, max_value=PIECES_MAX
    )
    commission = forms.DecimalField(
        label=_("commission rate"),
        required=False,
        min_value=0,
        max_value=COMMISSION_MAX_PERCENT,
        decimal_places=2,
    )
    strike = YuanField(label=_("struck-through price"), required=False)
    meaning = forms.ChoiceField(
        label=_("what it is"), required=False, choices=[("", ""), *StrikeMeaning.choices]
    )
    source = forms.CharField(label=_("where it is from"), required=False, max_length=120)
    stand = forms.CharField(strip=False, max_length=1_000)

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sells_from"] = SlotField(campaign.opens_at, label=_("sells from"))
        self.fields["sells_until"] = SlotField(campaign.opens_at, label=_("sells until"))

    def clean(self) -> dict[str, Any]:
        """A slot begins before it ends."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        begin, end = given.get("sells_from"), given.get("sells_until")
        if begin and end and begin >= end:
            self.add_error("sells_until", _("A flash-sale slot begins before it ends."))
        return given

    @property
    def terms(self) -> LineTerms:
        """The cleaned line."""
        given = self.cleaned_data
        rate = given["commission"]
        return LineTerms(
            price_fen=given["price"],
            stock_cap=given["cap"],
            per_resident_limit=given["limit"],
            commission_rate_bp=None if rate is None else int(rate * BP_PER_PERCENT),
            sells_from=given["sells_from"],
            sells_until=given["sells_until"],
            strike_price_fen=given["strike"],
            strike_meaning=given["meaning"],
            strike_source=given["source"],
        )

    @property
    def faults(self) -> list[str]:
        """A sentence for each field that cannot be read; each names its field."""
        return [
            f"{self.fields[name].label}: {error}" if name in self.fields else str(error)
            for name, errors in self.errors.items()
            for error in errors
        ]


def line_typed(offer: Offer, campaign: Campaign) -> Mapping[str, str]:
    """A line as it stands in the fields of its form."""
    rate_bp = offer.commission_rate_bp
    return {
        "price": _yuan(offer.price_fen),
        "cap": _whole(offer.stock_cap),
        "limit": _whole(offer.per_resident_limit),
        "commission": "" if rate_bp is None else f"{rate_bp / BP_PER_PERCENT:g}",
        "strike": _yuan(offer.strike_price_fen),
        "meaning": offer.strike_meaning,
        "source": offer.strike_source,
        "sells_from": _moment(offer.sells_from, campaign),
        "sells_until": _moment(offer.sells_until, campaign),
    }


class BelowCostForm(forms.Form):
    """Why a line may sell below its cost."""

    reason = forms.ChoiceField(choices=BelowCostReason.choices)
    note = forms.CharField(required=False, max_length=200)


class DraftForm(forms.Form):
    """What a draft is called, when it opens, and when it arrives."""

    code = forms.SlugField(label=_("code"), max_length=30)
    sells_on = forms.DateField(
        label=_("Sells on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    delivery_days = forms.IntegerField(
        label=_("days until delivery"),
        required=False,
        min_value=0,
        max_value=60,
        help_text=_("Empty: as it was. More than one is a presale."),
    )

    @property
    def wish(self) -> DraftWish:
        """The cleaned answers as the services take them."""
        return DraftWish(
            code=self.cleaned_data["code"],
            sells_on=self.cleaned_data["sells_on"],
            delivery_days=self.cleaned_data["delivery_days"],
        )


class CloneForm(DraftForm):
    """A draft that copies a campaign."""

    source = forms.ModelChoiceField(
        label=_("Copy of"), queryset=Campaign.objects.order_by("-opens_at"), to_field_name="code"
    )
    field_order = ("source", "code", "sells_on", "delivery_days")


class PresetDraftForm(DraftForm):
    """A draft made of a preset."""

    preset = forms.ModelChoiceField(
        label=_("campaign preset"), queryset=CampaignPreset.objects.filter(is_active=True)
    )
    field_order = ("preset", "code", "sells_on", "delivery_days")


class PresetForm(forms.Form):
    """What a preset made of a campaign is called, and its day."""

    name = forms.CharField(label=_("name"), max_length=60)
    weekday = forms.TypedChoiceField(
        label=_("weekday"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Any day")), *Weekday.choices],
    )

    def clean_name(self) -> str:
        """A preset has a name of its own."""
        name: str = self.cleaned_data["name"]
        if CampaignPreset.objects.filter(name=name).exists():
            raise ValidationError(_("A preset of this name is there already."))
        return name


class WhatIfForm(forms.Form):
    """A change that is only thought of."""

    line = forms.TypedChoiceField(label=_("Line"), required=False, coerce=int, empty_value=None)
    price = forms.IntegerField(
        label=_("Price by %"), required=False, min_value=-100, max_value=1_000
    )
    commission = forms.DecimalField(
        label=_("Commission %"),
        required=False,
        min_value=0,
        max_value=COMMISSION_MAX_PERCENT,
        decimal_places=2,
    )
    qty = forms.IntegerField(
        label=_("Quantity by %"), required=False, min_value=-100, max_value=1_000
    )

    def __init__(self, *args: Any, lines: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All lines")), *((str(key), words) for key, words in lines)]
        field = self.fields["line"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def change(self) -> WhatIf:
        """The cleaned change; fields that cannot be read change nothing."""
        given = self.cleaned_data
        rate = given.get("commission")
        return WhatIf(
            price_percent=given.get("price") or 0,
            qty_percent=given.get("qty") or 0,
            commission_bp=None if rate is None else int(rate * BP_PER_PERCENT),
        )


def _yuan(amount_fen: int | None) -> str:
    return "" if amount_fen is None else f"{amount_fen // 100}.{amount_fen % 100:02d}"


def _whole(value: int | None) -> str:
    return "" if value is None else str(value)


def _moment(value: datetime | None, campaign: Campaign) -> str:
    if value is None:
        return ""
    local = timezone.localtime(value)
    is_first = timedelta(0) <= value - campaign.opens_at < timedelta(days=1)
    return f"{local:%H:%M}" if is_first else f"{local:%m-%d %H:%M}"
