// Marks the address that Back or Forward led to, and keeps addresses that nobody looked at out of the history.
let listening = false;
let times = 0;

function listen(mark) {
  const { history } = window;
  // Before Streamlit hears of it and asks for the page at this address.
  window.addEventListener("popstate", () => {
    const gone = new URL(document.location);
    if (gone.hash) return;
    gone.searchParams.set(mark, times += 1);
    history.replaceState(history.state, "", gone);
  }, true);
  // On a turn to another page Streamlit writes its bare address first; the full one takes its place.
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const bare = document.location.search === "" && new URL(url, document.location).pathname === document.location.pathname;
    if (bare) history.replaceState(state, title, url);
    else push(state, title, url);
  };
}

export default function ({ data }) {
  if (!listening) listen(data.mark);
  listening = true;
}
