"""Nobody is paid along a chain of recruiting; the tables themselves leave no way to do it.

The anti-pyramid rules of 2005 forbid pay for recruiting and pay by what recruited
people sell. So a referral joins two leaders and knows no other referral, and
a bonus hangs on one referral.
"""

from django.apps import apps
from django.db.models import Field, ForeignKey, Model, OneToOneField

from fulfillment.models.settlement import CommissionEntry
from leaders.models.invites import InviteCode, Referral
from leaders.models.leaders import Leader

OURS = ("leaders", "orders", "fulfillment")
UPLINES = {"parent", "upline", "referrer", "inviter", "team", "path", "depth"}
# Which models may speak of recruiting, and of how many leaders each.
LEADERS_NAMED = {Referral: {"referee", "referrer"}, InviteCode: {"inviter"}}


def ties(model: type[Model], to: type[Model]) -> set[str]:
    """The columns of a model that point to another."""
    fields = model._meta.get_fields()
    return {
        field.name
        for field in fields
        if isinstance(field, ForeignKey) and field.related_model is to
    }


def columns(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.get_fields() if isinstance(field, Field)}


def test_no_leader_stands_over_another() -> None:
    assert ties(Leader, Leader) == set()
    assert not columns(Leader) & {
        "parent",
        "upline",
        "referrer",
        "inviter",
        "team",
        "path",
        "depth",
    }


def test_a_referral_knows_two_leaders_and_no_other_referral() -> None:
    assert ties(Referral, Leader) == LEADERS_NAMED[Referral]
    assert ties(Referral, Referral) == set()
    assert ties(InviteCode, Leader) == LEADERS_NAMED[InviteCode]
    assert ties(InviteCode, InviteCode) == set()


def test_a_leader_has_one_referrer() -> None:
    assert isinstance(Referral._meta.get_field("referee"), OneToOneField)


def test_only_the_bonus_hangs_on_a_referral_and_only_one_does() -> None:
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]

    tied = {model for model in models if ties(model, Referral)}

    assert tied == {CommissionEntry}
    assert isinstance(CommissionEntry._meta.get_field("referral"), OneToOneField)


def test_a_referral_holds_no_share_and_no_sum_of_sales() -> None:
    assert columns(Referral) == {"id", "referee", "referrer", "made_at", "bonus_fen", "bonus_at"}


def test_a_bonus_is_of_a_referral_and_never_of_a_sale() -> None:
    constraints = {constraint.name for constraint in CommissionEntry._meta.constraints}

    assert "commission_entry_of_a_line_or_a_referral" in constraints
