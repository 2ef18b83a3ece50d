// The editor of a pay scheme: a component shows the fields that its kind needs.
const show = (component) => {
  const kind = component.querySelector("select[name$='-kind']").value;
  for (const part of component.querySelectorAll("[data-kinds]")) {
    part.hidden = !part.dataset.kinds.split(" ").includes(kind);
  }
};

for (const component of document.querySelectorAll("[data-component]")) {
  component.querySelector("select[name$='-kind']").addEventListener("change", () => show(component));
  show(component);
}

// The number of days counts, and is shown, only where a client is new for so many days.
const rule = document.querySelector("[name=new_until]");
const days = document.querySelector("[data-days]");
const showDays = () => { days.hidden = rule.value !== "days"; };
rule.addEventListener("change", showDays);
showDays();
