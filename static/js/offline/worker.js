// Serves the page without a network from its own copy. `self.shell` names the files; no data ever comes here.
const { name, files } = self.shell;
const page = new URL("./", self.location).pathname;
const known = new Set([...files, page]);

self.addEventListener("install", (event) => {
  const fresh = (file) => new Request(file, { cache: "reload", credentials: "omit" });
  const fill = async () => (await caches.open(name)).addAll([...known].map(fresh));
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const old = (await caches.keys()).filter((other) => other.startsWith("offline-") && other !== name);
    await Promise.all(old.map((other) => caches.delete(other)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !known.has(url.pathname)) return;
  const kept = caches.match(url.pathname, { cacheName: name, ignoreVary: true });
  event.respondWith(kept.then((hit) => hit ?? fetch(event.request)));
});
