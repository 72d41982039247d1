// The page without a network: which visits are on this device, opening one, and what is saved where.
import { unseal } from "./crypto.js";
import { button, clock, h } from "./dom.js";
import * as model from "./model.js";
import * as queue from "./queue.js";
import * as store from "./store.js";
import { Trouble, send, tellReturned } from "./sync.js";
import { readyWithoutNetwork, takeForm, unlockForm } from "./take.js";
import { workspace } from "./workspace.js";

const { lockSeconds, batch, signIn } = document.body.dataset;
const screen = document.getElementById("screen");
const bar = document.getElementById("state");
const DRAFT_AFTER = 400;
const AGAIN = 30_000;
const TAB = `thuispeil-tab-${crypto.randomUUID()}`;
navigator.locks.request(TAB, () => new Promise(() => {})); // held as long as this tab is there

let desk = null; // the visit that is open; nothing of it outlives the lock
let touched = Date.now();
let problem = ""; // of the last time that was sent
const unkept = new Map(); // per copy the drafts that the device could not keep: here until it is opened again

// --- what is saved where

function say(...words) {
  bar.replaceChildren(...words);
}

const WORDS = {
  offline: ["Geen netwerk."],
  "other-person": ["Iemand anders is ingelogd. Log in als wie dit vastlegde."],
  failed: ["Versturen lukte niet. Wij proberen het opnieuw."],
  busy: ["Bezig met versturen."],
  storage: ["Bewaren op dit apparaat lukte niet. Laat dit scherm open, maak ruimte vrij en sla opnieuw op."],
};

function showState() {
  if (!desk) return say(h("p", {}, h("strong", {}, "Vergrendeld.")));
  const unsent = desk.edits.filter(({ state }) => state !== model.DRAFT).length;
  const choices = model.clashes(desk.edits).length;
  const saved = unsent ? `Op dit apparaat bewaard (${unsent} niet verzonden).` : `Verzonden om ${clock(desk.visit.at)}.`;
  const login = h("span", {}, "U bent niet ingelogd. ", h("a", { href: signIn, target: "_blank", rel: "noopener" }, "Inloggen om te versturen"));
  const told = problem === "storage" || navigator.onLine ? problem : "offline";
  const why = told === "signed-out" ? [login] : (WORDS[told] ?? []);
  say(
    h("p", {}, h("strong", {}, saved), " ", ...why, choices ? ` ${choices} ${choices === 1 ? "keuze" : "keuzes"} nodig.` : ""),
    h("div", { class: "switch" }, button("Nu versturen", "subtle", () => sendNow()), button("Vergrendelen", "subtle", lock)),
  );
}

// --- sending

async function sendNow(only = null) {
  const at = desk;
  if (!at || problem === "busy") return;
  problem = "busy";
  showState();
  try {
    const { visit, messages } = await send(at.key, at.copy, at.visit, Number(batch), only);
    if (desk !== at) return;
    at.visit = visit;
    at.notices.push(...messages);
    at.blocked = problem = "";
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
    problem = trouble.kind;
    if (trouble.kind === "refused") at.blocked = trouble.message || "U mag bij dit bezoek niets meer vastleggen.";
  } finally {
    if (problem === "busy") problem = "failed";
    if (desk === at) await refresh();
    else problem = "";
  }
}

const waits = () => desk?.edits.some(({ state }) => state === model.WAITING) && !desk.blocked;

function sendSoon() {
  if (waits() && navigator.onLine) sendNow();
}

// --- the visit that is open

async function openVisit({ copy, key }) {
  const snapshot = await unseal(key, copy, await store.copy(copy));
  const drafts = await adopted(key, copy);
  for (const draft of unkept.get(copy) ?? []) drafts.set(draft.form, draft);
  unkept.delete(copy);
  desk = { copy, key, visit: snapshot, edits: [], drafts, errors: new Map(), notices: [], blocked: "", editing: null };
  Object.assign(desk, { watch, settle, remove, toggle, drop, leave, send: sendNow });
  touched = Date.now();
  history.replaceState(null, "", location.pathname);
  await refresh();
  screen.querySelector("h1").focus();
  sendSoon();
}

