// Answering without a mouse: one key gives a judgement, two walk the questions. Keys work while the focus is in
// a question and not in a field to type in; who is troubled by them switches them off in the help.
import { read, remove, write } from "./storage.js";

const OFF = "keys:off";
const NAMED = { 0: "unknown", n: "not_applicable" };
const TYPED_IN = "textarea, select, input:not([type=radio]), [contenteditable]";

function isOn() {
  return read(OFF) === null;
}

// The radio group with the focus, or the first of the question.
function radiosOf(question) {
  return [...question.querySelectorAll("input[type=radio]")];
}

function choose(question, key) {
  const radios = radiosOf(question);
  const ranked = radios.filter((radio) => !Object.values(NAMED).includes(radio.value));
  const radio = key in NAMED ? radios.find(({ value }) => value === NAMED[key]) : ranked[Number(key) - 1];
  if (!radio) return false;
  radio.focus();
  radio.click();
  return true;
}

function focusOn(question) {
  const controls = "input:not([type=hidden]):checked, input:not([type=hidden]), textarea, select, a, button";
  const place = question.querySelector("input[type=radio]:checked") ?? question.querySelector(controls);
  place?.focus({ preventScroll: true });
  question.scrollIntoView({ block: "center" });
}

function walk(questions, question, step) {
  const next = questions[questions.indexOf(question) + step];
  if (next) focusOn(next);
  return Boolean(next);
}

export function answerByKeys(root) {
  const form = root.querySelector("form[data-keys]");
  const dialog = root.querySelector("dialog[data-keys-help]");
  if (!form || !dialog) return;
  const open = root.querySelector("[data-keys-open]");
  const isWanted = dialog.querySelector("[data-keys-on]");
  const questions = [...form.querySelectorAll(".question")];
  open.hidden = false;
  open.addEventListener("click", () => dialog.showModal());
  isWanted.checked = isOn();
  isWanted.addEventListener("change", () => {
    if (isWanted.checked) remove(OFF);
    else write(OFF, "1");
  });
  form.addEventListener("keydown", (event) => {
    const question = event.target.closest(".question");
    const isTyping = event.target.matches(TYPED_IN);
    if (!isOn() || !question || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const isDone =
      (event.key === "j" && walk(questions, question, 1)) ||
      (event.key === "k" && walk(questions, question, -1)) ||
      (event.key === "?" && (dialog.showModal(), true)) ||
      (/^[0-9n]$/.test(event.key) && choose(question, event.key));
    if (isDone) event.preventDefault();
  });
}
