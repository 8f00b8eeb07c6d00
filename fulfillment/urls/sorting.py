"""Sort cards and the supervisor's board."""

from django.urls import path

from fulfillment.views import slot_checks, sort_cards, sorting

urlpatterns = [
    path("sorting/", sorting.board, name="sort-board"),
    path("sorting/find/", sorting.find, name="sort-find"),
    path("sorting/cards/<int:pk>/", sort_cards.card, name="sort-card"),
    path("sorting/cards/<int:pk>/left-over/", sort_cards.left_over, name="sort-left-over"),
    path("sorting/cards/<int:pk>/recount/", sort_cards.recount, name="sort-recount"),
    path("sorting/cards/<int:pk>/move/", sort_cards.move, name="sort-move"),
    path("sorting/cards/<int:pk>/method/", sort_cards.method, name="sort-method"),
    path("sorting/slots/<int:pk>/", slot_checks.check_drop, name="check-drop"),
]
