// The command palette: pages from the navigation at once, records from the server as one types.
"use strict";

(() => {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  const results = dialog.querySelector(".palette-results");
  const pages = [...document.querySelectorAll(".nav-item-link")].map((link) => ({
    node: link,
    words: `${link.textContent} ${link.dataset.palette || ""}`.toLocaleLowerCase(),
  }));
  let selected = 0;
  let asked = 0;
  let waiting = 0;

  function open() {
    if (dialog.open) return;
    input.value = "";
    dialog.showModal();
    show("");
    input.focus();
  }

  document.addEventListener("click", (event) => { if (event.target.closest("[data-palette-open]")) open(); });
  document.addEventListener("keydown", (event) => {
    // The place on the keyboard: with a Russian layout the letter there is another.
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.code === "KeyK") {
      event.preventDefault();
      if (dialog.open) dialog.close();
      else open();
    }
  });

  function option(source) {
    const item = document.createElement("a");
    item.className = "palette-option";
    item.setAttribute("role", "option");
    item.tabIndex = -1;
    item.href = source.href;
    const drawing = source.querySelector("svg");
    if (drawing) item.append(drawing.cloneNode(true));
    const name = document.createElement("span");
    name.textContent = source.querySelector("span").textContent;
    item.append(name);
    return item;
  }

  function heading(text) {
    const label = document.createElement("div");
    label.className = "palette-label";
    label.setAttribute("role", "presentation");
    label.textContent = text;
    return label;
  }

  function show(query) {
    const found = pages.filter((page) => page.words.includes(query.toLocaleLowerCase()));
    results.replaceChildren();
    if (found.length) results.append(heading(results.dataset.pages), ...found.slice(0, query ? 6 : 20).map((page) => option(page.node)));
    select(0);
  }

  async function ask(query) {
    const mine = ++asked;
    const answer = await fetch(`${dialog.dataset.url}?${new URLSearchParams({ q: query })}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer || !answer.ok || mine !== asked || !dialog.open) return;
    const part = document.createElement("template");
    part.innerHTML = await answer.text();
    if (mine !== asked) return;
    results.append(part.content);
    if (!options().length) {
      const none = document.createElement("div");
      none.className = "palette-none";
      none.textContent = results.dataset.none;
      results.append(none);
    }
    select(selected);
  }

  const options = () => [...results.querySelectorAll("[role=option]")];

  function select(index) {
    const all = options();
    selected = Math.max(0, Math.min(index, all.length - 1));
    all.forEach((item, at) => {
      item.id = `palette-option-${at}`;
      item.setAttribute("aria-selected", String(at === selected));
    });
    input.setAttribute("aria-activedescendant", all.length ? `palette-option-${selected}` : "");
    if (all[selected]) all[selected].scrollIntoView({ block: "nearest" });
  }

  input.addEventListener("input", () => {
    const query = input.value.trim();
    show(query);
    clearTimeout(waiting);
    asked += 1;
    if (query.length > 1) waiting = setTimeout(() => ask(query), 140);
  });

  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      select(selected + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Escape") {
      // A search field is emptied by the first Escape, and only the second would close what it stands in
      event.preventDefault();
      dialog.close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      const chosen = options()[selected];
      if (chosen) chosen.click();
    }
  });
})();
