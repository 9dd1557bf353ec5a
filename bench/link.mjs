// Runs a linkage recipe as SQL on DuckDB, in the form that Splink generates (blocking
// with NOT of the earlier rules, CASE per comparison, pattern counts for the training,
// log2 Bayes factors, connected components), and compares it with what
// `muster bench link --json` measured on the same file.
//
//   node link.mjs --recipe FILE.json --file ROWS.csv [--threads 2] [--model MODEL.json]
//                 [--muster REPORT.json] [--edges EDGES.csv] [--memory 8GB]
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { readRecipe } from "./recipes.mjs";
import { medians, most, session, sharesU, weights } from "./em.mjs";

const { values: opt } = parseArgs({
  options: {
    recipe: { type: "string" },
    file: { type: "string" },
    threads: { type: "string", default: "2" },
    model: { type: "string" },
    muster: { type: "string" },
    edges: { type: "string" },
    memory: { type: "string", default: "12GB" },
    sample: { type: "string", default: "1000000" },
  },
});
const recipe = readRecipe(JSON.parse(readFileSync(opt.model ?? opt.recipe, "utf8")));
const db = await (await DuckDBInstance.create(":memory:", { threads: opt.threads, memory_limit: opt.memory, preserve_insertion_order: "false" })).connect();
const run = (sql) => db.run(sql);
const rows = async (sql) => (await db.runAndReadAll(sql)).getRowsJson();
const one = async (sql) => Number((await rows(sql))[0][0]);

const stages = [];
const cpu = () => {
  const u = process.cpuUsage();
  return (u.user + u.system) / 1e6;
};
async function stage(name, work) {
  const from = { wall: performance.now(), cpu: cpu() };
  const detail = (await work()) ?? "";
  const s = { stage: name, cpu: cpu() - from.cpu, wall: (performance.now() - from.wall) / 1e3, detail };
  stages.push(s);
  console.log(`${name.padEnd(24)} ${s.cpu.toFixed(2).padStart(8)} CPU s ${s.wall.toFixed(2).padStart(8)} s  ${detail}`);
}

const not = (earlier) => earlier.map((r) => ` AND NOT coalesce((${r}), false)`).join("");
const pairs = (list) => list.map((r, i) => `SELECT ${i} AS rule, l.id AS l, r.id AS r FROM df l JOIN df r ON ${r} WHERE l.id < r.id${not(list.slice(0, i))}`).join(" UNION ALL ");
const gamma = (c, i) => `CASE ${c.sql.map((x, g) => `WHEN ${x} THEN ${g}`).join(" ")} ELSE ${c.levels - 1} END AS g${i}`;
const gammas = recipe.comparisons.map(gamma).join(", ");
const group = recipe.comparisons.map((_, i) => `g${i}`).join(", ");
async function patterns(from) {
  const list = await rows(`SELECT ${group}, count(*) FROM (SELECT ${gammas} FROM ${from}) GROUP BY ${group}`);
  return list.map((x) => ({ g: x.slice(0, -1).map(Number), n: Number(x.at(-1)) }));
}

