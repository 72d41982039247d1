// What was typed and not saved yet survives a lost connection, a closed tab and the end of a session: kept in
// this browser, per person and page. It goes when the server took it, when the person throws it away, when she
// signs out or somebody else signs in, and after a week.
import { contents } from "./guard.js";

const PREFIX = "typed:";
const SENT = "sent:"; // in this tab only: which tab sent a form is for that tab to know
const WAIT = 300;
const LONGEST = 7 * 24 * 60 * 60 * 1000;

const person = document.body.dataset.person ?? "";
const place = `${PREFIX}${person}:${location.pathname}`;
const baselines = new WeakMap();
const mine = new WeakMap(); // form -> the names that this tab kept or put back
let hasLeft = false;

function read(key) {
  return JSON.parse(localStorage.getItem(key)) ?? { at: 0, forms: {} };
}

function write(key, forms) {
  if (Object.keys(forms).length) localStorage.setItem(key, JSON.stringify({ at: Date.now(), forms }));
  else localStorage.removeItem(key);
}

function keptKeys() {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}

function forget() {
  hasLeft = true;
  keptKeys().forEach((key) => localStorage.removeItem(key));
}

// Files cannot be kept, and passwords never are.
function typedIn(form) {
  const now = contents(form);
  form.querySelectorAll("input[type=file]").forEach((file) => now.delete(file.name));
  return now;
}

function isKept(form) {
  return !form.querySelector("input[type=password], [name=credential]") && typedIn(form).size > 0;
}

function nameOf(form) {
  const action = form.getAttribute("action") ?? "";
  const alike = [...document.forms].filter((other) => (other.getAttribute("action") ?? "") === action);
  return `${action}#${alike.indexOf(form)}`;
}

// What differs from what the server knows; null for what is no longer chosen.
function changesIn(form) {
  const then = baselines.get(form);
  const now = typedIn(form);
  const changed = [...now].filter(([name, value]) => then.get(name) !== value);
  const gone = [...then.keys()].filter((name) => !now.has(name)).map((name) => [name, null]);
  return Object.fromEntries([...changed, ...gone]);
}

// The hidden version that somebody saw who typed in this control, if it has one.
function versionBeside(control) {
  return control?.closest(".question")?.querySelector("input[name^='v-']");
}

function withVersions(form, changes) {
  const typed = new Set(Object.keys(changes).map((name) => name.split("=")[0]));
  const versions = [...form.elements]
    .filter((control) => typed.has(control.name))
    .map(versionBeside)
    .filter(Boolean);
  return { ...changes, ...Object.fromEntries(versions.map((version) => [version.name, version.value])) };
}

// What another tab keeps of the same page stays, until this tab has something of that name itself.
function keep(form) {
  const { forms } = read(place);
  const changes = withVersions(form, changesIn(form));
  const others = Object.entries(forms[nameOf(form)] ?? {}).filter(([name]) => !mine.get(form).has(name));
  Object.keys(changes).forEach((name) => mine.get(form).add(name));
  const all = { ...Object.fromEntries(others), ...changes };
  if (Object.keys(all).length) forms[nameOf(form)] = all;
  else delete forms[nameOf(form)];
  write(place, forms);
}

// All of it, not only what changed: a form that came back with errors shows what no page has saved.
function keepSent(form) {
  const { forms } = read(place);
  const all = Object.fromEntries(typedIn(form));
  forms[nameOf(form)] = withVersions(form, all);
  write(place, forms);
  sessionStorage.setItem(SENT + place, "1");
}

function putBack(form, name, value) {
  const [key, choice] = name.split("=");
  const controls = [...form.elements].filter((control) => control.name === (choice ? key : name));
  const isChoice = ["radio", "checkbox"].includes(controls[0]?.type);
  const control = isChoice ? controls.find((one) => one.value === (choice ?? value)) : controls[0];
  if (!control || control.type === "hidden") return null;
  if (isChoice) control.checked = value !== null;
  else control.value = value ?? "";
  return control;
}

function restore(form) {
  const kept = Object.entries(read(place).forms[nameOf(form)] ?? {});
  const then = baselines.get(form);
  const lost = kept.filter(([name, value]) => (then.get(name) ?? null) !== value);
  const controls = lost.map(([name, value]) => putBack(form, name, value)).filter(Boolean);
  kept.forEach(([name]) => mine.get(form).add(name));
  if (!controls.length) {
    keep(form);
    return;
  }
  // It was typed on the version of then: what a colleague wrote since must meet it, not vanish below it.
  const versions = Object.fromEntries(kept);
  controls.map(versionBeside).forEach((version) => {
    if (version && versions[version.name]) version.value = versions[version.name];
  });
  showNote(form);
  // Answers that are saved one by one are saved now.
  const parts = new Map(controls.map((control) => [control.closest(".question"), control]));
  parts.delete(null);
  const save = () => parts.forEach((control) => control.dispatchEvent(new Event("change", { bubbles: true })));
  if (document.readyState === "complete") save();
  else window.addEventListener("load", save);
}

function showNote(form) {
  const note = document.getElementById("typed-note").content.firstElementChild.cloneNode(true);
  note.querySelector("button").addEventListener("click", () => {
    form.reset();
    keep(form);
    note.remove();
  });
  form.before(note);
}

function watch(form) {
  baselines.set(form, typedIn(form));
  mine.set(form, new Set());
  restore(form);
  let timer;
  const now = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!hasLeft) keep(form);
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(now, WAIT);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(timer);
    timer = undefined;
    keepSent(form);
  });
  window.addEventListener("pagehide", () => {
    if (timer) now();
  });
}

// What was saved in the background counts as known by the server.
function watchSaving(root) {
  root.addEventListener("saved", (event) => {
    const form = event.target.closest("form");
    event.detail.forEach((value, name) => baselines.get(form)?.set(name, value));
    if (baselines.has(form)) keep(form);
  });
}

// A page that is the answer to what was sent: it was taken, or it stands in the form again.
function isAnswer() {
  const [visit] = performance.getEntriesByType("navigation");
  return visit?.type === "navigate" && !document.querySelector("[data-error-page]");
}

function tidy() {
  for (const key of keptKeys()) {
    const isOwn = key.startsWith(`${PREFIX}${person}:`);
    const isTaken = sessionStorage.getItem(SENT + key) && isAnswer();
    const isOld = Date.now() - read(key).at > LONGEST;
    if (isOld || (person && (!isOwn || isTaken))) localStorage.removeItem(key);
    sessionStorage.removeItem(SENT + key);
  }
}

export function keepTyped(root) {
  tidy();
  root.querySelectorAll("form[data-sign-out]").forEach((form) => form.addEventListener("submit", forget));
  if (!person) return;
  root.querySelectorAll("main form[method=post]").forEach((form) => {
    if (isKept(form)) watch(form);
  });
  watchSaving(root);
}
