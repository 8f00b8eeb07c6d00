"""What a supplier sees without a log-in."""

from django.urls import path

from fulfillment.views import supplier_link

urlpatterns = [
    path("<str:token>/", supplier_link.order, name="supplier-order"),
    path("<str:token>/papers/", supplier_link.paper_upload, name="supplier-papers"),
    path("<str:token>/order.pdf", supplier_link.pdf, name="supplier-order-pdf"),
    path("<str:token>/order.xlsx", supplier_link.xlsx, name="supplier-order-xlsx"),
]