console.log(`DuckDB ${(await rows("SELECT version()"))[0][0]}, ${opt.threads} threads`);
await stage("load", async () => {
  const columns = recipe.columns.map((k) => `nullif(trim("${recipe.names[k]}"), '') AS ${k}`).join(", ");
  await run("SET preserve_insertion_order = true");
  await run(`CREATE TABLE source AS SELECT CAST(row_number() OVER () - 1 AS INTEGER) AS id, ${columns} FROM read_csv('${opt.file}', header = true, all_varchar = true)`);
  await run("SET preserve_insertion_order = false");
  return `${await one("SELECT count(*) FROM source")} rows`;
});
const tf = [...new Set(recipe.comparisons.flatMap((c) => c.tf.filter(Boolean)))];
await stage("TF and derived", async () => {
  await run(`CREATE TABLE base AS SELECT *, ${recipe.derived} FROM source`);
  for (const k of tf) await run(`CREATE TABLE tf_${k} AS SELECT ${k}, count(*) / (SELECT count(${k}) FROM base) AS tf FROM base WHERE ${k} IS NOT NULL GROUP BY ${k}`);
  await run(`CREATE TABLE df AS SELECT base.*, ${tf.map((k) => `tf_${k}.tf AS tf_${k}`).join(", ")} FROM base ${tf.map((k) => `LEFT JOIN tf_${k} ON base.${k} = tf_${k}.${k}`).join(" ")}`);
  await run("DROP TABLE source; DROP TABLE base");
});
const n = await one("SELECT count(*) FROM df");
if (!opt.model) {
  if (!recipe.prior) {
    await stage("prior", async () => {
      const found = await one(`SELECT count(*) FROM (${pairs(recipe.certain)})`);
      recipe.prior = found / recipe.recall / ((n * (n - 1)) / 2);
      return `1 in ${(1 / recipe.prior).toFixed(0)}`;
    });
  }
  await stage("u", async () => {
    await run(`CREATE TABLE drawn AS SELECT * FROM df USING SAMPLE reservoir(${Math.floor(Math.sqrt(2 * Number(opt.sample)))} ROWS) REPEATABLE (1)`);
    sharesU(recipe, await patterns("drawn l JOIN drawn r ON l.id < r.id"));
  });
  const sessions = [];
  for (const t of recipe.training) {
    await stage(`EM ${t.sql}`, async () => {
      const list = await patterns(`df l JOIN df r ON ${t.sql} WHERE l.id < r.id`);
      const s = session(recipe, recipe.prior, list, t.uses);
      sessions.push(s);
      return `${list.reduce((a, p) => a + p.n, 0)} pairs, ${list.length} patterns, ${s.rounds} rounds`;
    });
  }
  medians(recipe, sessions);
}
const perRule = [];
await stage("block", async () => {
  await run(`CREATE TABLE blocked AS ${pairs(recipe.rules)}`);
  return `${await one("SELECT count(*) FROM blocked")} pairs`;
});
for (const x of await rows("SELECT rule, count(*) FROM blocked GROUP BY rule ORDER BY rule")) perRule.push(Number(x[1]));
const lambda = Math.log2(recipe.prior / (1 - recipe.prior));
const bits = (c, i) => {
  const w = weights(c);
  return `CASE g${i} ${w
    .map((x, g) => {
      const k = c.tf[g];
      const u = Math.max(c.u[g] ?? 0, 1e-7);
      return `WHEN ${g} THEN ${k ? `greatest(${-most(c)}::DOUBLE, least(${most(c)}::DOUBLE, ${x}::DOUBLE + log2(${u}::DOUBLE / greatest(tf_${k}_l, tf_${k}_r))))` : `${x}::DOUBLE`}`;
    })
    .join(" ")} END`;
};
await stage("score", async () => {
  const freq = tf.map((k) => `l.tf_${k} AS tf_${k}_l, r.tf_${k} AS tf_${k}_r`).join(", ");
  await run(`CREATE TABLE scored AS SELECT * FROM (
    SELECT l, r, ${lambda}::DOUBLE + ${recipe.comparisons.map(bits).join(" + ")} AS w FROM (
      SELECT b.l, b.r, ${gammas}${freq ? ", " + freq : ""} FROM blocked b JOIN df l ON b.l = l.id JOIN df r ON b.r = r.id))
    WHERE w >= -6`);
  return `${await one("SELECT count(*) FROM scored")} kept`;
});
let clusters = 0;
await stage("components", async () => {
  const least = Math.log2(0.95 / 0.05);
  await run(`CREATE TABLE ends AS SELECT l AS a, r AS b FROM scored WHERE w >= ${least} UNION ALL SELECT r, l FROM scored WHERE w >= ${least}`);
  await run("CREATE TABLE rep AS SELECT a AS id, least(a, min(b)) AS rep FROM ends GROUP BY a");
  let rounds = 0;
  for (let changed = 1; changed > 0; rounds++) {
    await run(`CREATE TABLE next AS SELECT rep.id, least(rep.rep, min(other.rep)) AS rep FROM ends JOIN rep ON ends.a = rep.id JOIN rep other ON ends.b = other.id GROUP BY rep.id, rep.rep`);
    await run("CREATE TABLE jump AS SELECT next.id, far.rep FROM next JOIN next far ON next.rep = far.id");
    changed = await one("SELECT count(*) FROM jump JOIN rep USING (id) WHERE jump.rep <> rep.rep");
    await run("DROP TABLE rep; DROP TABLE next; ALTER TABLE jump RENAME TO rep");
  }
  clusters = n - (await one("SELECT count(*) - count(DISTINCT rep) FROM rep"));
  return `${clusters} clusters, ${rounds} rounds`;
});

