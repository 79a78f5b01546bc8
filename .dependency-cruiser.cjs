// Who may import whom: the table of ARCHITECTURE.md.
const tests = "\\.test\\.ts$|/testing/";
const only = (name, from, allowed) => ({
  name,
  severity: "error",
  comment: `${from} may import only ${allowed.join(", ") || "itself"}`,
  from: { path: `^${from}/src`, pathNot: tests },
  to: { path: "^(packages|apps)/", pathNot: [`^${from}/`, ...allowed.map((folder) => `^${folder}/`)] },
});
const none = (name, from, what, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: from, pathNot: tests },
  to: { path: what },
});

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", comment: "split what both need into a file of its own", from: {}, to: { circular: true } },
    { name: "not-to-test", severity: "error", comment: "product code doesn't import tests", from: { pathNot: tests }, to: { path: tests } },
    { name: "no-unresolved", severity: "error", comment: "every import must resolve", from: {}, to: { couldNotResolve: true } },
    only("graph", "packages/graph", []),
    only("protocol", "packages/protocol", ["packages/graph"]),
    only("engine-bindings", "packages/engine-bindings", []),
    only("engine", "packages/engine", ["packages/engine-bindings"]),
    only("models", "packages/models", ["packages/engine"]),
    only("nodes", "packages/nodes", ["packages/graph", "packages/models", "packages/engine"]),
    only("runner-worker", "apps/runner/src/worker", ["packages/graph", "packages/protocol", "packages/nodes"]),
    {
      name: "runner-server",
      severity: "error",
      comment: "the server knows nodes only as data: none of it may pull in what computes",
      from: { path: "^apps/runner/src/(http|ws|jobs|workers|blobs|access|server)/", pathNot: tests },
      to: {
        path: "^(packages|apps)/",
        pathNot: ["^apps/runner/src/(http|ws|jobs|workers|blobs|access|server)/", "^packages/(graph|protocol)/"],
      },
    },
    only("editor", "apps/editor", ["packages/graph", "packages/protocol"]),
    only("cli", "apps/cli", ["apps/runner/(src|dist)/(worker|server)", "packages/graph"]),
    none("graph-only-zod", "^packages/graph/src", "^node:|^(fs|path|crypto|zlib)$", "the browser loads packages/graph: nothing of Node"),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/dist/|/build/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.tests.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["source", "import", "node", "default"] },
  },
};
