"""Every list of the administration, asked by every role: the table of permissions decides."""

from typing import cast

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from leaders.domain.role_permissions import PERMISSIONS_BY_ROLE, STAFF_ROLES
from leaders.models.accounts import Role, User
from leaders.services.accounts import role_permissions_apply
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db

OURS = ("leaders", "orders", "fulfillment")
# Written by services and by nobody in the administration, superusers included.
MONEY = {
    "fulfillment.commissionentry",
    "fulfillment.payout",
    "fulfillment.payoutbatch",
    "fulfillment.settlementstatement",
    "fulfillment.taxwithholding",
    "leaders.auditevent",
    "leaders.payee",
    "orders.account",
    "orders.billcheck",
    "orders.bookscheck",
    "orders.order",
    "orders.payment",
    "orders.paymentnotice",
    "orders.refund",
    "orders.transfer",
}


PAGES = admin.site._registry


def named(model: type[Model]) -> str:
    return model._meta.label_lower


def allowed(model: type[Model], verb: str) -> str:
    return f"{model._meta.app_label}.{verb}_{model._meta.model_name}"


def request_of(role: str) -> HttpRequest:
    """A request of somebody in this role, as the administration gets it."""
    user = UserFactory.create(role=role)
    role_permissions_apply(role)
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(pk=user.pk)
    return request


def page(model: type[Model], which: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{which}")


@pytest.mark.parametrize("role", sorted(Role))
def test_a_role_sees_the_lists_the_table_gives_it_and_no_other(client: Client, role: str) -> None:
    table = PERMISSIONS_BY_ROLE[role]
    request = request_of(role)

    seen = {model for model, pages in PAGES.items() if pages.has_view_permission(request)}
    added = {model for model, pages in PAGES.items() if pages.has_add_permission(request)}

    assert {named(model) for model in seen} == {
        named(model) for model in PAGES if allowed(model, "view") in table
    }
    assert {named(model) for model in added} <= {
        named(model) for model in PAGES if allowed(model, "add") in table
    }
    # One page of either kind over the wire: the pages ask what was asked here.
    client.force_login(cast(User, request.user))
    unseen = next(model for model in PAGES if model not in seen)
    assert client.get(page(unseen, "changelist")).status_code == (403 if seen else 302)
    assert not seen or client.get(page(min(seen, key=named), "changelist")).status_code == 200


def test_who_has_no_list_does_not_reach_the_administration() -> None:
    reaching = {role for role in Role if admin.site.has_permission(request_of(role))}

    assert reaching == STAFF_ROLES


def test_nobody_deletes_and_nobody_writes_money() -> None:
    request = RequestFactory().get("/admin/")
    request.user = UserFactory.build(is_superuser=True, is_staff=True)

    deleting, writing = [], []
    for model, pages in PAGES.items():
        if model._meta.app_label not in OURS:
            continue
        if pages.has_delete_permission(request) or "delete_selected" in pages.get_actions(request):
            deleting.append(named(model))
        if named(model) in MONEY and _writes(pages, request):
            writing.append(named(model))

    assert deleting == []
    assert writing == []


def test_the_list_of_money_tables_names_pages_that_there_are() -> None:
    assert {named(model) for model in PAGES} >= MONEY


def _writes(pages: "ModelAdmin[Model]", request: HttpRequest) -> bool:
    return pages.has_add_permission(request) or pages.has_change_permission(request)
