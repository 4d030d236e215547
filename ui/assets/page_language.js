// Says in which language the page is, puts the few words that Streamlit itself writes into it, and tells a screen reader
// what is being worked out and what came of it: a live region is heard only when it was there before its words.
const states = new WeakMap();

function region() {
  let told = document.querySelector(".gb-told");
  if (!told) {
    told = document.createElement("div");
    told.className = "gb-told";
    told.setAttribute("role", "status");
    document.body.append(told);
  }
  return told;
}

export default function (component) {
  const { data, parentElement: root } = component;
  document.documentElement.lang = data.language;
  states.get(root)?.disconnect();
  const words = new Map(Object.entries(data.words));
  const attributes = ["aria-label", "title", "placeholder"];

  // The drop zone of the uploader says both that it is nothing and what it is called.
  function settle() {
    for (const zone of document.querySelectorAll('[data-testid="stFileUploaderDropzone"][role="presentation"]')) {
      zone.removeAttribute("role");
    }
  }

  function translate(start) {
    const walker = document.createTreeWalker(start, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let at = walker.currentNode; at; at = walker.nextNode()) {
      if (at.nodeType === Node.TEXT_NODE) {
        const said = words.get(at.data.trim());
        if (said !== undefined) at.data = said;
      } else if (at.nodeType === Node.ELEMENT_NODE) {
        for (const name of attributes) {
          const said = words.get(at.getAttribute(name)?.trim());
          if (said !== undefined) at.setAttribute(name, said);
        }
      }
    }
  }

  function tell() {
    const words = document.querySelector(".gb-busy, .gb-note.gb-kept") ?? document.querySelector(".gb-lead");
    const told = region();
    if (words && words.textContent !== told.textContent) told.textContent = words.textContent;
  }

  translate(document.body);
  settle();
  tell();
  const watcher = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") translate(change.target);
      for (const added of change.addedNodes) translate(added);
    }
    settle();
    tell();
  });
  watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
  states.set(root, watcher);
}
