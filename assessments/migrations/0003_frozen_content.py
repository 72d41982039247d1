"""What was handed in or shared never changes: the database refuses another content or hash."""

from django.db import migrations

TABLES = ["assessments_revision", "assessments_conceptversion"]

FUNCTION = """
CREATE FUNCTION assessments_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the content of % is frozen', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def _trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER frozen BEFORE UPDATE OF content, sha256 ON {table} FOR EACH ROW "
        "WHEN (OLD.sha256 <> '' AND (NEW.content, NEW.sha256) IS DISTINCT FROM (OLD.content, OLD.sha256)) "
        "EXECUTE FUNCTION assessments_frozen();",
        f"DROP TRIGGER frozen ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_append_only")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION assessments_frozen();"),
        *[_trigger(table) for table in TABLES],
    ]
