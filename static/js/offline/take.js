// Taking a visit along, and opening it again: both ask the passphrase.
import { ITERATIONS, derive, random, seal, unseal } from "./crypto.js";
import { button, day, field, h } from "./dom.js";
import * as queue from "./queue.js";
import * as store from "./store.js";
import { Trouble, take } from "./sync.js";

const SHORTEST = 12;

// A hint and no measure: length counts, one sign again and again does not.
export function strength(words) {
  if (words.length < SHORTEST) return `Nog ${SHORTEST - words.length} tekens.`;
  if (new Set(words).size < 6) return "Gebruik meer verschillende tekens.";
  if (words.length < 20) return "Voldoende. Sterker: vier of meer losse woorden achter elkaar.";
  return "Sterk.";
}

const isWeak = (words) => words.length < SHORTEST || new Set(words).size < 6;

export async function readyWithoutNetwork() {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return false;
  try {
    await navigator.serviceWorker.register("sw.js");
    await navigator.serviceWorker.ready;
    return true;
  } catch {
    return false;
  }
}

async function takeAlong(visit, words) {
  const id = crypto.randomUUID();
  const salt = random(16);
  const key = await derive(words, salt, ITERATIONS);
  const snapshot = await take(visit, id);
  const copy = { id, salt, iterations: ITERATIONS, taken: Date.now(), ...(await seal(key, id, snapshot)) };
  await store.write({ copy });
  await navigator.storage?.persist?.(); // asks the browser not to tidy this away
  return { copy: id, key };
}

const TROUBLE = {
  offline: "Er is geen netwerk. Meenemen kan alleen met internet.",
  "signed-out": "U bent niet ingelogd. Log in en probeer het opnieuw.",
  failed: "Het lukte niet. Probeer het over een minuut opnieuw.",
};

function secret(name, autocomplete) {
  return h("input", { class: "utrecht-textbox utrecht-textbox--html-input", type: "password", name, autocomplete });
}

// `opened` is called with {copy, key}.
export function takeForm(visit, opened) {
  const form = h("form", { class: "form", novalidate: true });
  const draw = (errors = {}) => {
    const hint = h("p", { class: "small soft", "aria-live": "polite" });
    const first = secret("first", "new-password");
    first.addEventListener("input", () => (hint.textContent = strength(first.value)));
    const save = h("button", { class: "utrecht-button utrecht-button--primary-action", type: "submit" }, "Meenemen");
    form.replaceChildren(
      ...(errors.all ? [h("p", { class: "field__error", role: "alert" }, errors.all)] : []),
      field("first", "Wachtzin", first, `Ten minste ${SHORTEST} tekens. U heeft haar nodig om het bezoek te openen.`, errors.first),
      hint,
      field("second", "Wachtzin nog een keer", secret("second", "new-password"), "", errors.second),
      h("p", { class: "field" }, h("strong", {}, "Wij bewaren uw wachtzin nergens."), " Vergeet u haar, dan kan niemand lezen wat u nog niet verstuurde."),
      h("div", { class: "actions" }, save),
    );
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [first, second] = ["first", "second"].map((name) => form.elements[name].value);
    const errors = {};
    if (isWeak(first)) errors.first = strength(first);
    else if (first !== second) errors.second = "Dit is een andere wachtzin. Typ twee keer dezelfde.";
    if (!Object.keys(errors).length) {
      form.querySelector("button").disabled = true;
      try {
        opened(await takeAlong(visit, first));
        return;
      } catch (trouble) {
        if (!(trouble instanceof Trouble)) throw trouble;
        errors.all = TROUBLE[trouble.kind] ?? (trouble.message || "U kunt dit bezoek niet meenemen.");
      }
    }
    draw(errors);
    form.querySelector("[aria-invalid], input").focus();
  });
  draw();
  return form;
}

export async function unlockForm(copy, opened) {
  const count = await store.editCount(copy.id);
  const words = secret("words", "current-password");
  const error = h("p", { class: "field__error", role: "alert" });
  const open = h("button", { class: "utrecht-button utrecht-button--primary-action", type: "submit" }, "Openen");
  const form = h(
    "form",
    { class: "form", novalidate: true },
    h("h2", {}, `Bezoek, meegenomen op ${day(copy.taken)}`),
    h("p", { class: "soft" }, count ? `Vergrendeld. Op dit apparaat bewaard (${count} niet verzonden).` : "Vergrendeld. Alles is verzonden."),
    error,
    field(`words-${copy.id}`, "Wachtzin", words),
    h("div", { class: "actions" }, open, button("Wachtzin vergeten", "subtle", () => forget(copy, count))),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    open.disabled = true;
    error.textContent = "";
    try {
      const key = await derive(words.value, copy.salt, copy.iterations);
      await unseal(key, copy.id, copy);
      words.value = "";
      opened({ copy: copy.id, key });
    } catch (failure) {
      if (failure.name !== "OperationError") throw failure;
      error.textContent = "Deze wachtzin klopt niet. Probeer het opnieuw.";
      words.value = "";
      words.focus();
      open.disabled = false;
    }
  });
  return form;
}

async function forget(copy, count) {
  const loss = count ? `${count} wijzigingen zijn niet verzonden en gaan dan verloren.` : "Alles is verzonden, u verliest niets.";
  const ask = `Zonder wachtzin kan niemand dit bezoek openen. Van dit apparaat halen? ${loss}`;
  if (!window.confirm(ask)) return;
  await queue.wipe(copy.id);
  location.reload();
}
