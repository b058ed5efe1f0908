/** What the tabs of one browser tell each other about the login they share. */
export type News = "logged out" | "stayed" | "logged in";

const channel =
  typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("chaiqin-session");

export const sameTabs = {
  tell: (news: News) => channel?.postMessage(news),
  listen(hear: (news: News) => void): () => void {
    const onMessage = (event: MessageEvent<News>) => hear(event.data);
    channel?.addEventListener("message", onMessage);
    return () => channel?.removeEventListener("message", onMessage);
  },
};
