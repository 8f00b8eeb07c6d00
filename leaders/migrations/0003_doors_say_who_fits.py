"""Which vehicles reach a door, by when goods are wished for, and log-ins of drivers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("leaders", "0002_points_may_be_bagged"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="user",
            name="user_role_known",
        ),
        migrations.AddField(
            model_name="pickuppoint",
            name="is_priority",
            field=models.BooleanField(
                default=False, verbose_name="served first when vehicles run out"
            ),
        ),
        migrations.AddField(
            model_name="pickuppoint",
            name="largest_vehicle",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[(1, "Micro van"), (2, "Van"), (3, "Truck")],
                null=True,
                verbose_name="largest vehicle that reaches the door",
            ),
        ),
        migrations.AddField(
            model_name="pickuppoint",
            name="prefers_until",
            field=models.TimeField(
                blank=True,
                help_text="A delivery after this is late, and still taken until the point closes.",
                null=True,
                verbose_name="should arrive by",
            ),
        ),
        migrations.AddField(
            model_name="pickuppoint",
            name="stair_floors",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Every tote is carried up or down so many floors.",
                verbose_name="floors without a lift",
            ),
        ),
        migrations.AddField(
            model_name="pickuppoint",
            name="trucks_from",
            field=models.TimeField(
                blank=True,
                help_text="Where trucks may not drive or make noise early in the morning.",
                null=True,
                verbose_name="no trucks before",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.CharField(
                choices=[
                    ("leader", "Leader"),
                    ("warehouse", "Warehouse"),
                    ("dispatcher", "Dispatcher"),
                    ("buyer", "Buyer"),
                    ("driver", "Driver"),
                ],
                default="leader",
                max_length=16,
                verbose_name="role",
            ),
        ),
        migrations.AddConstraint(
            model_name="pickuppoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("prefers_until__isnull", True),
                    models.Q(
                        ("prefers_until__gte", models.F("opens_at")),
                        ("prefers_until__lte", models.F("closes_at")),
                    ),
                    _connector="OR",
                ),
                name="pickup_point_prefers_within_hours",
                violation_error_message="A delivery can be wished for within the hours only.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pickuppoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("largest_vehicle__isnull", True),
                    ("largest_vehicle__in", [1, 2, 3]),
                    _connector="OR",
                ),
                name="pickup_point_vehicle_size_known",
                violation_error_message="Unknown vehicle size.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["leader", "warehouse", "dispatcher", "buyer", "driver"])
                ),
                name="user_role_known",
                violation_error_message="Unknown role.",
            ),
        ),
    ]
