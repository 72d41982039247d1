// What could not be sent, as a file: for people to read, and as data.
import { COUNTS, DRAFT } from "./model.js";

const FIELDS = {
  source: "Bron",
  text: "Bevinding",
  items: "Telt mee voor",
  removed: "Verwijderd",
  level: "Oordeel",
  reason: "Reden",
  findings: "Bevindingen",
  ...COUNTS,
};

export function words(visit, { field, value, item }) {
  const named = (list, code) => list.find((one) => [one.code, one.pk, one.id].includes(code));
  const whole = (code) => named(visit.items.flatMap(({ levels }) => levels), code) ?? named(visit.check_answers, code);
  if (value === null || value === undefined) return "";
  if (field === "source") return named(visit.sources, value)?.label ?? value;
  if (field === "items") return value.map((pk) => named(visit.choices, pk)?.label ?? pk).join(", ");
  if (field === "level") return whole(value)?.label ?? value;
  if (field === "findings") return value.map((id) => named(visit.findings, id)?.text ?? "Nieuwe bevinding").join("\n");
  if (field === "removed") return value ? "Ja" : "Nee";
  return String(value);
}

export function about(visit, { kind, item, common }) {
  if (kind === "finding") return "Bevinding";
  if (kind === "counts") return "Aantallen";
  if (kind === "note") return "Notitie";
  const judged = [...visit.items, ...visit.items.flatMap(({ checks }) => checks)].find(({ pk }) => pk === item);
  return `${common ? "Gezamenlijk oordeel" : "Uw oordeel"} op ${judged?.code ?? ""}. ${judged?.title ?? ""}`;
}

export const label = ({ kind, field }) => (kind === "note" ? "Tekst" : (FIELDS[field] ?? field));

function download(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export function asText(visit, edits) {
  const head = `Niet verstuurd bij bezoek ${visit.visit.number}, ${visit.visit.provider}\nVan ${visit.person.name}\n`;
  const parts = edits.map((edit) =>
    edit.state === DRAFT
      ? `Getypt en niet opgeslagen\n${Object.values(edit.typed).filter((typed) => typeof typed === "string").join("\n")}`
      : `${about(visit, edit)}, ${label(edit).toLowerCase()} (${edit.made_at})\n${words(visit, edit)}`,
  );
  download(`bezoek-${visit.visit.number}.txt`, "text/plain", [head, ...parts].join("\n\n"));
}

export function asData(visit, edits) {
  const { number, pk } = visit.visit;
  const data = { schema: visit.schema, visit: pk, number, person: visit.person.pk, edits };
  download(`bezoek-${number}.json`, "application/json", JSON.stringify(data, null, 2));
}
