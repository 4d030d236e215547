// On a turn to another page Streamlit writes addresses on the way that nobody looked at, where Back would get stuck:
// the bare one of the page it leaves or comes to, or that of the page it leaves with what is said on the next.
const MOMENT = 150;
let listening = false;

export default function () {
  if (listening) return;
  listening = true;
  const { history } = window;
  const push = history.pushState.bind(history);
  let written = -Infinity;
  history.pushState = (state, title, url) => {
    const here = document.location, there = new URL(url, here);
    const samePage = there.pathname === here.pathname, now = performance.now();
    if (samePage && there.search === "") return;
    const onTheWay = samePage ? here.search === "" : there.search === here.search && now - written < MOMENT;
    if (samePage) written = now;
    if (onTheWay) history.replaceState(state, title, url);
    else push(state, title, url);
  };
}
