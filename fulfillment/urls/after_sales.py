"""Claims: the leader's word and the service desk."""

from django.urls import path

from fulfillment.views import leader_claims, service_claims

urlpatterns = [
    path("leader/claims/", leader_claims.claims, name="leader-claims"),
    path("leader/claims/<int:pk>/", leader_claims.claim, name="leader-claim"),
    path("leader/claims/photos/<int:pk>/", leader_claims.photo, name="leader-claim-photo"),
    path("service/claims/", service_claims.board, name="service-claims"),
    path("service/claims/<int:pk>/", service_claims.claim, name="service-claim"),
    path("service/claims/<int:pk>/decide/", service_claims.decide, name="service-claim-decide"),
    path("service/claims/<int:pk>/bearer/", service_claims.bearer, name="service-claim-bearer"),
    path("service/claims/<int:pk>/reply/", service_claims.reply, name="service-claim-reply"),
    path("service/claims/<int:pk>/phone/", service_claims.phone, name="service-claim-phone"),
    path("service/claims/photos/<int:pk>/", service_claims.photo, name="service-claim-photo"),
]
