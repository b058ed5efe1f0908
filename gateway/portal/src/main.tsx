import { focusManager, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { noteWindowFocus } from "./api/client";
import { answers } from "./api/queries";
import { App } from "./app/App";
import { SessionProvider } from "./app/session";
import { Speaking } from "./words/use";
import "./styles/index.css";

// What is asked for because the window got the focus is not the person's doing.
focusManager.setEventListener((onFocus) => {
  const refocus = () => {
    if (document.visibilityState !== "visible") return;
    noteWindowFocus();
    onFocus();
  };
  window.addEventListener("focus", refocus);
  document.addEventListener("visibilitychange", refocus);
  return () => {
    window.removeEventListener("focus", refocus);
    document.removeEventListener("visibilitychange", refocus);
  };
});

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <QueryClientProvider client={answers}>
      <Speaking>
        <BrowserRouter>
          <SessionProvider>
            <App />
          </SessionProvider>
        </BrowserRouter>
      </Speaking>
    </QueryClientProvider>,
  );
