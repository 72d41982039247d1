// One visit on the screen: per criterion what the provider says, one's own judgement, findings; and what clashes.
import { button, day, field, h, hidden, lines, piece } from "./dom.js";
import { about, asData, asText, label, words } from "./export.js";
import * as model from "./model.js";

const JUDGED = ["level", "reason", "findings"];
const FOUND = ["source", "text", "items"];

function mark(level) {
  return piece(`mark-${level || "none"}`);
}

function score(item, level) {
  const known = item.levels.find(({ code }) => code === level);
  return h("p", { class: "offline-score" }, mark(level), known?.label ?? (level ? level : "Geen oordeel"));
}

function radios(name, legend, options, value, attributes, look) {
  const error = attributes.error;
  return h(
    "fieldset",
    { class: `${attributes.class} ${error ? "field--invalid" : ""}`, role: "radiogroup" },
    h("legend", { class: attributes.legend }, legend),
    error && h("p", { class: "field__error" }, error),
    ...attributes.wrap(
      options.map(({ code, label: shown }) => {
        const id = `${name}-${code}`;
        const control = h("input", { type: "radio", name, value: code, id, checked: code === value, ...attributes.input });
        return look(control, shown, code);
      }),
    ),
  );
}

function levels(name, item, value, error) {
  const radio = { class: "utrecht-radio-button utrecht-radio-button--html-input" };
  return radios(
    name,
    "Oordeel",
    item.levels,
    value,
    { class: "answer answer--rows", legend: "visually-hidden", input: radio, error, wrap: (all) => [h("div", { class: "score-choice" }, all)] },
    (control, shown, code) =>
      h("label", { class: `score-choice__option score-choice__option--${code}` }, mark(code), control, h("span", { class: "score-choice__words" }, shown)),
  );
}

const chip = (control, shown) => h("label", { class: "segment__option" }, control, h("span", {}, shown));

function area(value, name) {
  const control = h("textarea", { class: "utrecht-textarea utrecht-textarea--html-textarea", rows: 4, name, maxlength: 10000 });
  control.value = value;
  return control;
}

function boxes(name, legend, options, chosen, error) {
  return h(
    "fieldset",
    { class: `field offline-boxes ${error ? "field--invalid" : ""}` },
    h("legend", { class: "utrecht-form-label" }, legend),
    error && h("p", { class: "field__error" }, error),
    options.map(([value, shown]) =>
      h("label", { class: "choice" }, h("input", { type: "checkbox", class: "utrecht-checkbox utrecht-checkbox--html-input", name, value, checked: chosen.includes(value) }), h("span", {}, shown)),
    ),
  );
}

function checkChips(visit, name, checks, values) {
  if (!checks.length) return null;
  return h(
    "details",
    { class: "fold fold--checks", "data-fold": name },
    h("summary", {}, "Deelvragen: wat u zag"),
    h(
      "div",
      {},
      checks.map((check) =>
        radios(
          `${name}-${check.pk}`,
          `${check.code}. ${check.title}`,
          visit.check_answers,
          values[check.pk],
          { class: "check check--below", legend: "check__text", wrap: (all) => [h("div", { class: "segment" }, all)] },
          chip,
        ),
      ),
    ),
  );
}

// `desk` is what screen.js knows and does: visit, rows, edits, item, drafts, save, saveDraft, act.
export function workspace(desk) {
  const { visit, item } = desk;
  return [
    head(desk),
    messages(desk),
    clashes(desk),
    refusals(desk),
    tabs(desk),
    h("div", { class: "judging" }, own(desk), yours(desk)),
    h("div", { class: "card halves" }, visit.visit.may_add && newFinding(desk), findings(desk)),
    common(desk),
    h("div", { class: "card halves" }, counts(desk), notes(desk, item)),
    leave(desk),
  ];
}

function head({ visit }) {
  const { days, status, provider, locations } = visit.visit;
  return h(
    "div",
    { class: "page-head" },
    h("p", { class: "eyebrow" }, `Bezoek van ${days}. ${status}`),
    h("h1", { tabindex: -1 }, provider),
    h("p", { class: "soft" }, locations.join(", ")),
  );
}

function messages({ notices }) {
  return notices.length ? h("div", { class: "utrecht-alert utrecht-alert--info alert", role: "status" }, h("div", { class: "alert__body" }, notices.map((words_) => h("p", {}, words_)))) : null;
}

function version(title, text, act) {
  return h("div", {}, h("h3", {}, title), h("div", { class: "conflict__text" }, text ? lines(text) : h("p", { class: "soft" }, "Leeg")), act);
}

