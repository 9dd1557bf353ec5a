// Estimates m and u from counted patterns of levels, as internal/linkage/score does
// (Fellegi and Sunter with u fixed): the iterations take no time worth measuring.

const floorU = 1e-7;
const floorM = 1e-6;

export function sharesU(recipe, patterns) {
  recipe.comparisons.forEach((c, i) => {
    const counts = new Array(c.levels).fill(0);
    for (const p of patterns) if (p.g[i] > 0) counts[p.g[i]] += p.n;
    const total = counts.reduce((a, b) => a + b, 0);
    c.u = counts.map((n) => Math.max(n / Math.max(total, 1), floorU));
  });
}

function start(c) {
  const m = new Array(c.levels).fill(0);
  const last = c.levels - 1; // levels 1 to last, the best first
  m[1] = 0.95;
  for (let i = 2; i <= last; i++) m[i] = (0.05 * 2 ** (last - i)) / (2 ** (last - 1) - 1);
  return m;
}

export function session(recipe, prior, patterns, columns) {
  const used = recipe.comparisons.map((c) => !c.uses.some((x) => columns.includes(x)));
  const m = recipe.comparisons.map(start);
  let odds = Math.log(prior / (1 - prior));
  recipe.comparisons.forEach((c, i) => {
    if (!used[i]) odds += Math.log(0.95 / Math.max(c.u[1], floorU));
  });
  let rounds = 1;
  for (; rounds <= 25; rounds++) {
    let matches = 0;
    let all = 0;
    const counts = recipe.comparisons.map((c) => new Array(c.levels).fill(0));
    for (const p of patterns) {
      let w = odds;
      p.g.forEach((g, i) => {
        if (used[i] && g > 0) w += Math.log(Math.max(m[i][g], floorM) / Math.max(recipe.comparisons[i].u[g], floorU));
      });
      const x = 1 / (1 + Math.exp(-w));
      matches += x * p.n;
      all += p.n;
      p.g.forEach((g, i) => {
        if (used[i] && g > 0) counts[i][g] += x * p.n;
      });
    }
    let change = 0;
    counts.forEach((list, i) => {
      const total = list.reduce((a, b) => a + b, 0);
      if (!used[i] || total <= 0) return;
      for (let g = 1; g < list.length; g++) {
        const x = Math.max(list[g] / total, floorM);
        change = Math.max(change, Math.abs(x - m[i][g]));
        m[i][g] = x;
      }
    });
    const share = Math.min(Math.max(matches / all, 1e-9), 1 - 1e-9);
    const next = Math.log(share / (1 - share));
    change = Math.max(change, Math.abs(1 / (1 + Math.exp(-next)) - 1 / (1 + Math.exp(-odds))));
    odds = next;
    if (change < 1e-4) break;
  }
  return { used, m, rounds };
}

export function medians(recipe, sessions) {
  recipe.comparisons.forEach((c, i) => {
    const list = sessions.filter((s) => s.used[i]).map((s) => s.m[i]);
    if (list.length === 0) {
      c.m = start(c).map((x) => Math.max(x, floorM));
      return;
    }
    c.m = list[0].map((_, g) => {
      const x = list.map((s) => s[g]).sort((a, b) => a - b);
      const h = x.length >> 1;
      return Math.max(x.length % 2 ? x[h] : (x[h - 1] + x[h]) / 2, floorM);
    });
  });
}

// most bounds what a comparison may say: 12 bits for each column it reads.
export const most = (c) => 12 * c.uses.length;

// weights returns the bits of each level; missing values weigh nothing.
export function weights(c) {
  return c.m.map((m, g) => (g === 0 ? 0 : Math.max(-most(c), Math.min(most(c), Math.log2(Math.max(m, floorM) / Math.max(c.u[g], floorU))))));
}
