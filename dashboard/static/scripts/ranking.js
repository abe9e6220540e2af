// Ranking: what begins with the typed text first, then where each word begins one, then the rest.

const BEGINS = 0;
const BEGINS_WORDS = 1;
const HAS = 2;
const NO_MATCH = 3;
const IN_A_WORD = /[\p{L}\p{N}]/u;

function beginsWord(text, start) {
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) if (!IN_A_WORD.test(text[at - 1] ?? "")) return true;
  return false;
}

function rankOf({ label, hint, more = "" }, query) {
  const [name, named, all, typed] = [label, `${label} ${more}`, `${label} ${more} ${hint}`, query].map((text) => text.toLowerCase());
  const words = typed.split(/\s+/u);
  if (name.startsWith(typed)) return BEGINS;
  if (words.every((word) => beginsWord(named, word))) return BEGINS_WORDS;
  return words.every((word) => all.includes(word)) ? HAS : NO_MATCH;
}

// The items of groups that match, the best first, and the groups by their best; `isFound` are all of a search.
export function ranked(groups, query) {
  const byRank = groups.map(({ name, items, isFound }) => {
    const rank = (item) => Math.min(rankOf(item, query), isFound ? HAS : NO_MATCH);
    const those = items.map((item) => ({ item, rank: rank(item) })).filter((each) => each.rank < NO_MATCH);
    // The server knows what else of a record begins so.
    const sorted = isFound ? those : those.toSorted((a, b) => a.rank - b.rank);
    return { name, items: sorted.map(({ item }) => item), best: Math.min(...those.map((each) => each.rank)) };
  });
  return byRank.filter(({ items }) => items.length).toSorted((a, b) => a.best - b.best);
}
