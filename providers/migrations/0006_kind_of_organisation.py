"""Row-level security: what kind of organisation one is decides what one sees, so nobody changes its own."""

from django.db import migrations

from wlzthuis.isolation import KIND, ORGANISATION, PORTAL, any_of, both

OWN = f"id = {ORGANISATION}"


def may_update(condition: str) -> str:
    check = any_of(f"{KIND} = 'system'", condition, PORTAL)
    return f"ALTER POLICY may_update ON providers_organisation WITH CHECK ({check})"


class Migration(migrations.Migration):
    dependencies = [("providers", "0005_whole_names")]

    operations = [
        migrations.RunSQL(may_update(both(OWN, f"kind = {KIND}")), may_update(OWN)),
    ]
