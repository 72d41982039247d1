"""The statements of the pages' floors, by hand."""

_WHO = """
SELECT person.name AS person, organisation.name AS organisation, membership.role{columns}
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
  provider.name, provider.place, (
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
