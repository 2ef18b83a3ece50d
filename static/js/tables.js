// Every table that is wider than its card scrolls within it: a shadow says on which side there is more, and the keyboard
// reaches it as a region with a name. Tables that fit stay as they are, without a stop for the Tab key.
"use strict";

(() => {
  const watched = new ResizeObserver((entries) => entries.forEach((entry) => measure(entry.target.closest(".table-scroll"))));

  function dress(table) {
    let scroll = table.closest(".table-scroll");
    if (!scroll) {
      scroll = document.createElement("div");
      scroll.className = "table-scroll";
      table.replaceWith(scroll);
      scroll.append(table);
    }
    if (scroll.dataset.watched) return;
    scroll.dataset.watched = "yes";
    const frame = document.createElement("div");
    frame.className = "table-frame";
    scroll.replaceWith(frame);
    frame.append(scroll);
    scroll.addEventListener("scroll", () => shade(scroll), { passive: true });
    watched.observe(scroll);
    watched.observe(table);
  }

  function measure(scroll) {
    if (!scroll) return;
    const isWide = scroll.scrollWidth > scroll.clientWidth + 1;
    scroll.parentElement.classList.toggle("is-wide", isWide);
    if (isWide && !scroll.hasAttribute("tabindex")) {
      scroll.tabIndex = 0;
      scroll.setAttribute("role", "region");
      name(scroll);
      scroll.dataset.region = "own";
    } else if (!isWide && scroll.dataset.region) {
      ["tabindex", "role", "aria-label", "aria-labelledby", "data-region"].forEach((each) => scroll.removeAttribute(each));
    }
    shade(scroll);
  }

  // Named by its caption, by its card, else by the page.
  function name(scroll) {
    const caption = scroll.querySelector("caption");
    const heading = scroll.closest(".panel[aria-labelledby]");
    if (caption) scroll.setAttribute("aria-label", caption.textContent.trim());
    else if (heading) scroll.setAttribute("aria-labelledby", heading.getAttribute("aria-labelledby"));
    else scroll.setAttribute("aria-label", document.querySelector("h1")?.textContent.trim() || document.title);
  }

  function shade(scroll) {
    const left = scroll.scrollLeft;
    scroll.parentElement.classList.toggle("is-cut-left", left > 1);
    scroll.parentElement.classList.toggle("is-cut-right", left + scroll.clientWidth < scroll.scrollWidth - 1);
  }

  const dressAll = (root) => root.querySelectorAll("table.grid").forEach(dress);
  document.addEventListener("htmx:load", (event) => dressAll(event.detail.elt.parentElement || document));
  dressAll(document);
})();
