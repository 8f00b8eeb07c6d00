"""The leader receives, and what the warehouse sees of it."""

from django.urls import path

from fulfillment.views import deliveries, delivery_proofs, handovers

LEADER = "leader/deliveries/<int:pk>/"
NIGHT = "warehouse/<str:code>/handovers/"

urlpatterns = [
    path(LEADER, deliveries.delivery_page, name="leader-delivery"),
    path(
        f"{LEADER}stops/<int:stop_pk>/code/", deliveries.delivery_code, name="leader-delivery-code"
    ),
    path(
        f"{LEADER}stops/<int:stop_pk>/received/",
        deliveries.delivery_received,
        name="leader-delivery-received",
    ),
    path(f"{LEADER}count/", deliveries.delivery_count, name="leader-delivery-count"),
    path("deliveries/<int:pk>/proof.pdf", delivery_proofs.proof_download, name="pod-download"),
    path(NIGHT, handovers.handover_list, name="handovers"),
    path(f"{NIGHT}<int:pk>/release/", handovers.release, name="handover-release"),
]
