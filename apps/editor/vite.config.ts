import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";

/** A runner to work against: `PATCHBAY_URL=http://127.0.0.1:8188/?token=… npm run dev -w apps/editor`. */
const runner = process.env["PATCHBAY_URL"] ? new URL(process.env["PATCHBAY_URL"]) : undefined;
const proxied = {
  target: runner?.origin ?? "",
  changeOrigin: true,
  ws: true,
  headers: { authorization: `Bearer ${runner?.searchParams.get("token") ?? ""}`, origin: runner?.origin ?? "" },
};

export default defineConfig({
  plugins: [react()],
  // Packages are taken from their TypeScript sources.
  resolve: { conditions: ["source", ...defaultClientConditions] },
  build: { target: "es2023", chunkSizeWarningLimit: 1200, assetsInlineLimit: 0 },
  server: { ...(runner && { proxy: { "/studio": proxied } }) },
});
