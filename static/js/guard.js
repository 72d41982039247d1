// A form with data-guard asks before one leaves with something that was not saved.
// What was saved in the background (autosave.js) counts as saved, question by question.
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

function keepSaved(root) {
  root.addEventListener("saved", (event) => {
    const form = saved.get(event.target.closest("form"));
    event.detail.forEach((value, name) => form?.set(name, value));
  });
}

export function guardForms(root) {
  const forms = [...root.querySelectorAll("form[data-guard]")];
  if (!forms.length) return;
  let leaving = false;
  forms.forEach((form) => {
    saved.set(form, contents(form));
    form.addEventListener("submit", (event) => {
      leaving = !event.defaultPrevented;
    });
    // To sign in again or to load the page anew: what was typed is kept and comes back.
    form.addEventListener("click", (event) => {
      leaving ||= Boolean(event.target.closest("a[data-kept]"));
    });
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && forms.some((form) => form.isConnected && isChanged(form))) event.preventDefault();
  });
  keepSaved(root);
}
