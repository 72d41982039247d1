// What was typed and not saved yet survives the end of a session: kept in this tab, per person and page.
// It goes when it was taken by the server, when the person throws it away, and when she signs out.
import { contents } from "./guard.js";

const PREFIX = "typed:";
const WAIT = 300;

const person = document.body.dataset.person ?? "";
const place = `${PREFIX}${person}:${location.pathname}`;
const baselines = new WeakMap();
let hasLeft = false;

function read(key) {
  return JSON.parse(sessionStorage.getItem(key)) ?? { isSent: false, forms: {} };
}

function write(key, entry) {
  if (Object.keys(entry.forms).length) sessionStorage.setItem(key, JSON.stringify(entry));
  else sessionStorage.removeItem(key);
}

function keptKeys() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

function forget() {
  hasLeft = true;
  keptKeys().forEach((key) => sessionStorage.removeItem(key));
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

function keep(form) {
  const entry = read(place);
  const changes = changesIn(form);
  if (Object.keys(changes).length) entry.forms[nameOf(form)] = changes;
  else delete entry.forms[nameOf(form)];
  write(place, { ...entry, isSent: false });
}

// All of it, not only what changed: a form that came back with errors shows what no page has saved.
function keepSent(form) {
  const entry = read(place);
  entry.forms[nameOf(form)] = Object.fromEntries(typedIn(form));
  write(place, { ...entry, isSent: true });
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
  if (!controls.length) return;
  showNote(form);
  // Answers that are saved one by one are saved now.
  const parts = new Map(controls.map((control) => [control.closest("[hx-post]"), control]));
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
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = undefined;
    keepSent(form);
  });
  window.addEventListener("pagehide", () => {
    if (timer) now();
  });
}

// What htmx saved counts as known by the server, as it was when it was sent.
function watchSaving(root) {
  const sent = new WeakMap();
  root.addEventListener("htmx:beforeRequest", (event) => sent.set(event.detail.xhr, contents(event.target)));
  root.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form");
    const baseline = form && baselines.get(form);
    if (!baseline || !event.detail.successful) return;
    sent.get(event.detail.xhr)?.forEach((value, name) => baseline.set(name, value));
    keep(form);
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
    const entry = read(key);
    if (person && !isOwn) sessionStorage.removeItem(key);
    else if (!entry.isSent) continue;
    else if (person && isAnswer()) sessionStorage.removeItem(key);
    else write(key, { ...entry, isSent: false });
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
