"""History tables refuse UPDATE and DELETE in the database itself, whoever asks."""

from django.db import migrations

TABLES = [
    "assessments_answerversion",
    "assessments_revisionevent",
    "assessments_visitevent",
    "assessments_fieldedit",
]

FUNCTION = """
CREATE FUNCTION assessments_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def _trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION assessments_append_only();",
        f"DROP TRIGGER append_only ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION assessments_append_only();"),
        *[_trigger(table) for table in TABLES],
    ]