// What was half typed when this or another tab closed or locked. Of a tab that is still there it stays there.
async function adopted(key, copy) {
  const held = (await navigator.locks.query()).held.map(({ name }) => name);
  const isFree = ({ state, tab }) => state === model.DRAFT && (tab === TAB || !held.includes(tab));
  const drafts = new Map();
  for (const draft of (await queue.list(key, copy)).filter(isFree)) {
    if (!drafts.has(draft.form)) drafts.set(draft.form, { ...draft, tab: TAB });
  }
  // That they are this tab's now; without room for it the visit opens all the same.
  if (drafts.size) await queue.change(key, copy, { put: [...drafts.values()] }).catch(() => {});
  return drafts;
}

async function refresh() {
  const at = desk;
  if (!at) return;
  const record = await store.copy(at.copy);
  if (!record) return closeVisit();
  at.edits = await queue.list(at.key, at.copy);
  at.visit = await unseal(at.key, at.copy, record);
  if (desk === at) draw();
}

function draw() {
  desk.rows = model.view(desk.visit, desk.edits);
  const asked = Number(location.hash.replace("#onderdeel-", ""));
  desk.item = desk.visit.items.find(({ pk }) => pk === asked) ?? desk.visit.items[0];
  const focus = document.activeElement?.id;
  const place = document.activeElement?.selectionStart;
  const open = new Set([...screen.querySelectorAll("details[open][data-fold]")].map(({ dataset }) => dataset.fold));
  screen.replaceChildren(...workspace(desk).flat().filter(Boolean));
  screen.querySelectorAll("details[data-fold]").forEach((fold) => (fold.open ||= open.has(fold.dataset.fold)));
  const again = focus ? document.getElementById(focus) : null;
  again?.focus({ preventScroll: true });
  if (typeof place === "number" && again?.setSelectionRange && again.type !== "number") again.setSelectionRange(place, place);
  showState();
}

function closeVisit() {
  desk = null;
  problem = "";
  return showList();
}

// --- typing: a draft is sealed while somebody types; saving turns it into edits

// Writes follow each other, so that a draft never comes back after it was saved.
let writing = Promise.resolve();
const inTurn = (job) => (writing = writing.then(job, job));

function watch(form, key, looked, typed, collect, place = null) {
  const at = desk;
  const begun = () => at.drafts.get(key) ?? { id: crypto.randomUUID(), form: key, state: model.DRAFT, tab: TAB, looked, place };
  let timer;
  form.addEventListener("input", () => {
    at.drafts.set(key, { ...begun(), typed: typed(), isDirty: true });
    clearTimeout(timer);
    timer = setTimeout(keepDrafts, DRAFT_AFTER);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    const { wrong, edits } = collect();
    if (Object.keys(wrong).length) {
      at.drafts.set(key, { ...begun(), typed: typed(), isDirty: true });
      at.errors.set(key, wrong);
      draw();
      screen.querySelector(`[data-form="${key}"] :is([aria-invalid], .field--invalid input)`)?.focus();
      return;
    }
    const draft = { ...begun(), typed: typed() };
    at.drafts.delete(key);
    try {
      await inTurn(() => queue.change(at.key, at.copy, { add: edits, forget: [draft.id] }));
    } catch {
      at.drafts.set(key, { ...draft, isDirty: true });
      problem = "storage";
      showState();
      return;
    }
    at.errors.delete(key);
    if (key === `finding-${at.editing}`) at.editing = null;
    if (problem === "storage") problem = "";
    await refresh();
    sendSoon();
  });
}

function keepDrafts() {
  const at = desk;
  return inTurn(async () => {
    const dirty = at ? [...at.drafts.values()].filter(({ isDirty }) => isDirty) : [];
    if (!dirty.length) return;
    const known = new Set((await queue.list(at.key, at.copy)).map(({ id }) => id));
    const records = dirty.map(({ isDirty, ...draft }) => draft);
    dirty.forEach((draft) => (draft.isDirty = false));
    const isKnown = ({ id }) => known.has(id);
    try {
      await queue.change(at.key, at.copy, { add: records.filter((one) => !isKnown(one)), put: records.filter(isKnown) });
    } catch {
      dirty.forEach((draft) => (draft.isDirty = true));
      problem = "storage";
      showState();
      return;
    }
    records.forEach(({ form, order }) => at.drafts.has(form) && (at.drafts.get(form).order = order));
    at.edits = await queue.list(at.key, at.copy);
    if (desk === at) showState();
  });
}

