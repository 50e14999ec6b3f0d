// What is dangerous on the page that is shown, as a list of words; empty if nothing is.
() => {
  const inline = element => getComputedStyle(element).display.startsWith('inline');
  const apart = node => {
    for (let each = node.parentElement; each; each = each.parentElement) {
      if (['BDI', 'TITLE', 'OPTION', 'TEXTAREA', 'PRE'].includes(each.tagName)) return true;
      if (!['normal', 'embed'].includes(getComputedStyle(each).unicodeBidi) && inline(each)) return true;
      if (!inline(each)) return each.textContent.trim() === node.textContent.trim();
    }
    return false;
  };
  const found = [];
  for (const element of document.querySelectorAll('*')) {
    for (const {name, value} of element.attributes) {
      if (name.startsWith('on') || name === 'srcdoc')
        found.push(`${element.tagName} ${name}=${value}`);
      if (['href', 'src', 'action', 'formaction', 'data', 'poster', 'xlink:href', 'cite', 'ping'].includes(name)) {
        const url = new URL(value, location.href);
        const ours = url.origin === location.origin;
        const link = element.tagName === 'A' && ['http:', 'https:'].includes(url.protocol) && !url.username;
        if (!ours && !link) found.push(`${element.tagName} ${name}=${value}`);
      }
    }
    if (['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'FOREIGNOBJECT'].includes(element.tagName.toUpperCase()))
      found.push(element.tagName);
    if (element.tagName === 'SCRIPT' && !element.src && element.type !== 'application/ld+json')
      found.push(element.outerHTML);
    if (element.tagName === 'META' && element.httpEquiv) found.push(element.outerHTML);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (/[\u202a-\u202e\u2066-\u2069]/.test(texts.currentNode.textContent) && !apart(texts.currentNode))
      found.push(`not apart: ${texts.currentNode.parentElement.outerHTML.slice(0, 200)}`);
  }
  if (window.harmed !== undefined) found.push('a script has run');
  return [...found, ...window.violations];
}
