// Elements from data. Text is only ever text: nothing that somebody typed becomes markup.
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// A piece that the page brought along, such as an icon or the shape of a score.
export function piece(id) {
  return document.getElementById(id)?.content.cloneNode(true) ?? "";
}

export function button(words, kind, onclick, more = {}) {
  const style = `utrecht-button utrecht-button--${kind} ${more.class ?? ""}`.trim();
  return h("button", { type: "button", onclick, ...more, class: style }, words);
}

export function lines(text) {
  return text.split("\n").map((line) => h("p", {}, line));
}

export function hidden(words) {
  return h("span", { class: "visually-hidden" }, words);
}

export function field(id, label, control, help = "", error = "") {
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" ");
  if (described) control.setAttribute("aria-describedby", described);
  if (error) control.setAttribute("aria-invalid", "true");
  control.id = id;
  return h(
    "div",
    { class: error ? "field field--invalid utrecht-form-field--invalid" : "field" },
    h("label", { class: "utrecht-form-label", for: id }, label),
    help && h("p", { class: "utrecht-form-field-description", id: `${id}-help` }, help),
    error && h("p", { class: "field__error", id: `${id}-error` }, error),
    control,
  );
}

export const day = (moment) =>
  new Date(moment).toLocaleString("nl-NL", { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" });
export const clock = (moment) => new Date(moment).toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" });