// --- what the buttons do

async function settle(clash, choice) {
  const edit = model.settle(clash, choice);
  await queue.change(desk.key, desk.copy, { add: edit ? [edit] : [], forget: clash.ids });
  await refresh();
  sendSoon();
}

async function remove(row, gone) {
  const looked = model.seen(row, ["removed"]);
  const [edit] = model.editsFor(row.place, looked, { removed: gone });
  // Of a text of one's own that still waits, nobody else wrote a newer one that was seen.
  if (gone && !row.last.text) edit.read = row.versions.text ?? 0;
  await queue.change(desk.key, desk.copy, { add: [edit] });
  await refresh();
  sendSoon();
}

function toggle(id) {
  desk.editing = desk.editing === id ? null : id;
  draw();
}

async function drop(edit) {
  if (!window.confirm("Deze wijziging is niet verzonden. Van dit apparaat halen?")) return;
  await queue.change(desk.key, desk.copy, { forget: [edit.id] });
  await refresh();
}

async function leave() {
  await keepDrafts();
  const unsent = desk.edits.length;
  const ask = unsent ? `${unsent} wijzigingen zijn niet verzonden en gaan verloren. Toch van dit apparaat halen?` : "Het bezoek van dit apparaat halen?";
  if (!window.confirm(ask)) return;
  if (!unsent && navigator.onLine) await tellReturned(desk.key, desk.copy, desk.visit);
  await queue.wipe(desk.copy);
  await closeVisit();
}

// --- the lock

async function lock() {
  if (!desk) return;
  const at = desk;
  screen.replaceChildren(h("h1", {}, "Vergrendeld"));
  await keepDrafts();
  unkept.set(at.copy, [...at.drafts.values()].filter(({ isDirty }) => isDirty));
  if (desk === at) await closeVisit();
}

const isIdle = () => desk && Date.now() - touched > Number(lockSeconds) * 1000;

["pointerdown", "keydown", "input"].forEach((name) =>
  document.addEventListener(name, () => {
    if (!isIdle()) touched = Date.now();
  }),
);
const look = () => (isIdle() ? lock() : sendSoon());
setInterval(() => isIdle() && lock(), 1000);
setInterval(look, AGAIN);
document.addEventListener("visibilitychange", () => document.hidden || look());
window.addEventListener("online", () => (desk ? sendSoon() : null));
window.addEventListener("offline", showState);
window.addEventListener("focus", look);
window.addEventListener("hashchange", () => (desk ? draw() : start()));
queue.onChange((copy) => {
  if (desk?.copy === copy) refresh();
  else if (!desk) showList();
});

// --- without an open visit

async function showList() {
  const copies = await store.copies();
  const forms = await Promise.all(copies.map((copy) => unlockForm(copy, openVisit)));
  screen.replaceChildren(
    h("div", { class: "page-head" }, h("h1", { tabindex: -1 }, "Bezoeken op dit apparaat")),
    ...(forms.length
      ? forms.map((form) => h("section", { class: "card" }, form))
      : [h("p", {}, "Er staat geen bezoek op dit apparaat. Open een bezoek met internet en kies ‘Offline beschikbaar maken’.")]),
    h("p", { class: "field" }, h("a", { href: "../" }, "Naar alle bezoeken (met internet)")),
  );
  if (copies.length) showState();
  else say();
}

async function showTake(visit) {
  screen.replaceChildren(h("div", { class: "page-head" }, h("h1", {}, "Bezoek meenemen"), h("p", { class: "lead" }, "Het bezoek komt versleuteld op dit apparaat. U legt vast zonder netwerk en verstuurt het later.")));
  say(h("p", {}, "Dit apparaat wordt klaargemaakt."));
  if (!(await readyWithoutNetwork())) {
    say();
    screen.append(h("p", { class: "field__error" }, "Deze browser kan niet zonder netwerk werken. Kies een andere, of sta opslag toe."));
    return;
  }
  say(h("p", {}, "Dit apparaat kan zonder netwerk werken."));
  screen.append(h("section", { class: "card" }, takeForm(visit, openVisit)));
}

function start() {
  const visit = Number(location.hash.match(/^#meenemen-(\d+)$/)?.[1]);
  if (visit) return showTake(visit);
  readyWithoutNetwork();
  return showList();
}

start();