function clashes(desk) {
  return model.clashes(desk.edits).map((clash) => {
    const { theirs } = clash;
    const who = theirs.author || "een collega";
    const overwritten = clash.field === "removed" && typeof theirs.value === "string";
    const shown = overwritten ? theirs.value : words(desk.visit, { ...clash, value: theirs.value });
    const choose = (choice, text) => button(text, "secondary-action", () => desk.settle(clash, choice), { class: "utrecht-button--small" });
    return h(
      "section",
      { class: "conflict", "data-conflict": model.placeKey(clash), "aria-label": `Keuze: ${about(desk.visit, clash)}` },
      h(
        "div",
        { class: "conflict__head" },
        h("div", {}, h("h2", { class: "alert__title" }, `${about(desk.visit, clash)}: ${label(clash).toLowerCase()}`), h("p", {}, overwritten ? `U verwijderde deze bevinding. ${who} wijzigde haar.` : `U en ${who} schreven allebei.`)),
      ),
      h(
        "div",
        { class: "conflict__texts" },
        version("Uw versie", words(desk.visit, { ...clash, value: clash.mine }), choose("mine", overwritten ? "Toch verwijderen" : "Mijn versie houden")),
        version(`Versie van ${who}${theirs.at ? `, ${day(theirs.at)}` : ""}`, shown, choose("theirs", overwritten ? "Laten staan" : "Deze versie houden")),
      ),
      model.canJoin(clash) && h("div", { class: "conflict__foot" }, h("p", { class: "soft small" }, "Of zet beide onder elkaar. U kunt ze daarna aanpassen."), choose("both", "Beide houden")),
    );
  });
}

function refusals(desk) {
  const stuck = desk.edits.filter(({ state }) => state === model.REFUSED);
  const unsent = desk.edits.filter(({ state }) => state !== model.CONFLICT);
  if (!stuck.length && !(desk.blocked && unsent.length)) return null;
  const small = { class: "utrecht-button--small" };
  return h(
    "section",
    { class: "card", "aria-labelledby": "stuck" },
    h("h2", { id: "stuck" }, "Dit kon niet worden verstuurd"),
    desk.blocked && h("p", {}, desk.blocked),
    h("p", { class: "soft" }, "Het blijft op dit apparaat tot u het verstuurt of weghaalt. Bewaar het eerst als bestand. Dat bestand is niet versleuteld."),
    h(
      "ul",
      { class: "rows rows--tight" },
      stuck.map((edit) =>
        h(
          "li",
          {},
          h("p", {}, h("strong", {}, `${about(desk.visit, edit)}, ${label(edit).toLowerCase()}`)),
          lines(words(desk.visit, edit)),
          h("p", { class: "field__error" }, edit.message ?? ""),
          h("div", { class: "actions" }, button("Apart versturen", "secondary-action", () => desk.send(edit.id), small), button("Weghalen", "subtle", () => desk.drop(edit), small)),
        ),
      ),
    ),
    h("div", { class: "actions" }, button("Bewaren als tekst", "secondary-action", () => asText(desk.visit, unsent), small), button("Bewaren als gegevens", "secondary-action", () => asData(desk.visit, unsent), small)),
  );
}

function tabs(desk) {
  return h(
    "nav",
    { "aria-label": "Criteria" },
    h(
      "ul",
      { class: "tabs" },
      desk.visit.items.map((item) => {
        const level = (judged) => model.judgementOf(desk.rows, item.pk, judged).values.level;
        const given = level(true) || level(false);
        const known = item.levels.find(({ code }) => code === given);
        const current = item.pk === desk.item.pk ? "page" : null;
        return h(
          "li",
          {},
          h("a", { href: `#onderdeel-${item.pk}`, "aria-current": current }, mark(given), item.asks_provider ? `${item.code}. ${item.title}` : "Norm als geheel", hidden(`: ${known?.label ?? "nog geen oordeel"}`)),
        );
      }),
    ),
  );
}

function own({ item }) {
  const title = h("h2", {}, item.asks_provider ? "Eigen oordeel" : "De norm als geheel");
  const box = (...inside) => h("section", { class: "judging__own" }, title, ...inside);
  if (!item.asks_provider) return box(h("p", {}, item.text));
  if (item.own_hidden) return box(h("p", {}, "U ziet het oordeel van de aanbieder nadat u zelf hebt geoordeeld en dat is verstuurd."));
  if (!item.own) return box(h("p", {}, "De aanbieder heeft niets ingediend. Dat is geen lage score."));
  return box(
    h("p", { class: "small soft" }, "Van de aanbieder"),
    score(item, item.own.level),
    item.own.note && h("h3", {}, "Toelichting"),
    item.own.note && h("div", { class: "prose" }, lines(item.own.note)),
    item.own.checks.length > 0 && h("h3", {}, "Deelvragen"),
    item.own.checks.length > 0 && h("dl", { class: "facts" }, item.own.checks.flatMap(({ title: asked, answer }) => [h("dt", {}, answer || "–"), h("dd", {}, asked)])),
  );
}

