// What was done on one copy and is not sent yet, in the order in which it was done. Records are only added and
// replaced as a whole, by their own key, so that two tabs never overwrite each other.
import { seal, unseal } from "./crypto.js";
import * as store from "./store.js";

const channel = new BroadcastChannel("thuispeil-offline");
const nameOf = (copy, id, order) => `${copy}/${id}/${order}`;

export function onChange(listen) {
  channel.addEventListener("message", ({ data }) => listen(data));
}

async function sealed(key, copy, { id, order, ...rest }) {
  return { id, copy, order, ...(await seal(key, nameOf(copy, id, order), rest)) };
}

export async function list(key, copy) {
  const records = await store.editsOf(copy);
  const opened = records.map(async (record) => ({
    ...(await unseal(key, nameOf(copy, record.id, record.order), record)),
    id: record.id,
    order: record.order,
  }));
  return (await Promise.all(opened)).sort((a, b) => a.order - b.order);
}

// Add new records (without an order), put changed ones, forget some and renew the copy: in one go.
export async function change(key, copy, { add = [], put = [], forget = [], snapshot = null }) {
  for (const record of add) record.order = await store.nextOrder();
  const edits = await Promise.all([...add, ...put].map((record) => sealed(key, copy, record)));
  const one = snapshot && { ...(await store.copy(copy)), ...(await seal(key, copy, snapshot)) };
  await store.write({ copy: one, edits, forget });
  channel.postMessage(copy);
}

export async function wipe(copy) {
  const records = await store.editsOf(copy);
  await store.write({ forgetCopy: copy, forget: records.map(({ id }) => id) });
  channel.postMessage(copy);
}
