// The call cockpit: outcomes by digit, promises by one press, a timer from the dial on. Works again after every swap.
"use strict";

(() => {
  const root = document.getElementById("cockpit");
  if (!root) return;
  let begun = 0;
  let tick = 0;

  const form = () => root.querySelector("[data-cockpit-form]");
  const chosen = () => root.querySelector("input[name=outcome]:checked");

  function showMore() {
    const outcome = chosen() ? chosen().value : "";
    // What an outcome does not ask for is neither checked nor sent; it is there again when the outcome is.
    root.querySelectorAll("[data-for]").forEach((part) => {
      part.hidden = !part.dataset.for.split(" ").includes(outcome);
      part.querySelectorAll("input, select, textarea, button").forEach((field) => { field.disabled = part.hidden; });
    });
    const missing = root.querySelector("[data-no-outcome]");
    if (missing && outcome) missing.hidden = true;
  }

  function choose(radio) {
    radio.checked = true;
    showMore();
    if (radio.hasAttribute("data-at-once")) send();
    else root.querySelector(["call_back", "meeting"].includes(radio.value) ? "[data-at]" : "#id_next_step").focus();
  }

  function send() {
    const seconds = form().querySelector("[name=duration_seconds]");
    seconds.value = begun ? Math.min(28800, Math.round((Date.now() - begun) / 1000)) : 0;
    form().requestSubmit();
  }

  function startTimer() {
    begun = Date.now();
    clearInterval(tick);
    tick = setInterval(showTimer, 1000);
    showTimer();
  }

  function showTimer() {
    const shown = root.querySelector("[data-timer]");
    if (!shown) return;
    const seconds = Math.round((Date.now() - begun) / 1000);
    shown.hidden = false;
    shown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  function stopTimer() {
    begun = 0;
    clearInterval(tick);
  }

  root.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-at]");
    if (chip) {
      const at = root.querySelector("#id_next_step_at");
      at.value = chip.dataset.at;
      at.dispatchEvent(new Event("input", { bubbles: true }));
      root.querySelector(".cockpit-send").focus();
    }
    if (event.target.closest("[data-dial]")) startTimer();
    const label = event.target.closest(".outcome");
    if (label && event.target.tagName !== "INPUT") {
      event.preventDefault();
      choose(label.querySelector("input"));
    }
  });

  root.addEventListener("change", (event) => { if (event.target.name === "outcome") showMore(); });

  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
    if (event.key === "Escape" && event.target.closest("textarea, input")) event.target.blur();
    const digit = event.altKey && /^Digit([1-9])$/.exec(event.code);
    if (digit) {
      event.preventDefault();
      const radio = root.querySelectorAll("input[name=outcome]")[Number(digit[1]) - 1];
      if (radio) choose(radio);
    }
  });

  // The radio buttons are drawn as cards, beside which a browser's own bubble says nothing.
  root.addEventListener("invalid", (event) => {
    if (event.target.name !== "outcome") return;
    event.preventDefault();
    root.querySelector("[data-no-outcome]").hidden = false;
    root.querySelector("input[name=outcome]").focus();
  }, true);

  // Enter in a field of one line and the button itself send through the browser: the timer's seconds go along.
  root.addEventListener("submit", (event) => {
    const seconds = event.target.querySelector("[name=duration_seconds]");
    if (seconds && begun) seconds.value = Math.min(28800, Math.round((Date.now() - begun) / 1000));
  }, true);

  // Not before it has settled: until then htmx keeps the old attributes on new elements of the same id.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target !== root) return;
    const wrong = root.querySelector(".is-invalid");
    const isRefused = wrong || root.querySelector(".field-error:not([hidden]), .notice-bad");
    if (!isRefused) stopTimer();
    showMore();
    if (wrong) wrong.focus();
    else if (!isRefused) root.querySelector("h1").focus();
  });

  showMore();
})();