// Each form is without autocomplete: a browser keeps what was typed in others on disk, to restore a tab.

// Gathers what stands in a form by field; a deelvraag is a judgement of its own.
function judgementForm(desk, shared, words_, proposal = null) {
  const { visit, item } = desk;
  const key = `${shared ? "common" : "own"}-${item.pk}`;
  const row = model.judgementOf(desk.rows, item.pk, shared);
  const checks = item.checks.map((check) => [check, model.judgementOf(desk.rows, check.pk, shared)]);
  const draft = desk.drafts.get(key);
  const looked = draft?.looked ?? { ...model.seen(row, JUDGED), checks: checks.map(([, one]) => model.seen(one, ["level"])) };
  const first = { level: row.values.level, reason: row.values.reason, findings: row.values.findings || [], checks: Object.fromEntries(checks.map(([check, one]) => [check.pk, one.values.level])) };
  const now = draft?.typed ?? (proposal && !row.values.level ? proposal : first);
  const errors = desk.errors.get(key) ?? {};
  const cited = model.findingsOf(visit, desk.rows, item).filter(({ values }) => !values.removed);
  const form = h(
    "form",
    { class: "field", novalidate: true, autocomplete: "off", "data-form": key },
    levels(`${key}-level`, item, now.level, errors.level),
    checkChips(visit, key, item.checks, now.checks),
    field(`${key}-reason`, "Reden", area(now.reason, "reason"), "Verwijs naar uw bevindingen.", errors.reason),
    cited.length > 0 && boxes("findings", "Bevindingen die dit laten zien", cited.map(({ place, values }) => [place.object, values.text]), now.findings),
    h("div", { class: "actions" }, h("button", { class: "utrecht-button utrecht-button--primary-action", type: "submit" }, words_)),
  );
  const typed = () => {
    const data = new FormData(form);
    const answers = item.checks.map((check) => [check.pk, data.get(`${key}-${check.pk}`) ?? ""]);
    return { level: data.get(`${key}-level`) ?? "", reason: data.get("reason").trim(), findings: data.getAll("findings").sort(), checks: Object.fromEntries(answers) };
  };
  desk.watch(form, key, looked, typed, () => {
    const all = typed();
    const wrong = { ...(all.level ? {} : { level: "Kies een oordeel." }), ...(all.reason ? {} : { reason: "Schrijf waarom dit het oordeel is." }) };
    const { checks: below, ...fields } = looked;
    const edits = model.editsFor(row.place, fields, all);
    checks.forEach(([check, one], n) => edits.push(...model.editsFor(one.place, below[n], { level: all.checks[check.pk] })));
    return { wrong, edits };
  });
  return form;
}

function yours(desk) {
  return h(
    "section",
    { class: "judging__yours" },
    h("h2", {}, "Uw oordeel"),
    h("p", { class: "small soft" }, desk.item.title),
    desk.visit.visit.may_record ? judgementForm(desk, false, "Opslaan") : h("p", {}, "U kunt hier nu niets vastleggen."),
    state(model.judgementOf(desk.rows, desk.item.pk, false)),
  );
}

function state({ states }) {
  const waits = Object.keys(states).length > 0;
  return waits ? h("p", { class: "save-state" }, piece("icon-device"), "Op dit apparaat") : null;
}

function common(desk) {
  const { visit, item, rows } = desk;
  const others = visit.judgements.filter((one) => one.item === item.pk && !one.common && !one.mine && one.level);
  const mine = model.judgementOf(rows, item.pk, false).values;
  const proposal = mine.level && { level: mine.level, reason: mine.reason, findings: mine.findings || [], checks: Object.fromEntries(item.checks.map(({ pk }) => [pk, model.judgementOf(rows, pk, false).values.level])) };
  const row = model.judgementOf(rows, item.pk, true);
  return h(
    "section",
    { class: "card halves" },
    h(
      "div",
      {},
      h("h2", {}, "Gezamenlijk oordeel"),
      h("p", { class: "soft" }, "Alleen het gezamenlijke oordeel komt in het rapport."),
      item.closed && h("p", {}, "Ieder oordeelt eerst apart. U ziet elkaars oordeel als het hele team heeft geoordeeld en verstuurd."),
      h("ul", { class: "rows" }, others.map(({ author, level, reason }) => h("li", { class: "stack stack--tight" }, h("h3", { class: "row__title" }, author), score(item, level), h("div", { class: "prose" }, lines(reason))))),
    ),
    h(
      "div",
      {},
      h("p", {}, h("strong", {}, row.values.level ? "Vastgelegd" : "Nog niet vastgelegd.")),
      item.closed || !visit.visit.may_record ? null : judgementForm(desk, true, "Gezamenlijk oordeel vastleggen", proposal),
      state(row),
    ),
  );
}

