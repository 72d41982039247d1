// A form with data-guard asks before one leaves with something that was not saved.
// What htmx saved in the background counts as saved, question by question.
const saved = new WeakMap();

// What stands in the visible controls below `root`: name -> value. Hidden fields are not typed.
export function contents(root) {
  const typed = "textarea, select, input:not([type=hidden])";
  const controls = [...root.querySelectorAll(typed)].filter((control) => control.name && isChosen(control));
  return new Map(controls.map((control) => [key(control), control.value]));
}

function isChosen(control) {
  return !["radio", "checkbox"].includes(control.type) || control.checked;
}

function key(control) {
  return control.type === "checkbox" ? `${control.name}=${control.value}` : control.name;
}

function isChanged(form) {
  const then = saved.get(form);
  const now = contents(form);
  return now.size !== then.size || [...now].some(([name, value]) => then.get(name) !== value);
}

// What was sent counts, not what stands there when the answer comes: one may have typed on.
function keepSaved(root) {
  const sent = new WeakMap();
  root.addEventListener("htmx:beforeRequest", (event) => sent.set(event.detail.xhr, contents(event.target)));
  root.addEventListener("htmx:afterRequest", (event) => {
    const form = saved.get(event.target.closest("form"));
    if (!form || !event.detail.successful) return;
    sent.get(event.detail.xhr)?.forEach((value, name) => form.set(name, value));
  });
}

export function guardForms(root) {
  const forms = [...root.querySelectorAll("form[data-guard]")];
  if (!forms.length) return;
  let leaving = false;
  forms.forEach((form) => {
    saved.set(form, contents(form));
    form.addEventListener("submit", () => {
      leaving = true;
    });
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && forms.some((form) => form.isConnected && isChanged(form))) event.preventDefault();
  });
  keepSaved(root);
}
