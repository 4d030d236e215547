// A map of districts that works with mouse, touch and keyboard: one tab stop, arrows move, Enter chooses.
const SVG = "http://www.w3.org/2000/svg";

function node(name, attributes, parent) {
  const made = name.startsWith("svg:") ? document.createElementNS(SVG, name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (parent) parent.append(made);
  return made;
}

// The nearest district whose middle lies in the direction of the arrow.
function neighbour(shapes, from, key) {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  let best = null, least = Infinity;
  for (const shape of shapes) {
    const ahead = (shape.x - from.x) * dx + (shape.y - from.y) * dy;
    const aside = Math.abs((shape.x - from.x) * dy + (shape.y - from.y) * dx);
    if (shape.code !== from.code && ahead > 1 && aside <= 2 * ahead && ahead + 2 * aside < least) {
      best = shape;
      least = ahead + 2 * aside;
    }
  }
  return best;
}

function build(root, state) {
  root.querySelector(".map")?.remove();
  const { data } = state;
  const box = node("div", { class: "map" }, root);
  const svg = node("svg:svg", { viewBox: `-4 -4 ${data.width + 8} ${data.height + 8}`, preserveAspectRatio: "xMinYMin meet", role: "listbox" }, box);
  state.paths = new Map();
  state.texts = new Map();
  for (const shape of data.shapes) {
    const path = node("svg:path", { class: "district", d: shape.path, role: "option", tabindex: "-1" }, svg);
    state.paths.set(shape.code, path);
    path.addEventListener("click", () => state.pick(shape.code));
    path.addEventListener("pointerenter", () => state.tell(shape.code));
    path.addEventListener("pointerleave", () => state.hush());
    path.addEventListener("focus", () => {
      state.stop(shape.code);
      if (path.matches(":focus-visible")) { state.ring.setAttribute("d", shape.path); state.tell(shape.code); }
    });
    path.addEventListener("blur", () => { state.ring.removeAttribute("d"); state.hush(); });
    path.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); state.pick(shape.code); return; }
      if (event.key === "Escape") { state.hush(); return; }
      const shapes = state.data.shapes;
      let next = null;
      if (event.key === "Home") next = shapes[0];
      else if (event.key === "End") next = shapes[shapes.length - 1];
      else if (event.key.startsWith("Arrow")) next = neighbour(shapes, shape, event.key);
      else return;
      event.preventDefault();
      if (next) state.paths.get(next.code).focus();
    });
  }
  const labels = node("svg:g", { "aria-hidden": "true" }, svg);
  for (const shape of data.shapes) {
    state.texts.set(shape.code, [
      node("svg:text", { x: shape.x, y: shape.y }, labels),
      node("svg:text", { x: shape.x, y: shape.y, dy: "1.35em", class: "name" }, labels),
    ]);
  }
  state.chosen = node("svg:path", { class: "chosen", "aria-hidden": "true" }, svg);
  state.ring = node("svg:path", { class: "ring", "aria-hidden": "true" }, svg);
  state.svg = svg;
  new ResizeObserver(() => fit(state)).observe(svg);
  state.tip = node("div", { class: "tip", hidden: "", "aria-hidden": "true" }, box);
  state.legend = node("ul", { class: "legend" }, box);
  const hint = node("p", { class: "hint" }, box);
  state.hint = node("span", {}, hint);
  hint.append(" ");
  state.keys = node("span", { class: "keys" }, hint);
}

// Pixels per unit of the drawing: it keeps its shape within the room that it gets.
function scale({ svg, data }) {
  return Math.min(svg.clientWidth / (data.width + 8), svg.clientHeight / (data.height + 8));
}

// Labels keep their size on the screen; names appear where a district has room for them.
function fit(state) {
  const shown = scale(state), rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const room = (shown * state.data.width) / Math.sqrt(state.data.shapes.length);
  state.svg.style.setProperty("--pixel", 1 / shown);
  state.svg.classList.toggle("named", room > 6.1 * rem);
}

function paint(state) {
  const { data } = state;
  state.svg.setAttribute("aria-label", data.label);
  for (const shape of data.shapes) {
    const path = state.paths.get(shape.code);
    path.setAttribute("fill", shape.fill);
    path.setAttribute("aria-label", shape.spoken);
    path.setAttribute("aria-selected", String(shape.code === data.chosen));
    const [figure, name] = state.texts.get(shape.code);
    figure.textContent = shape.short;
    name.textContent = shape.name;
    for (const text of [figure, name]) text.setAttribute("fill", shape.ink);
  }
  const chosen = data.shapes.find((shape) => shape.code === data.chosen);
  if (chosen) state.chosen.setAttribute("d", chosen.path);
  else state.chosen.removeAttribute("d");
  state.stop(chosen ? chosen.code : (state.current ?? data.shapes[0]?.code));
  state.legend.setAttribute("aria-label", data.legend_label);
  state.legend.replaceChildren();
  for (const entry of data.legend) {
    const item = node("li", {}, state.legend);
    node("i", { style: `background:${entry.fill}` }, item);
    item.append(entry.text);
  }
  state.hint.textContent = data.hint;
  state.keys.textContent = data.keys;
}

const states = new WeakMap();

export default function (component) {
  const { data, parentElement: root, setTriggerValue } = component;
  let state = states.get(root);
  const codes = data.shapes.map((shape) => shape.code + shape.path.length).join(" ");
  if (!state || state.codes !== codes || !root.querySelector(".map")) {
    state = { codes, data };
    states.set(root, state);
    state.stop = (code) => {
      state.current = code;
      for (const [other, path] of state.paths) path.setAttribute("tabindex", other === code ? "0" : "-1");
    };
    state.hush = () => { state.tip.hidden = true; };
    state.tell = (code) => {
      const shape = state.data.shapes.find((other) => other.code === code);
      state.tip.replaceChildren();
      node("strong", {}, state.tip).textContent = shape.name;
      const list = node("dl", {}, state.tip);
      for (const [word, value] of shape.facts) {
        node("dt", {}, list).textContent = word;
        node("dd", {}, list).textContent = value;
      }
      state.tip.hidden = false;
      const width = state.svg.clientWidth, shown = scale(state);
      const left = shape.x * shown + 16;
      const top = shape.y * shown + 16;
      state.tip.style.left = `${Math.max(0, Math.min(left, width - state.tip.offsetWidth))}px`;
      state.tip.style.top = `${top}px`;
    };
    build(root, state);
  }
  state.data = data;
  state.pick = (code) => setTriggerValue("picked", code);
  paint(state);
}
