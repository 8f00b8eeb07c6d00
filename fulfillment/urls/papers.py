"""The print centre, its files, and where a printed code leads."""

from django.urls import path

from fulfillment.views import paper_codes, papers, warehouse

urlpatterns = [
    path("papers/", warehouse.print_centre, name="print-centre"),
    path("papers/progress/<str:code>/", warehouse.progress, name="run-progress"),
    path("papers/pack/<str:code>/<str:pack>.zip", papers.pack_download, name="pack-download"),
    path(
        "papers/pack/<str:code>/<str:pack>/<str:key>.pdf",
        papers.bundle_download,
        name="bundle-download",
    ),
    path("papers/refresh/<str:code>/", warehouse.print_changes, name="papers-refresh"),
    path("papers/<int:pk>.pdf", papers.paper_download, name="paper-download"),
    path("c/", paper_codes.paper_code_typed, name="paper-code-typed"),
    path("c/<str:code>", paper_codes.paper_code, name="paper-code"),
]
