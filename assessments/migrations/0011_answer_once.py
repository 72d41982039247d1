"""One answer under all questions that ask the same, and answers of an earlier year."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0010_faster_reading")]

    operations = [
        migrations.AddField(
            "revision",
            "based_on",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assessments.revision",
            ),
        ),
        migrations.AddField("answer", "is_apart", models.BooleanField(default=False)),
        migrations.AddField(
            "answer",
            "carried_from",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assessments.answer",
            ),
        ),
        migrations.AddField("answer", "confirmed_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "answer",
            models.CheckConstraint(
                condition=models.Q(linked_to=None) | models.Q(is_apart=False), name="answer_linked_or_apart"
            ),
        ),
    ]
