"""Every address, asked by every role, about own things and foreign ones: nobody sees too much."""

from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponseBase
from django.test import override_settings
from django.urls import reverse
from pytest_django import DjangoDbBlocker
from rest_framework.views import APIView

from leaders.domain.role_permissions import PERMISSIONS_BY_ROLE
from leaders.models.accounts import Role
from leaders.services.accounts import role_permissions_apply
from tests.sweep.routes import RESIDENT, STRANGER, Route, every_route
from tests.sweep.world import FOREIGN_LEADER_PHONE, FOREIGN_MARKS, Party, World

pytestmark = pytest.mark.django_db

ROLES = (STRANGER, RESIDENT, *Role.values)
# Roles that see their own things and nobody else's.
SCOPED = (RESIDENT, Role.LEADER, Role.HELPER)
# A closed door: to the log-in page, refused, not there, or not to be asked like that.
SHUT = (403, 404, 405)
LOGIN_PAGES = ("/login/", "/me/login/")


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """One world for all: each test's own transaction lies inside that of the world."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with media, django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def test_every_address_says_whom_it_opens_to() -> None:
    unsaid = []
    for route in every_route():
        try:
            assert route.opens_to
        except LookupError as error:
            unsaid.append(str(error))

    assert unsaid == []


def test_no_view_forgets_to_ask_who_comes() -> None:
    """A view names its roles, or its rule says that residents and strangers may come."""
    forgotten = [
        route.name
        for route in every_route()
        if "opens_to" not in vars(route.view)
        and not issubclass(getattr(route.view, "cls", object), APIView)
        and not route.opens_to & {STRANGER, RESIDENT}
    ]

    assert forgotten == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_no_page_of_another(world: World, role: str) -> None:
    client = world.client(role)
    opened = []
    for route in every_route():
        if role in route.opens_to:
            continue
        address = address_of(world, route, world.own)
        answers = client.get(address), client.post(address)
        opened += [(route.name, one.status_code) for one in answers if not is_shut(one)]

    assert opened == []


@pytest.mark.parametrize("role", SCOPED)
def test_foreign_things_are_not_there(world: World, role: str) -> None:
    client = world.client(role)
    leaks = []
    for route in every_route():
        if role not in route.opens_to or not is_about_somebody(route):
            continue
        address = address_of(world, route, world.foreign)
        leaks += [
            (route.name, one.status_code)
            for one in (client.get(address), client.post(address))
            if not is_shut(one) or shown(one, FOREIGN_MARKS)
        ]

    assert leaks == []


@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_the_whole_number_of_a_resident_or_a_foreign_name(
    world: World, role: str
) -> None:
    client = world.client(role)
    marks = {*world.own.phones, *world.foreign.phones}
    if role in SCOPED:
        marks |= set(FOREIGN_MARKS)
    if role == RESIDENT:
        marks.remove(world.own.order.resident_phone)
    shows = []
    for route in every_route():
        if role in route.opens_to:
            answer = client.get(address_of(world, route, world.own))
            if answer.status_code >= 500 or shown(answer, marks):
                shows.append((route.name, answer.status_code))

    assert shows == []


@pytest.mark.parametrize("role", [Role.FINANCE, Role.SERVICE, Role.COMPLIANCE])
def test_no_page_of_the_administration_shows_the_whole_number_of_a_resident(
    world: World, role: str
) -> None:
    client = world.client(role)
    role_permissions_apply(role)
    marks = {*world.own.phones, *world.foreign.phones}
    if role == Role.COMPLIANCE:
        marks |= {FOREIGN_LEADER_PHONE, world.own.order.resident_name}
    shows = []
    for path in admin_pages(role):
        answer = client.get(path)
        if answer.status_code != 200 or shown(answer, marks):
            shows.append((path, answer.status_code))

    assert shows == []


def admin_pages(role: str) -> Iterator[str]:
    """The lists a role may see, each with the page of its newest row."""
    for permission in sorted(PERMISSIONS_BY_ROLE[role]):
        app, codename = permission.split(".")
        verb, name = codename.split("_")
        model = apps.get_model(app, name)
        if verb != "view" or model not in admin.site._registry:
            continue
        yield reverse(f"admin:{app}_{name}_changelist")
        if (row := model._default_manager.order_by("-pk").first()) is not None:
            yield reverse(f"admin:{app}_{name}_change", args=[row.pk])


def address_of(world: World, route: Route, party: Party) -> str:
    return reverse(route.name, kwargs=world.kwargs(route, party))


def is_about_somebody(route: Route) -> bool:
    """Whether the address names a row that one party owns."""
    return bool(route.arguments) and route.pattern.startswith(
        ("leader/", "me/orders/", "settlement/lines/", "deliveries/")
    )


def is_shut(answer: HttpResponseBase) -> bool:
    if answer.status_code == 302:
        return answer["Location"].startswith(LOGIN_PAGES)
    return answer.status_code in SHUT


def shown(answer: HttpResponseBase, marks: Iterable[str]) -> bool:
    """Whether a page that can be read holds one of these texts."""
    if getattr(answer, "streaming", True):
        return False
    text = getattr(answer, "content", b"").decode(errors="ignore")
    return any(mark in text for mark in marks)
