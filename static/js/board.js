// The board of deals: cards are dragged, or moved by the arrow buttons on them; the server answers with the board as it is now.
"use strict";

(() => {
  const holder = document.getElementById("board");
  if (!holder) return;

  function move(card, stage) {
    const focus = card.contains(document.activeElement) ? document.activeElement.dataset.move : "";
    htmx.ajax("POST", card.dataset.url, {
      target: "#board",
      swap: "innerHTML",
      values: { stage, version: card.dataset.version },
    }).then(() => {
      if (!focus) return;
      const again = holder.querySelector(`[data-deal="${card.dataset.deal}"] [data-move="${focus}"]`)
        || holder.querySelector(`[data-deal="${card.dataset.deal}"] a`);
      if (again) again.focus();
    });
  }

  function dress() {
    holder.querySelectorAll("[data-stage]").forEach((lane) => {
      if (!lane.querySelector("[data-can-move]") && !holder.querySelector("[data-can-move]")) return;
      Sortable.create(lane, {
        group: "deals",
        draggable: "[data-can-move]",
        filter: "a, button",
        preventOnFilter: false,
        animation: 120,
        sort: false,
        delay: 120,
        delayOnTouchOnly: true,
        onEnd: (event) => { if (event.from !== event.to) move(event.item, event.to.dataset.stage); },
      });
    });
  }

  holder.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const lanes = [...holder.querySelectorAll("[data-stage]")];
    const card = button.closest("[data-deal]");
    const next = lanes[lanes.indexOf(card.closest("[data-stage]")) + Number(button.dataset.move)];
    if (next) move(card, next.dataset.stage);
  });

  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target === holder) dress(); });
  dress();
})();
