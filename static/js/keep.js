// What was typed and not saved yet survives a lost connection, a closed tab and the end of a session: kept in
// this browser, per person, organisation that she acts for, and address. It goes when the server says that it
// answered the form, when the person throws it away, when she signs out or somebody else signs in, and after a week.
import { contents } from "./guard.js";
import * as storage from "./storage.js";

const PREFIX = "typed:";
const WAIT = 300;
const LONGEST = 7 * 24 * 60 * 60 * 1000;

const person = document.body.dataset.person ?? ""; // who, and for which organisation: '12-34'
const own = `${PREFIX}${person.split("-")[0]}-`;
const place = `${PREFIX}${person}:${location.pathname}${location.search}`;
const baselines = new WeakMap();
const mine = new WeakMap(); // form -> the names that this tab kept or put back
let hasLeft = false;

// Of each form what was typed and, once it was sent, the number it was sent with.
function read(key) {
  return JSON.parse(storage.read(key)) ?? { at: 0, forms: {} };
}

function write(key, forms) {
  if (Object.keys(forms).length) storage.write(key, JSON.stringify({ at: Date.now(), forms }));
  else storage.remove(key);
}

function keptKeys() {
  return storage.keys().filter((key) => key.startsWith(PREFIX));
}

function forget() {
  hasLeft = true;
  keptKeys().forEach(storage.remove);
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

// The hidden fields that tell what stood there when somebody began to type in controls of these names.
function seenBeside(form, names) {
  const hidden = [...form.querySelectorAll("[data-seen-for]")];
  return hidden.filter(({ dataset }) => dataset.seenFor.split(" ").some((name) => names.has(name)));
}

function withSeen(form, changes) {
  const names = new Set(Object.keys(changes).map((name) => name.split("=")[0]));
  const seen = seenBeside(form, names).map(({ name, value }) => [name, value]);
  return { ...changes, ...Object.fromEntries(seen) };
}

// What another tab keeps of the same page stays, until this tab has something of that name itself.
function keep(form) {
  const { forms } = read(place);
  const changes = withSeen(form, changesIn(form));
  const others = Object.entries(forms[nameOf(form)]?.typed ?? {}).filter(([name]) => !mine.get(form).has(name));
  Object.keys(changes).forEach((name) => mine.get(form).add(name));
  const typed = { ...Object.fromEntries(others), ...changes };
  if (Object.keys(typed).length) forms[nameOf(form)] = { typed };
  else delete forms[nameOf(form)];
  write(place, forms);
}

// All of it, not only what changed: a form that came back with errors shows what no page has saved.
function keepSent(form, sent) {
  const { forms } = read(place);
  forms[nameOf(form)] = { typed: withSeen(form, Object.fromEntries(typedIn(form))), sent };
  write(place, forms);
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
  const kept = Object.entries(read(place).forms[nameOf(form)]?.typed ?? {});
  const then = baselines.get(form);
  const lost = kept.filter(([name, value]) => (then.get(name) ?? null) !== value);
  const controls = lost.map(([name, value]) => putBack(form, name, value)).filter(Boolean);
  kept.forEach(([name]) => mine.get(form).add(name));
  if (!controls.length) {
    keep(form);
    return;
  }
  showNote(form, putBackSeen(form, controls, Object.fromEntries(kept)));
  // Answers that are saved one by one are saved now.
  const parts = new Map(controls.map((control) => [control.closest(".question"), control]));
  parts.delete(null);
  const save = () => parts.forEach((control) => control.dispatchEvent(new Event("change", { bubbles: true })));
  if (document.readyState === "complete") save();
  else window.addEventListener("load", save);
}

// It was typed on what stood there then: what a colleague wrote since must meet it, not vanish below it.
// Gives back how to undo this, for a form's reset leaves hidden fields alone.
function putBackSeen(form, controls, kept) {
  const seen = seenBeside(form, new Set(controls.map(({ name }) => name)));
  const fresh = seen.map((hidden) => [hidden, hidden.value]);
  seen.forEach((hidden) => (hidden.value = kept[hidden.name] ?? hidden.value));
  return () => fresh.forEach(([hidden, value]) => (hidden.value = value));
}

function showNote(form, undo) {
  const note = document.getElementById("typed-note").content.firstElementChild.cloneNode(true);
  note.querySelector("button").addEventListener("click", () => {
    form.reset();
    undo();
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
  let sent;
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
    sent = String(Date.now());
    keepSent(form, sent);
  });
  form.addEventListener("formdata", ({ formData }) => {
    if (sent) formData.append("sent", sent);
    sent = undefined;
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

// Only the server knows what reached it: a page that comes next may just as well be one that was asked for anew.
function answered() {
  return document.querySelector("[data-error-page]") ? [] : (document.body.dataset.answered ?? "").split(" ");
}

function tidy() {
  const numbers = answered();
  for (const key of keptKeys()) {
    const { at, forms } = read(key);
    const waiting = Object.entries(forms).filter(([, { sent }]) => !numbers.includes(sent));
    if (Date.now() - at > LONGEST || (person && !key.startsWith(own))) storage.remove(key);
    else if (waiting.length < Object.keys(forms).length) write(key, Object.fromEntries(waiting));
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
