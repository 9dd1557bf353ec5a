// The recipes of internal/linkage/recipes as SQL in its fast form: what can be derived
// once per row is a column. Levels stand in the order of the settings files, so that
// the same level has the same number on both sides; level 0 is "missing".

const names = { f: "first_name", s: "surname", d: "dob", b: "birth_place", o: "occupation", p: "postcode_fake", c: "city", e: "email" };

export function readRecipe(settings) {
  const people = settings.comparisons.some((c) => c.output_column_name === "postcode_fake");
  const short = Object.fromEntries(Object.entries(names).map(([k, v]) => [v, k]));
  const rule = (r) => r.blocking_rule.replace(/(l|r)\."(\w+)"/g, (_, side, column) => `${side}.${short[column]}`);
  return {
    columns: people ? ["f", "s", "d", "b", "o", "p"] : ["f", "s", "d", "c", "e"],
    names,
    derived: people
      ? `f || ' ' || s AS fs, epoch(try_strptime(d, '%Y-%m-%d')) / 86400 AS ep,
         nullif(regexp_extract(p, '^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? [0-9]'), '') AS p3,
         nullif(regexp_extract(p, '^[A-Za-z]{1,2}[0-9][A-Za-z0-9]?'), '') AS p2,
         nullif(regexp_extract(p, '^[A-Za-z]{1,2}'), '') AS p1`
      : `f || ' ' || s AS fs, epoch(try_strptime(d, '%Y-%m-%d')) / 86400 AS ep, nullif(split_part(e, '@', 1), '') AS eu`,
    rules: settings.blocking_rules_to_generate_predictions.map(rule),
    training: (settings.muster_training_rules ?? []).map((r) => ({ sql: rule(r), uses: [...r.blocking_rule.matchAll(/l\."(\w+)"/g)].map((m) => m[1]) })),
    certain: (settings.muster_deterministic_rules ?? []).map(rule),
    recall: settings.muster_deterministic_recall ?? 0.6,
    prior: settings.probability_two_random_records_match,
    comparisons: settings.comparisons.map((c) => ({
      name: c.output_column_name,
      uses: { fullname: ["first_name", "surname"] }[c.output_column_name] ?? [c.output_column_name],
      levels: c.comparison_levels.length,
      tf: c.comparison_levels.map((l) => (l.tf_adjustment_column ? (l.tf_adjustment_column.includes("||") ? "fs" : short[l.tf_adjustment_column]) : null)),
      sql: CASES[c.output_column_name],
      m: c.comparison_levels.map((l) => l.m_probability),
      u: c.comparison_levels.map((l) => l.u_probability),
    })),
  };
}

const jw = (c, x) => `jaro_winkler_similarity(l.${c}, r.${c}) >= ${x}`;
const exact = (c) => [`l.${c} IS NULL OR r.${c} IS NULL`, `l.${c} = r.${c}`];

const CASES = {
  fullname: [
    "(l.f IS NULL OR r.f IS NULL) AND (l.s IS NULL OR r.s IS NULL)",
    "l.f = r.f AND l.s = r.s",
    "l.f = r.s AND l.s = r.f",
    `${jw("f", 0.92)} AND ${jw("s", 0.92)}`,
    `${jw("f", 0.88)} AND ${jw("s", 0.88)}`,
    "l.s = r.s",
    "l.f = r.f",
  ],
  dob: [
    "l.ep IS NULL OR r.ep IS NULL",
    "l.d = r.d",
    "damerau_levenshtein(l.d, r.d) <= 1",
    "abs(l.ep - r.ep) <= 30",
    "abs(l.ep - r.ep) <= 365",
    "abs(l.ep - r.ep) <= 3652",
  ],
  postcode_fake: [...exact("p"), "l.p3 = r.p3", "l.p2 = r.p2", "l.p1 = r.p1"],
  birth_place: exact("b"),
  occupation: exact("o"),
  city: exact("c"),
  email: [...exact("e"), "l.eu = r.eu", jw("e", 0.88), jw("eu", 0.88)],
};
