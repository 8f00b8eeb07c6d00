from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0018_claw_backs_know_their_cause")]

    operations = [
        migrations.AddConstraint(
            model_name="commissionentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ("clawback", "loss")), models.Q(("cause", ""), _negated=True)
                    ),
                    models.Q(
                        models.Q(("kind__in", ("clawback", "loss")), _negated=True), ("cause", "")
                    ),
                    _connector="OR",
                ),
                name="commission_entry_deduction_has_cause",
                violation_error_message="A deduction names the refund behind it.",
            ),
        ),
    ]
