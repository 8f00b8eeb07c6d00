"""The dispatcher's board: drafts of plans, changed by hand and compared."""

from django.urls import path

from fulfillment.views import plan_board, plan_drafts

urlpatterns = [
    path("<str:run_no>/board/", plan_drafts.drafts, name="plan-drafts"),
    path("<str:run_no>/board/open/", plan_board.open_board, name="plan-board-open"),
    path("<str:run_no>/board/ask/", plan_drafts.ask, name="plan-draft-ask"),
    path("<str:run_no>/board/publish/", plan_drafts.publish, name="plan-publish"),
    path("<str:run_no>/board/<int:pk>/", plan_board.board, name="plan-board"),
    path("<str:run_no>/board/<int:pk>/parts/", plan_board.parts, name="plan-board-parts"),
    path(
        "<str:run_no>/board/<int:pk>/stops/<str:stop_key>/",
        plan_board.stop,
        name="plan-board-stop",
    ),
    path("<str:run_no>/board/<int:pk>/move/", plan_board.move, name="plan-board-move"),
    path("<str:run_no>/board/<int:pk>/undo/", plan_board.undo, name="plan-board-undo"),
    path("<str:run_no>/board/<int:pk>/redo/", plan_board.redo, name="plan-board-redo"),
    path("<str:run_no>/board/<int:pk>/lock/", plan_board.lock, name="plan-board-lock"),
    path("<str:run_no>/board/<int:pk>/compare/", plan_drafts.compare, name="plan-compare"),
    path("<str:run_no>/board/<int:pk>/accept/", plan_drafts.accept, name="plan-draft-accept"),
    path("<str:run_no>/board/<int:pk>/drop/", plan_drafts.drop, name="plan-draft-drop"),
    path("<str:run_no>/board/<int:pk>/cancel/", plan_drafts.cancel, name="plan-draft-cancel"),
]