function findingForm(desk, key, row, save, known = model.seen(row, FOUND)) {
  const { visit } = desk;
  const draft = desk.drafts.get(key);
  const looked = draft?.looked ?? known;
  const now = draft?.typed ?? row.values;
  const errors = desk.errors.get(key) ?? {};
  const place = draft?.place ?? row.place;
  const counted = visit.choices.filter(({ pk }) => now.items.includes(pk)).map(({ label: shown }) => shown);
  const form = h(
    "form",
    { class: "field", novalidate: true, autocomplete: "off", "data-form": key },
    radios(`${key}-source`, "Waar komt het vandaan?", visit.sources, now.source, { class: "big-choice", legend: "", error: errors.source, wrap: (all) => all }, chip),
    field(`${key}-text`, "Wat hoorde of zag u?", area(now.text, "text"), "Een feit, zonder namen.", errors.text),
    h("details", { class: "note field", "data-fold": key, open: Boolean(errors.items) }, h("summary", {}, counted.length ? `Telt mee voor ${counted.join(", ")}. Wijzigen` : "Kies waarvoor dit telt"), boxes("items", "Telt mee voor", visit.choices.map(({ pk, label: shown }) => [pk, shown]), now.items, errors.items)),
    h("div", { class: "actions" }, h("button", { class: "utrecht-button utrecht-button--primary-action utrecht-button--full", type: "submit" }, save)),
  );
  const typed = () => {
    const data = new FormData(form);
    return { source: data.get(`${key}-source`) ?? "", text: data.get("text").trim(), items: data.getAll("items").map(Number).sort((a, b) => a - b) };
  };
  desk.watch(
    form,
    key,
    looked,
    typed,
    () => {
      const all = typed();
      const wrong = {
        ...(all.source ? {} : { source: "Kies waar de bevinding vandaan komt." }),
        ...(all.text ? {} : { text: "Schrijf op wat u hoorde of zag." }),
        ...(all.items.length ? {} : { items: "Kies bij welk criterium de bevinding hoort." }),
      };
      return { wrong, edits: model.editsFor(place, looked, all) };
    },
    place,
  );
  return form;
}

function newFinding(desk) {
  const place = { kind: "finding", object: crypto.randomUUID() };
  const row = { place, values: { source: "", text: "", items: [desk.item.pk] } };
  // The criterion that is ticked beforehand is not saved yet either.
  const nothing = model.seen({ values: { source: "", text: "", items: [] }, versions: {}, last: {} }, FOUND);
  const form = findingForm(desk, `finding-new-${desk.item.pk}`, row, "Bevinding bewaren", nothing);
  return h("section", {}, h("h2", {}, "Nieuwe bevinding"), form);
}

function findings(desk) {
  const { visit, item } = desk;
  const all = model.findingsOf(visit, desk.rows, item);
  const there = all.filter(({ values }) => !values.removed).reverse();
  const gone = all.filter(({ values }) => values.removed);
  const small = { class: "utrecht-button--small" };
  const source = (code) => visit.sources.find((one) => one.code === code)?.label ?? "";
  const named = (text) => hidden(`: ${text.slice(0, 40)}`);
  return h(
    "section",
    {},
    h("h2", {}, "Bevindingen bij dit criterium"),
    there.length
      ? h(
          "ul",
          { class: "rows" },
          there.map((row) => {
            const id = row.place.object;
            const waits = Object.keys(row.states).length > 0;
            const sent = waits ? h("small", {}, piece("icon-device"), "op dit apparaat") : h("small", {}, piece("icon-sent"), "verstuurd");
            const edit = button(["Wijzigen", named(row.values.text)], "subtle", () => desk.toggle(id), { ...small, "aria-expanded": String(desk.editing === id) });
            const remove = button(["Verwijderen", named(row.values.text)], "subtle", () => desk.remove(row, true), small);
            return h(
              "li",
              { class: "finding", "data-finding": id },
              h("p", {}, source(row.values.source), " ", sent),
              lines(row.values.text),
              visit.visit.may_record && h("div", { class: "switch" }, edit, visit.visit.may_add && remove),
              desk.editing === id && findingForm(desk, `finding-${id}`, row, "Opslaan"),
            );
          }),
        )
      : h("p", { class: "soft" }, "Nog geen bevindingen bij dit criterium."),
    gone.length > 0 &&
      h(
        "details",
        { class: "fold small", "data-fold": "gone" },
        h("summary", {}, `Verwijderd (${gone.length})`),
        h("ul", { class: "rows rows--tight" }, gone.map((row) => h("li", {}, lines(row.values.text), visit.visit.may_add && button(["Terugzetten", named(row.values.text)], "subtle", () => desk.remove(row, false), small)))),
      ),
  );
}

