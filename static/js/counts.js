// How far a theme is, kept true beside the form while its answers are saved one by one. The server says so at
// each page; this adds what was saved since.
import { contents } from "./guard.js";

function isAnswered(question) {
  return [...contents(question)].some(
    ([name, value]) => name.startsWith("a-") && value.trim() && value !== "unknown",
  );
}

export function countAnswers(root) {
  const place = root.querySelector("[data-theme-answered]");
  const form = root.querySelector("form[data-autosave]");
  if (!place || !form) return;
  let answered = Number(place.dataset.themeAnswered);
  const known = new Map();
  // What does not apply lies folded away, and does not count.
  const questions = [...form.querySelectorAll(".question")].filter((question) => !question.closest("details"));
  questions.forEach((question) => known.set(question, isAnswered(question)));
  form.addEventListener("saved", ({ target }) => {
    if (!known.has(target) || known.get(target) === isAnswered(target)) return;
    known.set(target, isAnswered(target));
    answered += known.get(target) ? 1 : -1;
    place.textContent = `${answered} van ${place.dataset.themeTotal}`;
  });
}
