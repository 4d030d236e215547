// Leaf with the arrow keys or a presenter's clicker, unless the key means something where the reader is.
const turns = { ArrowLeft: "back", PageUp: "back", ArrowRight: "on", PageDown: "on" };
const own = "input, textarea, select, svg, [role=slider], [role=listbox], [role=option], [role=combobox]";
let listening = false;

export default function () {
  if (listening) return;
  listening = true;
  document.addEventListener("keydown", (event) => {
    const way = turns[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
    if (event.composedPath()[0].closest?.(own)) return;
    const button = document.querySelector(`.st-key-turn_${way} button`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}
