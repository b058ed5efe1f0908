import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import description from "./package.json" with { type: "json" };

// Hashed names under assets/ are immutable for the gateway. The chart library has a file of its
// own, which is loaded only when a chart is shown.
export default defineConfig({
  plugins: [react()],
  define: {
    __VERSION__: JSON.stringify(description.version),
  },
  build: {
    target: "es2022",
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});
