// What makes the pages quicker. Every page works without this file: links lead, forms post.
(() => {
  'use strict';
  const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);

  // Ctrl-K, the way to the search box from anywhere.
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      const box = document.querySelector('[data-ctrl-k]');
      if (box && box.offsetParent) { event.preventDefault(); box.focus(); box.select(); }
    }
    if (event.key === 'Escape') {
      each('details.fold[open]', (fold) => { fold.open = false; fold.firstElementChild.focus(); });
      each('[data-suggest]', (list) => list.replaceChildren());
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') moveAmongHits(event);
  });

  function moveAmongHits(event) {
    const form = document.activeElement && document.activeElement.closest('.search form');
    if (!form) return;
    const stops = [form.querySelector('input'), ...form.querySelectorAll('[data-suggest] a')];
    const at = stops.indexOf(document.activeElement);
    const next = stops[at + (event.key === 'ArrowDown' ? 1 : -1)];
    if (at >= 0 && next) { event.preventDefault(); next.focus(); }
  }

  document.addEventListener('click', (event) => {
    each('details.fold[open]', (fold) => { if (!fold.contains(event.target)) fold.open = false; });
    each('[data-suggest]', (list) => { if (!list.closest('form').contains(event.target)) list.replaceChildren(); });

    const target = event.target.closest('[data-print],[data-look],[data-close],[data-amount]');
    if (!target) return;
    if (target.matches('[data-print]')) window.print();
    if (target.matches('[data-look]')) { event.preventDefault(); changeLook(new URL(target.href)); }
    if (target.matches('[data-amount]')) { event.preventDefault(); setAmount(target.dataset.amount); }
    if (target.matches('[data-close]') && target.closest('dialog:modal')) {
      event.preventDefault();
      target.closest('dialog').close();
      history.replaceState(null, '', target.href);
    }
  });

  // Large print, dark, close rows: a cookie for a year, read by the server.
  function changeLook(address) {
    for (const [name, value] of address.searchParams) {
      document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
    }
    location.reload();
  }

  function setAmount(amount) {
    const box = document.getElementById('f-amount');
    box.value = amount;
    box.dispatchEvent(new Event('input', { bubbles: true }));
    box.focus();
  }

  // A form goes out once. What cannot be undone asks first, in the words of the button.
  document.addEventListener('submit', async (event) => {
    const button = event.submitter;
    if (button && button.dataset.confirm && !button.dataset.agreed) {
      event.preventDefault();
      if (await ask(button.dataset.confirm, button)) {
        button.dataset.agreed = 'yes';
        event.target.requestSubmit(button);
      }
      return;
    }
    if (event.target.method !== 'post' || !button || event.defaultPrevented) return;
    // after the browser has taken the form, or the button's own value would be missing
    setTimeout(() => {
      button.disabled = true;
      if (button.dataset.busy) { button.dataset.said = button.textContent; button.textContent = button.dataset.busy; }
    });
  });
  window.addEventListener('pageshow', () => each('button[data-said]', (button) => {
    button.disabled = false;
    button.textContent = button.dataset.said;
  }));

  function ask(question, button) {
    const dialog = document.createElement('dialog');
    dialog.className = 'ask';
    const text = Object.assign(document.createElement('p'), { className: 'drawer-body', textContent: question });
    const buttons = Object.assign(document.createElement('div'), { className: 'drawer-body buttons' });
    const no = Object.assign(document.createElement('button'), { className: 'button', textContent: '再看看', type: 'button' });
    const yes = Object.assign(document.createElement('button'), { className: button.className, textContent: button.textContent.trim(), type: 'button' });
    buttons.append(no, yes);
    dialog.append(text, buttons);
    document.body.append(dialog);
    dialog.showModal();
    return new Promise((answer) => {
      yes.addEventListener('click', () => dialog.close('yes'));
      no.addEventListener('click', () => dialog.close());
      dialog.addEventListener('close', () => { answer(dialog.returnValue === 'yes'); dialog.remove(); });
    });
  }

  // Where script runs, a drawer comes in from the side and the try-first button is not needed.
  each('dialog[data-drawer][open]', (drawer) => {
    drawer.removeAttribute('open');
    drawer.showModal();
    drawer.addEventListener('close', () => history.replaceState(null, '', drawer.querySelector('[data-close]').href));
  });
  // With a finger, the system's own calendar; with a keyboard, typing is quicker.
  if (matchMedia('(pointer: coarse)').matches) each('[data-date]', (box) => { box.type = 'date'; });
  if (window.htmx) each('[data-unscripted]', (button) => button.remove());
  each('[data-focus]', (summary) => summary.focus());

  // Cards are tables for those who listen: block display takes the meaning away, roles give it back.
  each('table.cards', (table) => {
    table.setAttribute('role', 'table');
    each('thead, tbody, tfoot', (part) => part.setAttribute('role', 'rowgroup'), table);
    each('tr', (row) => row.setAttribute('role', 'row'), table);
    each('td', (cell) => cell.setAttribute('role', 'cell'), table);
    each('th', (head) => head.setAttribute('role', 'columnheader'), table);
  });
})();
