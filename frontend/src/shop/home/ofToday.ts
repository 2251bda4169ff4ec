const DAY_MS = 24 * 60 * 60 * 1000;

/** Four of a list, spread over it, others on another day. */
export function ofToday<T>(all: T[], now = Date.now()): T[] {
  const start = Math.floor(now / DAY_MS) * 5;
  const step = Math.max(1, Math.floor(all.length / 4));
  const places = Array.from({ length: Math.min(4, all.length) }, (_, index) => (start + index * step) % all.length);
  return [...new Set(places)].flatMap((place) => all[place] ?? []);
}
