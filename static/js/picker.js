// A field that finds one row by typing: `components/picker.html`. Arrows move, Enter chooses, Escape closes the list.
"use strict";

(() => {
  document.querySelectorAll("[data-picker]").forEach((picker) => {
    const [input, value] = picker.querySelectorAll("input");
    const list = picker.querySelector("[role=listbox]");
    const options = () => [...list.querySelectorAll("[role=option]")];
    let filled = "";
    let selected = 0;
    let asked = 0;
    let waiting = 0;

    function close() {
      asked += 1;
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function select(index) {
      const all = options();
      selected = Math.max(0, Math.min(index, all.length - 1));
      all.forEach((option, at) => {
        option.id = `${list.id}_${at}`;
        option.setAttribute("aria-selected", String(at === selected));
      });
      if (!all.length) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", all[selected].id);
      all[selected].scrollIntoView({ block: "nearest" });
    }

    function choose(option) {
      value.value = option.dataset.value;
      input.value = option.dataset.name;
      input.setCustomValidity("");
      const other = picker.dataset.fills && input.form.elements[picker.dataset.fills];
      // What was typed by hand stays
      if (other && (!other.value || other.value === filled)) other.value = filled = option.dataset.name;
      close();
    }

    async function ask() {
      const mine = ++asked;
      const address = `${picker.dataset.url}?${new URLSearchParams({ q: input.value })}`;
      const text = await fetch(address, { headers: { "HX-Request": "true" } }).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null);
      if (mine !== asked || document.activeElement !== input) return;
      list.innerHTML = text || "";
      if (!options().length) {
        const none = document.createElement("div");
        none.className = "picker-none";
        none.setAttribute("role", "presentation");
        none.textContent = text === null ? picker.dataset.failed : picker.dataset.none;
        list.replaceChildren(none);
      }
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      select(0);
    }

    input.addEventListener("input", () => {
      value.value = "";
      asked += 1;
      clearTimeout(waiting);
      waiting = setTimeout(ask, 150);
    });
    input.addEventListener("focus", () => { if (!value.value) ask(); });
    input.addEventListener("blur", () => { clearTimeout(waiting); close(); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) ask();
        else select(selected + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" && !list.hidden) {
        event.preventDefault();
        const chosen = options()[selected];
        if (chosen) choose(chosen);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
    // Before the field loses the focus, which would close the list
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
    // Whoever typed before this script came waits for an answer, too
    if (document.activeElement === input && !value.value) ask();
  });
})();
