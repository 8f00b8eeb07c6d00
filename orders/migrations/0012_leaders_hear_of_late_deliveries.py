from django.db import migrations, models

TOPICS = [
    ("login_code", "Log-in code"),
    ("order_paid", "Order paid"),
    ("payment_returned", "Payment returned"),
    ("shortage_refunded", "Shortage refunded"),
    ("arrived", "Goods have arrived"),
    ("claim_decided", "Claim decided"),
    ("weight_refunded", "Short weight refunded"),
    ("purchase_order", "Purchase order to confirm"),
    ("purchase_reminder", "Purchase order still to confirm"),
    ("delivery_late", "Delivery late"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0011_evidence_append_only"),
    ]

    operations = [
        migrations.AlterField(
            model_name="outboxmessage",
            name="topic",
            field=models.CharField(choices=TOPICS, max_length=24, verbose_name="topic"),
        ),
        migrations.AlterField(
            model_name="subscriptionquota",
            name="topic",
            field=models.CharField(choices=TOPICS, max_length=24, verbose_name="topic"),
        ),
    ]
