"""The statements of the pages' floors, by hand."""

_WHO = """
SELECT person.id::text AS user_id, person.name AS person, organisation.id::text AS organisation_id,
  organisation.name AS organisation, organisation.kind, membership.role{columns}
FROM providers_user person
JOIN providers_membership membership ON membership.user_id = person.id
  AND membership.valid_from <= CURRENT_DATE
  AND (membership.valid_until IS NULL OR membership.valid_until >= CURRENT_DATE)
JOIN providers_organisation organisation ON organisation.id = membership.organisation_id
{joins}
WHERE person.id = %s
ORDER BY {order}
"""

ME = _WHO.format(columns="", joins="", order="organisation.name")

DRAFT = _WHO.format(
    columns=""", revision.id::text, revision.number, account.year,
  edition.id AS edition, edition.title, edition.label, edition.scale_id""",
    joins="""
JOIN assessments_revision revision
  ON revision.organisation_id = organisation.id AND revision.id = %s
JOIN assessments_selfassessment account ON account.id = revision.self_assessment_id
JOIN assessments_revision_editions chosen ON chosen.revision_id = revision.id
JOIN norms_frameworkversion edition ON edition.id = chosen.frameworkversion_id""",
    order="edition.step, edition.edition",
)

QUESTIONS = """
SELECT item.id::text, item.version_id, item.section_id::text, item.code, item.kind, item.is_section,
  item.title, item.text, item.begin, item.guidance, item.good, item.evidence, item.found, item.unit,
  item.options, item.inferred,
  item."table" AS shape, 'provider' = ANY(item.filled_by) AS is_asked,
  answer.version::text, answer.value #>> '{}' AS value, answer.text AS note, answer.is_answered
FROM norms_item item
LEFT JOIN assessments_answer answer ON answer.item_id = item.id AND answer.revision_id = %s
WHERE item.version_id = ANY(%s)
ORDER BY array_position(%s, item.version_id), item.position
"""

LEVELS = (
    "SELECT code, label FROM norms_scalelevel WHERE scale_id = ANY(%s) AND for_provider ORDER BY position"
)

SIGNALS = """
SELECT item_id::text AS item, title, text FROM norms_signal WHERE version_id = ANY(%s) ORDER BY position
"""

FILES = """
SELECT link.id, link.item_id::text AS item, file.id AS file, file.name, file.size, file.uploaded_at
FROM assessments_evidencelink link
JOIN assessments_evidencerevision file ON file.id = link.evidence_revision_id
WHERE link.revision_id = %s
"""

HANDED_IN = """
SELECT revision.id, revision.number, revision.submitted_at, revision.question_count, account.year,
  provider.id::text AS organisation_id, provider.name, provider.place, (
    SELECT count(*) FROM assessments_answer answer
    WHERE answer.revision_id = revision.id AND answer.is_answered
  ) AS answered
FROM assessments_revision revision
JOIN assessments_selfassessment account ON account.id = revision.self_assessment_id
JOIN providers_organisation provider ON provider.id = revision.organisation_id
WHERE revision.status = 'submitted'
ORDER BY revision.submitted_at DESC, revision.id DESC
LIMIT 51
"""

REGIONS = "SELECT id::text, code, name FROM providers_region WHERE ended_on IS NULL ORDER BY code"

VIEWS = "SELECT name, query FROM assessments_savedview WHERE user_id = %s ORDER BY name"

WORKLIST = """
SELECT provider.id::text, provider.name, provider.place, provider.kvk,
  NULLIF(standing.last_visit_on, '0001-01-01') AS last_visit,
  NULLIF(standing.handed_in_on, '0001-01-01') AS handed_in,
  NULLIF(standing.clients, -1)::text AS clients,
  (SELECT min(refreshed_at) FROM assessments_standing) AS as_of
FROM assessments_standing standing
JOIN providers_organisation provider ON provider.id = standing.organisation_id
WHERE provider.kind = 'provider'
ORDER BY provider.name, provider.id
LIMIT 51
"""

REASONS = """
SELECT organisation_id::text AS provider, code, grounds
FROM assessments_risksignal
WHERE organisation_id = ANY(%s::bigint[]) AND code = ANY(%s)
ORDER BY array_position(%s, code::text)
"""

VISIT = _WHO.format(
    columns=""", visit.id::text AS visit, visit.number, visit.status, visit.starts_on,
  visit.interviews::text, visit.records::text, visit.home_visits::text, visit.revision_id,
  account.submitted_at, provider.name AS provider,
  ARRAY(SELECT frameworkversion_id FROM assessments_visit_editions WHERE visit_id = visit.id) AS editions""",
    joins="""
JOIN assessments_visit visit ON visit.id = %s
JOIN providers_organisation provider ON provider.id = visit.organisation_id
LEFT JOIN assessments_revision account ON account.id = visit.revision_id""",
    order="organisation.name",
)

JUDGED = """
SELECT item.id::text, item.parent_id::text AS parent, item.code, item.title, item.kind, item.unit,
  item.options, item."table" AS shape, 'provider' = ANY(item.filled_by) AS is_asked,
  item.kind = 'judgement' AND 'inspectorate' = ANY(item.filled_by) AS is_judged,
  answer.value #>> '{}' AS value, answer.text AS note
FROM norms_item item
LEFT JOIN assessments_answer answer ON answer.item_id = item.id AND answer.revision_id = %s
WHERE item.version_id = ANY(%s)
ORDER BY array_position(%s, item.version_id), item.position
"""

INSPECTORS_LEVELS = """
SELECT DISTINCT level.position, level.code, level.label
FROM norms_scalelevel level
JOIN norms_frameworkversion edition ON edition.scale_id = level.scale_id AND edition.id = ANY(%s)
WHERE level.for_inspectorate
ORDER BY level.position
"""

JUDGEMENTS = """
SELECT judgement.id::text, judgement.item_id::text AS item, judgement.author_id::text AS author,
  judgement.level, judgement.reason, judgement.versions, person.name,
  ARRAY(
    SELECT finding_id::text FROM assessments_judgement_findings WHERE judgement_id = judgement.id
  ) AS cited
FROM assessments_judgement judgement
LEFT JOIN providers_user person ON person.id = judgement.author_id
WHERE judgement.visit_id = %s
ORDER BY person.name, judgement.id
"""

FINDINGS = """
SELECT finding.id::text, finding.source, finding.text, finding.removed,
  COALESCE(finding.versions ->> 'text', '0') AS read,
  ARRAY(SELECT item_id::text FROM assessments_finding_items WHERE finding_id = finding.id) AS items
FROM assessments_finding finding
WHERE finding.visit_id = %s
ORDER BY finding.created_at, finding.id
"""
