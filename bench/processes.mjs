// Whole processes: understory and Debian's age in turn, A B A B …, on the same files in the same run; medians and ratios.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";

const folder = mkdtempSync(join(process.env.BENCH_DIR ?? (statSync("/dev/shm", { throwIfNoEntry: false }) ? "/dev/shm" : tmpdir()), "understory-bench-"));
const at = (name) => join(folder, name);
const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const size = 1 << 30;

const shell = (line) => execFileSync("bash", ["-c", line], { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, PATH: `${process.cwd()}/out:${process.env.PATH}` } });

/** Seconds and peak memory of one run, by the system's own accounting. */
function run(line) {
  const before = process.hrtime.bigint();
  const result = spawnSync("bash", ["-c", `exec /usr/bin/time -f '%M' ${line}`], { cwd: folder, env: { ...process.env, PATH: `${process.cwd()}/out:${process.env.PATH}` } });
  const seconds = Number(process.hrtime.bigint() - before) / 1e9;
  if (result.status !== 0) throw new Error(`${line}: ${result.stderr}`);
  return { seconds, megabytes: Number(result.stderr.toString().trim().split("\n").at(-1)) / 1024 };
}

/** Seconds until `understory serve` says that both zones listen; it is stopped then. */
function serve() {
  const before = process.hrtime.bigint();
  const served = spawn("understory", ["serve", "--data-dir", at("serve"), "--intake-listen", "127.0.0.1:0", "--desk-listen", "127.0.0.1:0"], {
    env: { ...process.env, PATH: `${process.cwd()}/out:${process.env.PATH}` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    let seconds;
    let screen = "";
    served.stdout.on("data", (some) => {
      screen += some;
      if (seconds === undefined && screen.includes("Ctrl-C stops both.")) {
        seconds = Number(process.hrtime.bigint() - before) / 1e9;
        served.kill("SIGINT");
      }
    });
    served.on("exit", () => (seconds === undefined ? reject(new Error(`understory serve: ${screen}`)) : resolve(seconds)));
  });
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

function compare(what, ours, theirs) {
  const pairs = [];
  for (let n = 0; n <= rounds; n++) {
    shell("rm -f out");
    const a = run(ours);
    shell("rm -f out");
    const b = run(theirs);
    if (n > 0) pairs.push([a, b]); // the first warms up
  }
  const us = median(pairs.map(([a]) => a.seconds));
  const age = median(pairs.map(([, b]) => b.seconds));
  const ratio = median(pairs.map(([a, b]) => b.seconds / a.seconds));
  const memory = Math.max(...pairs.map(([a]) => a.megabytes));
  const rate = (seconds) => `${(size / 1e9 / seconds).toFixed(2)} GB/s`;
  console.log(`  ${what.padEnd(30)} ${rate(us).padStart(10)}   age ${rate(age).padStart(10)}   ratio ${ratio.toFixed(2)}   peak ${memory.toFixed(0)} MB`);
}

try {
  shell(`understory keygen --classic -o key && understory recipient -i key > recipient && head -c ${size} /dev/urandom > content && age -R recipient -o sealed content`);
  console.log(`\nWhole processes, 1 GiB, ${rounds} pairs, medians`);
  compare("seal, to a file", "understory seal -R recipient -o out content", "age -R recipient -o out content");
  compare("open, to a file", "understory open -i key -o out sealed", "age -d -i key -o out sealed");
  compare("seal, to nowhere", "understory seal -R recipient -o /dev/null content", "age -R recipient -o /dev/null content");
  compare("open, to nowhere", "understory open -i key -o /dev/null sealed", "age -d -i key -o /dev/null sealed");
  const copies = [];
  for (let n = 0; n < rounds; n++) {
    shell("rm -f out");
    copies.push(run("cp content out").seconds);
  }
  console.log(`  ${"cp, for comparison".padEnd(30)} ${(size / 1e9 / median(copies)).toFixed(2).padStart(5)} GB/s`);
  const starts = Array.from({ length: 15 }, () => run("understory --help").seconds);
  console.log(`\nStart-up of understory --help: ${(median(starts) * 1000).toFixed(0)} ms`);
  const first = await serve();
  const again = [];
  for (let n = 0; n < rounds; n++) again.push(await serve());
  console.log(`Both zones listen after understory serve: first start ${first.toFixed(2)} s, later ones ${median(again).toFixed(2)} s`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
