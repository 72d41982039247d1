"""The log can only grow, and each committed line is chained to the one before it, by the database itself."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION providers_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON providers_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION providers_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON providers_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION providers_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON providers_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION providers_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON providers_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION providers_append_only();
-- The tables belong to the portal's role, so it has to take its own rights away.
REVOKE UPDATE, DELETE, TRUNCATE ON providers_auditevent, providers_auditseal FROM CURRENT_USER;
"""

# Every column in a fixed order, the moment in one notation whatever the session's time zone.
DIGEST = """
CREATE FUNCTION audit_digest(previous text, number bigint, line providers_auditevent) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        previous, number, line.id, to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        line.outcome, line.action, line.user_id, line.acting_for_id, line.roles, line.about_id,
        line.object_kind, line.object_id, host(line.address), line.request_id
    )::text, 'UTF8')), 'hex')
$$;
"""

# Deferred: at the commit, so that lines are chained in the order in which they came to stand, and the one
# lock that this takes is held for as short as can be.
SEAL = """
CREATE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last providers_auditseal;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_seal'));
    SELECT * INTO last FROM providers_auditseal ORDER BY number DESC LIMIT 1;
    INSERT INTO providers_auditseal (number, event_id, previous, sha256) VALUES (
        coalesce(last.number, 0) + 1, NEW.id, coalesce(last.sha256, ''),
        audit_digest(coalesce(last.sha256, ''), coalesce(last.number, 0) + 1, NEW)
    );
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON providers_auditevent DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_seal();
"""


class Migration(migrations.Migration):
    dependencies = [("providers", "0003_isolation")]

    operations = [
        migrations.RunSQL(
            APPEND_ONLY,
            """
            GRANT UPDATE, DELETE, TRUNCATE ON providers_auditevent, providers_auditseal TO CURRENT_USER;
            DROP TRIGGER never_emptied ON providers_auditevent;
            DROP TRIGGER never_emptied ON providers_auditseal;
            DROP TRIGGER append_only ON providers_auditevent;
            DROP TRIGGER append_only ON providers_auditseal;
            DROP FUNCTION providers_append_only();
            """,
        ),
        migrations.RunSQL(DIGEST, "DROP FUNCTION audit_digest;"),
        migrations.RunSQL(SEAL, "DROP TRIGGER seal ON providers_auditevent; DROP FUNCTION audit_seal();"),
    ]
