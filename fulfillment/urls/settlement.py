"""Statements, payouts and the trace of a fen."""

from django.urls import path

from fulfillment.views import payee_review, payout_batches, settlement_desk, statements, tax_report

BATCH = "settlement/batches/<str:no>/"
STATEMENT = "leader/statements/<str:no>/"

urlpatterns = [
    path("settlement/", settlement_desk.desk, name="settlement-desk"),
    path("settlement/batches/", payout_batches.batch_make, name="payout-batch-make"),
    path(BATCH, payout_batches.batch, name="payout-batch"),
    path(f"{BATCH}decide/", payout_batches.batch_decide, name="payout-batch-decide"),
    path(f"{BATCH}results/", payout_batches.batch_result, name="payout-batch-result"),
    path(f"{BATCH}file/", payout_batches.batch_file, name="payout-batch-file"),
    path("settlement/payees/<str:code>/", payee_review.review, name="payee-review"),
    path("settlement/payees/<str:code>/verify/", payee_review.verify, name="payee-verify"),
    path("settlement/tax/", tax_report.report, name="tax-report"),
    path("settlement/lines/<str:order_no>/<int:line_no>/", statements.trace, name="line-trace"),
    path("leader/statements/", statements.statement_list, name="leader-statements"),
    path(STATEMENT, statements.statement, name="leader-statement"),
    path(f"{STATEMENT}pdf/", statements.statement_pdf, name="leader-statement-pdf"),
    path(f"{STATEMENT}xlsx/", statements.statement_xlsx, name="leader-statement-xlsx"),
]
