// What every page does without being asked: htmx under a strict policy, dialogs, menus, toasts, keys.
"use strict";

(() => {
  const body = document.body;
  document.documentElement.classList.add("has-script");

  // Without a connection the worker shows a page of ours; pages work without it, too (in private windows, say).
  navigator.serviceWorker?.register(body.dataset.offline).catch(() => {});

  // htmx: the token comes from the page, not from an attribute on each form.
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
  });
  document.addEventListener("htmx:responseError", () => toast(body.dataset.textFailed, "error"));
  document.addEventListener("htmx:sendError", () => toast(body.dataset.textOffline, "error"));

  // Toasts: `HX-Trigger: {"toast": {"text": "Saved.", "tone": "success"}}` from any view.
  document.addEventListener("toast", (event) => toast(event.detail.text || event.detail.value, event.detail.tone || "success"));

  function toast(text, tone) {
    const note = document.createElement("div");
    note.className = `toast-note toast-${tone}`;
    const line = document.createElement("p");
    line.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "quiet-button";
    close.dataset.dismiss = "";
    close.setAttribute("aria-label", body.dataset.textClose);
    close.textContent = "\u00d7";
    note.append(line, close);
    document.getElementById("toasts").append(note);
    fade(note);
  }

  function fade(note) {
    if (note.classList.contains("toast-error")) return;
    let left = setTimeout(() => note.remove(), 8000);
    note.addEventListener("pointerenter", () => clearTimeout(left));
    note.addEventListener("focusin", () => clearTimeout(left));
    note.addEventListener("pointerleave", () => { left = setTimeout(() => note.remove(), 4000); });
  }
  document.querySelectorAll(".toast-note").forEach(fade);

  // Clicks: dialogs, menus, the sidebar on a phone.
  document.addEventListener("click", (event) => {
    const dismissed = event.target.closest("[data-dismiss]");
    if (dismissed) dismissed.closest(".toast-note").remove();
    const opener = event.target.closest("[data-dialog]");
    if (opener) openDialog(opener.dataset.dialog);
    const closer = event.target.closest("[data-dialog-close]");
    if (closer) closer.closest("dialog").close();
    if (event.target.matches("dialog")) event.target.close();
    if (event.target.closest("[data-menu]")) body.classList.toggle("menu-open");
    else if (body.classList.contains("menu-open") && !event.target.closest(".sidebar")) body.classList.remove("menu-open");
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("dialog:close", () => document.querySelectorAll("dialog[open]").forEach((open) => open.close()));

  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    if (id === "keys") listKeys(dialog);
    dialog.showModal();
    const first = dialog.querySelector("[autofocus], .sheet-body input:not([type=hidden]), .sheet-body select, .sheet-body textarea");
    if (first) first.focus();
  }

  // Keys: `data-key="KeyN"` on a button, link or field; the code names the place on the keyboard, not the letter.
  const isTyping = (target) => target.closest && Boolean(target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]"));
  const isShown = (element) => Boolean(element.offsetParent || element.getClientRects().length) && !element.disabled;
  const nameOf = (code) => code.replace(/^Key|^Digit/, "").replace("Slash", "/").replace("Space", "␣").replace(/^Arrow/, "");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      body.classList.remove("menu-open");
      document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; menu.firstElementChild.focus(); });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
    if (event.key === "?") {
      event.preventDefault();
      openDialog("keys");
      return;
    }
    if (event.shiftKey || body.dataset.singleKeys !== "on" || document.querySelector("dialog[open]")) return;
    const found = [...document.querySelectorAll(`[data-key="${CSS.escape(event.code)}"]`)].filter(isShown).at(0);
    if (!found) return;
    event.preventDefault();
    if (found.matches("input, textarea, select")) found.focus();
    else found.click();
  });

  function listKeys(dialog) {
    const list = dialog.querySelector("#key-list");
    list.querySelectorAll("[data-found]").forEach((row) => row.remove());
    if (body.dataset.singleKeys !== "on") return;
    document.querySelectorAll("[data-key]").forEach((element) => {
      if (!isShown(element)) return;
      const row = document.createElement("div");
      row.dataset.found = "";
      const label = document.createElement("dt");
      label.textContent = element.dataset.keyLabel || element.textContent.trim();
      const key = document.createElement("dd");
      const cap = document.createElement("kbd");
      cap.textContent = nameOf(element.dataset.key);
      key.append(cap);
      row.append(label, key);
      list.append(row);
    });
  }

  // A refused form begins in the first field that is wrong; a page that is one form in its first field, not on a touch screen,
  // whose keyboard would cover it.
  if (document.activeElement === body) {
    const alone = matchMedia("(hover: hover)").matches ? ".form-card form :is(input:not([type=hidden]), select, textarea):not([disabled])" : null;
    const isRefused = performance.getEntriesByType("navigation")[0]?.responseStatus === 400;
    const wrong = isRefused && document.querySelector("main .is-invalid:not([disabled])");
    (wrong || (alone && document.querySelector(alone)))?.focus();
  }

  // A form that was changed asks before it is left: `data-keep` on the form.
  const changed = new Set();
  document.addEventListener("input", (event) => { if (event.target.form && event.target.form.matches("[data-keep]")) changed.add(event.target.form); });
  document.addEventListener("submit", (event) => changed.delete(event.target));
  window.addEventListener("beforeunload", (event) => { if ([...changed].some((form) => form.isConnected)) event.preventDefault(); });

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  // Selects and dates that send their form at once, outside of htmx: `data-autosubmit`.
  document.addEventListener("change", (event) => { if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit(); });
})();
