// Sends what waits, batch by batch, each edit with an answer of its own. Sending twice changes nothing.
import { REFUSED, WAITING, absorb } from "./model.js";
import * as queue from "./queue.js";

const SCHEMA = "thuispeil.visit-offline.1";
const LARGEST = 1_000_000; // characters in one request
const BASE = location.pathname.replace(/offline\/$/, "");

export class Trouble extends Error {
  // kind: offline, signed-out, other-person, refused (the server says why), failed
  constructor(kind, message = "") {
    super(message);
    this.kind = kind;
  }
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(`${BASE}${path}`, { redirect: "manual", cache: "no-store", ...options });
  } catch {
    throw new Trouble("offline");
  }
  if (answer.type === "opaqueredirect") throw new Trouble("signed-out");
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  if (answer.ok && isJson) return answer.json();
  if (isJson) throw new Trouble("refused", (await answer.json()).message);
  throw new Trouble(answer.status === 403 || answer.status === 404 ? "refused" : "failed");
}

async function post(path, body, person) {
  // Of the session that there is now: it may have ended, or be somebody else's.
  const session = await ask("offline/sessie/");
  if (session.person === null) throw new Trouble("signed-out");
  if (person && session.person !== person) throw new Trouble("other-person");
  const headers = { "Content-Type": "application/json", "X-CSRFToken": session.token };
  return ask(path, { method: "POST", headers, body: JSON.stringify(body) });
}

export function take(visit, copy) {
  return post(`${visit}/meenemen/`, { copy });
}

function fields({ id, kind, object, item, common, field, base, after, read, value, made_at }) {
  return { id, kind, object, item, common, field, base, after, read, value, made_at };
}

function firstOf(waiting, most) {
  let size = 0;
  return waiting.slice(0, most).filter((edit, place) => {
    size += JSON.stringify(edit).length;
    return place === 0 || size < LARGEST;
  });
}

async function exchange(key, copy, visit, edits, returned = false) {
  const { pk } = visit.visit;
  const body = { schema: SCHEMA, person: visit.person.pk, copy, edits: edits.map(fields), returned };
  const answer = await post(`${pk}/wijzigingen/`, body, visit.person.pk);
  // Another tab may have added something while this was under way.
  const { messages, ...changes } = absorb(await queue.list(key, copy), answer.outcomes);
  await queue.change(key, copy, { ...changes, snapshot: answer.visit });
  return { visit: answer.visit, messages };
}

// Everything that waits; `only` is the id of one edit to send apart. One tab at a time.
export function send(key, copy, visit, most, only = null) {
  return navigator.locks.request(`thuispeil-send-${copy}`, async () => {
    let current = visit;
    const messages = [];
    const wanted = ({ id, state }) => (only ? id === only && state === REFUSED : state === WAITING);
    let waiting = (await queue.list(key, copy)).filter(wanted);
    do {
      const left = waiting.length;
      const result = await exchange(key, copy, current, firstOf(waiting, most));
      current = result.visit;
      messages.push(...result.messages);
      waiting = only ? [] : (await queue.list(key, copy)).filter(wanted);
      if (waiting.length && waiting.length >= left) throw new Trouble("failed");
    } while (waiting.length);
    return { visit: current, messages };
  });
}

// The device keeps nothing any more; when nobody hears it, that is no reason to keep it.
export async function tellReturned(key, copy, visit) {
  try {
    await exchange(key, copy, visit, [], true);
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
  }
}
