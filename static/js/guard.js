// A form with data-guard asks before one leaves with typed text that was not saved.
// Whoever saves in the background calls `markSaved(form)`.
const snapshots = new WeakMap();

function contents(form) {
  const entries = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  return JSON.stringify(entries.map(([name, value]) => [name, value instanceof File ? value.name : value]));
}

export function markSaved(form) {
  snapshots.set(form, contents(form));
}

export function guardForms(root) {
  const forms = [...root.querySelectorAll("form[data-guard]")];
  if (!forms.length) return;
  let leaving = false;
  forms.forEach((form) => {
    markSaved(form);
    form.addEventListener("submit", () => {
      leaving = true;
    });
  });
  window.addEventListener("beforeunload", (event) => {
    const changed = forms.some((form) => form.isConnected && snapshots.get(form) !== contents(form));
    if (changed && !leaving) event.preventDefault();
  });
}
