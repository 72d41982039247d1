// A visit as it stands on the device: what was taken along, with what was done since on top of it. Pure.
export const DRAFT = "draft";
export const WAITING = "waiting";
export const CONFLICT = "conflict";
export const REFUSED = "refused";
export const COUNTS = {
  interviews: "Gesprekken",
  records: "Dossiers",
  documents: "Documenten",
};
const JOINED = ["text", "reason", "items", "findings"];

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
export function rowKey({ kind, object, item, common }) {
  if (kind === "judgement") return `judgement:${item}:${common ? "common" : "own"}`;
  return kind === "note" ? `note:${item}` : `${kind}:${object}`;
}
export const placeKey = (edit) => `${rowKey(edit)}:${edit.field}`;

// A row with its values; `versions` are the server's, `last` the newest unsent edit of each field.
function row(place, values, versions) {
  return { place, values: { ...values }, versions, last: {}, states: {} };
}

function emptyRow(edit) {
  const place = { kind: edit.kind, object: edit.object, item: edit.item, common: edit.common };
  const finding = { source: "", text: "", items: [], removed: false };
  const values = edit.kind === "finding" ? finding : { level: "", reason: "", findings: [] };
  return row(place, values, {});
}

export function countsObject(pk) {
  return `00000000-0000-0000-0000-${pk.toString(16).padStart(12, "0")}`;
}

// A note has no key of its own; `item` null is the visit as a whole.
const notePlace = (item) => ({ kind: "note", object: countsObject(0), item });

export function noteOf(rows, item) {
  return rows.get(rowKey(notePlace(item))) ?? row(notePlace(item), { text: "" }, {});
}

export function view(visit, edits) {
  const rows = new Map();
  const put = (one) => rows.set(rowKey(one.place), one);
  for (const { id, source, text, items, removed, versions } of visit.findings) {
    put(row({ kind: "finding", object: id }, { source, text, items, removed }, versions));
  }
  for (const judged of visit.judgements.filter(({ mine, common }) => mine || common)) {
    const { id, item, common, level, reason, findings, versions } = judged;
    put(row({ kind: "judgement", object: id, item, common }, { level, reason, findings }, versions));
  }
  for (const { item, text, version } of visit.notes) put(row(notePlace(item), { text }, { text: version }));
  const counts = { kind: "counts", object: countsObject(visit.visit.pk) };
  put(row(counts, visit.counts.values, visit.counts.versions));
  for (const edit of edits.filter(({ state }) => state !== DRAFT)) {
    const key = rowKey(edit);
    if (!rows.has(key)) rows.set(key, emptyRow(edit));
    const one = rows.get(key);
    one.values[edit.field] = edit.value;
    one.last[edit.field] = edit.id;
    one.states[edit.field] = edit.state;
  }
  return rows;
}

export function findingsOf(visit, rows, item) {
  const below = new Set([item.pk, ...item.checks.map(({ pk }) => pk)]);
  return [...rows.values()].filter(
    ({ place, values }) => place.kind === "finding" && values.items.some((pk) => below.has(pk)),
  );
}

export function judgementOf(rows, item, common) {
  const place = { kind: "judgement", object: crypto.randomUUID(), item, common };
  return rows.get(rowKey(place)) ?? row(place, { level: "", reason: "", findings: [] }, {});
}

// What somebody sees of the fields of a row when beginning to type: what an edit will be held against.
export function seen({ values, versions, last }, fields) {
  return Object.fromEntries(
    fields.map((field) => [
      field,
      { value: values[field] ?? "", version: versions[field] ?? 0, after: last[field] ?? null },
    ]),
  );
}

// The edits that turn what was seen into what was typed.
export function editsFor(place, looked, typed) {
  return Object.entries(looked)
    .filter(([field, was]) => !same(was.value, typed[field]))
    .map(([field, was]) => ({
      id: crypto.randomUUID(),
      state: WAITING,
      ...place,
      field,
      base: was.version,
      after: was.after,
      value: typed[field],
      made_at: new Date().toISOString(),
    }));
}

// Unsent edits with a clash, one for each field: of several on top of each other the last says it all.
export function clashes(edits) {
  const places = new Map();
  for (const edit of edits.filter(({ state }) => state === CONFLICT)) places.set(placeKey(edit), edit);
  return [...places.values()].map((edit) => {
    const of = edits.filter((other) => other.state !== DRAFT && placeKey(other) === placeKey(edit));
    return { ...edit, mine: of.at(-1).value, ids: of.map(({ id }) => id) };
  });
}

export const canJoin = ({ field }) => JOINED.includes(field);

function joined(theirs, mine) {
  return Array.isArray(mine) ? [...new Set([...(theirs ?? []), ...mine])].sort() : [theirs, mine].filter(Boolean).join("\n\n");
}

// The edit that carries out a choice; null when the other's version stays.
export function settle(clash, choice) {
  if (choice === "theirs") return null;
  const { kind, object, item, common, field, mine, theirs } = clash;
  const edit = { id: crypto.randomUUID(), state: WAITING, kind, object, item, common, field, after: null };
  const made_at = new Date().toISOString();
  // Somebody changed the text that is removed here: now it was read.
  if (typeof theirs.value === "string" && field === "removed") {
    return { ...edit, base: clash.base, read: theirs.version, value: mine, made_at };
  }
  const value = choice === "both" ? joined(theirs.value, mine) : mine;
  return { ...edit, base: theirs.version, value, made_at };
}

// What the server answered on edits, as changes of the queue: accepted ones go, what was made on top moves along.
export function absorb(edits, outcomes) {
  const found = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  const forget = [];
  const put = [];
  for (const edit of edits) {
    const outcome = found.get(edit.id);
    const before = edit.after && found.get(edit.after);
    if (outcome && ["saved", "repeated", "same"].includes(outcome.result)) {
      forget.push(edit.id);
    } else if (outcome?.result === "conflict") {
      const theirs = { value: outcome.current, version: outcome.version, author: outcome.author, at: outcome.at };
      put.push({ ...edit, state: CONFLICT, theirs });
    } else if (outcome) {
      put.push({ ...edit, state: REFUSED, message: outcome.message });
    } else if (before && ["saved", "repeated", "same"].includes(before.result)) {
      put.push({ ...edit, base: before.version, after: null });
    }
  }
  const messages = outcomes.filter(({ result, message }) => result === "saved" && message).map(({ message }) => message);
  return { forget, put, messages };
}
