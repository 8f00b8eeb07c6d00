"""Plans under work, drivers and what their phones report, doors that vans only reach."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fulfillment", "0013_cases_wait_for_a_decision"),
        ("leaders", "0002_points_may_be_bagged"),
        ("orders", "0011_evidence_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeliveryProof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "proof_id",
                    models.UUIDField(default=uuid.uuid4, unique=True, verbose_name="proof"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("photo", "Photo"), ("signature", "Signature")],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("picture", models.ImageField(upload_to="proofs/%Y/%m/", verbose_name="picture")),
                ("device_at", models.DateTimeField(verbose_name="at, by the phone")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
            ],
            options={
                "verbose_name": "delivery proof",
                "verbose_name_plural": "delivery proofs",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Driver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("phone", models.CharField(max_length=20, verbose_name="phone")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "driver",
                "verbose_name_plural": "drivers",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="DriverEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "event_id",
                    models.UUIDField(default=uuid.uuid4, unique=True, verbose_name="event"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("depart", "Left the warehouse"),
                            ("arrive", "Arrived"),
                            ("count", "Counted totes"),
                            ("hand_over", "Handed over"),
                            ("fail", "Could not deliver"),
                            ("undo", "Took it back"),
                            ("note", "Note"),
                            ("position", "Position"),
                            ("return", "Back at the warehouse"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("body", models.JSONField(default=dict, verbose_name="what was entered")),
                (
                    "lng",
                    models.FloatField(blank=True, null=True, verbose_name="longitude (WGS-84)"),
                ),
                ("lat", models.FloatField(blank=True, null=True, verbose_name="latitude (WGS-84)")),
                (
                    "accuracy_m",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="accuracy (m)"),
                ),
                ("device", models.CharField(blank=True, max_length=60, verbose_name="device")),
                ("device_at", models.DateTimeField(verbose_name="at, by the phone")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
            ],
            options={
                "verbose_name": "driver event",
                "verbose_name_plural": "driver events",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="DriverEventResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("applied", "Applied"),
                            ("waiting", "Waiting for the time to undo"),
                            ("undone", "Undone"),
                            ("refused", "Refused"),
                        ],
                        max_length=16,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "applies_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Until then it can be undone.",
                        null=True,
                        verbose_name="applies at",
                    ),
                ),
                (
                    "said",
                    models.CharField(blank=True, max_length=300, verbose_name="what was said"),
                ),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
            ],
            options={
                "verbose_name": "driver event result",
                "verbose_name_plural": "driver event results",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="HandoverCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "event_id",
                    models.UUIDField(default=uuid.uuid4, unique=True, verbose_name="event"),
                ),
                ("expected_qty", models.PositiveIntegerField(verbose_name="expected")),
                ("counted_qty", models.PositiveIntegerField(verbose_name="counted")),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("short", "Short"),
                            ("damaged", "Damaged"),
                            ("quality", "Bad quality"),
                            ("weight", "Outside the weight band"),
                            ("wrong", "Wrong goods or wrong place"),
                            ("returned", "Returned"),
                            ("over", "More than planned"),
                        ],
                        max_length=16,
                        verbose_name="cause",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "photo",
                    models.ImageField(
                        blank=True, upload_to="handovers/%Y/%m/", verbose_name="photo"
                    ),
                ),
                ("counted_at", models.DateTimeField(verbose_name="counted at")),
            ],
            options={
                "verbose_name": "handover count",
                "verbose_name_plural": "handover counts",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("first", "First plan"),
                            ("board", "Changed by hand"),
                            ("replan", "Planned again"),
                            ("what_if", "What if"),
                        ],
                        max_length=16,
                        verbose_name="origin",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("solving", "Searching"),
                            ("ready", "Ready"),
                            ("accepted", "Accepted"),
                            ("dropped", "Dropped"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                (
                    "based_on_revision",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Of the accepted plan; 0 without one.",
                        verbose_name="based on revision",
                    ),
                ),
                ("request", models.JSONField(default=dict, verbose_name="what was asked")),
                ("duties", models.JSONField(default=list, verbose_name="trips")),
                ("undo_steps", models.JSONField(default=list, verbose_name="steps to undo")),
                ("redo_steps", models.JSONField(default=list, verbose_name="steps to redo")),
                ("figures", models.JSONField(default=dict, verbose_name="figures")),
                (
                    "details",
                    models.JSONField(
                        default=dict, verbose_name="versions, parameters and trajectory"
                    ),
                ),
                ("engine", models.CharField(blank=True, max_length=60, verbose_name="engine")),
                ("seed", models.PositiveIntegerField(default=0, verbose_name="seed")),
                (
                    "solver_seconds",
                    models.PositiveIntegerField(default=0, verbose_name="solver seconds"),
                ),
                (
                    "progress_percent",
                    models.PositiveSmallIntegerField(default=0, verbose_name="progress (%)"),
                ),
                (
                    "cancel_asked_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="cancelling asked for at"
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="error")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "started_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="started at"),
                ),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished at"),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
                ),
            ],
            options={
                "verbose_name": "plan draft",
                "verbose_name_plural": "plan drafts",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ServedPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "served point",
                "verbose_name_plural": "served points",
                "ordering": ["pickup_point"],
            },
        ),
        migrations.CreateModel(
            name="Linehaul",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("trip_no", models.PositiveSmallIntegerField(verbose_name="trip of the vehicle")),
                ("stop_seq", models.PositiveSmallIntegerField(verbose_name="stop")),
                ("totes", models.PositiveIntegerField(verbose_name="totes")),
                ("weight_g", models.PositiveIntegerField(verbose_name="weight (g)")),
                ("volume_ml", models.PositiveBigIntegerField(verbose_name="volume (ml)")),
                (
                    "distance_m",
                    models.PositiveIntegerField(verbose_name="from the stop before (m)"),
                ),
                ("leaves_at", models.DateTimeField(verbose_name="leaves the hub at")),
                ("arrive_at", models.DateTimeField(verbose_name="arrives at")),
                ("depart_at", models.DateTimeField(verbose_name="departs at")),
            ],
            options={
                "verbose_name": "line haul",
                "verbose_name_plural": "line hauls",
                "ordering": ["cutoff_run", "vehicle", "trip_no", "stop_seq"],
            },
        ),
        migrations.CreateModel(
            name="TravelCalibration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "road_factor_percent",
                    models.PositiveSmallIntegerField(verbose_name="road over straight line (%)"),
                ),
                ("speed_m_per_h", models.PositiveIntegerField(verbose_name="speed (m/h)")),
                (
                    "hour_percents",
                    models.JSONField(
                        default=list,
                        help_text="Pairs of second of the day and per cent.",
                        verbose_name="driving time by the hour (%)",
                    ),
                ),
                ("legs", models.PositiveIntegerField(verbose_name="legs driven")),
                ("measured_from", models.DateField(verbose_name="measured from")),
                ("measured_until", models.DateField(verbose_name="measured until")),
                ("applied_at", models.DateTimeField(verbose_name="applied at")),
            ],
            options={
                "verbose_name": "travel calibration",
                "verbose_name_plural": "travel calibrations",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="deliveryrun",
            name="published_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="published at"),
        ),
        migrations.AddField(
            model_name="deliveryrun",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="published by",
            ),
        ),
        migrations.AddField(
            model_name="deliveryrun",
            name="warehouse",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delivery_runs",
                to="fulfillment.warehouse",
                verbose_name="warehouse",
            ),
        ),
        migrations.AddField(
            model_name="drop",
            name="lock",
            field=models.CharField(
                blank=True,
                choices=[
                    ("vehicle", "Stays with its vehicle"),
                    ("place", "Keeps its place on the trip"),
                ],
                help_text="What a new plan must leave as it is.",
                max_length=16,
                verbose_name="lock",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="accepted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="accepted at"),
        ),
        migrations.AddField(
            model_name="handover",
            name="claim_until",
            field=models.DateTimeField(
                blank=True,
                help_text="Without a word until then the goods count as accepted.",
                null=True,
                verbose_name="differences until",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="method",
            field=models.CharField(
                choices=[
                    ("code", "Code from the leader's page"),
                    ("tap", "Leader tapped received"),
                    ("signature", "Signature on the phone"),
                    ("left", "Left at the agreed place"),
                    ("paper", "Signed paper"),
                ],
                default="paper",
                max_length=16,
                verbose_name="proved by",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="released_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="released at"),
        ),
        migrations.AddField(
            model_name="handover",
            name="released_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Who let the driver leave the goods without the leader.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="released by",
            ),
        ),
        migrations.AddField(
            model_name="stop",
            name="expected_at",
            field=models.DateTimeField(
                blank=True,
                help_text="From where the driver is now; empty before the trip has started.",
                null=True,
                verbose_name="expected at",
            ),
        ),
        migrations.AddField(
            model_name="stop",
            name="late_told_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="told to be late at"),
        ),
        migrations.AddField(
            model_name="stop",
            name="part_no",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="part"),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="break_from",
            field=models.TimeField(blank=True, null=True, verbose_name="break starts from"),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="break_minutes",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="break (minutes)"),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="break_until",
            field=models.TimeField(blank=True, null=True, verbose_name="break starts until"),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="capacity_ml",
            field=models.PositiveBigIntegerField(
                blank=True,
                help_text="Empty where totes alone count.",
                null=True,
                verbose_name="capacity (ml)",
            ),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="insulated_totes",
            field=models.PositiveIntegerField(default=0, verbose_name="insulated places (totes)"),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="overtime_minutes",
            field=models.PositiveSmallIntegerField(
                default=0, verbose_name="overtime at most (minutes)"
            ),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="overtime_per_hour_fen",
            field=models.PositiveIntegerField(
                default=0, verbose_name="overtime per hour, on top (fen)"
            ),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="size",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "Micro van"), (2, "Van"), (3, "Truck")], default=2, verbose_name="size"
            ),
        ),
        migrations.AddField(
            model_name="warehouse",
            name="hub",
            field=models.ForeignKey(
                blank=True,
                help_text="The warehouse that sorts for this one. Empty where goods arrive.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grids",
                to="fulfillment.warehouse",
                verbose_name="goods come from",
            ),
        ),
        migrations.AlterField(
            model_name="deliveryrun",
            name="cutoff_run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delivery_runs",
                to="fulfillment.cutoffrun",
                verbose_name="cut-off run",
            ),
        ),
        migrations.AlterField(
            model_name="stop",
            name="drop",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stops",
                to="fulfillment.drop",
                verbose_name="drop",
            ),
        ),
        migrations.AlterField(
            model_name="trip",
            name="route_no",
            field=models.PositiveSmallIntegerField(
                help_text="Unique in the cut-off run; the first half of the slot code.",
                verbose_name="route",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliveryrun",
            constraint=models.UniqueConstraint(
                fields=("cutoff_run", "warehouse"),
                name="delivery_run_unique_of_warehouse",
                violation_error_message="This warehouse already has a plan for the run.",
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.UniqueConstraint(
                fields=("drop", "part_no"),
                name="stop_part_unique_of_drop",
                violation_error_message="This part of the drop is on a trip already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="warehouse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("hub__isnull", True),
                    models.Q(("hub", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="warehouse_not_its_own_hub",
                violation_error_message="A warehouse does not supply itself.",
            ),
        ),
        migrations.AddField(
            model_name="deliveryproof",
            name="actor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="entered by",
            ),
        ),
        migrations.AddField(
            model_name="deliveryproof",
            name="stop",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proofs",
                to="fulfillment.stop",
                verbose_name="stop",
            ),
        ),
        migrations.AddField(
            model_name="driver",
            name="user",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="driver",
                to=settings.AUTH_USER_MODEL,
                verbose_name="log-in",
            ),
        ),
        migrations.AddField(
            model_name="trip",
            name="driver",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="trips",
                to="fulfillment.driver",
                verbose_name="driver",
            ),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="driver",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="vehicles",
                to="fulfillment.driver",
                verbose_name="driver",
            ),
        ),
        migrations.AddConstraint(
            model_name="vehicle",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__in", [1, 2, 3])),
                name="vehicle_size_known",
                violation_error_message="Unknown vehicle size.",
            ),
        ),
        migrations.AddConstraint(
            model_name="vehicle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("break_minutes", 0),
                    models.Q(
                        ("break_from__isnull", False),
                        ("break_from__lte", models.F("break_until")),
                        ("break_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="vehicle_break_has_window",
                violation_error_message="Say from when until when the break may start.",
            ),
        ),
        migrations.AddField(
            model_name="driverevent",
            name="actor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="entered by",
            ),
        ),
        migrations.AddField(
            model_name="driverevent",
            name="driver",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="fulfillment.driver",
                verbose_name="driver",
            ),
        ),
        migrations.AddField(
            model_name="driverevent",
            name="stop",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="driver_events",
                to="fulfillment.stop",
                verbose_name="stop",
            ),
        ),
        migrations.AddField(
            model_name="driverevent",
            name="trip",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="driver_events",
                to="fulfillment.trip",
                verbose_name="trip",
            ),
        ),
        migrations.AddField(
            model_name="drivereventresult",
            name="event",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="result",
                to="fulfillment.driverevent",
                verbose_name="driver event",
            ),
        ),
        migrations.AddField(
            model_name="handovercount",
            name="counted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="counted by",
            ),
        ),
        migrations.AddField(
            model_name="handovercount",
            name="handover",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="counts",
                to="fulfillment.handover",
                verbose_name="handover",
            ),
        ),
        migrations.AddField(
            model_name="handovercount",
            name="sku",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.sku",
                verbose_name="SKU",
            ),
        ),
        migrations.AddField(
            model_name="plandraft",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="created by",
            ),
        ),
        migrations.AddField(
            model_name="plandraft",
            name="cutoff_run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan_drafts",
                to="fulfillment.cutoffrun",
                verbose_name="cut-off run",
            ),
        ),
        migrations.AddField(
            model_name="plandraft",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="plandraft",
            name="warehouse",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan_drafts",
                to="fulfillment.warehouse",
                verbose_name="warehouse",
            ),
        ),
        migrations.AddField(
            model_name="servedpoint",
            name="pickup_point",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="served_from",
                to="leaders.pickuppoint",
                verbose_name="pickup point",
            ),
        ),
        migrations.AddField(
            model_name="servedpoint",
            name="warehouse",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="served_points",
                to="fulfillment.warehouse",
                verbose_name="warehouse",
            ),
        ),
        migrations.AddField(
            model_name="linehaul",
            name="cutoff_run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="linehauls",
                to="fulfillment.cutoffrun",
                verbose_name="cut-off run",
            ),
        ),
        migrations.AddField(
            model_name="linehaul",
            name="vehicle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="linehauls",
                to="fulfillment.vehicle",
                verbose_name="vehicle",
            ),
        ),
        migrations.AddField(
            model_name="linehaul",
            name="warehouse",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="linehauls",
                to="fulfillment.warehouse",
                verbose_name="to warehouse",
            ),
        ),
        migrations.AddField(
            model_name="travelcalibration",
            name="applied_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="applied by",
            ),
        ),
        migrations.AddField(
            model_name="travelcalibration",
            name="warehouse",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calibrations",
                to="fulfillment.warehouse",
                verbose_name="warehouse",
            ),
        ),
        migrations.AddConstraint(
            model_name="driverevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lng__isnull", True)),
                    models.Q(("lat__isnull", False), ("lng__isnull", False)),
                    _connector="OR",
                ),
                name="driver_event_place_whole",
                violation_error_message="A place has a longitude and a latitude.",
            ),
        ),
        migrations.AddConstraint(
            model_name="handovercount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("counted_qty", models.F("expected_qty")),
                    models.Q(("cause", ""), _negated=True),
                    _connector="OR",
                ),
                name="handover_count_difference_has_cause",
                violation_error_message="Say what is wrong with the goods.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plandraft",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("origin", "first"),
                    models.Q(("state__in", ["dropped", "failed"]), _negated=True),
                ),
                fields=("cutoff_run", "warehouse"),
                name="plan_draft_one_first",
                violation_error_message="The first plan is being searched already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="linehaul",
            constraint=models.UniqueConstraint(
                fields=("cutoff_run", "vehicle", "trip_no", "stop_seq"),
                name="linehaul_unique_in_trip",
                violation_error_message="This trip already has this stop.",
            ),
        ),
        migrations.AddConstraint(
            model_name="travelcalibration",
            constraint=models.CheckConstraint(
                condition=models.Q(("road_factor_percent__gte", 100), ("speed_m_per_h__gte", 1000)),
                name="travel_calibration_plausible",
                violation_error_message="A road is no shorter than the straight line.",
            ),
        ),
    ]
