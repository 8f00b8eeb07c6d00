"""Looking after leaders: who applies, who has gone quiet, and who leaves."""

from django.urls import path

from fulfillment.views import leader_care, point_map, review

urlpatterns = [
    path("applications/<int:pk>/", review.application, name="recruiting-application"),
    path("applications/<int:pk>/phone/", review.phone, name="recruiting-phone"),
    path("applications/<int:pk>/follow-up/", review.follow_up, name="recruiting-follow-up"),
    path("applications/<int:pk>/<str:name>/", review.step, name="recruiting-step"),
    path("documents/<int:pk>/", review.document, name="recruiting-document"),
    path("dormant/", leader_care.dormant, name="recruiting-dormant"),
    path("leaders/<str:code>/", leader_care.leader, name="recruiting-leader"),
    path("leaders/<str:code>/phone/", leader_care.leader_phone, name="recruiting-leader-phone"),
    path("leaders/<str:code>/log-in/", leader_care.login_link, name="recruiting-login-link"),
    path(
        "leaders/<str:code>/substitutions/<int:pk>/end/",
        leader_care.substitution_stop,
        name="recruiting-substitution-end",
    ),
    path("leaders/<str:code>/<str:name>/", leader_care.act, name="recruiting-act"),
    path("points/", point_map.point_map_page, name="recruiting-points"),
]
