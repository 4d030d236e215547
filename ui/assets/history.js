// On a turn to another page Streamlit writes its bare address first, where Back would get stuck; the full one takes
// its place.
let listening = false;

export default function () {
  if (listening) return;
  listening = true;
  const { history } = window;
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const { pathname, search } = document.location;
    const bare = search === "" && new URL(url, document.location).pathname === pathname;
    if (bare) history.replaceState(state, title, url);
    else push(state, title, url);
  };
}
