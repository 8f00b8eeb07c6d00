"""The compliance desk: licences, evidence, requests about personal data."""

from django.urls import path

from fulfillment.views import compliance, compliance_persons, compliance_records

urlpatterns = [
    path("", compliance.desk, name="compliance"),
    path("retention/", compliance_records.retention, name="compliance-retention"),
    path("exports/", compliance_records.exports, name="compliance-exports"),
    path("persons/", compliance_persons.persons, name="compliance-persons"),
    path("persons/take-down/", compliance_persons.take_down, name="compliance-person-take-down"),
    path("persons/<int:pk>/", compliance_persons.person, name="compliance-person"),
    path("persons/<int:pk>/answer/", compliance_persons.answer, name="compliance-person-answer"),
]
