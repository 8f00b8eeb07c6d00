"""What makes a page fit for everybody, measured in the browser that shows it.

The rules are those of WCAG 2.2 that a program can decide: contrast of text as
it is drawn (1.4.3, without the exception for large letters), a name for every
control (4.1.2), room for a thumb (2.5.5, else 2.5.8 with spacing), a language
and a title, no sideways scrolling at the width of the screen (1.4.10).
"""

from playwright.sync_api import Page

TOUCH_PX = 44
SMALL_TOUCH_PX = 24
CONTRAST_MIN = 4.5

_SHARED = """
const shown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })
  && element.getClientRects().length > 0;
const told = (element) => element.outerHTML.replace(/\\s+/g, ' ').slice(0, 100);
const CONTROLS = 'a[href], button, summary, input:not([type=hidden]), select, textarea';
const controls = () => [...document.querySelectorAll(CONTROLS)]
  .filter((element) => shown(element)
    && !element.closest('.skip-link, .visually-hidden, [aria-hidden=true]'));
"""

_CONTRAST = """
(least) => {
  const parse = (colour) => {
    const parts = colour.match(/[\\d.]+/g).map(Number);
    return parts.length === 4 ? parts : [...parts, 1];
  };
  const over = (top, under) => {
    const share = top[3];
    return [0, 1, 2].map((at) => top[at] * share + under[at] * (1 - share)).concat(1);
  };
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const linear = (part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = (c) => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
  const faults = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !shown(element)) continue;
    if (element.closest('[disabled], .visually-hidden, .skip-link, noscript, option')) continue;
    const under = ground(element);
    const text = over(parse(getComputedStyle(element).color), under);
    const [dark, light] = [luminance(text), luminance(under)].sort((a, b) => a - b);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < least) faults.add(`contrast ${ratio.toFixed(2)}: ${told(element)}`);
  }
  return [...faults];
}
"""

_NAMES = """
() => controls().filter((element) => {
  const labelled = element.getAttribute('aria-labelledby');
  const words = [
    element.getAttribute('aria-label'),
    labelled && labelled.split(' ').map((id) => document.getElementById(id)?.innerText).join(' '),
    ...(element.labels ? [...element.labels].map((label) => label.textContent) : []),
    element.matches('a, button, summary') ? element.textContent : '',
    element.matches('input[type=submit], input[type=button]') ? element.value : '',
    ...[...element.querySelectorAll('img')].map((image) => image.alt),
  ];
  return !words.some((word) => word && word.trim());
}).map((element) => `no name: ${told(element)}`)
"""

_TARGETS = """
([wide, least]) => {
  // Of a box to tick the label is pressed too; a link in a sentence is as high as its line.
  const boxes = controls().map((element) => {
    const label = element.matches('[type=checkbox], [type=radio]') && element.labels[0];
    return [element, (label || element).getBoundingClientRect()];
  }).filter(([, box]) => box.width > 0 && box.height > 0);
  const inSentence = (element) => {
    const block = element.closest('p, li, dd, td, figcaption, label');
    return getComputedStyle(element).display.startsWith('inline')
      && !getComputedStyle(element).display.includes('flex')
      && block && block.textContent.trim().length > element.textContent.trim().length;
  };
  const tooClose = (element, box) => {
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    return boxes.some(([other, room]) => other !== element
      && !element.contains(other) && !other.contains(element)
      && room.left < x + wide / 2 && room.right > x - wide / 2
      && room.top < y + wide / 2 && room.bottom > y - wide / 2);
  };
  return boxes
    .filter(([, box]) => box.width < wide - 0.5 || box.height < wide - 0.5)
    .filter(([element]) => !inSentence(element))
    .filter(([element, box]) => box.width < least || box.height < least || tooClose(element, box))
    .map(([element, box]) =>
      `target ${Math.round(box.width)}×${Math.round(box.height)}: ${told(element)}`);
}
"""

_PAGE = """
() => {
  const faults = [];
  const root = document.documentElement;
  if (!root.lang) faults.push('no language');
  if (!document.title.trim()) faults.push('no title');
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  if (root.scrollWidth > root.clientWidth) {
    faults.push(`wider than the screen by ${root.scrollWidth - root.clientWidth} px`);
  }
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`id twice: ${id}`);
  for (const image of document.querySelectorAll('img:not([alt])')) {
    faults.push(`no alt: ${told(image)}`);
  }
  const viewport = document.querySelector('meta[name=viewport]')?.content ?? '';
  if (!viewport.includes('width=device-width')) faults.push('no viewport');
  if (/user-scalable|maximum-scale/.test(viewport)) faults.push('cannot be enlarged');
  return [...new Set(faults)];
}
"""

_DEAD = """
() => [...document.querySelectorAll('button')]
  .filter((button) => shown(button) && (button.type === 'button' || !button.form))
  .map((button) => `does nothing without scripts: ${told(button)}`)
"""


def faults_of(page: Page) -> list[str]:
    """What is wrong with the page as the browser shows it now; nothing where all is well."""
    page.wait_for_load_state()
    return [
        *_asked(page, _PAGE),
        *_asked(page, _CONTRAST, CONTRAST_MIN),
        *_asked(page, _NAMES),
        *_asked(page, _TARGETS, [TOUCH_PX, SMALL_TOUCH_PX]),
    ]


def dead_controls_of(page: Page) -> list[str]:
    """Buttons that are shown and do nothing in a browser that runs no scripts."""
    return _asked(page, _DEAD)


def _asked(page: Page, question: str, argument: object = None) -> list[str]:
    answer = page.evaluate(
        f"(argument) => {{ {_SHARED} return ({question})(argument); }}", argument
    )
    assert isinstance(answer, list)
    return [str(fault) for fault in answer]
