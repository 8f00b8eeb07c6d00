"""Every factory makes a row that the database accepts."""

import pytest
from django.db.models import Model
from factory.django import DjangoModelFactory

from tests.factories import fulfillment, leaders, orders

FACTORIES = sorted(
    {
        value
        for module in (leaders, orders, fulfillment)
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, DjangoModelFactory)
        and value is not DjangoModelFactory
    },
    key=lambda value: value.__name__,
)


@pytest.mark.django_db
@pytest.mark.parametrize("factory_class", FACTORIES, ids=lambda value: value.__name__)
def test_two_rows_live_beside_each_other(factory_class: type[DjangoModelFactory[Model]]) -> None:
    rows = factory_class.create_batch(2)

    assert all(row.pk for row in rows)