const at = [0.02, 0.06, 0.17, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999];
const kept = (await rows(`SELECT ${at.map((p) => `count(*) FILTER (w >= ${Math.log2(p / (1 - p))}::DOUBLE)`).join(", ")} FROM scored`))[0].map(Number);
const report = {
  stages,
  pairs: perRule.reduce((a, b) => a + b, 0),
  per_rule: perRule,
  thresholds: at.map((p, i) => ({ p, pairs: kept[i] })),
  clusters,
  peak_mb: process.resourceUsage().maxRSS / 1e3,
};
console.log(`peak ${report.peak_mb.toFixed(0)} MB resident; ${report.pairs} pairs: ${perRule.join(", ")}`);
console.log(`pairs at ${at.map((p, i) => `p >= ${p}: ${kept[i]}`).join("; ")}`);

if (opt.edges) {
  await run(`CREATE TABLE theirs AS SELECT * FROM read_csv('${opt.edges}', header = true, columns = {'l': 'INTEGER', 'r': 'INTEGER', 'w': 'DOUBLE'})`);
  const [missing, extra, diff, far] = (await rows(`SELECT count(*) FILTER (t.w IS NULL), count(*) FILTER (s.w IS NULL), max(abs(s.w - t.w)), count(*) FILTER (abs(s.w - t.w) > 1e-6) FROM scored s FULL JOIN theirs t ON s.l = t.l AND s.r = t.r`))[0];
  console.log(`scores: ${missing} pairs only here, ${extra} only in Muster; largest difference ${diff} bits, ${far} above 1e-6`);
  for (const x of await rows(`SELECT l.*, r.*, s.w, t.w FROM scored s FULL JOIN theirs t ON s.l = t.l AND s.r = t.r JOIN df l ON l.id = coalesce(s.l, t.l) JOIN df r ON r.id = coalesce(s.r, t.r) WHERE s.w IS NULL OR t.w IS NULL OR abs(s.w - t.w) > 1e-6 ORDER BY 1 LIMIT 5`)) console.log(x.join(" | "));
}

if (opt.muster) {
  const theirs = JSON.parse(readFileSync(opt.muster, "utf8"));
  const sum = (list, names) => list.filter((s) => names.some((x) => s.stage === x || s.stage.startsWith(x + " "))).reduce((a, s) => a + s.cpu, 0);
  const toScore = ["load", "TF and derived", "prior", "u", "EM", "m", "block", "score", "block and score"];
  const inner = ["block", "score", "block and score"];
  console.log(`\n${"".padEnd(34)} DuckDB    Muster     ratio (CPU seconds)`);
  for (const [what, names] of [["(a) load to score", toScore], ["(b) index, block and score", inner], ["(c) whole run with components", [...toScore, "components"]]]) {
    const [a, b] = [sum(stages, names), sum(theirs.stages, names)];
    console.log(`${what.padEnd(34)} ${a.toFixed(2).padStart(8)} ${b.toFixed(2).padStart(8)} ${(a / b).toFixed(1).padStart(8)}x`);
  }
  console.log(`(d) million pairs/s/core           ${(report.pairs / sum(stages, inner) / 1e6).toFixed(2).padStart(8)} ${(theirs.pairs / sum(theirs.stages, inner) / 1e6).toFixed(2).padStart(8)}`);
  console.log(`peak MB                            ${report.peak_mb.toFixed(0).padStart(8)} ${theirs.peak_mb.toFixed(0).padStart(8)}`);
  const same = report.pairs === theirs.pairs && report.per_rule.every((x, i) => x === theirs.per_rule[i]);
  console.log(`pairs ${same ? "equal, rule by rule" : `DIFFER: ${report.per_rule} / ${theirs.per_rule}`}`);
  for (const [i, x] of report.thresholds.entries()) if (x.pairs !== theirs.thresholds[i].pairs) console.log(`p >= ${x.p}: ${x.pairs} / ${theirs.thresholds[i].pairs}`);
  console.log(`clusters ${clusters} / ${theirs.clusters}`);
  if (!same) process.exitCode = 1;
}
