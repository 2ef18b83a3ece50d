// Shows the page of no connection where the browser would show its own. Keeps that page and what it is drawn with, nothing of anybody's work.
"use strict";

const PAGE = "{% url 'offline' %}";
const KEPT = "offline";
const NO_SERVER_BEHIND_THE_PROXY = [502, 504];

async function keep() {
  const page = await fetch(PAGE, { cache: "reload" });
  if (!page.ok) throw new Error(`${PAGE}: ${page.status}`);
  const files = [...(await page.clone().text()).matchAll(/href="([^"]+\.(?:css|svg))"/g)].map((found) => found[1]);
  await caches.delete(KEPT);
  const cache = await caches.open(KEPT);
  await cache.addAll(files);
  await cache.put(PAGE, page);
}

async function visit(request) {
  const kept = () => caches.match(PAGE, { cacheName: KEPT });
  try {
    const answer = await fetch(request);
    return (NO_SERVER_BEHIND_THE_PROXY.includes(answer.status) && (await kept())) || answer;
  } catch (error) {
    return (await kept()) || Promise.reject(error);
  }
}

async function draw(request) {
  try {
    return await fetch(request);
  } catch (error) {
    return (await caches.match(request, { cacheName: KEPT })) || Promise.reject(error);
  }
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.respondWith(visit(event.request));
  else if (event.request.destination === "style") event.respondWith(draw(event.request));
});
