from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leaders", "0005_open_applications_have_applied")]

    operations = [
        migrations.AddConstraint(
            model_name="leaderapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "lead",
                            "contacted",
                            "applied",
                            "documents",
                            "site",
                            "trained",
                            "approved",
                            "rejected",
                        ],
                    )
                ),
                name="leader_application_state_known",
                violation_error_message="Unknown state of an application.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaderapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["lead", "contacted", "rejected"]),
                    models.Q(
                        ("lat__isnull", False),
                        ("lng__isnull", False),
                        models.Q(("community_name", ""), _negated=True),
                        models.Q(("address", ""), _negated=True),
                        models.Q(("point_kind", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="leader_application_knows_its_place",
                violation_error_message="An application names its place.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaderapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lng__isnull", True)),
                    models.Q(("lat__range", (3, 54)), ("lng__range", (73, 136))),
                    _connector="OR",
                ),
                name="leader_application_in_china",
                violation_error_message="The place lies outside China.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaderapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("state__in", ("approved", "rejected")), _negated=True),
                        ("reviewed_at__isnull", True),
                    ),
                    models.Q(
                        ("reviewed_at__isnull", False), ("state__in", ("approved", "rejected"))
                    ),
                    _connector="OR",
                ),
                name="leader_application_reviewed_once_decided",
                violation_error_message="A decided application carries its review.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaderapplication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("approved", "rejected")), _negated=True),
                fields=("phone",),
                name="leader_application_one_open_per_phone",
                violation_error_message="This phone already has an open application.",
            ),
        ),
    ]
