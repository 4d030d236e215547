// Says in which language the page is, and puts the few words that Streamlit itself writes into it.
const states = new WeakMap();

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

  translate(document.body);
  settle();
  const watcher = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") translate(change.target);
      for (const added of change.addedNodes) translate(added);
    }
    settle();
  });
  watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
  states.set(root, watcher);
}
