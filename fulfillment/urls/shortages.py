"""Who goes without: preview, choice, changes by hand."""

from django.urls import path

from fulfillment.views import shortage_decisions, shortages

urlpatterns = [
    path("shortages/", shortages.overview, name="shortages"),
    path("shortages/rule/", shortage_decisions.choose_for_wave, name="shortages-rule"),
    path("shortages/final/", shortage_decisions.finalize, name="shortages-final"),
    path("shortages/<int:pk>/", shortages.of_sku, name="shortage-sku"),
    path("shortages/<int:pk>/rule/", shortage_decisions.choose_for_sku, name="shortage-rule"),
    path(
        "shortages/<int:pk>/substitute/", shortage_decisions.substitute, name="shortage-substitute"
    ),
    path("shortages/lines/<int:pk>/", shortage_decisions.line, name="shortage-line"),
]