function counts(desk) {
  const key = "counts";
  const row = [...desk.rows.values()].find(({ place }) => place.kind === "counts");
  const fields = Object.keys(model.COUNTS);
  const draft = desk.drafts.get(key);
  const looked = draft?.looked ?? model.seen(row, fields);
  const now = draft?.typed ?? row.values;
  const errors = desk.errors.get(key) ?? {};
  const input = (name) => h("input", { class: "utrecht-textbox utrecht-textbox--html-input", type: "number", min: 0, max: 999, name, value: now[name] });
  const form = h(
    "form",
    { class: "field offline-counts", novalidate: true, autocomplete: "off", "data-form": key },
    fields.map((name) => field(`counts-${name}`, model.COUNTS[name], input(name), "", errors[name])),
    h("div", { class: "actions" }, h("button", { class: "utrecht-button utrecht-button--secondary-action", type: "submit" }, "Opslaan")),
  );
  const typed = () => Object.fromEntries(fields.map((name) => [name, form.elements[name].value === "" ? "" : Number(form.elements[name].value)]));
  desk.watch(form, key, looked, typed, () => {
    const all = typed();
    const bad = fields.filter((name) => !Number.isInteger(all[name]) || all[name] < 0 || all[name] > 999);
    const wrong = Object.fromEntries(bad.map((name) => [name, "Vul een heel getal in van 0 tot en met 999."]));
    return { wrong, edits: model.editsFor(row.place, looked, all) };
  });
  return h("section", {}, h("h2", {}, "Hoeveel u zag"), visitMay(desk) ? form : null, state(row));
}

const visitMay = ({ visit }) => visit.visit.may_record;

function noteForm(desk, item, words_) {
  const { visit, rows } = desk;
  const key = `note-${item ?? "visit"}`;
  const row = model.noteOf(rows, item);
  const draft = desk.drafts.get(key);
  const looked = draft?.looked ?? model.seen(row, ["text"]);
  const last = visit.notes.find((note) => note.item === item);
  const form = h(
    "form",
    { class: "field", novalidate: true, autocomplete: "off", "data-form": key },
    field(`${key}-text`, words_, area(draft?.typed.text ?? row.values.text, "text"), last ? `${last.author}, ${day(last.at)}` : ""),
    h("div", { class: "actions" }, h("button", { class: "utrecht-button utrecht-button--secondary-action", type: "submit" }, "Notitie opslaan")),
    state(row),
  );
  const typed = () => ({ text: new FormData(form).get("text").trim() });
  desk.watch(form, key, looked, typed, () => ({ wrong: {}, edits: model.editsFor(row.place, looked, typed()) }));
  return form;
}

function notes(desk, item) {
  const { focus } = desk.visit.visit;
  return h(
    "section",
    {},
    h("h2", {}, "Notities van het team"),
    h("p", { class: "small soft" }, "Alleen de inspectie leest ze."),
    focus && h("div", { class: "prose" }, h("h3", {}, "Aandachtspunten"), lines(focus)),
    visitMay(desk) && noteForm(desk, item.pk, `Bij ${item.code}. ${item.title}`),
    visitMay(desk) && noteForm(desk, null, "Bij het hele bezoek"),
  );
}

function leave(desk) {
  const unsent = desk.edits.length;
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "Klaar?"),
    unsent
      ? h("p", {}, `Er ${unsent === 1 ? "is 1 wijziging" : `zijn ${unsent} wijzigingen`} niet verzonden. Verstuur ze eerst, of bewaar ze als bestand.`)
      : h("p", {}, "Alles is verzonden. Haal het bezoek van dit apparaat als u klaar bent."),
    h(
      "div",
      { class: "actions" },
      button("Klaar: van dit apparaat halen", "secondary-action", () => desk.leave()),
      unsent > 0 && button("Bewaren als tekst", "subtle", () => asText(desk.visit, desk.edits)),
      unsent > 0 && button("Bewaren als gegevens", "subtle", () => asData(desk.visit, desk.edits)),
    ),
  );
}
