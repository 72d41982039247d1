"""For which organisation one acts, as one expression: PostgreSQL then puts it into the statement itself.

With whole names, as a dump and an index are made without a search path.
"""

from django.db import migrations

ACTING_ORGANISATION = """
CREATE OR REPLACE FUNCTION public.acting_organisation() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN public.acting_kind() IN ('provider', 'inspectorate', 'care_office', 'portal')
   THEN nullif(current_setting('thuispeil.organisation', true), '')::bigint END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("providers", "0006_kind_of_organisation")]

    operations = [migrations.RunSQL(ACTING_ORGANISATION, migrations.RunSQL.noop)]
