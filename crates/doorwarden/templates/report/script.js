(() => {
  "use strict";
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);

  const theme = byId("theme");
  const isDark = () => root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const say = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  theme.hidden = false;
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    say();
  });
  say();

  const tools = byId("tools");
  if (!tools) return;
  tools.hidden = false;
  const items = [...document.querySelectorAll("#incidents .item")];
  const texts = items.map((it) => it.textContent.toLowerCase());
  const find = byId("find");
  const choose = () => {
    const wanted = new Set([...tools.querySelectorAll("[name=severity]:checked")].map((it) => it.value));
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    items.forEach((it, nr) => {
      const fits = wanted.has(it.dataset.severity) && words.every((word) => texts[nr].includes(word));
      it.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    byId("shown").textContent = `${shown.toLocaleString("en")} shown`;
  };
  tools.addEventListener("input", choose);
  tools.addEventListener("submit", (it) => it.preventDefault());
  choose();

  const unfold = byId("unfold");
  unfold.addEventListener("click", () => {
    const all = [...document.querySelectorAll(".incident details")];
    const opens = all.some((it) => !it.open);
    all.forEach((it) => { it.open = opens; });
    unfold.textContent = opens ? "Fold all" : "Unfold all";
  });

  const reveal = () => {
    const details = location.hash && byId(location.hash.slice(1))?.querySelector("details");
    if (details) details.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
