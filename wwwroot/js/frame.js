// The frame's own behaviour: keys, times in the reader's zone, preferences, and the state of the connection.

const root = document.documentElement;

/** Keeps a preference and applies it now. */
export function prefer(name, value) {
  root.dataset[name] = value;
  document.cookie = `arw-${name}=${value}; path=/; max-age=31536000; samesite=strict`;
}

/** Gives an element the focus, but never takes it from somebody who types or has a dialog open. */
export function focusIfIdle(element) {
  const now = document.activeElement;
  if (element && !isTyping(now) && !document.querySelector('.mud-dialog')) {
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'nearest' });
  }
}

/** Puts text on the clipboard. */
export function copy(text) {
  return navigator.clipboard.writeText(text);
}

function isTyping(element) {
  return element?.matches?.('input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable=true]') ?? false;
}

document.addEventListener('keydown', e => {
  if (e.key.toLowerCase() === 'k' && (e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey) {
    e.preventDefault();
    document.getElementById('goto')?.focus();
    return;
  }
  if (e.ctrlKey || e.metaKey || e.altKey || isTyping(e.target) || document.querySelector('.mud-dialog')) {
    return;
  }
  if (e.key === '/') {
    e.preventDefault();
    document.getElementById('goto')?.focus();
  } else if (!e.repeat && e.key.length === 1) {
    // A key that a button on the page announces; the first visible one is meant.
    const wanted = [...document.querySelectorAll(`[data-hotkey="${CSS.escape(e.key.toLowerCase())}"]`)].find(b => b.offsetParent !== null);
    if (wanted) {
      e.preventDefault();
      wanted.click();
    }
  }
});

document.addEventListener('click', e => {
  const target = e.target instanceof Element ? e.target : null;
  if (target?.closest('[data-skip]')) {
    // A bare #main would lead to the first page, because of the document's base.
    e.preventDefault();
    e.stopPropagation();
    document.getElementById('main')?.focus();
  } else if (target?.closest('[data-reload]')) {
    location.reload();
  }
}, true);

// ---- questions ---------------------------------------------------------------------------------------------------

// A question that has just come or moved takes no click for a moment: what a hand was about to answer is no longer there.
const settleMilliseconds = 600;
const places = new WeakMap();

function settle() {
  for (const card of document.querySelectorAll('.ask')) {
    const place = places.get(card);
    if (place?.top === card.offsetTop) {
      continue;
    }
    clearTimeout(place?.timer);
    card.dataset.moved = '';
    places.set(card, { top: card.offsetTop, timer: setTimeout(() => delete card.dataset.moved, settleMilliseconds) });
  }
}

// ---- times -------------------------------------------------------------------------------------------------------

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const year = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

function relative(time, now) {
  const seconds = Math.trunc((now - time) / 1000);
  const size = Math.abs(seconds) < 60 ? `${Math.abs(seconds)} s` : `${Math.trunc(Math.abs(seconds) / 60)} m`;
  if (Math.abs(seconds) < 3600) {
    return now < time ? `in ${size}` : `${size} ago`;
  }
  if (time.toDateString() === now.toDateString()) {
    return clock.format(time);
  }
  return time.getFullYear() === now.getFullYear() ? day.format(time).replace(',', '') : year.format(time);
}

function countdown(time, now) {
  const left = Math.max(0, Math.ceil((time - now) / 1000));
  const pad = n => String(n).padStart(2, '0');
  return left >= 3600 ? `${Math.trunc(left / 3600)} h ${pad(Math.trunc(left / 60) % 60)} m` : `${Math.trunc(left / 60)}:${pad(left % 60)}`;
}

function elapsed(time, now) {
  const seconds = Math.max(0, Math.trunc((now - time) / 1000));
  const pad = n => String(n).padStart(2, '0');
  return seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.trunc(seconds / 60)} m ${pad(seconds % 60)} s` : `${Math.trunc(seconds / 3600)} h ${pad(Math.trunc(seconds / 60) % 60)} m`;
}

function tick() {
  const now = new Date();
  for (const element of document.querySelectorAll('time[data-time]')) {
    const time = new Date(element.dateTime);
    const how = element.dataset.time;
    const text = how === 'clock' ? clock.format(time) : how === 'left' ? countdown(time, now) : how === 'since' ? elapsed(time, now) : relative(time, now);
    // The text node itself is kept: the framework owns it and writes into it too.
    if (element.firstChild && element.firstChild.nodeValue !== text) {
      element.firstChild.nodeValue = text;
    }
  }
}

setInterval(tick, 1000);
new MutationObserver(() => { tick(); settle(); }).observe(document.body, { childList: true, subtree: true });
tick();
settle();

// ---- connection --------------------------------------------------------------------------------------------------

const reconnect = document.getElementById('components-reconnect-modal');
reconnect?.addEventListener('components-reconnect-state-changed', e => {
  const state = e.detail?.state;
  if (state === 'hide') {
    root.dataset.connection = 'live';
  } else if (state === 'rejected') {
    // The home has forgotten this page's circuit, usually because it was started again: load what it knows now.
    location.reload();
  } else {
    root.dataset.connection = state === 'failed' ? 'disconnected' : 'reconnecting';
  }
});

// A home that comes back later than the framework's patience is found again by asking quietly.
setInterval(async () => {
  if (root.dataset.connection !== 'disconnected') {
    return;
  }
  try {
    if ((await fetch('/healthz', { cache: 'no-store' })).ok) {
      location.reload();
    }
  } catch {
    // Still away.
  }
}, 3000);
