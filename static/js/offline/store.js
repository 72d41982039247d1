// The device's own store: copies of visits and what was done on them, each record sealed by who puts it here.
const NAME = "thuispeil-offline";
const EDITS = "edits";
const COPIES = "copies";
const ORDERS = "orders";
let opened;

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore(COPIES, { keyPath: "id" });
      db.createObjectStore(EDITS, { keyPath: "id" }).createIndex("copy", "copy");
      db.createObjectStore(ORDERS, { autoIncrement: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function read(store, ask) {
  const db = await open();
  return asked(ask(db.transaction(store).objectStore(store)));
}

export const copies = () => read(COPIES, (store) => store.getAll());
export const copy = (id) => read(COPIES, (store) => store.get(id));
export const editsOf = (id) => read(EDITS, (store) => store.index("copy").getAll(id));
export const editCount = (id) => read(EDITS, (store) => store.index("copy").count(id));

// A number after all others, whichever tab asks.
export async function nextOrder() {
  const db = await open();
  const store = db.transaction(ORDERS, "readwrite").objectStore(ORDERS);
  const order = await asked(store.add(0));
  store.delete(order);
  return order;
}

// All or nothing: sealed copies and edits to keep, keys of edits to forget.
export async function write({ copy: one, edits = [], forget = [], forgetCopy }) {
  const db = await open();
  const transaction = db.transaction([COPIES, EDITS], "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
  if (one) transaction.objectStore(COPIES).put(one);
  if (forgetCopy) transaction.objectStore(COPIES).delete(forgetCopy);
  edits.forEach((edit) => transaction.objectStore(EDITS).put(edit));
  forget.forEach((id) => transaction.objectStore(EDITS).delete(id));
  await done;
}
