// Saves each answer by itself: at a change, and when one stops typing. htmx sends; this says when and what.
// What got no answer is sent again unchanged, with its own save id, before anything newer: so it is saved once.
import { contents } from "./guard.js";

const PAUSE = 1500;
const WAITS = [3, 5, 10, 20, 40, 60]; // seconds between attempts to reach the server

const known = new WeakMap(); // question -> what the server answered about
const underway = new Map(); // question -> what was sent and has no answer yet
const waiting = new Set(); // of these the questions that could not be sent
const timers = new WeakMap();
let attempts = 0;
let nextAttempt;
let submitAfter; // a form that waits until all is answered, with the button that was pressed

function isSame(question) {
  const then = known.get(question);
  const now = contents(question);
  return now.size === then.size && [...now].every(([name, value]) => then.get(name) === value);
}

function save(question) {
  clearTimeout(timers.get(question));
  if (underway.has(question) || !isSame(question)) question.dispatchEvent(new Event("save"));
}

function soon(question) {
  clearTimeout(timers.get(question));
  timers.set(question, setTimeout(save, PAUSE, question));
}

function bodyOf(question) {
  const hidden = [...question.querySelectorAll("input[type=hidden]")];
  return { typed: contents(question), hidden: hidden.map(({ name, value }) => [name, value]) };
}

// Only this question, whatever the page holds.
function send(event) {
  const question = event.target;
  if (!known.has(question)) return;
  if (!underway.has(question)) {
    if (isSame(question)) {
      event.preventDefault();
      return;
    }
    underway.set(question, bodyOf(question));
  }
  const { typed, hidden } = underway.get(question);
  const body = new FormData();
  [...hidden, ...typed].forEach(([name, value]) => body.append(name, value));
  const token = question.closest("form").querySelector("[name=csrfmiddlewaretoken]");
  body.append(token.name, token.value);
  event.detail.parameters = body;
}

function answered(event) {
  const question = event.target;
  if (!underway.has(question)) return;
  if (event.detail.successful) take(question);
  else fail(question, event.detail.xhr.status);
  showConnection();
  if (!underway.size && submitAfter) submitAfter();
}

function take(question) {
  const { typed } = underway.get(question);
  underway.delete(question);
  waiting.delete(question);
  attempts = 0;
  known.set(question, typed);
  // An answer with a conflict or an error in it saved nothing.
  const isSaved = question.querySelector("[data-saved]");
  if (isSaved) question.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail: typed }));
  if (!isSame(question)) soon(question);
}

function fail(question, status) {
  if (status === 0 || status >= 500) {
    waiting.add(question);
    show(question, "away");
    submitAfter = undefined;
    clearTimeout(nextAttempt);
    nextAttempt = setTimeout(sendWaiting, WAITS[Math.min(attempts++, WAITS.length - 1)] * 1000);
  } else {
    underway.delete(question); // refused, so it was not saved: next time what stands there then
    waiting.delete(question);
    show(question, status === 401 ? "signed-out" : "refused");
  }
}

function sendWaiting() {
  waiting.forEach(save);
}

function template(name) {
  return document.getElementById(`save-${name}`).content.cloneNode(true);
}

// The hidden fields beside it stay: they tell on which version one typed.
function show(question, name) {
  const state = question.querySelector(".question__state");
  state.querySelectorAll(".save-state").forEach((line) => line.remove());
  state.append(template(name));
}

function showConnection() {
  const place = document.querySelector("[data-connection]");
  const isAway = waiting.size > 0 || !navigator.onLine;
  if (isAway && !place.hasChildNodes()) place.append(template("connection"));
  else if (!isAway) place.replaceChildren();
}

// A page that is sent while an answer is on its way would bring that answer twice, the second time as another.
function submit(event) {
  const form = event.currentTarget;
  if (navigator.onLine && !underway.size) return;
  event.preventDefault();
  form.querySelectorAll(".question").forEach(save);
  showConnection();
  if (!navigator.onLine) return;
  submitAfter = () => {
    submitAfter = undefined;
    form.requestSubmit(event.submitter);
  };
}

export function autosave(root) {
  const form = root.querySelector("form[data-autosave]");
  if (!form) return;
  const note = form.querySelector("[data-autosave-note]");
  if (note) note.hidden = false;
  const questions = [...form.querySelectorAll(".question")];
  questions.forEach((question) => known.set(question, contents(question)));
  const questionOf = (event) => event.target.closest(".question");
  form.addEventListener("input", (event) => questionOf(event) && soon(questionOf(event)));
  form.addEventListener("change", (event) => questionOf(event) && save(questionOf(event)));
  form.addEventListener("htmx:configRequest", send);
  form.addEventListener("htmx:afterRequest", answered);
  form.addEventListener("submit", submit);
  // The sentence for who was signed out stands in the page.
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 401) event.detail.shouldSwap = false;
  });
  window.addEventListener("offline", showConnection);
  window.addEventListener("online", () => {
    attempts = 0;
    showConnection();
    sendWaiting();
  });
  document.addEventListener("visibilitychange", () => document.hidden && questions.forEach(save));
}
